// SPDX-License-Identifier: GPL-2.0
/* Follows the update edge while somebody needs to know where it is. */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "clock/alarm.h"
#include "chip/chip.h"
#include "compat.h"
#include "phase/sampler.h"
#include "phase/tracker.h"

#define LOCKED_NS	(2 * NSEC_PER_MSEC)	/* a bound below this is a lock */
#define POLLED_NS	(8 * NSEC_PER_MSEC)	/* below this an edge is polled for, not scanned */
#define LOCK_MAX_NS	(1200 * NSEC_PER_MSEC)	/* how long a query waits for a lock */
#define LATEST_NS	(20 * NSEC_PER_MSEC)	/* how long a reading may serve again */
#define RETRY_NS	(2 * NSEC_PER_SEC)	/* after a scan that found no edge */
#define LEAD_MIN_NS	(100 * NSEC_PER_USEC)
#define LEAD_MAX_NS	(2 * NSEC_PER_MSEC)
#define TICK_TARGET_NS	(100 * NSEC_PER_USEC)	/* sample before the bound grows beyond, */
#define QUERY_TARGET_NS	(6 * NSEC_PER_USEC)	/* ... where somebody asks for the phase */
#define QUERY_HOLD_NS	(32LL * NSEC_PER_SEC)	/* a query keeps the tracker running so long */
#define STANDS_NS	(1100 * NSEC_PER_MSEC)	/* no second lasts so long */
#define INTERVAL_MAX	64			/* seconds between samples, at most, */
#define QUERY_INTERVAL	4			/* ... where a step should be seen soon */
#define CLEAR_NS	(5 * NSEC_PER_MSEC)	/* no update is in progress so far from an edge */

static s64 raw_now(void)
{
	return ktime_get_raw_ns();
}

static int seconds_of(s64 sec)
{
	s32 rest;

	div_s64_rem(sec, 60, &rest);
	return rest;
}

static struct mc_clock *clock_of(struct mc_tracker *tr)
{
	return container_of(tr, struct mc_clock, tracker);
}

/**
 * mc_tracker_ktime - a raw time as CLOCK_MONOTONIC
 * @raw: ns of CLOCK_MONOTONIC_RAW, near to now
 *
 * Context: any.
 * Return: the same moment, up to the NTP slew (at most 500 ppm) on the way there.
 */
ktime_t mc_tracker_ktime(s64 raw)
{
	return ktime_add_ns(ktime_get(), raw - raw_now());
}

/* The lock is held. */
static s64 bound_at(struct mc_tracker *tr, s64 raw)
{
	s64 rtc, bound;

	if (!tr->phase.valid)
		return S64_MAX;
	mc_phase_at(&tr->phase, raw, &rtc, &bound);
	return bound;
}

/* The lock is held. */
static bool locked(struct mc_tracker *tr, s64 raw)
{
	return bound_at(tr, raw) <= LOCKED_NS;
}

/* The lock is held. */
static bool aimable(struct mc_tracker *tr, s64 raw)
{
	return bound_at(tr, raw) <= POLLED_NS;
}

/* The lock is held. */
static bool in_use(struct mc_tracker *tr, s64 raw)
{
	return tr->users || raw < tr->used_until;
}

/* The lock is held. */
static bool wanted(struct mc_tracker *tr, s64 raw)
{
	return !tr->stop && in_use(tr, raw);
}

static bool holds(struct mc_tracker *tr, bool (*what)(struct mc_tracker *tr, s64 raw))
{
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&tr->lock, flags);
	yes = what(tr, raw_now());
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return yes;
}

/*
 * The lock is held. A step is followed by a new acquisition at once. @sec: what was
 * seen; a later second than the one that contradicted shows that the clock ticks.
 */
static void note(struct mc_clock *c, bool agreed, s64 sec)
{
	struct mc_tracker *tr = &c->tracker;

	if (agreed) {
		tr->doubt &= sec <= tr->doubted;
		return;
	}
	tr->latest_valid = false;
	tr->doubt = true;
	tr->doubted = sec;
	tr->guess.edge.sec = 0;
	atomic64_inc(&c->count.steps);
	schedule_work(&tr->step);
	if (tr->running && !tr->stop)
		hrtimer_start(&tr->wake, ktime_get(), HRTIMER_MODE_ABS);
}

/* What was known of the phase is dropped: whoever disciplines by it should know. */
static void announce_step(struct work_struct *work)
{
	struct mc_tracker *tr = container_of(work, struct mc_tracker, step);
	struct mc_clock *c = clock_of(tr);
	char event[] = "EVENT=step", steps[32];
	char *env[3] = { };

	env[0] = event;
	env[1] = steps;
	snprintf(steps, sizeof(steps), "STEPS=%lld", atomic64_read(&c->count.steps));
	kobject_uevent_env(&c->rtc->dev.kobj, KOBJ_CHANGE, env);
}

/* Wakes come late, and by how much is learnt: fast up, slowly down. */
static void learn_lead(struct mc_tracker *tr, s64 late)
{
	if (late > tr->lead_ns * 3 / 4)
		tr->lead_ns = late * 4 / 3 + LEAD_MIN_NS;
	else
		tr->lead_ns -= tr->lead_ns / 16;
	tr->lead_ns = clamp_t(s64, tr->lead_ns, LEAD_MIN_NS, LEAD_MAX_NS);
}

/* The lock is held. The narrower of what was seen and what was guessed. */
static const struct mc_edge *likeliest(const struct mc_tracker *tr)
{
	const struct mc_edge *seen = &tr->phase.edge, *guess = &tr->guess.edge;

	return guess->sec && guess->hi - guess->lo < seen->hi - seen->lo ? guess : seen;
}

/*
 * The lock is held. How to look for an edge: as a poll where somebody asks for the
 * phase, with a look and a reading for ticks.
 */
static void make_plan(struct mc_tracker *tr, s64 now, s64 sec, struct mc_plan *plan)
{
	const struct mc_edge *from = likeliest(tr);

	plan->kind = MC_PLAN_POLL;
	mc_phase_edge(&tr->phase, sec, &plan->edge);
	if (now >= tr->used_until) {
		mc_phase_carry(&tr->phase, from, sec, &plan->edge);
		plan->kind = MC_PLAN_TICK;
	}
	plan->low_seen = from != &tr->guess.edge || tr->guess.low_seen;
	mc_sampler_place(plan);
}

/* The lock is held. */
static s64 next_sample(struct mc_tracker *tr, s64 raw)
{
	struct mc_phase *p = &tr->phase;
	s64 growth = (p->rate_hi - p->rate_lo) / 2 + p->wander;
	bool asked = raw < tr->used_until;
	s64 target = asked ? QUERY_TARGET_NS : TICK_TARGET_NS;
	s64 spare = target - bound_at(tr, raw);
	s64 sec = mc_phase_next(p, raw + tr->lead_ns + MC_SAMPLER_MAX_NS / 4);

	if (spare > growth)
		sec += clamp_t(s64, div64_s64(spare, growth), 1,
			       asked ? QUERY_INTERVAL : INTERVAL_MAX) - 1;
	return sec;
}

/* The lock is held. */
static s64 next_wake(struct mc_tracker *tr, s64 now, bool found)
{
	struct mc_plan plan;

	tr->next_sec = 0;
	if (!aimable(tr, now))
		return found ? now : now + RETRY_NS;
	tr->next_sec = next_sample(tr, now);
	make_plan(tr, now, tr->next_sec, &plan);
	return plan.begin - tr->lead_ns;
}

static void schedule_next(struct mc_clock *c, bool found)
{
	struct mc_tracker *tr = &c->tracker;
	unsigned long flags;
	s64 now = raw_now(), at;

	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->running = wanted(tr, now);
	if (tr->running) {
		at = next_wake(tr, now, found);
		tr->running = in_use(tr, at);
		if (tr->running)
			hrtimer_start(&tr->wake, mc_tracker_ktime(at), HRTIMER_MODE_ABS);
	}
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

static bool near_edge(struct mc_tracker *tr, struct mc_plan *plan)
{
	unsigned long flags;
	s64 now = raw_now();
	bool near;

	raw_spin_lock_irqsave(&tr->lock, flags);
	make_plan(tr, now, mc_phase_next(&tr->phase, now), plan);
	near = plan->begin - now < MC_SAMPLER_MAX_NS;
	if (near)
		learn_lead(tr, now - (plan->begin - tr->lead_ns));
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return near;
}

static void sample(struct kthread_work *work)
{
	struct mc_tracker *tr = container_of(work, struct mc_tracker, work);
	struct mc_clock *c = clock_of(tr);
	struct mc_plan plan;
	bool found = true;

	if (!holds(tr, wanted))
		found = true;
	else if (!mc_tracker_aimable(c))
		found = mc_sampler_scan(c);
	else if (near_edge(tr, &plan))
		mc_sampler_run(c, &plan);
	schedule_next(c, found);
	mc_alarm_aim(c);
	wake_up_all(&tr->locking);
}

static enum hrtimer_restart wake(struct hrtimer *timer)
{
	struct mc_tracker *tr = container_of(timer, struct mc_tracker, wake);
	struct mc_clock *c = clock_of(tr);

	atomic64_inc(&c->count.timers);
	kthread_queue_work(c->worker, &tr->work);
	return HRTIMER_NORESTART;
}

/**
 * mc_tracker_init - before anything else of the tracker
 * @c: the clock
 */
void mc_tracker_init(struct mc_clock *c)
{
	struct mc_tracker *tr = &c->tracker;

	raw_spin_lock_init(&tr->lock);
	mc_phase_init(&tr->phase);
	mc_hrtimer_setup(&tr->wake, wake);
	kthread_init_work(&tr->work, sample);
	INIT_WORK(&tr->step, announce_step);
	init_waitqueue_head(&tr->locking);
	tr->lead_ns = LEAD_MAX_NS / 2;
}

static void set_stop(struct mc_tracker *tr, bool stop)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->stop = stop;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/**
 * mc_tracker_stop - no sampling from here on
 * @c: the clock
 *
 * Context: may sleep, a few ms; not from the clock's worker.
 */
void mc_tracker_stop(struct mc_clock *c)
{
	set_stop(&c->tracker, true);
	hrtimer_cancel(&c->tracker.wake);
	kthread_cancel_work_sync(&c->tracker.work);
	c->tracker.running = false;
}

/* Sampling goes on by itself until nobody wants it. */
static void kick(struct mc_clock *c)
{
	struct mc_tracker *tr = &c->tracker;
	unsigned long flags;
	bool begin;

	raw_spin_lock_irqsave(&tr->lock, flags);
	begin = wanted(tr, raw_now()) && !tr->running;
	if (begin)
		tr->running = true;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	if (begin)
		kthread_queue_work(c->worker, &tr->work);
}

/**
 * mc_tracker_start - sampling again, where anybody wants it
 * @c: the clock
 *
 * Context: any.
 */
void mc_tracker_start(struct mc_clock *c)
{
	set_stop(&c->tracker, false);
	kick(c);
}

/**
 * mc_tracker_need - ticks or a near alarm are armed, or no longer
 * @c: the clock
 * @users: they are
 *
 * Context: any.
 */
void mc_tracker_need(struct mc_clock *c, bool users)
{
	struct mc_tracker *tr = &c->tracker;
	unsigned long flags;
	bool end;

	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->users = users;
	end = !wanted(tr, raw_now());
	if (end && hrtimer_try_to_cancel(&tr->wake) > 0)
		tr->running = false;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	if (!end)
		kick(c);
}

/**
 * mc_tracker_wanted - does anybody still want samples?
 * @c: the clock
 *
 * Context: any.
 */
bool mc_tracker_wanted(struct mc_clock *c)
{
	return holds(&c->tracker, wanted);
}

/**
 * mc_tracker_aimable - is the edge known well enough to be polled for?
 * @c: the clock
 *
 * Context: any.
 */
bool mc_tracker_aimable(struct mc_clock *c)
{
	return holds(&c->tracker, aimable);
}

/**
 * mc_tracker_samples - is the edge of a second about to be sampled?
 * @c: the clock
 * @sec: the second
 *
 * Context: any.
 */
bool mc_tracker_samples(struct mc_clock *c, s64 sec)
{
	return READ_ONCE(c->tracker.running) && READ_ONCE(c->tracker.next_sec) == sec;
}

/**
 * mc_tracker_seen - take a look in
 * @c: the clock
 * @sec: the second that it showed
 * @look: the look
 *
 * Context: any.
 */
void mc_tracker_seen(struct mc_clock *c, s64 sec, const struct mc_look *look)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	note(c, mc_phase_observe(&c->tracker.phase, sec, look->begin, look->end), sec);
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
}

/**
 * mc_tracker_sampled - take an edge in that was held between two looks
 * @c: the clock
 * @edge: raw ns at which the first look began and the second had ended
 *
 * Context: any.
 */
void mc_tracker_sampled(struct mc_clock *c, const struct mc_edge *edge)
{
	unsigned long flags;

	atomic64_inc(&c->count.edges);
	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	note(c, mc_phase_sample(&c->tracker.phase, edge), edge->sec);
	c->tracker.doubt = false;
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
}

/**
 * mc_tracker_guess - where an edge probably was
 * @c: the clock
 * @edge: the interval; one with second 0 takes the last guess back
 * @low_seen: its lower end was seen, not guessed
 *
 * Context: any.
 */
void mc_tracker_guess(struct mc_clock *c, const struct mc_edge *edge, bool low_seen)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	c->tracker.guess.edge = *edge;
	c->tracker.guess.low_seen = low_seen;
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
}

/**
 * mc_tracker_forget - the phase is no longer known, as after a sleep
 * @c: the clock
 *
 * Context: any.
 */
void mc_tracker_forget(struct mc_clock *c)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	mc_phase_forget(&c->tracker.phase);
	c->tracker.latest_valid = false;
	c->tracker.doubt = false;
	c->tracker.latest.end = 0;
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
}

/**
 * mc_tracker_stepped - somebody else set the clock
 * @c: the clock
 *
 * Context: any.
 */
void mc_tracker_stepped(struct mc_clock *c)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	mc_phase_forget(&c->tracker.phase);
	note(c, false, S64_MAX);
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
}

/**
 * mc_tracker_seed - the edge is known from elsewhere, as after a set
 * @c: the clock
 * @edge: an interval that holds it
 *
 * Context: any.
 */
void mc_tracker_seed(struct mc_clock *c, const struct mc_edge *edge)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	mc_phase_seed(&c->tracker.phase, edge);
	c->tracker.latest_valid = false;
	c->tracker.doubt = false;
	c->tracker.latest.end = 0;
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
}

/* The lock is held. */
static bool known(struct mc_tracker *tr, s64 raw)
{
	return tr->phase.valid;
}

/**
 * mc_tracker_known - is there anything to hold a reading against?
 * @c: the clock
 *
 * Context: any.
 */
bool mc_tracker_known(struct mc_clock *c)
{
	return holds(&c->tracker, known);
}

/**
 * mc_tracker_doubts - is a tick needed to believe a reading?
 * @c: the clock
 * @r: the reading
 *
 * Where the chip contradicted what was known, it may have been stepped, or stand
 * still; and so it may where the second is that of the last reading for too long.
 * Context: any.
 */
bool mc_tracker_doubts(struct mc_clock *c, const struct mc_reading *r)
{
	struct mc_tracker *tr = &c->tracker;
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&tr->lock, flags);
	yes = tr->latest.end && r->sec == tr->latest.sec && r->begin - tr->latest.end > STANDS_NS;
	yes |= tr->doubt;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return yes;
}

/**
 * mc_tracker_agrees - does a reading fit what is known?
 * @c: the clock
 * @r: the reading
 *
 * Context: any.
 */
bool mc_tracker_agrees(struct mc_clock *c, const struct mc_reading *r)
{
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	yes = mc_phase_agrees(&c->tracker.phase, r->sec, r->begin, r->end);
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
	return yes;
}

/**
 * mc_tracker_observe - take a reading in
 * @c: the clock
 * @r: the reading; one that contradicts what was known counts as a step
 *
 * Context: any.
 */
void mc_tracker_observe(struct mc_clock *c, const struct mc_reading *r)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	note(c, mc_phase_observe(&c->tracker.phase, r->sec, r->begin, r->end), r->sec);
	c->tracker.doubt = false;
	c->tracker.latest = *r;
	c->tracker.latest_valid = true;
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
}

/**
 * mc_tracker_latest - the latest reading, where it surely still holds
 * @c: the clock
 * @r: filled in
 *
 * Context: any.
 * Return: true while the phase is locked, the reading is younger than 20 ms and
 * the next edge has not come.
 */
bool mc_tracker_latest(struct mc_clock *c, struct mc_reading *r)
{
	struct mc_tracker *tr = &c->tracker;
	s64 now = raw_now();
	struct mc_edge edge;
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&tr->lock, flags);
	*r = tr->latest;
	yes = tr->latest_valid && locked(tr, now) && now - r->end < LATEST_NS;
	if (yes) {
		mc_phase_edge(&tr->phase, r->sec + 1, &edge);
		yes = now < edge.lo;
	}
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return yes;
}

/* The lock is held. */
static bool between_edges(struct mc_tracker *tr, s64 raw)
{
	struct mc_edge edge;

	if (!locked(tr, raw))
		return false;
	mc_phase_edge(&tr->phase, mc_phase_next(&tr->phase, raw), &edge);
	return edge.lo - raw > CLEAR_NS;
}

/**
 * mc_tracker_between_edges - is no update in progress, and none near?
 * @c: the clock
 *
 * Context: any.
 * Return: true where the phase is known and the next edge is at least 5 ms away.
 */
bool mc_tracker_between_edges(struct mc_clock *c)
{
	return holds(&c->tracker, between_edges);
}

/**
 * mc_tracker_last_second - the second that was last read
 * @c: the clock
 *
 * Context: any.
 * Return: seconds since 1970.
 */
s64 mc_tracker_last_second(struct mc_clock *c)
{
	unsigned long flags;
	s64 sec;

	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	sec = c->tracker.latest.sec;
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
	return sec;
}

/**
 * mc_tracker_edge - when a second begins
 * @c: the clock
 * @sec: the second
 * @edge: filled in where anything at all is known, else untouched
 *
 * Context: any.
 * Return: true where that is known well enough to aim at.
 */
bool mc_tracker_edge(struct mc_clock *c, s64 sec, struct mc_edge *edge)
{
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	if (c->tracker.phase.valid)
		mc_phase_edge(&c->tracker.phase, sec, edge);
	yes = locked(&c->tracker, raw_now());
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
	return yes;
}

/**
 * mc_tracker_now - what the RTC would show, had it nanoseconds
 * @c: the clock
 * @raw: when
 * @rtc_ns: filled in, ns since 1970
 * @bound_ns: filled in: the truth is within this of it
 *
 * Context: any.
 * Return: 0, or -EAGAIN while the phase is not known well enough for a lock: then
 * both are filled in where anything is known.
 */
int mc_tracker_now(struct mc_clock *c, s64 raw, s64 *rtc_ns, s64 *bound_ns)
{
	struct mc_tracker *tr = &c->tracker;
	unsigned long flags;
	bool known;

	raw_spin_lock_irqsave(&tr->lock, flags);
	known = locked(tr, raw);
	if (tr->phase.valid)
		mc_phase_at(&tr->phase, raw, rtc_ns, bound_ns);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return known ? 0 : -EAGAIN;
}

/* The absolute second that a look showed: of those that fit, the nearest to what is known. */
static s64 nearest_second(struct mc_tracker *tr, const struct mc_look *look)
{
	s64 rtc, bound, sec;
	int ahead;

	mc_phase_at(&tr->phase, look->begin, &rtc, &bound);
	sec = div_s64(rtc, NSEC_PER_SEC);
	ahead = look->seconds - seconds_of(sec);
	if (ahead > 30)
		ahead -= 60;
	else if (ahead < -30)
		ahead += 60;
	return sec + ahead;
}

/* One look at the chip: does it still agree? A set that is put off shows the second before. */
static void check(struct mc_clock *c)
{
	struct mc_tracker *tr = &c->tracker;
	unsigned long flags;
	struct mc_look look;
	s64 sec;

	if (READ_ONCE(c->hold.rewrite) || mc_chip_look(c, &look) < 0)
		return;
	raw_spin_lock_irqsave(&tr->lock, flags);
	if (locked(tr, look.begin)) {
		sec = nearest_second(tr, &look);
		note(c, mc_phase_observe(&tr->phase, sec, look.begin, look.end), sec);
	}
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

static void keep_running(struct mc_clock *c)
{
	struct mc_tracker *tr = &c->tracker;
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->used_until = raw_now() + QUERY_HOLD_NS;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	kick(c);
}

/**
 * mc_tracker_query - somebody is about to ask for the phase
 * @c: the clock
 *
 * Keeps the tracker running for half a minute, looks at the chip once, and waits
 * for the lock where there is none.
 * Context: may sleep, 1.2 s at most.
 * Return: 0; -EAGAIN where the phase is still not known.
 */
int mc_tracker_query(struct mc_clock *c)
{
	struct mc_tracker *tr = &c->tracker;

	check(c);
	keep_running(c);
	wait_event_interruptible_timeout(tr->locking, holds(tr, locked),
					 nsecs_to_jiffies(LOCK_MAX_NS));
	return holds(tr, locked) ? 0 : -EAGAIN;
}

/**
 * mc_tracker_state - one word
 * @c: the clock
 *
 * Context: any.
 * Return: "idle": nobody wants the phase; "acquiring"; "locked".
 */
const char *mc_tracker_state(struct mc_clock *c)
{
	if (!holds(&c->tracker, in_use))
		return "idle";
	return holds(&c->tracker, locked) ? "locked" : "acquiring";
}

/**
 * mc_tracker_freq_ppb - how fast the RTC runs against CLOCK_MONOTONIC_RAW
 * @c: the clock
 *
 * Context: any.
 * Return: ppb, positive where it is fast.
 */
s64 mc_tracker_freq_ppb(struct mc_clock *c)
{
	unsigned long flags;
	s64 ppb;

	raw_spin_lock_irqsave(&c->tracker.lock, flags);
	ppb = -mc_phase_period_ppb(&c->tracker.phase);
	raw_spin_unlock_irqrestore(&c->tracker.lock, flags);
	return ppb;
}
