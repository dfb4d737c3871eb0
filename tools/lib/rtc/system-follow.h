/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system's time after a clock that knows its phase. */
#ifndef RTCCTL_LIB_RTC_SYSTEM_FOLLOW_H
#define RTCCTL_LIB_RTC_SYSTEM_FOLLOW_H

#include <stdint.h>

#include "lib/rtc/rtc.h"
#include "lib/rtc/setting.h"
#include "lib/time/timescale.h"

/**
 * system_follow() - Step the system time by what a clock that knows its phase is ahead of it.
 * @rtc: the clock
 * @scale: its timescale
 * @drift_ns: what to add to its time
 * @remains: filled in: the system's time minus that, afterwards
 *
 * Return: 0; -ENODEV where the clock is none of those; -errno.
 */
int system_follow(const struct rtc *rtc, enum timescale scale, int64_t drift_ns,
		  struct residual *remains);

#endif
