/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How good the kernel's time is with the clocksource that it uses now. */
#ifndef RTCCTL_LIB_MACHINE_SURVEY_H
#define RTCCTL_LIB_MACHINE_SURVEY_H

#include <signal.h>
#include <stdint.h>

#include "lib/machine/counter.h"

struct survey {
	double read_ns;		/* what clock_gettime() takes */
	int64_t step_ns;	/* the smallest seen between two readings */
	int cpus;		/* that took turns in reading it */
	uint64_t readings;	/* ... how often */
	uint64_t warps;		/* ... and found it earlier than the one before did */
	int64_t worst_ns;	/* ... by so much */
	struct counter_rate tsc;	/* the TSC's frequency by this clocksource */
	int tsc_err;			/* why that is not known; or 0 */
};

/**
 * survey_measure() - Measure for @ns nanoseconds.
 * @stop: ends it early where that becomes true
 *
 * All processors are busy for up to a third of a second of that.
 *
 * Return: 0; -EINTR where it was stopped; -errno.
 */
int survey_measure(int64_t ns, const volatile sig_atomic_t *stop, struct survey *survey);

#endif
