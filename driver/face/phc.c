// SPDX-License-Identifier: GPL-2.0
/*
 * The clock as a PTP clock: the time with its nanoseconds.
 *
 * Readable by whoever reads PTP clocks (chrony's refclock PHC, phc_ctl). The RTC has
 * no rate to steer; a step, to a time or by an offset, is an exact set.
 */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "face/phc.h"
#include "phase/tracker.h"

#define LATEST_NS	(450 * NSEC_PER_MSEC)	/* in the second, for a set of this one */
#define SLACK_US	1000

static struct mc_clock *clock_of(struct ptp_clock_info *info)
{
	return container_of(info, struct mc_clock, phc.info);
}

static int gettimex64(struct ptp_clock_info *info, struct timespec64 *ts,
		      struct ptp_system_timestamp *sts)
{
	struct mc_clock *c = clock_of(info);
	s64 raw, rtc, bound;
	int err;

	err = mc_tracker_query(c);
	if (err)
		return err;
	ptp_read_system_prets(sts);
	raw = ktime_get_raw_ns();
	ptp_read_system_postts(sts);
	err = mc_tracker_now(c, raw, &rtc, &bound);
	if (!err)
		*ts = ns_to_timespec64(rtc);
	return err;
}

/*
 * It is @rtc_ns at @raw. The chip takes whole seconds, and half a second before they
 * end: where more of this one is gone, the next one is waited for.
 */
static int set_at(struct mc_clock *c, s64 rtc_ns, s64 raw)
{
	struct rtc_time tm;
	s32 nsec;
	s64 sec = div_s64_rem(rtc_ns, NSEC_PER_SEC, &nsec);
	int err;

	if (rtc_ns < 0)
		return -ERANGE;
	raw -= nsec;
	if (nsec > LATEST_NS) {
		raw += NSEC_PER_SEC;
		sec++;
		usleep_range(div_s64(NSEC_PER_SEC - nsec, NSEC_PER_USEC),
			     div_s64(NSEC_PER_SEC - nsec, NSEC_PER_USEC) + SLACK_US);
	}
	rtc_time64_to_tm(sec, &tm);
	c->phc.raw = raw;
	WRITE_ONCE(c->phc.setter, current);
	err = rtc_set_time(c->rtc, &tm);
	WRITE_ONCE(c->phc.setter, NULL);
	return err;
}

static int settime64(struct ptp_clock_info *info, const struct timespec64 *ts)
{
	struct mc_clock *c = clock_of(info);
	s64 raw = ktime_get_raw_ns();
	int err;

	mutex_lock(&c->phc.lock);
	err = set_at(c, timespec64_to_ns(ts), raw);
	mutex_unlock(&c->phc.lock);
	return err;
}

/* Exact whenever it is called, as what is added was measured before. */
static int adjtime(struct ptp_clock_info *info, s64 delta)
{
	struct mc_clock *c = clock_of(info);
	s64 raw, rtc, bound;
	int err;

	err = mc_tracker_query(c);
	if (err)
		return err;
	mutex_lock(&c->phc.lock);
	raw = ktime_get_raw_ns();
	err = mc_tracker_now(c, raw, &rtc, &bound);
	if (!err)
		err = set_at(c, rtc + delta, raw);
	mutex_unlock(&c->phc.lock);
	return err;
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
 * Return: 0, also where the kernel was built without; -errno.
 */
int mc_phc_register(struct mc_clock *c)
{
	c->phc.info = operations;
	mutex_init(&c->phc.lock);
	c->phc.ptp = ptp_clock_register(&c->phc.info, c->bus->dev);
	if (IS_ERR_OR_NULL(c->phc.ptp))
		return PTR_ERR_OR_ZERO(c->phc.ptp);
	return devm_add_action_or_reset(c->bus->dev, unregister, c->phc.ptp);
}
