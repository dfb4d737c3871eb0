// SPDX-License-Identifier: GPL-2.0
/* The clock as the RTC class sees it. */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/uaccess.h>

#include "clock/alarm.h"
#include "chip/chip.h"
#include "clock/class.h"
#include "compat.h"
#include "clock/set.h"
#include "clock/hctosys.h"
#include "face/procfs.h"
#include "phase/tracker.h"

#define TICK_MAX_NS	(1200 * NSEC_PER_MSEC)	/* a clock ticks within this or is stopped */
#define WATCH_STEP_MS	20
#define COPY_NS		(20 * NSEC_PER_MSEC)	/* five ticks of 4 ms, as kernel/time/ntp.c */
#define ZONE_S		900	/* time zones are quarters of an hour apart */

static int report(struct mc_clock *c, int err, const char *what)
{
	if (err)
		dev_err_ratelimited(c->bus->dev,
				    "%s (register A 0x%02x, B 0x%02x)\n", what,
				    mc_chip_register(c, MC146818_A),
				    mc_chip_register(c, MC146818_B));
	return err;
}

/*
 * Does it tick at all? Looked at for as long as a second can take, or, where the
 * second is a new one, until the tracker has held an edge meanwhile.
 */
static int watch(struct mc_clock *c, struct mc_reading *r, bool same)
{
	s64 until = r->end + TICK_MAX_NS;
	struct mc_look look;

	do {
		msleep(WATCH_STEP_MS);
		mc_chip_look(c, &look);
		if ((look.seconds >= 0 && look.seconds != r->tm.tm_sec) ||
		    (!same && !mc_tracker_doubts(c, r)))
			return mc_chip_read(c, r);
	} while (look.end < until);
	return -EIO;
}

/*
 * The reading contradicts what was known. Either the clock was stepped, which is
 * for the tracker to note, or it does not run: then the reading is no time at all.
 */
static int confirm(struct mc_clock *c, struct mc_reading *r)
{
	bool same = r->sec == mc_tracker_last_second(c);
	int err;

	if (c->stopped && same)
		return -EIO;
	err = mc_chip_running(c);
	if (!err && (same || mc_tracker_doubts(c, r)))
		err = watch(c, r, same);
	c->stopped = err;
	return report(c, err, "the clock does not tick");
}

static const char *reading_failed(int err)
{
	return err == -EINVAL ? "the clock holds no valid date; set it" :
				"the clock does not answer or is stopped";
}

/* Far from any edge UIP need not be asked for. */
static int read_chip(struct mc_clock *c, struct mc_reading *r)
{
	struct mc_look look;

	if (mc_tracker_between_edges(c) && mc_chip_look(c, &look) >= 0 &&
	    !mc_chip_read_rest(c, &look, r))
		return 0;
	return mc_chip_read(c, r);
}

/**
 * mc_class_read - read the clock
 * @c: the clock
 * @r: filled in
 *
 * Context: may sleep.
 * Return: 0; -EIO: it does not answer, or does not tick; -EINVAL: it holds no
 * valid date.
 */
int mc_class_read(struct mc_clock *c, struct mc_reading *r)
{
	int err;

	if (mc_tracker_latest(c, r))
		return 0;
	err = read_chip(c, r);
	if (!err && !(mc_tracker_known(c) && mc_tracker_agrees(c, r)))
		err = mc_chip_read_sure(c, r);
	if (err)
		return report(c, err, reading_failed(err));
	if (c->stopped || mc_tracker_doubts(c, r) || !mc_tracker_agrees(c, r))
		err = confirm(c, r);
	if (!err)
		mc_tracker_observe(c, r);
	return err;
}

static int read_time(struct device *dev, struct rtc_time *tm)
{
	struct mc_clock *c = dev_get_drvdata(dev);
	struct mc_reading r;
	int err;

	mc_late_wait(c);
	err = mc_class_read(c, &r);
	if (!err)
		*tm = r.tm;
	return err;
}

/*
 * Without a divider to hold (real AMD hardware) the chip keeps its phase: of the
 * seconds that can be written the one is taken that is nearest to the truth.
 */
static int set_nearest(struct mc_clock *c, struct mc146818_time *bytes, s64 sec, s64 raw)
{
	struct mc_edge edge = { .lo = raw };
	struct rtc_time tm;
	s64 now, phase;
	int err;

	mc_tracker_query(c);
	mc_tracker_stop(c);
	now = ktime_get_raw_ns();
	mc_tracker_edge(c, mc_tracker_last_second(c), &edge);
	phase = now - edge.lo;
	phase -= div_s64(phase, NSEC_PER_SEC) * NSEC_PER_SEC;
	sec += div_s64(now - raw + NSEC_PER_SEC / 2 - phase + NSEC_PER_SEC, NSEC_PER_SEC) - 1;
	rtc_time64_to_tm(sec, &tm);
	err = mc146818_encode_time(&c->format, &tm, bytes);
	if (!err)
		err = mc_chip_write_time(c, bytes, false);
	mc_tracker_forget(c);
	mc_tracker_start(c);
	return err;
}

/*
 * Who sets the clock to the system's own time, or to a zone's, copies it: hwclock
 * --systohc, the core's NTP sync. They come to its second some milliseconds late,
 * or early, and mean the second's beginning. Any other time begins now.
 */
static s64 meant_raw(s64 sec)
{
	struct timespec64 ts;
	ktime_t real, raw;
	s64 ahead;
	s32 apart;

	mc_ktime_get_snapshot(&real, &raw);
	ts = ktime_to_timespec64(real);
	div_s64_rem(ts.tv_sec - sec, ZONE_S, &apart);
	if (apart > ZONE_S / 2)
		apart -= ZONE_S;
	else if (apart < -ZONE_S / 2)
		apart += ZONE_S;
	ahead = (s64)apart * NSEC_PER_SEC + ts.tv_nsec;
	return ktime_to_ns(raw) - (abs(ahead) <= COPY_NS ? ahead : 0);
}

static int set_time(struct device *dev, struct rtc_time *tm)
{
	struct mc_clock *c = dev_get_drvdata(dev);
	s64 sec = rtc_tm_to_time64(tm), raw = meant_raw(sec);
	struct mc146818_time bytes;
	int err;

	if (READ_ONCE(c->phc.setter) == current)
		raw = c->phc.raw;
	err = mc146818_encode_time(&c->format, tm, &bytes);
	if (err)
		return err;
	c->stopped = false;
	if (c->bus->divider_reserved)
		err = set_nearest(c, &bytes, sec, raw);
	else
		err = mc_hold_set(c, &bytes, sec, raw);
	return report(c, err, "the clock does not take the time");
}

static bool battery_lost(struct mc_clock *c)
{
	if (!(mc_chip_register(c, MC146818_D) & MC146818_D_VRT))
		c->battery_lost = true;
	return c->battery_lost;
}

/* Reading register D sets VRT again where the power sense pin allows (datasheet). */
static int battery_clear(struct mc_clock *c)
{
	mc_chip_register(c, MC146818_D);
	c->battery_lost = false;
	return battery_lost(c) ? -EIO : 0;
}

static int ioctl(struct device *dev, unsigned int cmd, unsigned long arg)
{
	struct mc_clock *c = dev_get_drvdata(dev);
	unsigned int flags = 0;

	switch (cmd) {
	case RTC_VL_READ:
		if (battery_lost(c))
			flags = RTC_VL_DATA_INVALID | RTC_VL_BACKUP_EMPTY;
		return put_user(flags, (unsigned int __user *)arg);
	case RTC_VL_CLR:
		return battery_clear(c);
	default:
		return -ENOIOCTLCMD;
	}
}

const struct rtc_class_ops mc_class_ops = {
	.read_time = read_time,
	.set_time = set_time,
	.read_alarm = mc_alarm_read,
	.set_alarm = mc_alarm_set,
	.alarm_irq_enable = mc_alarm_irq_enable,
	.proc = mc_proc_show,
	.ioctl = ioctl,
};
