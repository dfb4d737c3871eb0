// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/clocks/reader.h"
#include "lib/clocks/source.h"
#include "lib/time/clock.h"

#define BASE_NS		(60 * NSEC_PER_SEC)

const char *source_kind_name(enum source_kind kind)
{
	return kind == SOURCE_TICKS ? "ticks" : "counts";
}

void source_hide(struct source *source, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(source->hidden, sizeof(source->hidden), fmt, ap);
	va_end(ap);
}

void source_remark(struct source *source, const char *fmt, ...)
{
	size_t len = strlen(source->remarks);
	va_list ap;

	if (len)
		len += snprintf(source->remarks + len, sizeof(source->remarks) - len, "; ");
	if (len >= sizeof(source->remarks))
		return;
	va_start(ap, fmt);
	vsnprintf(source->remarks + len, sizeof(source->remarks) - len, fmt, ap);
	va_end(ap);
}

bool source_readable(const struct source *source)
{
	return source->counter.read || source->reader;
}

static void look_at_counter(struct source *source)
{
	counter_sample(&source->counter, &source->last);
	if (!source->samples++) {
		source->first = source->last;
		source->middle = source->last;
	}
	if (source->last.raw_ns - source->middle.raw_ns > BASE_NS) {
		source->first = source->middle;
		source->middle = source->last;
	}
}

void source_look(struct source *source)
{
	if (source->counter.read)
		look_at_counter(source);
	if (source->reader)
		reader_ask(source->reader);
}

int source_rate(const struct source *source, struct counter_rate *rate)
{
	if (source->reader)
		return reader_rate(source->reader, rate);
	if (source->samples < 2)
		return -EAGAIN;
	return counter_rate(&source->first, &source->last, source->counter.bits,
			    source->nominal_hz, rate);
}

int source_offset(const struct source *source, enum timescale scale, int64_t *offset_ns,
		  int64_t *bound_ns)
{
	struct reader_look last;

	if (!source->reader)
		return -ENODEV;
	reader_last(source->reader, &last);
	if (!last.reading.bound_ns)
		return -EAGAIN;
	*bound_ns = last.reading.bound_ns;
	return reading_offset_ns(&last.reading, scale, offset_ns);
}
