// SPDX-License-Identifier: GPL-2.0
/* Follows the update edge while somebody needs to know where it is. */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "compat.h"
#include "phase/sampler.h"
#include "phase/tracker.h"

#define LOCKED_NS	NSEC_PER_MSEC		/* a bound below this is a lock, ... */
#define LOCKED_ACCESSES	5			/* ... or below so many slow accesses */
#define POLLED_NS	(8 * NSEC_PER_MSEC)	/* below this a tick is polled for, not scanned */
#define FRESH_NS	(1500LL * NSEC_PER_MSEC)	/* no edge since: one was missed */
#define LOCK_MAX_MS	2300			/* how long a query waits: two edges, */
#define SET_MAX_MS	5000			/* ... or a set that is not over yet */
#define LATEST_NS	(20 * NSEC_PER_MSEC)	/* how long a reading may serve again */
#define SHARED_NS	(3 * NSEC_PER_MSEC)	/* ... where another driver may set the clock */
#define RETRY_NS	(1LL * NSEC_PER_SEC)	/* after a scan that found no edge, ... */
#define RETRY_MAX_NS	(16LL * NSEC_PER_SEC)	/* ... and, twice as long each time, at most */
#define LEAD_MIN_NS	(100 * NSEC_PER_USEC)
#define LEAD_FIRST_NS	(1 * NSEC_PER_MSEC)
#define LEAD_MAX_NS	MC_SAMPLER_WAIT_NS
#define LEAD_SLOW	16
#define EARLY_MIN_NS	(2 * NSEC_PER_USEC)
#define EARLY_MAX_NS	(200 * NSEC_PER_USEC)
#define EARLY_ACCESSES	2
#define EARLY_SLOW	256			/* one look that is not in time costs an edge */
#define TICK_TARGET_NS	(100 * NSEC_PER_USEC)	/* sample before the bound grows beyond */
#define QUERY_HOLD_NS	(32LL * NSEC_PER_SEC)	/* a query keeps the tracker running so long */
#define STANDS_NS	(1100 * NSEC_PER_MSEC)	/* no second lasts so long */
#define CHECKED_NS	(1LL * NSEC_PER_SEC)	/* after this a look compares the whole date */
#define INTERVAL_MAX	64			/* seconds between samples, at most */
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

static s64 bound_at(struct mc_tracker *tr, s64 raw)
{
	s64 rtc, bound;

	lockdep_assert_held(&tr->lock);
	if (!tr->phase.valid)
		return S64_MAX;
	mc_phase_at(&tr->phase, raw, &rtc, &bound);
	return bound;
}

/* Is the phase known to 1 ms, if nothing happened since the last edge? */
static bool close(struct mc_tracker *tr, s64 raw)
{
	s64 enough = max_t(s64, LOCKED_NS, LOCKED_ACCESSES * READ_ONCE(tr->chip->access_ns));

	return bound_at(tr, raw) <= enough;
}

static s64 age_at(struct mc_tracker *tr, s64 raw)
{
	return tr->phase.valid && tr->phase.seen.sec ? raw - tr->phase.seen.lo : S64_MAX;
}

static bool locked(struct mc_tracker *tr, s64 raw)
{
	return close(tr, raw) && age_at(tr, raw) < FRESH_NS;
}

static bool coasting(struct mc_tracker *tr, s64 raw)
{
	return close(tr, raw) && tr->phase.seen.sec;
}

static bool known(struct mc_tracker *tr, s64 raw)
{
	return tr->phase.valid;
}

/* Somebody wants to know the phase, and not only its ticks. */
static bool asked(struct mc_tracker *tr, s64 raw)
{
	return tr->watched || raw < tr->used_until;
}

/* Ticks too are polled for until the rate is known: a few looks would not find the next one. */
static bool polls(struct mc_tracker *tr, s64 raw)
{
	return asked(tr, raw) || !mc_phase_steady(&tr->phase);
}

/* Where to poll for an edge. */
static const struct mc_edge *polled(const struct mc_tracker *tr)
{
	return tr->guess.edge.sec && tr->guess.polled ? &tr->guess.edge : &tr->phase.edge;
}

/* Is it known well enough where an edge comes to look for it there? Else it is scanned for. */
static bool aimable(struct mc_tracker *tr, s64 raw)
{
	s64 most = mc_sampler_max_ns(tr->chip);
	struct mc_edge edge;

	if (!tr->phase.valid)
		return false;
	if (!polls(tr, raw))
		most = 2 * max_t(s64, POLLED_NS, most);
	mc_phase_aim(&tr->phase, polled(tr), mc_phase_next(&tr->phase, raw), &edge);
	return edge.hi - edge.lo <= most;
}

static bool in_use(struct mc_tracker *tr, s64 raw)
{
	return tr->users || asked(tr, raw);
}

static bool wanted(struct mc_tracker *tr, s64 raw)
{
	return !tr->stops && in_use(tr, raw);
}

static bool begins(struct mc_tracker *tr, s64 raw)
{
	tr->sampling = wanted(tr, raw);
	return tr->sampling;
}

static bool setting(struct mc_tracker *tr, s64 raw)
{
	return tr->stops & MC_STOP_SET;
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
 * The second after the one that was read last, sooner than it could come: the clock ticked
 * since, and that is no longer ago than a second lasts. Asked before the phase takes it in.
 */
static bool ticked_early(const struct mc_tracker *tr, s64 sec, s64 end)
{
	lockdep_assert_held(&tr->lock);
	return tr->latest.end && sec == tr->latest.sec + 1 &&
	       mc_phase_early(&tr->phase, sec, end);
}

/*
 * A step is followed by a new acquisition at once. @sec: what was seen; a later second
 * than the one that contradicted shows that the clock ticks. @ticked: so does this one.
 */
static void note(struct mc_tracker *tr, enum mc_phase_verdict verdict, s64 sec, bool ticked)
{
	lockdep_assert_held(&tr->lock);
	if (verdict == MC_PHASE_AGREES) {
		tr->doubt &= sec <= tr->doubted;
		return;
	}
	tr->latest_valid = false;
	tr->doubt = true;
	tr->doubted = sec;
	tr->doubted_until = ticked ? tr->latest.end + STANDS_NS : S64_MIN;
	tr->guess.edge.sec = 0;
	/* What a set that is watched makes of the chip is no step. */
	if (verdict == MC_PHASE_STEPPED && !tr->watched) {
		atomic64_inc(&tr->steps);
		schedule_work(&tr->step);
	}
	/* While it samples, the tracker itself decides when to go on. */
	if (tr->running && !tr->stops && !tr->sampling)
		hrtimer_start(&tr->wake, ktime_get(), HRTIMER_MODE_ABS);
}

/* What was known of the phase is dropped: whoever disciplines by it should know. */
static void mc_announce_step(struct work_struct *work)
{
	struct mc_tracker *tr = container_of(work, struct mc_tracker, step);
	char event[] = "EVENT=step", steps[32];
	char *env[3] = { };

	env[0] = event;
	env[1] = steps;
	snprintf(steps, sizeof(steps), "STEPS=%lld", atomic64_read(&tr->steps));
	if (tr->kobj)
		kobject_uevent_env(tr->kobj, KOBJ_CHANGE, env);
}

/* Fast up, slowly down: by one part in @slow each time. */
static s64 learnt(s64 value, s64 seen, int slow)
{
	return seen * 4 > value * 3 ? div_s64(seen * 4, 3) : value - div_s64(value, slow);
}

/*
 * Wakes come late, and by how much is learnt. So late that no lead would
 * have helped, it was a stall of the machine, which says nothing of the next wake.
 */
static void learn_lead(struct mc_tracker *tr, s64 now)
{
	s64 late = now - tr->due;

	lockdep_assert_held(&tr->lock);
	if (!tr->due || late < 0 || late > LEAD_MAX_NS)
		return;
	tr->due = 0;
	tr->lead_ns = clamp_t(s64, learnt(tr->lead_ns, late + LEAD_MIN_NS * 3 / 4, LEAD_SLOW),
			      LEAD_MIN_NS, LEAD_MAX_NS);
}

static s64 early_min_ns(const struct mc_tracker *tr)
{
	return READ_ONCE(tr->chip->access_ns) + EARLY_MIN_NS;
}

static s64 early_max_ns(const struct mc_tracker *tr)
{
	return EARLY_ACCESSES * READ_ONCE(tr->chip->access_ns) + EARLY_MAX_NS;
}

/*
 * The first look after a while takes longer than the next ones, as nothing of its way is in
 * a cache: in an emulator ten times as long. It is to be over when the edge comes.
 */
static void learn_early(struct mc_tracker *tr, const struct mc_sample *s)
{
	lockdep_assert_held(&tr->lock);
	if (s->waited && s->first_ns > 0)
		tr->early_ns = learnt(tr->early_ns, min(s->first_ns, early_max_ns(tr)), EARLY_SLOW);
}

/* The narrower of what was seen and what was guessed. */
static const struct mc_edge *likeliest(const struct mc_tracker *tr)
{
	const struct mc_edge *seen = &tr->phase.edge, *guess = &tr->guess.edge;

	return guess->sec && guess->hi - guess->lo < seen->hi - seen->lo ? guess : seen;
}

/* How to look for an edge: as a poll where somebody asks for the phase, else for a tick. */
static void make_plan(struct mc_tracker *tr, s64 now, s64 sec, struct mc_plan *plan)
{
	const struct mc_edge *from = likeliest(tr);

	plan->kind = MC_PLAN_TICK;
	if (polls(tr, now)) {
		from = polled(tr);
		plan->kind = MC_PLAN_POLL;
	}
	plan->early_ns = max(tr->early_ns, early_min_ns(tr));
	mc_phase_aim(&tr->phase, from, sec, &plan->edge);
	plan->low_seen = from != &tr->guess.edge || tr->guess.low_seen;
	mc_sampler_place(tr->chip, plan);
}

/* Each edge where somebody asks; else before the bound has grown too much. */
static s64 next_sample(struct mc_tracker *tr, s64 raw)
{
	struct mc_phase *p = &tr->phase;
	s64 growth = (p->rate_hi - p->rate_lo) / 2 + p->wander;
	s64 sec = mc_phase_next(p, raw + tr->lead_ns + mc_sampler_max_ns(tr->chip) / 4);
	s64 spare = TICK_TARGET_NS - bound_at(tr, raw);

	if (!asked(tr, raw) && spare > growth)
		sec += clamp_t(s64, div64_s64(spare, growth), 1, INTERVAL_MAX) - 1;
	return sec;
}

/* What came of a scan: an edge; none, though the second changed; or not even that. */
enum found { FOUND, MISSED, STANDS };

/* The next edge is scanned for, from where it may come. */
static s64 next_scan(struct mc_tracker *tr, s64 now, enum found found)
{
	struct mc_edge edge;

	if (found != FOUND) {
		tr->retry_ns = found == STANDS ?
			       clamp(2 * tr->retry_ns, RETRY_NS, RETRY_MAX_NS) : RETRY_NS;
		return now + tr->retry_ns;
	}
	tr->retry_ns = 0;
	if (!tr->phase.valid)
		return now;
	mc_phase_edge(&tr->phase, mc_phase_next(&tr->phase, now), &edge);
	return max(now, edge.lo - tr->lead_ns - 9 * READ_ONCE(tr->chip->access_ns));
}

static s64 next_wake(struct mc_tracker *tr, s64 now, enum found found)
{
	struct mc_plan plan;

	tr->next_sec = 0;
	tr->due = 0;
	if (!aimable(tr, now))
		return next_scan(tr, now, found);
	tr->next_sec = next_sample(tr, now);
	make_plan(tr, now, tr->next_sec, &plan);
	tr->due = plan.begin - tr->lead_ns;
	return tr->due;
}

static void schedule_next(struct mc_tracker *tr, enum found found)
{
	unsigned long flags;
	s64 now = raw_now(), at;

	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->sampling = false;
	tr->running = wanted(tr, now);
	if (tr->running) {
		at = next_wake(tr, now, found);
		tr->running = in_use(tr, at);
		/* Whoever looks later would start it again, for nothing, until the use is over. */
		if (tr->running)
			hrtimer_start(&tr->wake, mc_tracker_ktime(at), HRTIMER_MODE_ABS);
		else
			tr->used_until = now;
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
	near = plan->begin - now < plan->max_ns + tr->lead_ns;
	learn_lead(tr, now);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return near;
}

/* What was begun before a set says nothing of what that left. */
static bool outdated(const struct mc_tracker *tr, s64 start)
{
	lockdep_assert_held(&tr->lock);
	return start < tr->since;
}

static enum mc_phase_verdict observe(struct mc_tracker *tr, s64 sec, s64 begin, s64 end)
{
	bool ticked = ticked_early(tr, sec, end);
	enum mc_phase_verdict verdict = mc_phase_observe(&tr->phase, sec, begin, end);

	note(tr, verdict, sec, ticked);
	return verdict;
}

static void take_look(struct mc_tracker *tr, s64 sec, const struct mc_look *look)
{
	if (!outdated(tr, look->begin))
		observe(tr, sec, look->begin, look->end);
}

/*
 * A tick's first look came too late to hold the edge from below: the lower end stays a
 * guess, unless it is refuted.
 */
static void guess_edge(struct mc_tracker *tr, const struct mc_plan *plan,
		       const struct mc_sample *s)
{
	tr->guess.edge.sec = 0;
	tr->guess.polled = false;
	if (!s->new_seen)
		return;
	tr->guess.low_seen = s->old_seen;
	if (s->old_seen) {
		mc_sampler_edge(s, plan->edge.sec, &tr->guess.edge);
	} else if (s->new.begin > plan->edge.lo) {
		tr->guess.edge = plan->edge;
		tr->guess.edge.hi = min(plan->edge.hi, s->new.end);
	}
}

/* What the looks of a sample say of the edge of @sec. */
static void take_looks(struct mc_tracker *tr, s64 sec, const struct mc_sample *s)
{
	struct mc_edge edge;

	if (s->old_seen && s->new_seen) {
		mc_sampler_edge(s, sec, &edge);
		atomic64_inc(&tr->edges);
		note(tr, mc_phase_sample(&tr->phase, &edge), sec, true);
		tr->doubt = false;
		return;
	}
	atomic64_inc(&tr->rejected);
	if (s->new_seen)
		take_look(tr, sec, &s->new);
	else if (s->old_seen)
		take_look(tr, sec - 1, &s->old);
}

static void take_sample(struct mc_tracker *tr, const struct mc_plan *plan,
			const struct mc_sample *s)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	learn_early(tr, s);
	take_looks(tr, plan->edge.sec, s);
	guess_edge(tr, plan, s);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/*
 * It serves again only where a tick is waited for; and one that contradicts what was known is
 * for the next reading to be confirmed.
 */
static void take_current(struct mc_tracker *tr, const struct mc_reading *r)
{
	enum mc_phase_verdict verdict;

	lockdep_assert_held(&tr->lock);
	verdict = observe(tr, r->sec, r->begin, r->end);
	tr->checked = r->end;
	if (verdict == MC_PHASE_AGREES && !tr->doubt) {
		tr->latest = *r;
		tr->latest_valid = tr->users;
	}
}

/* What the tracker itself read. */
static void take_reading(struct mc_tracker *tr, const struct mc_reading *r)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	if (!outdated(tr, r->start))
		take_current(tr, r);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/* At each edge the whole date is compared. What does not fit may have been torn: once more. */
static void compare(struct mc_tracker *tr, const struct mc_sample *s)
{
	struct mc_reading r = s->reading;

	if (!s->new_seen)
		return;
	if ((s->read && mc_tracker_agrees(tr, &r)) || !mc_chip_read_sure(tr->chip, &r))
		take_reading(tr, &r);
}

static bool mc_scan_wanted(void *data)
{
	return holds(data, wanted);
}

/*
 * Where the first reading says enough, as right after an edge that came late, that is all. Who
 * waits for the second that it shows is not to wait for the end of the scan.
 */
static enum found scan(struct mc_tracker *tr)
{
	struct mc_plan plan = { };
	struct mc_sample s;
	struct mc_reading r;
	bool found;

	if (mc_chip_read_sure(tr->chip, &r))
		return STANDS;
	if (holds(tr, known))
		take_reading(tr, &r);
	if (holds(tr, aimable))
		return FOUND;
	tr->notify(tr);
	plan.edge.sec = r.sec + 1;
	found = mc_sampler_scan(tr->chip, &r, mc_scan_wanted, tr, &s);
	if (s.new_seen)
		take_sample(tr, &plan, &s);
	compare(tr, &s);
	if (found)
		return FOUND;
	return s.new_seen ? MISSED : STANDS;
}

static void mc_tracker_work(struct kthread_work *work)
{
	struct mc_tracker *tr = container_of(work, struct mc_tracker, work);
	struct mc_sample s;
	struct mc_plan plan;
	enum found found = FOUND;

	if (!holds(tr, begins)) {
		found = FOUND;
	} else if (!holds(tr, aimable)) {
		found = scan(tr);
	} else if (near_edge(tr, &plan)) {
		mc_sampler_run(tr->chip, &plan, &s);
		take_sample(tr, &plan, &s);
		compare(tr, &s);
	}
	schedule_next(tr, found);
	tr->notify(tr);
	wake_up_all(&tr->locking);
}

static enum hrtimer_restart mc_tracker_wake(struct hrtimer *timer)
{
	struct mc_tracker *tr = container_of(timer, struct mc_tracker, wake);

	atomic64_inc(&tr->timers);
	kthread_queue_work(tr->worker, &tr->work);
	return HRTIMER_NORESTART;
}

/**
 * mc_tracker_init - before anything else of the tracker
 * @tr: the tracker, zeroed; its worker is set before it is first used
 * @chip: the chip
 * @notify: called after each sample, in process context
 */
void mc_tracker_init(struct mc_tracker *tr, struct mc_chip *chip,
		     void (*notify)(struct mc_tracker *tr))
{
	tr->chip = chip;
	tr->notify = notify;
	raw_spin_lock_init(&tr->lock);
	mc_phase_init(&tr->phase);
	mc_hrtimer_setup(&tr->wake, mc_tracker_wake);
	kthread_init_work(&tr->work, mc_tracker_work);
	INIT_WORK(&tr->step, mc_announce_step);
	init_waitqueue_head(&tr->locking);
	tr->lead_ns = LEAD_FIRST_NS;
}

/**
 * mc_tracker_pause - sampling does not go on
 * @tr: the tracker
 * @why: MC_STOP_*
 *
 * Context: the clock's worker, so that no sample is being taken; else see mc_tracker_stop().
 */
void mc_tracker_pause(struct mc_tracker *tr, unsigned int why)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->stops |= why;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/**
 * mc_tracker_stop - no sampling from here on
 * @tr: the tracker
 * @why: MC_STOP_*
 *
 * Context: process, may sleep for a few ms; not from the clock's worker.
 */
void mc_tracker_stop(struct mc_tracker *tr, unsigned int why)
{
	unsigned long flags;

	mc_tracker_pause(tr, why);
	hrtimer_cancel(&tr->wake);
	kthread_cancel_work_sync(&tr->work);
	hrtimer_cancel(&tr->wake);
	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->running = false;
	tr->due = 0;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/* There is reason to believe that a scan would find an edge by now. */
static void hasten(struct mc_tracker *tr)
{
	lockdep_assert_held(&tr->lock);
	if (tr->retry_ns && tr->running && !tr->sampling && !tr->stops)
		hrtimer_start(&tr->wake, ktime_get(), HRTIMER_MODE_ABS);
	tr->retry_ns = 0;
}

/* Sampling goes on by itself until nobody wants it. */
static void kick(struct mc_tracker *tr)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	if (wanted(tr, raw_now()) && !tr->running) {
		tr->running = true;
		kthread_queue_work(tr->worker, &tr->work);
	}
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/**
 * mc_tracker_start - sampling again, where anybody wants it and nothing else forbids it
 * @tr: the tracker
 * @why: MC_STOP_* that is over
 *
 * Context: any.
 */
void mc_tracker_start(struct mc_tracker *tr, unsigned int why)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->stops &= ~why;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	kick(tr);
	wake_up_all(&tr->locking);
}

/**
 * mc_tracker_need - ticks or a near alarm are armed, or no longer
 * @tr: the tracker
 * @users: they are
 *
 * Context: any.
 */
void mc_tracker_need(struct mc_tracker *tr, bool users)
{
	unsigned long flags;
	bool end;

	raw_spin_lock_irqsave(&tr->lock, flags);
	/* After a scan that found no edge another need not wait. */
	if (users && !tr->users && tr->running && !tr->next_sec && !tr->stops)
		hrtimer_start(&tr->wake, ktime_get(), HRTIMER_MODE_ABS);
	tr->users = users;
	end = !wanted(tr, raw_now());
	if (end && hrtimer_try_to_cancel(&tr->wake) > 0) {
		tr->running = false;
		tr->due = 0;
	}
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	if (!end)
		kick(tr);
}

/**
 * mc_tracker_samples - is the edge of a second about to be sampled?
 * @tr: the tracker
 * @sec: the second
 *
 * Context: any.
 * Return: true where it is so.
 */
bool mc_tracker_samples(struct mc_tracker *tr, s64 sec)
{
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&tr->lock, flags);
	yes = tr->running && tr->next_sec == sec;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return yes;
}

/* What was remembered of the chip besides the phase. */
static void drop_latest(struct mc_tracker *tr)
{
	lockdep_assert_held(&tr->lock);
	tr->since = raw_now();
	tr->latest_valid = false;
	tr->latest_until = 0;
	tr->doubt = false;
	tr->latest.end = 0;
	tr->guess.edge.sec = 0;
}

/**
 * mc_tracker_forget - the phase is no longer known, as after a sleep
 * @tr: the tracker
 *
 * Context: any.
 */
void mc_tracker_forget(struct mc_tracker *tr)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	mc_phase_forget(&tr->phase);
	drop_latest(tr);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/**
 * mc_tracker_seed - the edge is known from elsewhere, as after a set
 * @tr: the tracker
 * @edge: an interval that holds it
 * @seen: it counts as an edge that was seen
 *
 * Context: any.
 */
void mc_tracker_seed(struct mc_tracker *tr, const struct mc_edge *edge, bool seen)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	mc_phase_seed(&tr->phase, edge);
	if (!seen)
		tr->phase.seen.sec = 0;
	drop_latest(tr);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/**
 * mc_tracker_guess - where the edge most likely is that was just seeded
 * @tr: the tracker
 * @likely: narrower than the seed
 *
 * Context: any.
 */
void mc_tracker_guess(struct mc_tracker *tr, const struct mc_edge *likely)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->guess.edge = *likely;
	tr->guess.low_seen = false;
	tr->guess.polled = true;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/**
 * mc_tracker_known - is there anything to hold a reading against?
 * @tr: the tracker
 *
 * Context: any.
 * Return: true where there is.
 */
bool mc_tracker_known(struct mc_tracker *tr)
{
	return holds(tr, known);
}

/* It is the second that was doubted, and the clock was just seen to tick to it. */
static bool just_ticked(const struct mc_tracker *tr, const struct mc_reading *r)
{
	lockdep_assert_held(&tr->lock);
	return r->sec == tr->doubted && r->begin <= tr->doubted_until;
}

/**
 * mc_tracker_doubts - is a tick needed to believe a reading?
 * @tr: the tracker
 * @r: the reading
 *
 * Where the chip contradicted what was known, it may have been stepped, or stand
 * still; and so it may where the second is that of the last reading for too long.
 * Context: any.
 * Return: true where it is so.
 */
bool mc_tracker_doubts(struct mc_tracker *tr, const struct mc_reading *r)
{
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&tr->lock, flags);
	yes = tr->latest.end && r->sec == tr->latest.sec && r->begin - tr->latest.end > STANDS_NS;
	yes |= tr->doubt && !just_ticked(tr, r);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return yes;
}

/**
 * mc_tracker_agrees - does a reading fit what is known?
 * @tr: the tracker
 * @r: the reading
 *
 * Context: any.
 * Return: true where it is so.
 */
bool mc_tracker_agrees(struct mc_tracker *tr, const struct mc_reading *r)
{
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&tr->lock, flags);
	yes = mc_phase_agrees(&tr->phase, r->sec, r->begin, r->end);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return yes;
}

/**
 * mc_tracker_observe - take in a reading that is believed
 * @tr: the tracker
 * @r: the reading; one that contradicts what was known counts as a step
 *
 * Context: any.
 */
void mc_tracker_observe(struct mc_tracker *tr, const struct mc_reading *r)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	if (!outdated(tr, r->start)) {
		take_current(tr, r);
		hasten(tr);
		tr->doubt &= just_ticked(tr, r);
		tr->latest = *r;
		tr->latest_valid = true;
	}
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/**
 * mc_tracker_written - take in what was read back of a set
 * @tr: the tracker
 * @r: the reading
 * @until: raw ns before which no second begins
 *
 * Context: any.
 */
void mc_tracker_written(struct mc_tracker *tr, const struct mc_reading *r, s64 until)
{
	unsigned long flags;

	mc_tracker_observe(tr, r);
	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->latest_until = until;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
}

/**
 * mc_tracker_latest - the latest reading, where it still holds unless somebody moved the edge
 * @tr: the tracker
 * @r: filled in
 *
 * Context: any.
 * Return: true while the phase is known to 1 ms, the reading is younger than 20 ms and
 * the next edge has not come.
 */
bool mc_tracker_latest(struct mc_tracker *tr, struct mc_reading *r)
{
	s64 now = raw_now();
	struct mc_edge edge;
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&tr->lock, flags);
	*r = tr->latest;
	yes = tr->latest_valid && now - r->end < (tr->chip->shared ? SHARED_NS : LATEST_NS);
	if (yes && now >= tr->latest_until) {
		mc_phase_edge(&tr->phase, r->sec + 1, &edge);
		yes = close(tr, now) && now < edge.lo;
	}
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return yes;
}

static bool between_edges(struct mc_tracker *tr, s64 raw)
{
	struct mc_edge edge;

	if (!close(tr, raw))
		return false;
	mc_phase_edge(&tr->phase, mc_phase_next(&tr->phase, raw), &edge);
	return edge.lo - raw > CLEAR_NS + 9 * READ_ONCE(tr->chip->access_ns);
}

/**
 * mc_tracker_between_edges - is no update in progress, and none near?
 * @tr: the tracker
 *
 * Context: any.
 * Return: true where the phase is known and the next edge is at least 5 ms away.
 */
bool mc_tracker_between_edges(struct mc_tracker *tr)
{
	return holds(tr, between_edges);
}

/**
 * mc_tracker_last_second - the second that was last read
 * @tr: the tracker
 *
 * Context: any.
 * Return: seconds since 1970.
 */
s64 mc_tracker_last_second(struct mc_tracker *tr)
{
	unsigned long flags;
	s64 sec;

	raw_spin_lock_irqsave(&tr->lock, flags);
	sec = tr->latest.sec;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return sec;
}

/**
 * mc_tracker_edge - when a second begins
 * @tr: the tracker
 * @sec: the second
 * @edge: filled in where anything at all is known, else untouched
 *
 * Context: any.
 * Return: true where that is known well enough to aim at.
 */
bool mc_tracker_edge(struct mc_tracker *tr, s64 sec, struct mc_edge *edge)
{
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&tr->lock, flags);
	if (tr->phase.valid)
		mc_phase_edge(&tr->phase, sec, edge);
	yes = close(tr, raw_now());
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return yes;
}

/**
 * mc_tracker_next - the next edge
 * @tr: the tracker
 * @raw: now, raw ns
 * @edge: filled in
 *
 * Context: any.
 * Return: false where nothing is known of it.
 */
bool mc_tracker_next(struct mc_tracker *tr, s64 raw, struct mc_edge *edge)
{
	unsigned long flags;
	bool yes;

	raw_spin_lock_irqsave(&tr->lock, flags);
	yes = tr->phase.valid;
	if (yes)
		mc_phase_edge(&tr->phase, mc_phase_next(&tr->phase, raw), edge);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return yes;
}

/**
 * mc_tracker_seen - the last edge that was seen, as it was seen
 * @tr: the tracker
 * @edge: filled in
 *
 * Context: any.
 * Return: false where there is none.
 */
bool mc_tracker_seen(struct mc_tracker *tr, struct mc_edge *edge)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	*edge = tr->phase.seen;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return edge->sec;
}

static enum mc_state state_at(struct mc_tracker *tr, s64 raw)
{
	if (locked(tr, raw))
		return MC_LOCKED;
	return coasting(tr, raw) ? MC_COASTING : MC_ACQUIRING;
}

/**
 * mc_tracker_now - what the RTC would show, had it nanoseconds
 * @tr: the tracker
 * @raw: when
 * @a: filled in where anything is known
 *
 * Context: any.
 * Return: 0; -EAGAIN where the phase is not known to 1 ms or is being set, with @a filled in
 * where anything is known; -ENODATA where nothing is.
 */
int mc_tracker_now(struct mc_tracker *tr, s64 raw, struct mc_answer *a)
{
	unsigned long flags;
	int err = -ENODATA;

	raw_spin_lock_irqsave(&tr->lock, flags);
	if (tr->phase.valid) {
		mc_phase_at(&tr->phase, raw, &a->rtc_ns, &a->bound_ns);
		a->state = setting(tr, raw) ? MC_ACQUIRING : state_at(tr, raw);
		err = a->state == MC_ACQUIRING ? -EAGAIN : 0;
	}
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return err;
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

/* One look: enough where it agrees. */
static bool seconds_agree(struct mc_tracker *tr)
{
	unsigned long flags;
	struct mc_look look;
	bool agree;
	s64 sec;

	if (mc_chip_look(tr->chip, &look) < 0)
		return false;
	raw_spin_lock_irqsave(&tr->lock, flags);
	agree = tr->phase.valid;
	if (agree) {
		sec = nearest_second(tr, &look);
		agree = mc_phase_agrees(&tr->phase, sec, look.begin, look.end);
	}
	if (agree)
		take_look(tr, sec, &look);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return agree;
}

static bool compared(struct mc_tracker *tr, s64 raw)
{
	return tr->checked && raw - tr->checked <= CHECKED_NS;
}

/**
 * mc_tracker_check - one look at the chip: does it still agree?
 * @tr: the tracker
 *
 * After idling the whole date is compared: a step by whole minutes keeps the seconds.
 * Context: process, may sleep.
 * Return: 0, also where it does not agree; -EIO and -EINVAL as mc_chip_read().
 */
int mc_tracker_check(struct mc_tracker *tr)
{
	struct mc_reading r;
	int err;

	if (holds(tr, setting))
		return 0;
	if (holds(tr, compared) && seconds_agree(tr))
		return 0;
	err = mc_chip_read(tr->chip, &r);
	if (!err && !mc_tracker_agrees(tr, &r))
		err = mc_chip_read_sure(tr->chip, &r);
	if (!err && !holds(tr, setting))
		take_reading(tr, &r);
	return err;
}

/**
 * mc_tracker_watch - sample each edge, for a set that waits to see one
 * @tr: the tracker
 * @watched: it does; or no longer
 *
 * Context: any.
 */
void mc_tracker_watch(struct mc_tracker *tr, bool watched)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->watched = watched;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	kick(tr);
}

static void keep_running(struct mc_tracker *tr)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tr->lock, flags);
	tr->used_until = raw_now() + QUERY_HOLD_NS;
	hasten(tr);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	kick(tr);
}

/**
 * mc_tracker_query - somebody is about to ask for the phase
 * @tr: the tracker
 * @need: what the answer is to rest on
 *
 * Keeps the tracker running for half a minute, looks at the chip once, and waits
 * for a set to end, and for edges where more must be seen.
 * Context: process, may sleep: 2.3 s at most, 5 s while a set is under way.
 * Return: 0; -EAGAIN where the phase is still not known; -ERESTARTSYS; -EIO and -EINVAL as
 * mc_chip_read().
 */
int mc_tracker_query(struct mc_tracker *tr, enum mc_need need)
{
	unsigned int wait_ms = holds(tr, setting) ? SET_MAX_MS : LOCK_MAX_MS;
	int err = mc_tracker_check(tr);
	long left;

	if (err)
		return err;
	keep_running(tr);
	if (need == MC_NEED_LOOK && holds(tr, coasting))
		return 0;
	left = wait_event_interruptible_timeout(tr->locking, holds(tr, locked),
						msecs_to_jiffies(wait_ms));
	if (left < 0)
		return left;
	return holds(tr, locked) ? 0 : -EAGAIN;
}

/**
 * mc_tracker_state - what is known now
 * @tr: the tracker
 *
 * Context: any.
 * Return: what is known.
 */
enum mc_state mc_tracker_state(struct mc_tracker *tr)
{
	unsigned long flags;
	enum mc_state state = MC_IDLE;
	s64 now = raw_now();

	raw_spin_lock_irqsave(&tr->lock, flags);
	if (in_use(tr, now))
		state = state_at(tr, now);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return state;
}

/**
 * mc_tracker_lead_ns - how much ahead of a moment to wake, so as to be there in time
 * @tr: the tracker
 *
 * Context: any.
 * Return: ns, learnt from how late its wakes came.
 */
s64 mc_tracker_lead_ns(struct mc_tracker *tr)
{
	unsigned long flags;
	s64 lead;

	raw_spin_lock_irqsave(&tr->lock, flags);
	lead = tr->lead_ns;
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return lead;
}

/**
 * mc_tracker_age_ns - how long ago the last edge was seen
 * @tr: the tracker
 *
 * Context: any.
 * Return: ns; S64_MAX where none was.
 */
s64 mc_tracker_age_ns(struct mc_tracker *tr)
{
	unsigned long flags;
	s64 age;

	raw_spin_lock_irqsave(&tr->lock, flags);
	age = age_at(tr, raw_now());
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return age;
}

/**
 * mc_tracker_rate - how much longer than a raw second the RTC's lasts
 * @tr: the tracker
 * @bound_ppb: filled in: the truth is within this of it, ppb
 *
 * Context: any.
 * Return: ppb, positive where the RTC is slow.
 */
s64 mc_tracker_rate(struct mc_tracker *tr, s64 *bound_ppb)
{
	unsigned long flags;
	s64 ppb;

	raw_spin_lock_irqsave(&tr->lock, flags);
	ppb = mc_phase_period_ppb(&tr->phase);
	*bound_ppb = mc_phase_rate_bound_ppb(&tr->phase);
	raw_spin_unlock_irqrestore(&tr->lock, flags);
	return ppb;
}
