/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system's time after a clock that knows its phase. */
#ifndef RTCCTL_SYSTEM_FOLLOW_H
#define RTCCTL_SYSTEM_FOLLOW_H

#include <stdint.h>

#include "rtc.h"
#include "setting.h"
#include "timescale.h"

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
