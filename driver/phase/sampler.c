// SPDX-License-Identifier: GPL-2.0
/* Looks for an edge at the chip, and tells the tracker what it saw. */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "clock/alarm.h"
#include "chip/chip.h"
#include "phase/sampler.h"
#include "phase/tracker.h"

#define SCAN_MAX_NS	(1200 * NSEC_PER_MSEC)	/* a clock ticks within this or is stopped */
#define SCAN_STEP_US	500
#define EARLY_NS	2000			/* a look at the end of an interval, outside it */

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

static void spin_until(s64 raw)
{
	while (raw_now() < raw)
		cpu_relax();
}

static bool shows(const struct mc_look *look, s64 sec)
{
	return look->seconds == seconds_of(sec);
}

/* @old still showed the second before @sec, @new showed @sec. */
static void sampled(struct mc_clock *c, s64 sec, const struct mc_look *old,
		    const struct mc_look *new)
{
	struct mc_edge edge = { sec, old->begin, new->end };

	mc_tracker_sampled(c, &edge);
}

/* What a look around the edge of @sec says by itself. */
static void seen(struct mc_clock *c, s64 sec, const struct mc_look *look)
{
	if (shows(look, sec))
		mc_tracker_seen(c, sec, look);
	else if (shows(look, sec - 1))
		mc_tracker_seen(c, sec - 1, look);
}

/**
 * mc_sampler_scan - find an edge of which nothing is known
 * @c: the clock
 *
 * Sleeps from look to look until the seconds change: at most one second and a bit,
 * at most some hundred accesses, once after a boot or a step. Where the first
 * reading says enough, as right after an edge that came late, that is all.
 * Context: the clock's worker.
 * Return: false where the clock does not answer or does not tick.
 */
bool mc_sampler_scan(struct mc_clock *c)
{
	struct mc_look old, new;
	struct mc_reading r;
	s64 until;

	if (mc_chip_read_sure(c, &r))
		return false;
	old = (struct mc_look){ r.begin, r.end, seconds_of(r.sec) };
	if (mc_tracker_known(c) && mc_tracker_agrees(c, &r))
		mc_tracker_seen(c, r.sec, &old);
	if (mc_tracker_aimable(c))
		return true;
	until = r.end + SCAN_MAX_NS;
	for (; old.end < until && mc_tracker_wanted(c); old = new) {
		usleep_range(SCAN_STEP_US, 2 * SCAN_STEP_US);
		mc_chip_look(c, &new);
		if (shows(&new, r.sec + 1)) {
			sampled(c, r.sec + 1, &old, &new);
			return true;
		}
		if (new.seconds != old.seconds) {
			atomic64_inc(&c->count.rejected);
			return true;
		}
	}
	return false;
}

static s64 middle(const struct mc_edge *edge)
{
	return edge->lo + (edge->hi - edge->lo) / 2;
}

/**
 * mc_sampler_place - where to begin to look
 * @plan: the plan
 *
 * A little before the expected edge; where that is too wide to be caught for sure,
 * so that a miss halves what is not known. A tick's look goes to the middle, which
 * halves it too, once its lower end is sure.
 * Context: any.
 */
void mc_sampler_place(struct mc_plan *plan)
{
	const struct mc_edge *edge = &plan->edge;

	if (edge->hi - edge->lo > MC_SAMPLER_MAX_NS - 2 * EARLY_NS)
		plan->begin = middle(edge) - MC_SAMPLER_MAX_NS / 2;
	else if (plan->kind == MC_PLAN_TICK && plan->low_seen)
		plan->begin = middle(edge);
	else
		plan->begin = edge->lo - EARLY_NS;
}

static void poll(struct mc_clock *c, const struct mc_plan *plan)
{
	s64 sec = plan->edge.sec, until = raw_now() + MC_SAMPLER_MAX_NS;
	struct mc_look old, new;

	spin_until(min(plan->begin, until));
	for (mc_chip_look(c, &old); shows(&old, sec - 1); old = new) {
		if (old.end >= min(until, plan->edge.hi + EARLY_NS))
			break;
		mc_chip_look(c, &new);
		if (shows(&new, sec)) {
			sampled(c, sec, &old, &new);
			return;
		}
	}
	atomic64_inc(&c->count.rejected);
	seen(c, sec, &old);
}

/* The tick's own reading goes on from here, and serves whoever waits for it. */
static void read_tick(struct mc_clock *c, s64 sec, const struct mc_look *look)
{
	struct mc_reading r;

	if (mc_alarm_due(c, sec) && !mc_chip_read_rest(c, look, &r) && mc_tracker_agrees(c, &r))
		mc_tracker_observe(c, &r);
}

/*
 * The first look came too late to hold the edge from below: the lower end stays a
 * guess, unless it is refuted.
 */
static void guess_lower(struct mc_clock *c, const struct mc_plan *plan,
			const struct mc_look *look)
{
	struct mc_edge guess = { };

	if (look->begin > plan->edge.lo) {
		guess = plan->edge;
		guess.hi = min(guess.hi, look->end);
	}
	mc_tracker_guess(c, &guess, false);
}

static void guess_upper(struct mc_clock *c, s64 sec, const struct mc_look *old,
			const struct mc_look *new)
{
	struct mc_edge guess = { sec, old->begin, new->end };

	mc_tracker_guess(c, &guess, true);
}

/*
 * Two looks, the second of which becomes the tick's reading: nine accesses. The
 * first is in the middle of where the edge probably is: either it or the second
 * one halves that. Where it was the first, the lower end was not seen this time,
 * and is looked at the next.
 */
static void tick(struct mc_clock *c, const struct mc_plan *plan)
{
	s64 sec = plan->edge.sec, until = raw_now() + MC_SAMPLER_MAX_NS;
	struct mc_look old, new;

	spin_until(min(plan->begin, until));
	mc_chip_look(c, &old);
	seen(c, sec, &old);
	if (shows(&old, sec)) {
		guess_lower(c, plan, &old);
		read_tick(c, sec, &old);
		return;
	}
	spin_until(min(plan->edge.hi + EARLY_NS, until));
	mc_chip_look(c, &new);
	seen(c, sec, &new);
	if (shows(&new, sec)) {
		atomic64_inc(&c->count.edges);
		guess_upper(c, sec, &old, &new);
		read_tick(c, sec, &new);
		return;
	}
	atomic64_inc(&c->count.rejected);
	mc_tracker_guess(c, &(struct mc_edge){ }, false);
}

/**
 * mc_sampler_run - look for an edge as planned
 * @c: the clock
 * @plan: the plan; its begin is at most 3 ms ahead
 *
 * Spins for 3 ms at most, with interrupts on.
 * Context: the clock's worker.
 */
void mc_sampler_run(struct mc_clock *c, const struct mc_plan *plan)
{
	if (plan->kind == MC_PLAN_POLL)
		poll(c, plan);
	else
		tick(c, plan);
}
