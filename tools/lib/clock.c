// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/timex.h>

#include "clock.h"

int64_t clock_now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

struct moment clock_moment(void)
{
	struct moment m = {
		.real_ns = clock_now_ns(CLOCK_REALTIME),
		.mono_ns = clock_now_ns(CLOCK_MONOTONIC),
	};

	return m;
}

void clock_sleep_until(clockid_t clock, int64_t ns)
{
	struct timespec ts = clock_timespec(ns);

	while (clock_nanosleep(clock, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

int clock_step(clockid_t clock, int64_t delta_ns)
{
	struct timespec delta = clock_timespec(delta_ns);
	struct timex tx = { .modes = ADJ_SETOFFSET | ADJ_NANO };

	/* With ADJ_NANO tv_usec holds nanoseconds. */
	tx.time.tv_sec = delta.tv_sec;
	tx.time.tv_usec = delta.tv_nsec;
	return clock_adjtime(clock, &tx) < 0 ? -errno : 0;
}

int64_t clock_floor_s(int64_t ns)
{
	int64_t s = ns / NSEC_PER_SEC;

	return s - (ns % NSEC_PER_SEC < 0);
}

struct timespec clock_timespec(int64_t ns)
{
	struct timespec ts = {
		.tv_sec = clock_floor_s(ns),
		.tv_nsec = ns - clock_floor_s(ns) * NSEC_PER_SEC,
	};

	return ts;
}
