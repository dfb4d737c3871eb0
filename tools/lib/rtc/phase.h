/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drivers that know where inside the second their clock is. */
#ifndef RTCCTL_LIB_RTC_PHASE_H
#define RTCCTL_LIB_RTC_PHASE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/reading.h"
#include "lib/rtc/rtc.h"

/**
 * phase_read() - Ask a driver that knows its phase.
 *
 * At once where the phase is locked, or known from before an idle time: then the reading
 * is a coasting one. Else the driver looks for an edge first, for two seconds or so.
 *
 * Return: 0; -ENODEV where the driver is none of those; -EAGAIN; -errno.
 */
int phase_read(const struct rtc *rtc, struct reading *reading);

/**
 * phase_read_locked() - The same, and the phase is locked.
 * @rtc: the clock
 * @limit_ns: how long to try again where the driver does not find the edge
 * @reading: filled in
 *
 * Waits for the next edge where it has to, and for the end of a set.
 *
 * Return: as phase_read(); -ENODEV also where the driver has no PTP clock to wait by.
 */
int phase_read_locked(const struct rtc *rtc, int64_t limit_ns, struct reading *reading);

/** phase_locked() - Whether it is locked just now. */
bool phase_locked(const struct rtc *rtc);

/** phase_edge_age() - How long ago the driver saw an edge of the clock. Return: 0 or -errno. */
int phase_edge_age(const struct rtc *rtc, int64_t *age_ns);

/**
 * phase_settle() - As phase_read_locked(), again after each edge until the bound is narrow.
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
