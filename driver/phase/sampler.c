// SPDX-License-Identifier: GPL-2.0
/* Looks for one edge at the chip. */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "phase/sampler.h"

#define SCAN_MAX_NS	(1200 * NSEC_PER_MSEC)	/* a clock ticks within this or is stopped */
#define SCAN_STEP_US	500
#define SAMPLE_NS	(3 * NSEC_PER_MSEC)	/* one sample spins for so long at most, ... */
#define SAMPLE_ACCESSES	8			/* ... or for so many slow accesses */
#define GARBLED_NS	(5 * NSEC_PER_MSEC)	/* an update takes 2 ms, and a look its time */
#define RESCHED_NS	(1 * NSEC_PER_MSEC)	/* so near to the edge the processor is kept */
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

/**
 * mc_sampler_shows - does a look show a second?
 * @look: the look
 * @sec: the second, seconds since 1970
 *
 * Context: any.
 * Return: true where it is so.
 */
bool mc_sampler_shows(const struct mc_look *look, s64 sec)
{
	return look->seconds == seconds_of(sec);
}

/**
 * mc_sampler_max_ns - how long one sample may take
 * @chip: the chip
 *
 * Context: any.
 * Return: ns: 3 ms, more where an access takes long.
 */
s64 mc_sampler_max_ns(const struct mc_chip *chip)
{
	return max_t(s64, SAMPLE_NS, SAMPLE_ACCESSES * READ_ONCE(chip->access_ns));
}

static s64 middle(const struct mc_edge *edge)
{
	return edge->lo + (edge->hi - edge->lo) / 2;
}

/**
 * mc_sampler_place - where to begin to look
 * @chip: the chip
 * @plan: the plan
 *
 * A little before the expected edge; where that is too wide to be caught for sure,
 * so that a miss halves what is not known. A tick's look is over by the middle, which
 * halves it too where it is wide, once its lower end is sure.
 * Context: any.
 */
void mc_sampler_place(const struct mc_chip *chip, struct mc_plan *plan)
{
	const struct mc_edge *edge = &plan->edge;
	s64 early = plan->early_ns;

	plan->max_ns = mc_sampler_max_ns(chip);
	if (edge->hi - edge->lo > plan->max_ns - 2 * early)
		plan->begin = middle(edge) - plan->max_ns / 2;
	else if (plan->kind == MC_PLAN_TICK && plan->low_seen)
		plan->begin = middle(edge) - early;
	else
		plan->begin = edge->lo - early;
}

/*
 * Some chips show garbage while they update (Intel's PCH, 2 ms), and then the second. Longer,
 * it is neither: somebody wrote.
 */
static void note(struct mc_sample *s, s64 sec, const struct mc_look *look)
{
	if (mc_sampler_shows(look, sec)) {
		s->new = *look;
		s->new_seen = true;
	} else if (s->garbled.end) {
		s->old_seen &= look->end - s->garbled.begin <= GARBLED_NS;
	} else if (mc_sampler_shows(look, sec - 1)) {
		s->older = s->old_seen ? s->old.begin : 0;
		s->old = *look;
		s->old_seen = true;
	} else {
		s->garbled = *look;
	}
}

static bool goes_on(const struct mc_sample *s, s64 now)
{
	return !s->new_seen && (!s->garbled.end || now - s->garbled.begin <= GARBLED_NS);
}

/**
 * mc_sampler_edge - where the looks hold an edge
 * @s: a sample that saw both seconds
 * @sec: the second that began
 * @edge: filled in
 *
 * Garbage marks the beginning of the update, which is the edge. As it may look like the second
 * before, one look more is allowed for.
 * Context: any.
 */
void mc_sampler_edge(const struct mc_sample *s, s64 sec, struct mc_edge *edge)
{
	edge->sec = sec;
	edge->lo = s->old.begin;
	edge->hi = s->new.end;
	if (!s->garbled.end)
		return;
	edge->hi = s->garbled.end;
	if (s->older)
		edge->lo = s->older;
}

static void poll(struct mc_chip *chip, const struct mc_plan *plan, struct mc_sample *s)
{
	s64 until = min(raw_now() + plan->max_ns, plan->edge.hi + plan->early_ns);
	struct mc_look look;

	do {
		mc_chip_look(chip, &look);
		if (!s->first_ns)
			s->first_ns = look.end - plan->begin;
		note(s, plan->edge.sec, &look);
	} while (goes_on(s, look.end) && (look.end < until || s->garbled.end));
}

/*
 * The second that began is read with its date. Where it is not there any more it never was: the
 * look was of one bad byte.
 */
static void read_rest(struct mc_chip *chip, struct mc_sample *s)
{
	int err = mc_chip_read_rest(chip, &s->new, &s->reading);

	s->read = !err;
	s->new_seen = err != -EAGAIN;
}

/*
 * Two looks, the second of which becomes the tick's reading: nine accesses. The
 * first is in the middle of where the edge probably is: either it or the second
 * one halves that.
 */
static void tick(struct mc_chip *chip, const struct mc_plan *plan, struct mc_sample *s)
{
	s64 until = raw_now() + plan->max_ns;
	struct mc_look look;

	mc_chip_look(chip, &look);
	s->first_ns = look.end - plan->begin;
	note(s, plan->edge.sec, &look);
	if (s->new_seen)
		return;
	spin_until(min(plan->edge.hi + EARLY_NS, until));
	mc_chip_look(chip, &look);
	note(s, plan->edge.sec, &look);
}

/* Whoever is woken ms late has to be early by as much, and so waits for ms at times. */
static void wait_for(const struct mc_plan *plan)
{
	s64 until = min(plan->begin, raw_now() + plan->max_ns + MC_SAMPLER_WAIT_NS);

	while (until - raw_now() > RESCHED_NS) {
		cpu_relax();
		cond_resched();
	}
	spin_until(until);
}

/**
 * mc_sampler_run - look for an edge as planned, and read the second that it began
 * @chip: the chip
 * @plan: the plan; its begin is at most its max_ns and MC_SAMPLER_WAIT_NS ahead
 * @s: filled in
 *
 * Spins for as long at most, and then for max_ns, 5 ms more where an update garbles what is
 * read; interrupts are on.
 * Context: process.
 */
void mc_sampler_run(struct mc_chip *chip, const struct mc_plan *plan, struct mc_sample *s)
{
	*s = (struct mc_sample){ .waited = raw_now() < plan->begin };
	wait_for(plan);
	if (plan->kind == MC_PLAN_POLL)
		poll(chip, plan, s);
	else
		tick(chip, plan, s);
	if (s->new_seen)
		read_rest(chip, s);
}

/**
 * mc_sampler_scan - find an edge of which nothing is known
 * @chip: the chip
 * @from: a reading just taken
 * @go_on: asked before each look: is the edge still wanted?
 * @data: for @go_on
 * @s: filled in; the second is the one after @from
 *
 * Sleeps from look to look until the seconds change: at most one second and a bit, some
 * two thousand accesses, once after a boot or a step.
 * Context: process, may sleep.
 * Return: false where the clock does not tick.
 */
bool mc_sampler_scan(struct mc_chip *chip, const struct mc_reading *from,
		     bool (*go_on)(void *data), void *data, struct mc_sample *s)
{
	s64 sec = from->sec + 1, until = from->end + SCAN_MAX_NS;
	struct mc_look look = { .end = from->end };

	*s = (struct mc_sample){
		.old = { from->begin, from->end, from->tm.tm_sec },
		.old_seen = true,
	};
	while (goes_on(s, look.end) && look.end < until && go_on(data)) {
		usleep_range(SCAN_STEP_US, SCAN_STEP_US + SCAN_STEP_US / 2);
		mc_chip_look(chip, &look);
		note(s, sec, &look);
		if (s->new_seen)
			read_rest(chip, s);
	}
	return !goes_on(s, look.end);
}
