/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a record says of one clock. */
#ifndef RTCCTL_LIB_DRIFT_DRIFT_H
#define RTCCTL_LIB_DRIFT_DRIFT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/drift/fit.h"
#include "lib/drift/kernel-writes.h"
#include "lib/drift/record.h"

/* Usual intervals; more than that between two samples is a gap. */
#define DRIFT_GAP	4

struct drift_counter {
	char name[24];
	double ppm;		/* against CLOCK_MONOTONIC_RAW, since the last boot */
	double error_ppm;
};

struct drift {
	char clock[16];
	struct fit_point *points;
	int count;
	int astray;		/* left out: taken by a system's clock that has been set since */
	int apart;		/* likewise: a pause parts them from the rest */
	struct kernel_writes written;	/* likewise */
	struct fit fit;
	int gaps;		/* longer than DRIFT_GAP */
	double longest_gap_s;
	double interval_s;	/* the usual one */
	int synchronised;	/* points at which the system's clock was */
	double steal_percent;	/* of all time recorded; below 0: not known */
	struct drift_counter counter[RECORD_COUNTERS];
	int counters;
};

/**
 * drift_find() - Analyse the record.
 * @clock: "rtc0"; NULL: that of the latest sample
 * @since_ns: leave out what is older
 * @now_ns: what is later than that was taken by a wrong system's clock
 * @drift: filled in; drift_free() it also after a failure
 *
 * Return: 0; -ENODATA where there are too few samples of that clock, the
 * number of which is in @drift, as is that of those that were left out; -ENOMEM.
 */
int drift_find(const struct record *record, const char *clock, int64_t since_ns, int64_t now_ns,
	       struct drift *drift);

void drift_free(struct drift *drift);

/** drift_s_per_day() - What a rate comes to. */
double drift_s_per_day(double ppb);

#endif
