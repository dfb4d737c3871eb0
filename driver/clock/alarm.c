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
#include "compat.h"

#define NEAR_NS		(2500LL * NSEC_PER_MSEC)	/* from here on the edge is tracked */
#define AHEAD_NS	(2000LL * NSEC_PER_MSEC)	/* a far one is looked at so early ... */
#define AGAIN_NS	(1LL * NSEC_PER_SEC)	/* after an event that was not served, ... */
#define AGAIN_MAX_NS	(16LL * NSEC_PER_SEC)	/* ... and, twice as long each time, at most */
#define GRACE_NS	(500LL * NSEC_PER_USEC)	/* for the sample that is taken of the same edge */
#define SOON_S		2	/* what falling asleep, or going down, may take */
#define LOOK_NS		(60LL * NSEC_PER_SEC)	/* ... or after this: the clock may have jumped */

/* Is there anything to wait for by the timer? */
static bool armed(const struct mc_alarm *a)
{
	lockdep_assert_held(&a->lock);
	return a->armed && a->mode == MC_ALARM_TIMER;
}

static void arm(struct mc_alarm *a, bool armed, s64 sec)
{
	unsigned long flags;

	lockdep_assert_held(&a->rtc->ops_lock);
	raw_spin_lock_irqsave(&a->lock, flags);
	a->armed = armed;
	a->sec = sec;
	a->again_ns = 0;
	raw_spin_unlock_irqrestore(&a->lock, flags);
}

static void set_mode(struct mc_alarm *a, enum mc_alarm_mode mode)
{
	unsigned long flags;

	lockdep_assert_held(&a->rtc->ops_lock);
	raw_spin_lock_irqsave(&a->lock, flags);
	a->mode = mode;
	raw_spin_unlock_irqrestore(&a->lock, flags);
}

/* For what is armed now: another may be, as soon as the lock is let go. */
static void start_timer(struct mc_alarm *a, s64 raw)
{
	lockdep_assert_held(&a->lock);
	hrtimer_start(&a->timer, mc_tracker_ktime(raw), HRTIMER_MODE_ABS);
}

/* CLOCK_MONOTONIC may be slewed against the raw one: then the timer may fire slightly early. */
static bool too_early(const struct mc_edge *edge, s64 now)
{
	return edge->hi > now && edge->hi - now < NSEC_PER_MSEC;
}

/* It is tried again, no sooner than after @ns, unless something is armed by then. */
static void try_again(struct mc_alarm *a, s64 now, s64 ns)
{
	lockdep_assert_held(&a->lock);
	a->again_ns = ns;
	a->again = now + ns;
	start_timer(a, a->again);
}

/*
 * The core arms the next event when it has served this one, but not where its reading fails:
 * so this one comes again, unless something is armed by then. A clock that does not answer may
 * never do so again: it is asked less and less.
 */
static void put_off(struct mc_alarm *a, s64 now)
{
	try_again(a, now, clamp(2 * a->again_ns, AGAIN_NS, AGAIN_MAX_NS));
}

/* The event was put off before: the core may arm the next one at once. */
static void hand_over(struct mc_alarm *a)
{
	atomic64_inc(&a->ticks);
	rtc_update_irq(a->rtc, 1, RTC_IRQF | RTC_AF);
}

/* The timer has fired. Return: it is time, and what comes next is prepared for. */
static bool is_due(struct mc_alarm *a, s64 now)
{
	struct mc_edge edge = { .lo = now, .hi = now };
	bool known;

	if (!armed(a))
		return false;
	known = mc_tracker_edge(a->tracker, a->sec, &edge);
	if (edge.lo - now > AHEAD_NS / 2 || a->again_ns) {
		kthread_queue_work(a->worker, &a->look);
		return false;
	}
	if (known && too_early(&edge, now)) {
		start_timer(a, edge.hi);
		return false;
	}
	put_off(a, now);
	return true;
}

static enum hrtimer_restart mc_alarm_timer(struct hrtimer *timer)
{
	struct mc_alarm *a = container_of(timer, struct mc_alarm, timer);
	unsigned long flags;
	bool due;

	atomic64_inc(&a->tracker->timers);
	raw_spin_lock_irqsave(&a->lock, flags);
	due = is_due(a, ktime_get_raw_ns());
	raw_spin_unlock_irqrestore(&a->lock, flags);
	if (due)
		hand_over(a);
	return HRTIMER_NORESTART;
}

/* Does the clock answer, and another second than when it was last asked? */
static bool runs(struct mc_alarm *a)
{
	struct mc_reading r;
	bool moved;

	lockdep_assert(current == a->worker->task);
	if (mc_chip_read(a->chip, &r))
		return false;
	moved = r.sec != a->shown;
	a->shown = r.sec;
	return moved;
}

/* Return: the event still waits to be tried again at @again. */
static bool still_waits(struct mc_alarm *a, s64 again)
{
	return armed(a) && a->again_ns && a->again == again;
}

/*
 * The core could not read the clock: it will not before the clock runs. Until then it has
 * no reason to keep the system awake, as it does since the event. Where another event was
 * armed while the clock was asked, the answer is of no use.
 */
static void ask_again(struct mc_alarm *a, s64 again)
{
	bool yes = runs(a), waits;
	unsigned long flags;

	raw_spin_lock_irqsave(&a->lock, flags);
	waits = still_waits(a, again);
	if (waits)
		put_off(a, ktime_get_raw_ns());
	if (waits && !yes)
		mc_tracker_need(a->tracker, false);
	raw_spin_unlock_irqrestore(&a->lock, flags);
	if (waits && yes)
		hand_over(a);
	else if (waits)
		pm_relax(a->rtc->dev.parent);
}

/* Nothing to wake the system for. A far alarm: is the clock still where it was? */
static void mc_alarm_look(struct kthread_work *work)
{
	struct mc_alarm *a = container_of(work, struct mc_alarm, look);
	unsigned long flags;
	s64 again, again_ns;
	bool yes;

	raw_spin_lock_irqsave(&a->lock, flags);
	yes = armed(a);
	again = a->again;
	again_ns = a->again_ns;
	raw_spin_unlock_irqrestore(&a->lock, flags);
	if (!yes)
		return;
	if (!again_ns) {
		mc_tracker_check(a->tracker);
	} else if (ktime_get_raw_ns() >= again) {
		ask_again(a, again);
		return;
	}
	mc_alarm_aim(a);
}

/**
 * mc_alarm_init - before anything else of the alarm
 * @a: the alarm, zeroed; its rtc and worker are set before it is first used
 * @chip: the chip
 * @tracker: what follows its phase
 * @shared: the chip's own alarm is another driver's: it is not touched
 */
void mc_alarm_init(struct mc_alarm *a, struct mc_chip *chip, struct mc_tracker *tracker,
		   bool shared)
{
	a->shared = shared;
	a->chip = chip;
	a->tracker = tracker;
	raw_spin_lock_init(&a->lock);
	mc_hrtimer_setup(&a->timer, mc_alarm_timer);
	kthread_init_work(&a->look, mc_alarm_look);
}

/**
 * mc_alarm_stop - no more events
 * @a: the alarm
 *
 * Context: process, may sleep; the rtc's ops_lock is held.
 */
void mc_alarm_stop(struct mc_alarm *a)
{
	arm(a, false, 0);
	hrtimer_cancel(&a->timer);
	kthread_cancel_work_sync(&a->look);
	mc_tracker_need(a->tracker, false);
}

static void aim(struct mc_alarm *a)
{
	s64 now = ktime_get_raw_ns();
	struct mc_edge edge = { .lo = now, .hi = now };

	mc_tracker_edge(a->tracker, a->sec, &edge);
	if (edge.lo - now > NEAR_NS) {
		start_timer(a, min(edge.lo - AHEAD_NS, now + LOOK_NS));
		mc_tracker_need(a->tracker, false);
		return;
	}
	mc_tracker_need(a->tracker, a->again_ns <= AGAIN_NS);
	if (a->again_ns) {
		start_timer(a, a->again);
		return;
	}
	if (mc_tracker_samples(a->tracker, a->sec))
		edge.hi += GRACE_NS;
	start_timer(a, edge.hi);
}

/**
 * mc_alarm_aim - aim the timer anew, as more is known of the edge
 * @a: the alarm
 *
 * A far alarm is looked at again before it is near. A near one comes when its edge
 * is surely past, which is the sooner the more the tracker has learnt by then.
 * Context: process; the worker and whoever holds the rtc's ops_lock may both call it: the
 * later aim stands, which is for what is armed and by what is known then.
 */
void mc_alarm_aim(struct mc_alarm *a)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&a->lock, flags);
	if (armed(a))
		aim(a);
	raw_spin_unlock_irqrestore(&a->lock, flags);
}

/**
 * mc_alarm_hurry - the clock was read: what waits for that waits no longer
 * @a: the alarm
 *
 * Context: process.
 */
void mc_alarm_hurry(struct mc_alarm *a)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&a->lock, flags);
	if (armed(a) && a->again_ns > AGAIN_NS)
		try_again(a, ktime_get_raw_ns(), AGAIN_NS);
	raw_spin_unlock_irqrestore(&a->lock, flags);
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

static void clear_chip(struct mc_alarm *a)
{
	lockdep_assert_held(&a->rtc->ops_lock);
	if (a->hw_on)
		mc_chip_disable_irqs(a->chip, MC146818_B_AIE);
	a->hw_on = false;
}

static void write_chip(struct mc_alarm *a, s64 sec)
{
	struct mc146818_format f = mc_chip_format(a->chip);
	struct mc146818_alarm bytes;
	struct rtc_time tm;

	lockdep_assert_held(&a->rtc->ops_lock);
	rtc_time64_to_tm(sec, &tm);
	if (mc146818_encode_alarm(&f, &tm, &bytes)) {
		clear_chip(a);
		return;
	}
	mc_chip_write_alarm(a->chip, &bytes);
	a->hw_sec = sec;
	a->hw_on = true;
}

/*
 * An alarm of the next second could pass while it is written, to come a day late: while
 * nothing but the chip's comes, it is rather a little late. One beyond the reach of the
 * registers would come too early.
 */
static void sync_chip(struct mc_alarm *a)
{
	struct timerqueue_node *node = earliest_alarm(a->rtc);
	struct mc146818_format f = mc_chip_format(a->chip);
	s64 now = mc_tracker_last_second(a->tracker);
	s64 sec = node ? seconds_of(node) : 0;

	lockdep_assert_held(&a->rtc->ops_lock);
	if (a->shared)
		return;
	if (a->mode == MC_ALARM_CHIP && sec < now + SOON_S)
		sec = now + SOON_S;
	if (!node || a->mode == MC_ALARM_NOBODY || sec <= now + 1 ||
	    sec > mc146818_alarm_reach(&f, now))
		clear_chip(a);
	else if (!a->hw_on || a->hw_sec != sec)
		write_chip(a, sec);
}

/* How many seconds until the earliest alarm; S64_MAX: there is none. */
static s64 seconds_left(struct mc_alarm *a)
{
	struct timerqueue_node *node = earliest_alarm(a->rtc);

	return node ? seconds_of(node) - mc_tracker_last_second(a->tracker) : S64_MAX;
}

/**
 * mc_alarm_soon - is an alarm due before the system could be asleep?
 * @a: the alarm
 *
 * Context: process; the rtc's ops_lock is held; the clock was read just before.
 * Return: true where it is so.
 */
bool mc_alarm_soon(struct mc_alarm *a)
{
	lockdep_assert_held(&a->rtc->ops_lock);
	return seconds_left(a) <= SOON_S;
}

/**
 * mc_alarm_passed - is an alarm overdue?
 * @a: the alarm
 *
 * Context: process; the rtc's ops_lock is held; the clock was read before.
 * Return: true where it is so.
 */
bool mc_alarm_passed(struct mc_alarm *a)
{
	lockdep_assert_held(&a->rtc->ops_lock);
	return seconds_left(a) <= 0;
}

/**
 * mc_alarm_sync - bring timer and chip in step with the core's queue
 * @a: the alarm
 *
 * Context: process, may sleep; the rtc's ops_lock is held; the clock was read before.
 */
void mc_alarm_sync(struct mc_alarm *a)
{
	struct timerqueue_node *node = timerqueue_getnext(&a->rtc->timerqueue);

	lockdep_assert_held(&a->rtc->ops_lock);
	if (node) {
		arm(a, true, seconds_of(node));
		mc_alarm_aim(a);
	} else {
		mc_alarm_stop(a);
	}
	sync_chip(a);
}

/**
 * mc_alarm_rest - no timer of ours from here on, whatever is armed
 * @a: the alarm; the chip's own is as mc_alarm_sync() leaves it next
 * @mode: who sees to alarms from now on; not MC_ALARM_TIMER
 *
 * Context: process, may sleep; the rtc's ops_lock is held.
 */
void mc_alarm_rest(struct mc_alarm *a, enum mc_alarm_mode mode)
{
	set_mode(a, mode);
	kthread_cancel_work_sync(&a->look);
	hrtimer_cancel(&a->timer);
}

/**
 * mc_alarm_take_back - our timer again, after others may have used the chip
 * @a: the alarm; mc_alarm_sync() brings it in step
 *
 * What the chip's alarm is set to is not known; no interrupt but the alarm's is kept.
 * Context: process; the rtc's ops_lock is held.
 * Return: the flags of register C, which are cleared by that; 0 where they are not ours.
 */
u8 mc_alarm_take_back(struct mc_alarm *a)
{
	set_mode(a, MC_ALARM_TIMER);
	if (a->shared)
		return 0;
	a->hw_on = mc_chip_register(a->chip, MC146818_B) & MC146818_B_AIE;
	a->hw_sec = S64_MIN;
	return mc_chip_quiet(a->chip);
}

/**
 * mc_alarm_read - what the chip's alarm is set to
 * @a: the alarm
 * @alarm: filled in
 *
 * The core asks once, at registration; what the chip then holds is rewritten at
 * the first occasion, as its date is not known from its bytes.
 * Context: process; the rtc's ops_lock is held.
 * Return: 0 or -EINVAL; -ENODATA where the chip's alarm is not ours.
 */
int mc_alarm_read(struct mc_alarm *a, struct rtc_wkalrm *alarm)
{
	int err;

	lockdep_assert_held(&a->rtc->ops_lock);
	if (a->shared)
		return -ENODATA;
	err = mc_chip_read_alarm(a->chip, alarm);
	a->hw_on = alarm->enabled;
	a->hw_sec = S64_MIN;
	return err;
}

/**
 * mc_alarm_set - arm an alarm
 * @a: the alarm
 * @alarm: the time, which the core has just found to be in the future
 *
 * Context: process; the rtc's ops_lock is held.
 * Return: 0, or -EINVAL beyond the reach of the chip's registers, which a sleeping
 * system would depend on; not for an alarm that was within it when it was set.
 */
int mc_alarm_set(struct mc_alarm *a, const struct rtc_wkalrm *alarm)
{
	struct mc146818_format f = mc_chip_format(a->chip);
	s64 now = mc_tracker_last_second(a->tracker);
	struct rtc_time tm = alarm->time;
	s64 sec = rtc_tm_to_time64(&tm);

	lockdep_assert_held(&a->rtc->ops_lock);
	if (!a->shared && sec > mc146818_alarm_reach(&f, now) && sec != a->hw_sec)
		return -EINVAL;
	mc_alarm_sync(a);
	return 0;
}
