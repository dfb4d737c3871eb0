// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/prctl.h>

#include "setting.h"
#include "tick.h"

/* Sleep ends this early, and reading the clock without sleep takes the rest. */
#define SETTING_SPIN_NS		(1500 * NSEC_PER_USEC)
#define SETTING_MIN_WAIT_NS	(3 * NSEC_PER_MSEC)
#define SETTING_TRIES		4
/* A moment missed by more is let go; each miss makes the next try more lenient. */
#define SETTING_TOLERANCE_NS	(200 * NSEC_PER_USEC)

int64_t setting_plan(const struct setting *setting, int64_t now_ns, int64_t *rtc_s)
{
	int64_t earliest_ns = now_ns + SETTING_MIN_WAIT_NS;
	int64_t rtc_ns = earliest_ns - setting->real_ns + setting->rtc_ns - setting->delay_ns;

	*rtc_s = clock_floor_s(rtc_ns + NSEC_PER_SEC - 1);
	return earliest_ns + *rtc_s * NSEC_PER_SEC - rtc_ns;
}

static int64_t meet(int64_t real_ns)
{
	int64_t now_ns;

	clock_sleep_until(CLOCK_REALTIME, real_ns - SETTING_SPIN_NS);
	do {
		now_ns = clock_now_ns(CLOCK_REALTIME);
	} while (now_ns < real_ns && now_ns >= real_ns - 2 * SETTING_SPIN_NS);
	return now_ns - real_ns;
}

int setting_apply(const struct rtc *rtc, struct setting *setting)
{
	struct rtc_time fields;
	int64_t target_ns;
	int err;

	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
	setting->tolerance_ns = SETTING_TOLERANCE_NS;
	for (int i = 0; i < SETTING_TRIES; i++, setting->tolerance_ns *= 4) {
		target_ns = setting_plan(setting, clock_now_ns(CLOCK_REALTIME),
					 &setting->written_s);
		/* Before the wait: the first conversion may read files. */
		err = timescale_rtc_s_to_fields(setting->written_s, &fields);
		if (err)
			return err;
		setting->late_ns = meet(target_ns);
		if (setting->late_ns < 0 || setting->late_ns > setting->tolerance_ns)
			continue;
		setting->at = clock_moment();
		return rtc_set(rtc, &fields);
	}
	return -EAGAIN;
}

int setting_verify(const struct rtc *rtc, const struct setting *setting,
		   struct residual *residual)
{
	int64_t target_ns = setting->at.real_ns - setting->late_ns;
	int64_t to_edge_ns = NSEC_PER_SEC - setting->delay_ns - setting->late_ns;
	int64_t wanted_ns, half_ns;
	struct tick tick;
	int err;

	err = tick_near(rtc, setting->at.mono_ns + to_edge_ns, 0, &tick);
	if (err)
		return err;
	half_ns = (tick.after.mono_ns - tick.before.mono_ns) / 2;
	/* What the clock should have shown in the middle of the bracket, in which it began rtc_s. */
	wanted_ns = setting->written_s * NSEC_PER_SEC + setting->delay_ns +
		    (tick.after.real_ns - half_ns) - target_ns;
	residual->ns = tick.rtc_s * NSEC_PER_SEC - wanted_ns;
	residual->bound_ns = half_ns + 1;
	return 0;
}
