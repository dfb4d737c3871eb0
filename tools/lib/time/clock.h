/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system's clocks, in nanoseconds. */
#ifndef RTCCTL_LIB_TIME_CLOCK_H
#define RTCCTL_LIB_TIME_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NSEC_PER_SEC	1000000000LL
#define NSEC_PER_MSEC	1000000LL
#define NSEC_PER_USEC	1000LL

/* One moment on both clocks. */
struct moment {
	int64_t real_ns;
	int64_t mono_ns;
};

int64_t clock_now_ns(clockid_t clock);
struct moment clock_moment(void);

/** clock_sleep_until() - Sleep until @clock shows @ns, signals notwithstanding. */
void clock_sleep_until(clockid_t clock, int64_t ns);

/** clock_step() - Move @clock by @delta_ns, however long the call takes. Return: 0 or -errno. */
int clock_step(clockid_t clock, int64_t delta_ns);

/** clock_floor_s() - Whole seconds in @ns, rounded towards the past. */
int64_t clock_floor_s(int64_t ns);

struct timespec clock_timespec(int64_t ns);

#endif
