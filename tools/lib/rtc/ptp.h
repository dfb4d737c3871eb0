/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The PTP clock that some RTC drivers offer: the RTC's time inside the second. */
#ifndef RTCCTL_LIB_RTC_PTP_H
#define RTCCTL_LIB_RTC_PTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "lib/rtc/rtc.h"
#include "lib/time/clock.h"

struct ptp_sample {
	int64_t rtc_ns;
	struct moment at;	/* the middle of the sample */
	int64_t bound_ns;	/* half its width, without the driver's own uncertainty */
};

/** ptp_find() - The device node of the clock's PTP clock, or -ENODEV. */
int ptp_find(const struct rtc *rtc, char *path, size_t size);

/**
 * ptp_sample() - The narrowest of a few readings of the RTC between two of the system clock.
 *
 * Waits for the end of a set, and where the phase is not locked for the next edge, a
 * second or two.
 *
 * Return: 0; -ENODEV where the clock has no PTP clock; -EAGAIN where the driver does not
 * find the phase; -errno.
 */
int ptp_sample(const struct rtc *rtc, struct ptp_sample *sample);

/** ptp_settable() - Whether the clock has a PTP clock that this process may set. */
bool ptp_settable(const struct rtc *rtc);

/**
 * ptp_set() - Set the clock to what @clock shows at the call, and @ahead_ns.
 *
 * Returns when the clock is right to half a second. The driver does the rest by itself
 * within the next second, and ptp_sample() waits for that. The first set of a boot takes
 * up to three seconds, in which the driver sees what the chip makes of it.
 *
 * Return: 0; -EIO where the chip does not keep what is written; -errno.
 */
int ptp_set(const struct rtc *rtc, clockid_t clock, int64_t ahead_ns);

/**
 * ptp_step() - Move the rtc by its PTP clock.
 * @rtc: the clock, whose phase is locked
 * @delta_ns: by this, however long the call takes
 *
 * Return: 0; -EAGAIN where the phase is not locked; -errno.
 */
int ptp_step(const struct rtc *rtc, int64_t delta_ns);

#endif
