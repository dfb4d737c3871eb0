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

#include "clock/alarm.h"
#include "chip/chip.h"
#include "compat.h"
#include "clock/set.h"
#include "phase/tracker.h"

#define HALF_NS		(NSEC_PER_SEC / 2)
#define EARLY_NS	(3 * NSEC_PER_MSEC)	/* wake so much ahead, as timers come late */
#define AHEAD_MAX_NS	(200 * NSEC_PER_USEC)	/* longer, a write took effect who knows when */
#define KNOWN_NS	(100 * NSEC_PER_USEC)	/* an edge as narrow as this can be learnt from */
#define TOLERANCE_NS	NSEC_PER_MSEC		/* of the chip's own 500 ms */
#define LATE_NS		(50 * NSEC_PER_USEC)	/* later, a release is put off ... */
#define TELLINGS	4
#define PUT_OFFS	3			/* ... by a second, so often at most */
#define WAIT_MAX_NS	(2LL * NSEC_PER_SEC)
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

/*
 * Somebody may have written the registers meanwhile: then it is their time that runs.
 * @took: filled in: ns that an access takes.
 */
static bool still_ours(struct mc_clock *c, s64 *took)
{
	struct mc_look look;
	s32 seconds;

	div_s64_rem(c->hold.sec - 1, 60, &seconds);
	mc_chip_look(c, &look);
	*took = look.end - look.begin;
	return look.seconds == seconds;
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

/* Whatever of it the chip has taken. */
static void let_go(struct mc_clock *c)
{
	s64 begun;

	mc_chip_release(c, 0, S64_MAX, &begun);
	WRITE_ONCE(c->hold.active, false);
	mc_tracker_forget(c);
}

static void give_up(struct mc_clock *c)
{
	let_go(c);
	mc_tracker_start(c);
}

static void wake_at(struct mc_hold *h, s64 raw)
{
	if (!READ_ONCE(h->over))
		hrtimer_start(&h->timer, mc_tracker_ktime(raw), HRTIMER_MODE_ABS);
}

/* Neither the timer nor the work is there afterwards, though each starts the other. */
static void cancel(struct mc_hold *h)
{
	WRITE_ONCE(h->over, true);
	hrtimer_cancel(&h->timer);
	kthread_cancel_work_sync(&h->work);
	hrtimer_cancel(&h->timer);
	kthread_cancel_work_sync(&h->work);
}

/* The registers hold the second that is going on, and the divider is held. */
static int write_held(struct mc_clock *c)
{
	struct mc146818_time bytes;
	struct rtc_time tm;
	int err;

	rtc_time64_to_tm(c->hold.sec - 1, &tm);
	err = mc146818_encode_time(&c->format, &tm, &bytes);
	return err ? err : mc_chip_write_time(c, &bytes, true);
}

/* The moment has passed; the same one of the next second will do as well. */
static void put_off(struct mc_clock *c)
{
	struct mc_hold *h = &c->hold;

	atomic64_inc(&c->count.put_off);
	h->put_offs--;
	h->sec++;
	h->release += NSEC_PER_SEC;
	WRITE_ONCE(h->rewrite, true);
	wake_at(h, h->release - HALF_NS - EARLY_NS);
}

/* The held clock does not count: the second that begins is written to it, when it does. */
static void rewrite(struct mc_clock *c)
{
	struct mc_hold *h = &c->hold;
	s64 begins = h->release - HALF_NS;

	while ((s64)ktime_get_raw_ns() < begins)
		cpu_relax();
	WRITE_ONCE(h->rewrite, false);
	if (write_held(c)) {
		give_up(c);
		return;
	}
	wake_at(h, h->release - EARLY_NS);
}

static void done(struct mc_clock *c, bool ours, s64 raw)
{
	struct mc_hold *h = &c->hold;

	atomic64_set(&c->count.release_late_ns, h->begun + h->ahead_ns - h->release);
	if (ours)
		seed(c, h->sec, raw + HALF_NS);
	else
		mc_tracker_stepped(c);
	WRITE_ONCE(h->active, false);
	mc_tracker_start(c);
	mc_alarm_aim(c);
}

/* What telling the time takes: nothing, or tens of us where it is a port's (acpi_pm in a VM). */
static s64 telling_takes(void)
{
	s64 least = NSEC_PER_MSEC, before = ktime_get_raw_ns(), now;
	int i;

	for (i = 0; i < TELLINGS; i++) {
		now = ktime_get_raw_ns();
		least = min(least, now - before);
		before = now;
	}
	return least;
}

static void release(struct mc_clock *c)
{
	struct mc_hold *h = &c->hold;
	s64 at = h->release - h->ahead_ns, latest = S64_MAX;
	s64 telling = telling_takes(), access, raw;
	bool ours = still_ours(c, &access);
	bool may_wait = ours && h->put_offs && !READ_ONCE(h->finish);

	if (may_wait)
		latest = at + LATE_NS + 2 * telling;
	raw = mc_chip_release(c, at, latest, &h->begun);
	if (raw && !(may_wait && raw - h->begun > AHEAD_MAX_NS + telling + access))
		done(c, ours, raw);
	else if (raw && write_held(c))
		give_up(c);
	else
		put_off(c);
}

static void work(struct kthread_work *work)
{
	struct mc_hold *h = container_of(work, struct mc_hold, work);
	struct mc_clock *c = container_of(h, struct mc_clock, hold);

	if (h->rewrite)
		rewrite(c);
	else
		release(c);
}

/**
 * mc_hold_init - before anything else of the hold
 * @c: the clock
 */
void mc_hold_init(struct mc_clock *c)
{
	mc_hrtimer_setup(&c->hold.timer, timer);
	kthread_init_work(&c->hold.work, work);
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
	cancel(h);
	learn_ahead(c);
	h->begun = 0;
	h->sec = sec + 1;
	h->release = raw + HALF_NS;
	h->put_offs = PUT_OFFS;
	WRITE_ONCE(h->rewrite, false);
	WRITE_ONCE(h->finish, false);
	WRITE_ONCE(h->over, false);
	WRITE_ONCE(h->active, true);
	err = mc_chip_write_time(c, bytes, true);
	if (err) {
		give_up(c);
		return err;
	}
	seed(c, sec, raw);
	wake_at(h, h->release - EARLY_NS);
	return 0;
}

/**
 * mc_hold_finish - wait until a set under way is done
 * @c: the clock
 *
 * It is not put off again. Nothing of it runs afterwards.
 * Context: may sleep, half a second, or one more where it was put off already.
 */
void mc_hold_finish(struct mc_clock *c)
{
	struct mc_hold *h = &c->hold;
	s64 until = (s64)ktime_get_raw_ns() + WAIT_MAX_NS;

	WRITE_ONCE(h->finish, true);
	while (READ_ONCE(h->active) && (s64)ktime_get_raw_ns() < until)
		usleep_range(WAIT_STEP_US, 2 * WAIT_STEP_US);
	cancel(h);
	if (READ_ONCE(h->active))
		let_go(c);
}
