// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "phase.h"
#include "ptp.h"
#include "stepping.h"

/* A release comes late by tens of microseconds: more is worth another step. */
#define RIGHT_NS	(100 * NSEC_PER_USEC)
#define FAILED_NS	NSEC_PER_MSEC
#define KEPT_NS		(20 * NSEC_PER_MSEC)
#define STEPS_MAX	3	/* for what a busy machine spoils of an exact set ... */
#define STEPS_LIMIT	6	/* ... and for a set that is no better than a plain one */
#define BEFORE_NS	(200 * NSEC_PER_USEC)	/* bound to step by ... */
#define BEFORE_LIMIT_NS	(1200 * NSEC_PER_MSEC)	/* ... and how long that is worth waiting for */
#define AFTER_LIMIT_NS	(3500 * NSEC_PER_MSEC)	/* the driver may put the release off */
#define AFTER_NS	(20 * NSEC_PER_USEC)		/* not every clock comes to that: one edge ... */
#define NARROW_LIMIT_NS	(2200 * NSEC_PER_MSEC)		/* ... or two more are looked at for it */
/* The divider is released after half a second, and the first edge is half a second behind. */
#define HELD_NS		(1020 * NSEC_PER_MSEC)

static int measure(const struct rtc *rtc, struct stepping *stepping, int64_t bound_ns,
		   int64_t limit_ns)
{
	struct reading reading;
	int err;

	err = phase_settle(rtc, bound_ns, limit_ns, &reading);
	if (err)
		return err;
	stepping->residual.ns = reading.rtc_ns - reading.at.real_ns - stepping->offset_ns;
	stepping->residual.bound_ns = reading.bound_ns;
	return phase_confirm(rtc, &reading);
}

int stepping_measure(const struct rtc *rtc, struct stepping *stepping)
{
	return measure(rtc, stepping, BEFORE_NS, BEFORE_LIMIT_NS);
}

bool stepping_right(const struct stepping *stepping)
{
	int64_t bound_ns = stepping->residual.bound_ns;

	return bound_ns <= BEFORE_NS &&
	       llabs(stepping->residual.ns) <= (bound_ns > RIGHT_NS ? bound_ns : RIGHT_NS);
}

bool stepping_failed(const struct stepping *stepping)
{
	return llabs(stepping->residual.ns) > FAILED_NS ||
	       stepping->residual.bound_ns > FAILED_NS;
}

int stepping_step(const struct rtc *rtc, struct stepping *stepping)
{
	int err;

	err = ptp_step(rtc, -stepping->residual.ns);
	if (!err)
		stepping->steps++;
	return err;
}

/* The nearest second and the old fraction of it: another step would do no better. */
static bool keeps_phase(const struct stepping *stepping, int64_t before_ns)
{
	int64_t moved_ns = before_ns - stepping->residual.ns;
	int64_t rest_ns = llabs(moved_ns) % NSEC_PER_SEC;

	return llabs(stepping->residual.ns) > KEPT_NS &&
	       llabs(stepping->residual.ns) <= NSEC_PER_SEC / 2 + KEPT_NS &&
	       (rest_ns < KEPT_NS || rest_ns > NSEC_PER_SEC - KEPT_NS);
}

/* A better bound where there is one to be had; else what is known will do. */
static void narrow(const struct rtc *rtc, struct stepping *stepping)
{
	struct stepping again = *stepping;

	if (again.residual.bound_ns > AFTER_NS &&
	    !measure(rtc, &again, AFTER_NS, NARROW_LIMIT_NS))
		*stepping = again;
}

static int finish_step(const struct rtc *rtc, struct stepping *stepping)
{
	int64_t before_ns = stepping->residual.ns;
	int err;

	clock_sleep_until(CLOCK_MONOTONIC, clock_now_ns(CLOCK_MONOTONIC) + HELD_NS);
	err = measure(rtc, stepping, RIGHT_NS, AFTER_LIMIT_NS);
	if (!err && stepping->residual.bound_ns <= RIGHT_NS)
		narrow(rtc, stepping);
	if (!err)
		stepping->phase_kept = keeps_phase(stepping, before_ns);
	return err;
}

static bool enough(const struct stepping *stepping)
{
	return stepping->steps >= (stepping_failed(stepping) ? STEPS_LIMIT : STEPS_MAX);
}

int stepping_finish(const struct rtc *rtc, struct stepping *stepping)
{
	int err;

	for (;;) {
		err = finish_step(rtc, stepping);
		if (err || stepping_right(stepping) || stepping->phase_kept || enough(stepping))
			return err;
		err = stepping_step(rtc, stepping);
		if (err)
			return err;
	}
}
