// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "lib/rtc/phase.h"
#include "lib/rtc/reading.h"
#include "lib/rtc/system-follow.h"
#include "lib/time/clock.h"

#define FOLLOW_BOUND_NS	(100 * NSEC_PER_USEC)
#define FOLLOW_LIMIT_NS	(1100 * NSEC_PER_MSEC)	/* for one edge more */

static int measure(const struct rtc *rtc, enum timescale scale, int64_t drift_ns,
		   int64_t limit_ns, struct residual *remains)
{
	struct reading reading;
	int64_t offset_ns;
	int err;

	if (phase_settle(rtc, FOLLOW_BOUND_NS, limit_ns, &reading))
		return -ENODEV;
	err = reading_offset_ns(&reading, scale, &offset_ns);
	remains->ns = -offset_ns - drift_ns;
	remains->bound_ns = reading.bound_ns;
	return err;
}

int system_follow(const struct rtc *rtc, enum timescale scale, int64_t drift_ns,
		  struct residual *remains)
{
	int err;

	err = measure(rtc, scale, drift_ns, FOLLOW_LIMIT_NS, remains);
	if (!err)
		err = clock_step(CLOCK_REALTIME, -remains->ns);
	return err ? err : measure(rtc, scale, drift_ns, 0, remains);
}
