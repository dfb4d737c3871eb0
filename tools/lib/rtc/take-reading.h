/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a clock by the best means that it offers. */
#ifndef RTCCTL_LIB_RTC_TAKE_READING_H
#define RTCCTL_LIB_RTC_TAKE_READING_H

#include "lib/rtc/reading.h"
#include "lib/rtc/rtc.h"

struct tick;

/**
 * reading_take() - Read the clock inside its second.
 * @rtc: the clock
 * @reading: filled in
 *
 * From the driver where that knows its phase, else from one tick, else by
 * polling for one. Never coasting: takes a tick's time at most.
 *
 * Return: 0; -ETIME where the clock does not tick; -errno.
 */
int reading_take(const struct rtc *rtc, struct reading *reading);

/** reading_second() - To the second, without waiting for anything. Return: 0 or -errno. */
int reading_second(const struct rtc *rtc, struct reading *reading);

/** reading_glance() - The same by sysfs: needs no open device, and keeps nobody from it. */
int reading_glance(const struct rtc *rtc, struct reading *reading);

/**
 * reading_soon() - Read the clock, without waiting for what may not come.
 *
 * As reading_take(), but a driver's answer may be a coasting one; and where the driver
 * cannot tell its phase just now, which it has waited for already, the whole second is
 * taken.
 */
int reading_soon(const struct rtc *rtc, struct reading *reading);

/** reading_refine() - Read again at the next edge, sleeping until just before it. */
int reading_refine(const struct rtc *rtc, struct reading *reading);

/** reading_from_tick() - What an observed edge says. */
void reading_from_tick(const struct tick *tick, struct reading *reading);

#endif
