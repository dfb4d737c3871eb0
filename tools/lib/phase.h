/* SPDX-License-Identifier: GPL-2.0 */
/* Drivers that know where inside the second their clock is. */
#ifndef RTCCTL_PHASE_H
#define RTCCTL_PHASE_H

#include <stdint.h>

#include "reading.h"
#include "rtc.h"

/**
 * phase_read() - Ask a driver that knows its phase.
 *
 * At once where the phase is locked, which another 1.2 s are waited for.
 *
 * Return: 0; -ENODEV where the driver is none of those; -EAGAIN; -errno.
 */
int phase_read(const struct rtc *rtc, struct reading *reading);

/**
 * phase_settle() - The same, again after each edge until the bound is narrow.
 * @rtc: the clock
 * @bound_ns: narrow enough
 * @limit_ns: how long to try; then the last reading serves
 * @reading: filled in
 */
int phase_settle(const struct rtc *rtc, int64_t bound_ns, int64_t limit_ns,
		 struct reading *reading);

/** phase_confirm() - 0 where the clock's date is the reading's; -ESTALE; -errno. */
int phase_confirm(const struct rtc *rtc, const struct reading *reading);

#endif
