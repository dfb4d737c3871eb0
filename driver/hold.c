// SPDX-License-Identifier: GPL-2.0
/*
 * An exact set: the divider held in reset until its moment.
 *
 * The chip takes its next update 500 ms after its divider is released (datasheet,
 * register A, DV bits). So for "it is T.000 now" the registers are written with
 * the divider held, and it is released half a second after the call.
 */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "alarm.h"
#include "chip.h"
#include "compat.h"
#include "hold.h"
#include "tracker.h"

#define HALF_NS		(NSEC_PER_SEC / 2)
#define EARLY_NS	(3 * NSEC_PER_MSEC)	/* wake so much ahead, as timers come late */
#define AHEAD_MAX_NS	(200 * NSEC_PER_USEC)	/* a write that took longer was held up */
#define KNOWN_NS	(100 * NSEC_PER_USEC)	/* an edge as narrow as this can be learnt from */
#define TOLERANCE_NS	NSEC_PER_MSEC		/* of the chip's own 500 ms */
#define WAIT_STEP_US	1000

static enum hrtimer_restart timer(struct hrtimer *timer)
{
	struct mc_hold *h = container_of(timer, struct mc_hold, timer);
	struct mc_clock *c = container_of(h, struct mc_clock, hold);

	atomic64_inc(&c->count.timers);
	kthread_queue_work(c->worker, &h->work);
	return HRTIMER_NORESTART;
}

static void seed(struct mc_clock *c, s64 sec, s64 raw)
{
	struct mc_edge edge = { sec, raw - TOLERANCE_NS, raw + TOLERANCE_NS };

	mc_tracker_seed(c, &edge);
}

/* Somebody may have written the registers meanwhile: then it is their time that runs. */
static bool still_ours(struct mc_clock *c)
{
	struct mc_look look;
	s32 seconds;

	div_s64_rem(c->hold.sec - 1, 60, &seconds);
	return mc_chip_look(c, &look) == seconds;
}

/*
 * In a VM a write takes tens of us, and takes effect somewhere in there. The edges
 * that came of the last release, as the tracker has them by now, say where.
 */
static void learn_ahead(struct mc_clock *c)
{
	struct mc_hold *h = &c->hold;
	struct mc_edge edge;
	s64 took;

	if (!h->begun || !mc_tracker_edge(c, h->sec, &edge) || edge.hi - edge.lo > KNOWN_NS)
		return;
	took = edge.lo + (edge.hi - edge.lo) / 2 - HALF_NS - h->begun;
	if (took >= 0 && took <= AHEAD_MAX_NS)
		h->ahead_ns = h->ahead_ns ? (3 * h->ahead_ns + took) / 4 : took;
}

static void release(struct kthread_work *work)
{
	struct mc_hold *h = container_of(work, struct mc_hold, work);
	struct mc_clock *c = container_of(h, struct mc_clock, hold);
	bool ours = still_ours(c);
	s64 done = mc_chip_release(c, h->release - h->ahead_ns, &h->begun);

	atomic64_set(&c->count.release_late_ns, h->begun + h->ahead_ns - h->release);
	if (ours)
		seed(c, h->sec, done + HALF_NS);
	else
		mc_tracker_stepped(c);
	WRITE_ONCE(h->active, false);
	mc_tracker_start(c);
	mc_alarm_aim(c);
}

/**
 * mc_hold_init - before anything else of the hold
 * @c: the clock
 */
void mc_hold_init(struct mc_clock *c)
{
	mc_hrtimer_setup(&c->hold.timer, timer);
	kthread_init_work(&c->hold.work, release);
}

/* Whatever of it the chip has taken. */
static void give_up(struct mc_clock *c)
{
	s64 begun;

	mc_chip_release(c, 0, &begun);
	WRITE_ONCE(c->hold.active, false);
	mc_tracker_forget(c);
	mc_tracker_start(c);
}

/**
 * mc_hold_set - set the clock, to the microsecond
 * @c: the clock
 * @bytes: what to write
 * @sec: the same, seconds since 1970
 * @raw: raw ns at which it is @sec sharp; now or a moment ago
 *
 * A set under way is replaced. Nothing samples the edge until it is released.
 * Context: may sleep; the rtc's ops_lock is held.
 * Return: 0; -EIO where the chip does not take it.
 */
int mc_hold_set(struct mc_clock *c, const struct mc146818_time *bytes, s64 sec, s64 raw)
{
	struct mc_hold *h = &c->hold;
	int err;

	mc_tracker_stop(c);
	hrtimer_cancel(&h->timer);
	kthread_cancel_work_sync(&h->work);
	learn_ahead(c);
	h->begun = 0;
	h->sec = sec + 1;
	h->release = raw + HALF_NS;
	WRITE_ONCE(h->active, true);
	err = mc_chip_write_time(c, bytes, true);
	if (err) {
		give_up(c);
		return err;
	}
	seed(c, sec, raw);
	hrtimer_start(&h->timer, mc_tracker_ktime(h->release - EARLY_NS), HRTIMER_MODE_ABS);
	return 0;
}

/**
 * mc_hold_finish - wait until a set under way is done
 * @c: the clock
 *
 * Context: may sleep, up to half a second.
 */
void mc_hold_finish(struct mc_clock *c)
{
	s64 begun, until = (s64)ktime_get_raw_ns() + NSEC_PER_SEC;

	while (READ_ONCE(c->hold.active) && (s64)ktime_get_raw_ns() < until)
		usleep_range(WAIT_STEP_US, 2 * WAIT_STEP_US);
	hrtimer_cancel(&c->hold.timer);
	if (READ_ONCE(c->hold.active))
		mc_chip_release(c, 0, &begun);
}
