// SPDX-License-Identifier: GPL-2.0
/*
 * Ticks and alarms: the next event the core waits for.
 *
 * The core keeps its timers (alarm, update ticks, the system's alarm timers) in a
 * queue and asks for an event at the earliest. While awake that comes from an
 * hrtimer aimed at the clock's own edge; the core then reads the time, which is
 * the confirmation. The chip's alarm registers hold the earliest that is not a
 * tick, for the time when no timer runs: asleep, off, rebooting.
 */
#include <linux/ktime.h>

#include "clock/alarm.h"
#include "chip/chip.h"
#include "compat.h"
#include "phase/tracker.h"

#define NEAR_NS		(2500 * NSEC_PER_MSEC)	/* from here on the edge is tracked */
#define AHEAD_NS	(2000 * NSEC_PER_MSEC)	/* a far alarm is looked at again so early ... */
#define AGAIN_NS	(1000 * NSEC_PER_MSEC)	/* after an event that the core could not serve */
#define GRACE_NS	(500 * NSEC_PER_USEC)	/* for the sample that is taken of the same edge */
#define LOOK_NS		(60 * NSEC_PER_SEC)	/* ... or after this: the clock may have jumped */

static struct mc_clock *clock_of(struct mc_alarm *a)
{
	return container_of(a, struct mc_clock, alarm);
}

static void event(struct mc_clock *c)
{
	atomic64_inc(&c->count.ticks);
	rtc_update_irq(c->rtc, 1, RTC_IRQF | RTC_AF);
}

static void start_timer(struct mc_clock *c, s64 raw)
{
	hrtimer_start(&c->alarm.timer, mc_tracker_ktime(raw), HRTIMER_MODE_ABS);
}

/* CLOCK_MONOTONIC may be slewed against the raw one: then it is a little early. */
static bool too_early(struct mc_clock *c, s64 now, struct mc_edge *edge)
{
	return mc_tracker_edge(c, READ_ONCE(c->alarm.sec), edge) && edge->hi > now &&
	       edge->hi - now < NSEC_PER_MSEC;
}

/*
 * The core arms the next event when it has served this one, but not where its
 * reading fails: so this one comes again, unless something is armed by then.
 */
static enum hrtimer_restart timer(struct hrtimer *timer)
{
	struct mc_clock *c = clock_of(container_of(timer, struct mc_alarm, timer));
	s64 now = ktime_get_raw_ns();
	struct mc_edge edge;

	atomic64_inc(&c->count.timers);
	if (!READ_ONCE(c->alarm.armed))
		return HRTIMER_NORESTART;
	if (too_early(c, now, &edge)) {
		start_timer(c, edge.hi);
	} else {
		start_timer(c, now + AGAIN_NS);
		event(c);
	}
	return HRTIMER_NORESTART;
}

/**
 * mc_alarm_init - before anything else of the alarm
 * @c: the clock
 */
void mc_alarm_init(struct mc_clock *c)
{
	mc_hrtimer_setup(&c->alarm.timer, timer);
}

/**
 * mc_alarm_stop - no more events
 * @c: the clock
 *
 * Context: may sleep.
 */
void mc_alarm_stop(struct mc_clock *c)
{
	WRITE_ONCE(c->alarm.armed, false);
	hrtimer_cancel(&c->alarm.timer);
	mc_tracker_need(c, false);
}

/**
 * mc_alarm_aim - aim the timer anew, as more is known of the edge
 * @c: the clock
 *
 * A far alarm is looked at again before it is near. A near one comes when its edge
 * is surely past, which is the sooner the more the tracker has learnt by then.
 * Context: any.
 */
void mc_alarm_aim(struct mc_clock *c)
{
	s64 now = ktime_get_raw_ns();
	struct mc_edge edge = { .lo = now, .hi = now };

	if (!READ_ONCE(c->alarm.armed))
		return;
	mc_tracker_edge(c, READ_ONCE(c->alarm.sec), &edge);
	if (edge.lo - now > NEAR_NS) {
		start_timer(c, min(edge.lo - AHEAD_NS, now + LOOK_NS));
		mc_tracker_need(c, false);
		return;
	}
	mc_tracker_need(c, true);
	if (mc_tracker_samples(c, READ_ONCE(c->alarm.sec)))
		edge.hi += GRACE_NS;
	start_timer(c, edge.hi);
}

/**
 * mc_alarm_due - is a second waited for?
 * @c: the clock
 * @sec: the second, which has just begun
 *
 * Context: any.
 */
bool mc_alarm_due(struct mc_clock *c, s64 sec)
{
	return READ_ONCE(c->alarm.armed) && READ_ONCE(c->alarm.sec) == sec;
}

static s64 seconds_of(const struct timerqueue_node *node)
{
	return div_s64(ktime_to_ns(node->expires), NSEC_PER_SEC);
}

/* The earliest that the chip is to hold: ticks are nothing to wake up for. */
static struct timerqueue_node *earliest_alarm(struct rtc_device *rtc)
{
	struct timerqueue_node *node = timerqueue_getnext(&rtc->timerqueue);

	while (node && node == &rtc->uie_rtctimer.node)
		node = timerqueue_iterate_next(node);
	return node;
}

static void clear_chip(struct mc_clock *c)
{
	if (c->alarm.hw_on)
		mc_chip_disable_irqs(c, MC146818_B_AIE);
	c->alarm.hw_on = false;
}

static void write_chip(struct mc_clock *c, s64 sec)
{
	struct mc146818_alarm bytes;
	struct rtc_time tm;

	rtc_time64_to_tm(sec, &tm);
	if (mc146818_encode_alarm(&c->format, &tm, &bytes)) {
		clear_chip(c);
		return;
	}
	mc_chip_write_alarm(c, &bytes);
	c->alarm.hw_sec = sec;
	c->alarm.hw_on = true;
}

/*
 * An alarm of the next second could pass while it is written, to come a day late;
 * one beyond the reach of the registers would come too early.
 */
static void sync_chip(struct mc_clock *c)
{
	struct timerqueue_node *node = earliest_alarm(c->rtc);
	s64 now = mc_tracker_last_second(c);
	s64 sec = node ? seconds_of(node) : 0;

	if (!node || sec <= now + 1 || sec > mc146818_alarm_reach(&c->format, now))
		clear_chip(c);
	else if (!c->alarm.hw_on || c->alarm.hw_sec != sec)
		write_chip(c, sec);
}

/**
 * mc_alarm_sync - bring timer and chip in step with the core's queue
 * @c: the clock
 *
 * Context: may sleep; the rtc's ops_lock is held; the clock was read before.
 * Return: 0.
 */
int mc_alarm_sync(struct mc_clock *c)
{
	struct timerqueue_node *node = timerqueue_getnext(&c->rtc->timerqueue);

	if (node) {
		WRITE_ONCE(c->alarm.sec, seconds_of(node));
		WRITE_ONCE(c->alarm.armed, true);
		mc_alarm_aim(c);
	} else {
		mc_alarm_stop(c);
	}
	sync_chip(c);
	return 0;
}

/**
 * mc_alarm_read - rtc_class_ops.read_alarm
 * @dev: the clock's parent
 * @alarm: filled in
 *
 * The core asks once, at registration; what the chip then holds is rewritten at
 * the first occasion, as its date is not known from its bytes.
 */
int mc_alarm_read(struct device *dev, struct rtc_wkalrm *alarm)
{
	struct mc_clock *c = dev_get_drvdata(dev);
	int err = mc_chip_read_alarm(c, alarm);

	c->alarm.hw_on = alarm->enabled;
	c->alarm.hw_sec = S64_MIN;
	return err;
}

/**
 * mc_alarm_set - rtc_class_ops.set_alarm
 * @dev: the clock's parent
 * @alarm: the time, which the core has just found to be in the future
 *
 * Return: 0, or -EINVAL beyond the reach of the chip's registers, which a sleeping
 * system would depend on; not for an alarm that was within it when it was set.
 */
int mc_alarm_set(struct device *dev, struct rtc_wkalrm *alarm)
{
	struct mc_clock *c = dev_get_drvdata(dev);
	s64 now = mc_tracker_last_second(c);
	s64 sec = rtc_tm_to_time64(&alarm->time);

	if (sec > mc146818_alarm_reach(&c->format, now) && sec != c->alarm.hw_sec) {
		dev_dbg(dev, "alarm is out of the chip's reach\n");
		return -EINVAL;
	}
	return mc_alarm_sync(c);
}

/**
 * mc_alarm_irq_enable - rtc_class_ops.alarm_irq_enable
 * @dev: the clock's parent
 * @enabled: not needed: the core's queue says what is to come, and it also calls
 *	this with 0 while ticks or another alarm are still in there
 */
int mc_alarm_irq_enable(struct device *dev, unsigned int enabled)
{
	return mc_alarm_sync(dev_get_drvdata(dev));
}
