/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One of the machine's clocks: what it is, and what was measured of it. */
#ifndef RTCCTL_LIB_CLOCKS_SOURCE_H
#define RTCCTL_LIB_CLOCKS_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/machine/counter.h"
#include "lib/time/timescale.h"

struct reader;

enum source_kind {
	SOURCE_TICKS,		/* and interrupts */
	SOURCE_COUNTS,
};

struct source {
	char name[32];
	enum source_kind kind;
	bool present;
	bool offered;		/* by the kernel, as clocksource */
	bool current;		/* the kernel's clocksource */
	char hidden[128];	/* why it cannot be read; empty: it can */
	double nominal_hz;	/* 0: not told */
	const char *learnt;	/* ... where from; NULL: not told */
	double resolution_ns;	/* 0: not known */
	double cost_ns;		/* of one reading; 0: not known */
	char remarks[256];
	/* how it is read: one of these, or neither */
	struct counter counter;
	struct reader *reader;
	/* of the counter; see source_look() */
	int samples;
	struct counter_sample first, middle, last;
};

const char *source_kind_name(enum source_kind kind);

/** source_hide() - Say why it cannot be read. */
void source_hide(struct source *source, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** source_remark() - Add a remark behind the others. */
void source_remark(struct source *source, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** source_readable() - Whether it is read at all. */
bool source_readable(const struct source *source);

/**
 * source_look() - Sample it; an RTC only begins to be read.
 *
 * Rates are over one to two minutes where it is looked at for so long.
 */
void source_look(struct source *source);

/** source_rate() - Its frequency since the first look. Return: 0; -EAGAIN; as counter_rate(). */
int source_rate(const struct source *source, struct counter_rate *rate);

/**
 * source_offset() - An RTC minus CLOCK_REALTIME.
 *
 * Return: 0; -ENODEV for clocks without a date; -EAGAIN; -errno.
 */
int source_offset(const struct source *source, enum timescale scale, int64_t *offset_ns,
		  int64_t *bound_ns);

#endif
