// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "lib/rtc/conduct.h"
#include "lib/rtc/phase.h"
#include "lib/rtc/ptp.h"
#include "lib/rtc/setting.h"
#include "lib/rtc/tick.h"

/* Sleep ends this early, and reading the clock without sleep takes the rest. */
#define SETTING_SPIN_NS		(1500 * NSEC_PER_USEC)
#define SETTING_MIN_WAIT_NS	(3 * NSEC_PER_MSEC)
#define SETTING_TRIES		4
/* A moment missed by more is let go; each miss makes the next try more lenient. */
#define SETTING_TOLERANCE_NS	(200 * NSEC_PER_USEC)
/* A moment that is further away than this was planned before somebody stepped the system. */
#define LONGEST_WAIT_NS		(NSEC_PER_SEC + 2 * SETTING_MIN_WAIT_NS)
#define NAP_NS			(100 * NSEC_PER_MSEC)

/* More than this, and more than the bound, is worth a second try ... */
#define RIGHT_NS		(100 * NSEC_PER_USEC)
/* ... which is no better where the chip keeps the phase of its seconds. */
#define SAME_NS			NSEC_PER_MSEC
#define FAILED_NS		NSEC_PER_MSEC
#define KEPT_NS			(20 * NSEC_PER_MSEC)
/* How well the phase must be known to leave a clock alone, and to move it from there. */
#define KNOWN_NS		(200 * NSEC_PER_USEC)
#define MOVE_NS			(20 * NSEC_PER_USEC)
/* How long a driver is asked again that does not find the edge. */
#define LOCK_LIMIT_NS		(5 * NSEC_PER_SEC)

static int64_t at_moment(const struct setting *setting, const struct moment *moment)
{
	return setting->follow_system ? moment->real_ns : moment->mono_ns;
}

int64_t setting_now_ns(const struct setting *setting)
{
	return clock_now_ns(setting->follow_system ? CLOCK_REALTIME : CLOCK_MONOTONIC);
}

/* What to add to the time to have what the clock shall show. */
static int64_t wanted_ahead_ns(const struct setting *setting)
{
	return setting->rtc_ns - at_moment(setting, &setting->when);
}

bool setting_is_exact(const struct rtc *rtc, const struct setting *setting)
{
	return setting->delay_ns < 0 && ptp_settable(rtc);
}

static void take_residual(struct setting *setting, const struct reading *reading)
{
	setting->residual.ns = reading->rtc_ns - at_moment(setting, &reading->at) -
			       wanted_ahead_ns(setting);
	setting->residual.bound_ns = reading->bound_ns;
}

/* Is the phase known to @bound_ns, once a set has ended? Then how far off it is, too. */
static bool knows(const struct rtc *rtc, struct setting *setting, int64_t bound_ns,
		  struct reading *reading)
{
	if (phase_read(rtc, reading) || reading->coasting || reading->bound_ns > bound_ns)
		return false;
	take_residual(setting, reading);
	return true;
}

/* A clock that is followed is moved by how far it is off: no call's length is in that. */
static int move(const struct rtc *rtc, struct setting *setting)
{
	struct reading reading;

	if (!phase_locked(rtc) || !knows(rtc, setting, MOVE_NS, &reading))
		return -EAGAIN;
	return ptp_step(rtc, -setting->residual.ns);
}

static int set_exact(const struct rtc *rtc, struct setting *setting)
{
	int err;

	err = move(rtc, setting);
	if (err == -EAGAIN)
		err = ptp_set(rtc, setting->follow_system ? CLOCK_REALTIME : CLOCK_MONOTONIC,
			      wanted_ahead_ns(setting));
	if (!err)
		setting->writes++;
	return err;
}

int64_t setting_plan(const struct setting *setting, int64_t now_ns, int64_t *rtc_s)
{
	int64_t earliest_ns = now_ns + SETTING_MIN_WAIT_NS;
	int64_t rtc_ns = earliest_ns + wanted_ahead_ns(setting) - setting->delay_ns;

	*rtc_s = clock_floor_s(rtc_ns + NSEC_PER_SEC - 1);
	return earliest_ns + *rtc_s * NSEC_PER_SEC - rtc_ns;
}

/*
 * By naps on a clock that nobody steps. Return: how late it is; negative where the
 * moment was moved away.
 */
static int64_t meet(const struct setting *setting, int64_t target_ns)
{
	int64_t nap_ns, now_ns;

	for (;;) {
		nap_ns = target_ns - setting_now_ns(setting) - SETTING_SPIN_NS;
		if (nap_ns <= 0 || nap_ns > LONGEST_WAIT_NS)
			break;
		clock_sleep_until(CLOCK_MONOTONIC, clock_now_ns(CLOCK_MONOTONIC) +
				  (nap_ns < NAP_NS ? nap_ns : NAP_NS));
	}
	do {
		now_ns = setting_now_ns(setting);
	} while (now_ns < target_ns && now_ns >= target_ns - 2 * SETTING_SPIN_NS);
	return now_ns - target_ns;
}

/* A second at its moment: what every driver can take. */
static int set_second(const struct rtc *rtc, struct setting *setting)
{
	struct rtc_time fields;
	int64_t target_ns;
	int err;

	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
	if (setting->delay_ns < 0)
		setting->delay_ns = rtc_set_delay_ns(rtc);
	setting->tolerance_ns = SETTING_TOLERANCE_NS;
	for (int i = 0; i < SETTING_TRIES; i++, setting->tolerance_ns *= 4) {
		target_ns = setting_plan(setting, setting_now_ns(setting), &setting->written_s);
		/* Before the wait: the first conversion may read files. */
		err = timescale_rtc_s_to_fields(setting->written_s, &fields);
		if (err)
			return err;
		setting->late_ns = meet(setting, target_ns);
		if (setting->late_ns < 0 || setting->late_ns > setting->tolerance_ns)
			continue;
		setting->at = clock_moment();
		setting->writes = 1;
		return rtc_set(rtc, &fields);
	}
	return -EAGAIN;
}

int setting_apply(const struct rtc *rtc, struct setting *setting)
{
	setting->exact = setting_is_exact(rtc, setting);
	return setting->exact ? set_exact(rtc, setting) : set_second(rtc, setting);
}

static bool close_enough(const struct residual *residual)
{
	return llabs(residual->ns) <=
	       (residual->bound_ns > RIGHT_NS ? residual->bound_ns : RIGHT_NS);
}

bool setting_right(const struct rtc *rtc, struct setting *setting)
{
	struct reading reading;

	if (!phase_locked(rtc) || !knows(rtc, setting, KNOWN_NS, &reading))
		return false;
	return close_enough(&setting->residual) && !phase_confirm(rtc, &reading);
}

/*
 * A driver that has seen what its chip makes of a set knows the phase when the set has ended;
 * else the next edge tells.
 */
static int measure(const struct rtc *rtc, struct setting *setting)
{
	struct reading reading;
	int err;

	if (!knows(rtc, setting, KNOWN_NS, &reading)) {
		err = phase_read_locked(rtc, LOCK_LIMIT_NS, &reading);
		if (err)
			return err;
		take_residual(setting, &reading);
	}
	return phase_confirm(rtc, &reading);
}

/* Half a second ahead and half a second behind are the same phase. */
static bool came_out_the_same(const struct residual *first, const struct residual *second)
{
	int64_t apart_ns = llabs(first->ns - second->ns);

	if (apart_ns > NSEC_PER_SEC / 2)
		apart_ns = llabs(NSEC_PER_SEC - apart_ns);
	return llabs(second->ns) > FAILED_NS && !close_enough(second) &&
	       llabs(second->ns) <= NSEC_PER_SEC / 2 + KEPT_NS &&
	       apart_ns <= first->bound_ns + second->bound_ns + SAME_NS;
}

/* A set that came late twice may be off by the same: the driver has seen what the chip does. */
static bool may_keep_second(const struct rtc *rtc)
{
	struct conduct conduct;

	return conduct_read(rtc, &conduct) || conduct_keeps_second(&conduct);
}

static int verify_exact(const struct rtc *rtc, struct setting *setting)
{
	struct residual first;
	int err;

	err = measure(rtc, setting);
	if (err || close_enough(&setting->residual))
		return err;
	first = setting->residual;
	err = set_exact(rtc, setting);
	if (!err)
		err = measure(rtc, setting);
	if (err)
		return err;
	setting->keeps_second = came_out_the_same(&first, &setting->residual) &&
				may_keep_second(rtc);
	return 0;
}

static int verify_second(const struct rtc *rtc, struct setting *setting)
{
	struct residual *residual = &setting->residual;
	int64_t to_edge_ns = NSEC_PER_SEC - setting->delay_ns - setting->late_ns;
	struct tick tick;
	int64_t half_ns;
	int err;

	err = tick_near(rtc, setting->at.mono_ns + to_edge_ns, 0, &tick);
	if (err)
		return err;
	half_ns = (tick.after.mono_ns - tick.before.mono_ns) / 2;
	/* The second began somewhere in the bracket. */
	residual->ns = tick.rtc_s * NSEC_PER_SEC - wanted_ahead_ns(setting) -
		       (at_moment(setting, &tick.after) - half_ns);
	residual->bound_ns = half_ns + 1;
	setting->keeps_second = llabs(residual->ns) - residual->bound_ns > KEPT_NS;
	return 0;
}

int setting_verify(const struct rtc *rtc, struct setting *setting)
{
	return setting->exact ? verify_exact(rtc, setting) : verify_second(rtc, setting);
}

bool setting_failed(const struct setting *setting)
{
	return setting->exact && !setting->keeps_second && !close_enough(&setting->residual) &&
	       llabs(setting->residual.ns) > FAILED_NS;
}
