/* SPDX-License-Identifier: GPL-2.0 */
/* Setting a clock that knows its phase: measured, stepped by what it is off, measured again. */
#ifndef RTCCTL_STEPPING_H
#define RTCCTL_STEPPING_H

#include <stdbool.h>
#include <stdint.h>

#include "rtc.h"
#include "setting.h"

struct stepping {
	int64_t offset_ns;	/* wanted: the clock (its own scale) minus CLOCK_REALTIME */
	/* found: */
	struct residual residual;
	int steps;		/* taken */
	bool phase_kept;	/* the driver took the second but not its fraction */
};

/**
 * stepping_measure() - See how far off the clock is.
 *
 * Waits for a narrow bound, 1.2 s at most.
 *
 * Return: 0; -ENODEV or -EAGAIN where the driver does not know its phase; -errno.
 */
int stepping_measure(const struct rtc *rtc, struct stepping *stepping);

/** stepping_right() - Nothing is to be gained by another step. */
bool stepping_right(const struct stepping *stepping);

/** stepping_failed() - It is further off than any step may leave it. */
bool stepping_failed(const struct stepping *stepping);

/**
 * stepping_step() - Step by what was measured, without looking where that leads.
 *
 * Return: 0; -EOPNOTSUPP where the driver cannot; -errno.
 */
int stepping_step(const struct rtc *rtc, struct stepping *stepping);

/**
 * stepping_finish() - Measure at the next edges, and step again as often as it helps.
 *
 * Sleeps but for a few readings, for one to three seconds after each step.
 *
 * Return: 0, which is no promise: stepping_failed() tells; -errno.
 */
int stepping_finish(const struct rtc *rtc, struct stepping *stepping);

#endif
