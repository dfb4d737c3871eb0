// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <json-c/json.h>

#include "commands/watch/watch.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/clocks/list.h"
#include "lib/clocks/reader.h"
#include "lib/time/clock.h"
#include "lib/time/date.h"
#include "lib/time/duration.h"
#include "ui/number.h"
#include "ui/report.h"
#include "ui/terminal.h"

#define UP_LINES	"\033[%dA"
#define TO_LINE_END	"\033[K"
/* Readings end by then, those of a driver that knows its phase at once. */
#define WAIT_NS		(5 * NSEC_PER_MSEC)
#define LINE_SIZE	256

struct screen {
	struct clock_list list;
	struct steal steal_before;
	int lines;		/* that were drawn */
	int width;
	/* The widest so far: a number that gets shorter moves nothing. */
	int offset_width, rate_width;
};

/* What stands in a clock's line. */
struct texts {
	const char *name;
	char offset[128];
	char rate[96];
	char state[160];
};

static bool shown(const struct source *source)
{
	return source_readable(source) || source->current ||
	       (source->present && !strncmp(source->name, "rtc", 3));
}

/* Why a clock that has a date does not show it; NULL: it does, or will. */
static const char *trouble(const struct source *source, enum timescale scale)
{
	int64_t offset_ns, bound_ns;
	int err;

	if (*source->hidden)
		return source->hidden;
	err = source_offset(source, scale, &offset_ns, &bound_ns);
	return err && err != -ENODEV && err != -EAGAIN ? strerror(-err) : NULL;
}

static void describe_offset(const struct source *source, enum timescale scale, char *text,
			    size_t size)
{
	char offset[DURATION_TEXT_SIZE], bound[DURATION_TEXT_SIZE];
	int64_t offset_ns, bound_ns;

	*text = '\0';
	if (!source_offset(source, scale, &offset_ns, &bound_ns))
		snprintf(text, size, "%s %s %s", duration_format_known(offset_ns, bound_ns, offset),
			 number_plus_minus(), duration_format(bound_ns, bound));
}

static bool rate_ppm(const struct source *source, double *ppm, double *error_ppm)
{
	struct counter_rate rate;

	if (!source->nominal_hz || source_rate(source, &rate))
		return false;
	*ppm = counter_ppm(rate.hz, source->nominal_hz);
	*error_ppm = rate.error_hz / source->nominal_hz * 1e6;
	return true;
}

static void describe_rate(const struct source *source, char *text, size_t size)
{
	double ppm, error_ppm;
	int digits;

	*text = '\0';
	if (!rate_ppm(source, &ppm, &error_ppm))
		return;
	digits = number_digits(error_ppm);
	snprintf(text, size, "%+.*f %s %.*f ppm", digits, ppm, number_plus_minus(), digits,
		 number_round_up(error_ppm, digits));
}

/* A driver's state when the clock was last read; NULL where it has none. */
static const char *state_of(const struct source *source, int64_t *edge_age_ns)
{
	struct reader_look last;

	if (!source->reader)
		return NULL;
	reader_last(source->reader, &last);
	if (!last.reading.bound_ns)
		return NULL;
	*edge_age_ns = last.reading.coasting ? last.reading.edge_age_ns : -1;
	return reading_state_name(&last.reading);
}

static void describe_state(const struct source *source, enum timescale scale, char *text,
			   size_t size)
{
	char age[DURATION_TEXT_SIZE];
	int64_t edge_age_ns, steps;
	struct root_path path;
	const char *state, *why;

	why = trouble(source, scale);
	snprintf(text, size, "%s", source->current ? "clocksource" : why ? why : "");
	state = why ? NULL : state_of(source, &edge_age_ns);
	if (!state)
		return;
	if (attribute_read_s64(&steps, root_path(&path, "/sys/class/rtc/%s/phase/steps",
						 source->name)))
		steps = 0;
	snprintf(text, size, "%s%s%s, %lld step%s", state, edge_age_ns < 0 ? "" : " for ",
		 edge_age_ns < 0 ? "" : duration_format(edge_age_ns, age), (long long)steps,
		 steps == 1 ? "" : "s");
}

/* A sign of two bytes is one column. */
static int columns(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static int pad(const char *text, int width)
{
	return width + (int)strlen(text) - columns(text);
}

static void put_line(struct screen *screen, const char *line, bool in_place)
{
	int bytes = 0;

	if (!in_place) {
		puts(line);
		return;
	}
	for (int n = 0; line[bytes] && n < screen->width; n++)
		do
			bytes++;
		while ((line[bytes] & 0xc0) == 0x80);
	printf("%.*s" TO_LINE_END "\n", bytes, line);
	screen->lines++;
}

/* No number is cut: what does not fit is left out, and ">" says so where there is room. */
static void narrow_line(char *line, int width, const char *name, const char *const *fields)
{
	bool fits = true;
	int len;

	len = sprintf(line, "%.31s", name);
	for (; *fields; fields++) {
		if (!**fields)
			continue;
		fits = fits && columns(line) + 1 + columns(*fields) <= width;
		if (fits)
			len += sprintf(line + len, " %s", *fields);
	}
	if (!fits && columns(line) + 2 <= width)
		strcpy(line + len, " >");
}

static void describe(const struct source *source, enum timescale scale, struct texts *texts)
{
	texts->name = source->name;
	describe_offset(source, scale, texts->offset, sizeof(texts->offset));
	describe_rate(source, texts->rate, sizeof(texts->rate));
	describe_state(source, scale, texts->state, sizeof(texts->state));
}

static void print_source(struct screen *screen, const struct texts *texts, bool in_place)
{
	char line[2 * LINE_SIZE];

	snprintf(line, sizeof(line), "%-10.31s %*s %*s  %s", texts->name,
		 pad(texts->offset, screen->offset_width), texts->offset,
		 pad(texts->rate, screen->rate_width), texts->rate, texts->state);
	if (in_place && columns(line) > screen->width)
		narrow_line(line, screen->width, texts->name,
			    (const char *[]){ texts->offset, texts->rate, texts->state, NULL });
	put_line(screen, line, in_place);
}

static void widen(int *width, const char *text)
{
	int n = columns(text);

	*width = n > *width ? n : *width;
}

static void print_sources(struct screen *screen, enum timescale scale, bool in_place)
{
	struct texts texts[CLOCK_LIST_MAX];
	int count = 0;

	for (int i = 0; i < screen->list.count; i++) {
		if (!shown(&screen->list.sources[i]))
			continue;
		describe(&screen->list.sources[i], scale, &texts[count]);
		widen(&screen->offset_width, texts[count].offset);
		widen(&screen->rate_width, texts[count++].rate);
	}
	for (int i = 0; i < count; i++)
		print_source(screen, &texts[i], in_place);
}

static double steal_share(const struct screen *screen)
{
	return steal_percent(&screen->steal_before.all, &screen->list.steal_last.all);
}

static void print_text(struct screen *screen, const struct options *options, const char *time,
		       bool in_place)
{
	char line[LINE_SIZE];

	if (in_place && screen->lines)
		printf("\r" UP_LINES, screen->lines);
	screen->lines = 0;
	put_line(screen, time, in_place);
	print_sources(screen, options->scale, in_place);
	if (screen->list.steal_err)
		return;
	snprintf(line, sizeof(line), "stolen     %.1f %%", steal_share(screen));
	put_line(screen, line, in_place);
}

static struct json_object *source_object(const struct source *source, enum timescale scale)
{
	struct reader_look last = {};
	struct watch_clock clock = {
		.name = source->name,
		.is_source = source->current,
		.edge_age_ns = -1,
		.hidden = trouble(source, scale),
	};

	clock.dated = !clock.hidden &&
		      !source_offset(source, scale, &clock.offset_ns, &clock.bound_ns);
	clock.rated = rate_ppm(source, &clock.rate_ppm, &clock.rate_error_ppm);
	clock.state = clock.hidden ? NULL : state_of(source, &clock.edge_age_ns);
	if (clock.dated && source->reader) {
		reader_last(source->reader, &last);
		clock.method = reading_method_name(last.reading.method);
	}
	return watch_object(&clock);
}

static void print_json(struct screen *screen, const struct options *options, int64_t now_ns)
{
	struct json_object *clocks = json_object_new_array();

	for (int i = 0; i < screen->list.count; i++)
		if (shown(&screen->list.sources[i]))
			json_object_array_add(clocks, source_object(&screen->list.sources[i],
								    options->scale));
	watch_print_json(now_ns, clocks, screen->list.steal_err ? NULL :
			 json_object_new_double(steal_share(screen)));
}

static int show(void *data, const struct options *options, bool in_place)
{
	struct screen *screen = data;
	char time[DATE_TEXT_SIZE];
	int64_t now_ns;

	screen->steal_before = screen->list.steal_last;
	screen->width = terminal_width();
	if (!screen->width)
		screen->width = LINE_SIZE;
	clock_list_look(&screen->list);
	clock_list_wait(&screen->list, clock_now_ns(CLOCK_MONOTONIC) + WAIT_NS);
	now_ns = clock_now_ns(CLOCK_REALTIME);
	if (date_format(now_ns, time, sizeof(time)))
		snprintf(time, sizeof(time), "?");
	if (options->json)
		print_json(screen, options, now_ns);
	else
		print_text(screen, options, time, in_place);
	if (!fflush(stdout))
		return 0;
	report_error(-errno, "cannot write the answer");
	return -EIO;
}

int watch_begin_all(struct watch_view *view)
{
	struct screen *screen = calloc(1, sizeof(*screen));

	if (!screen) {
		report("cannot watch: out of memory");
		return -ENOMEM;
	}
	clock_list_find(&screen->list, true);
	clock_list_look(&screen->list);
	*view = (struct watch_view){ .show = show, .data = screen };
	return 0;
}
