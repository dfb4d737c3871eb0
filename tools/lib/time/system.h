/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's time and its idea of a timezone.
 *
 * The first settimeofday(NULL, tz) after boot with a timezone other than zero
 * moves the system time by it ("warp") and makes the kernel's own writes to
 * the clock local; a first call with zero locks both.
 */
#ifndef RTCCTL_LIB_TIME_SYSTEM_H
#define RTCCTL_LIB_TIME_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/time/timescale.h"

/** system_minutes_west() - Of Greenwich, in the local timezone at @epoch_s. */
int system_minutes_west(int64_t epoch_s);

/**
 * system_set_timezone() - Tell the kernel the clock's timescale and the timezone.
 *
 * A clock kept in UTC needs the first call to be one with zero, else the time
 * would be moved.
 */
int system_set_timezone(enum timescale scale, int minutes_west);

/** system_may_set() - Whether this process may set the time. Return: 0; -EPERM; -errno. */
int system_may_set(void);

/**
 * system_set_time() - Set the system time.
 * @epoch_ns: the time that it was
 * @mono_ns: when CLOCK_MONOTONIC was this
 *
 * Right however long ago that was, and whatever was done to CLOCK_REALTIME since.
 */
int system_set_time(int64_t epoch_ns, int64_t mono_ns);

/** system_timezone() - What the kernel has been told; 0 or -errno. */
int system_timezone(int *minutes_west);

/** system_synchronised() - Whether the kernel's time follows NTP, and so the clock it. */
bool system_synchronised(void);

#endif
