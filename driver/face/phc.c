// SPDX-License-Identifier: GPL-2.0
/*
 * The clock as a PTP clock: the time with its nanoseconds.
 *
 * Readable by whoever reads PTP clocks (chrony's refclock PHC, phc_ctl). The RTC has
 * no rate to steer; a step, to a time or by an offset, is an exact set.
 */
#include <linux/capability.h>
#include <linux/ktime.h>
#include <linux/ptp_clock_kernel.h>
#include <linux/slab.h>

#include "clock/clock.h"
#include "face/phc.h"

#define TRIES	3	/* a lock that was had may be lost again before it is used */

/**
 * struct mc_phc - the clock as a PTP clock
 * @info:	its operations
 * @clock:	the clock
 */
struct mc_phc {
	struct ptp_clock_info info;
	struct mc_clock *clock;
};

static struct mc_clock *clock_of(struct ptp_clock_info *info)
{
	return container_of(info, struct mc_phc, info)->clock;
}

/* The time at one moment, which the edges before and after it bracket. */
static int take(struct mc_clock *c, struct ptp_system_timestamp *sts, s64 *raw, s64 *rtc_ns)
{
	struct mc_answer a;
	int i, err;

	for (i = 0; i < TRIES; i++) {
		err = mc_tracker_query(&c->tracker, MC_NEED_EDGE);
		if (err && err != -EAGAIN)
			return err;
		ptp_read_system_prets(sts);
		*raw = ktime_get_raw_ns();
		ptp_read_system_postts(sts);
		err = mc_tracker_now(&c->tracker, *raw, &a);
		if (!err && a.state == MC_LOCKED) {
			*rtc_ns = a.rtc_ns;
			return 0;
		}
	}
	return -EAGAIN;
}

static int gettimex64(struct ptp_clock_info *info, struct timespec64 *ts,
		      struct ptp_system_timestamp *sts)
{
	s64 raw, rtc_ns;
	int err = take(clock_of(info), sts, &raw, &rtc_ns);

	if (!err)
		*ts = ns_to_timespec64(rtc_ns);
	return err;
}

/* Who may open the device for writing is the administrator's choice; setting is not. */
static int settime64(struct ptp_clock_info *info, const struct timespec64 *ts)
{
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	return mc_clock_set_at(clock_of(info), timespec64_to_ns(ts), ktime_get_raw_ns());
}

/* Independent of how long the call takes: the offset was measured beforehand. */
static int adjtime(struct ptp_clock_info *info, s64 delta)
{
	struct mc_clock *c = clock_of(info);
	s64 raw, rtc_ns;
	int err;

	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	err = take(c, NULL, &raw, &rtc_ns);
	return err ? err : mc_clock_set_at(c, rtc_ns + delta, raw);
}

static int adjfine(struct ptp_clock_info *info, long scaled_ppm)
{
	return -EOPNOTSUPP;
}

static int enable(struct ptp_clock_info *info, struct ptp_clock_request *request, int on)
{
	return -EOPNOTSUPP;
}

static const struct ptp_clock_info operations = {
	.owner = THIS_MODULE,
	.name = MC_NAME,
	.gettimex64 = gettimex64,
	.settime64 = settime64,
	.adjfine = adjfine,
	.adjtime = adjtime,
	.enable = enable,
};

static void unregister(void *ptp)
{
	ptp_clock_unregister(ptp);
}

/**
 * mc_phc_register - make the PTP clock
 * @c: the clock, its rtc registered
 *
 * Context: may sleep.
 * Return: 0, also where it is not wanted or the kernel was built without; -errno.
 */
int mc_phc_register(struct mc_clock *c)
{
	struct ptp_clock *ptp;
	struct mc_phc *phc;

	if (!c->options.ptp)
		return 0;
	phc = devm_kzalloc(c->dev, sizeof(*phc), GFP_KERNEL);
	if (!phc)
		return -ENOMEM;
	phc->info = operations;
	phc->clock = c;
	ptp = ptp_clock_register(&phc->info, c->dev);
	if (IS_ERR_OR_NULL(ptp))
		return PTR_ERR_OR_ZERO(ptp);
	return devm_add_action_or_reset(c->dev, unregister, ptp);
}
