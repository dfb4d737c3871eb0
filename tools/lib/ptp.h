/* SPDX-License-Identifier: GPL-2.0 */
/* The PTP clock that some RTC drivers offer: the RTC's time inside the second. */
#ifndef RTCCTL_PTP_H
#define RTCCTL_PTP_H

#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "rtc.h"

struct ptp_sample {
	int64_t rtc_ns;
	struct moment at;	/* the middle of the sample */
	int64_t bound_ns;	/* half its width and the driver's own uncertainty */
};

/** ptp_find() - The device node of the clock's PTP clock, or -ENODEV. */
int ptp_find(const struct rtc *rtc, char *path, size_t size);

/**
 * ptp_sample() - The narrowest of a few readings of the RTC between two of the system clock.
 *
 * Return: 0; -ENODEV where the clock has no PTP clock; -EAGAIN where that does
 * not know the phase yet; -errno.
 */
int ptp_sample(const struct rtc *rtc, struct ptp_sample *sample);

/** ptp_step() - Step the clock by @delta_ns; -ENODEV, -EOPNOTSUPP where that cannot be, -errno. */
int ptp_step(const struct rtc *rtc, int64_t delta_ns);

#endif
