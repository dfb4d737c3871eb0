// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sys/timex.h>

#include "lib/time/clock.h"

#define MOMENT_LOOKS		3
#define MOMENT_NARROW_NS	(20 * NSEC_PER_USEC)

int64_t clock_now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/* Being stopped between the two would part them: the narrowest of a few looks counts. */
struct moment clock_moment(void)
{
	int64_t before_ns, real_ns, width_ns, narrowest_ns = INT64_MAX;
	struct moment moment = {};

	for (int i = 0; i < MOMENT_LOOKS && narrowest_ns > MOMENT_NARROW_NS; i++) {
		before_ns = clock_now_ns(CLOCK_MONOTONIC);
		real_ns = clock_now_ns(CLOCK_REALTIME);
		width_ns = clock_now_ns(CLOCK_MONOTONIC) - before_ns;
		if (width_ns >= narrowest_ns)
			continue;
		narrowest_ns = width_ns;
		moment.real_ns = real_ns;
		moment.mono_ns = before_ns + width_ns / 2;
	}
	return moment;
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
