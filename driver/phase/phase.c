// SPDX-License-Identifier: GPL-2.0
/* From readings of the seconds to phase and rate, each with its bound. */
#include <linux/math64.h>

#include "phase/phase.h"

#define SEC_NS		1000000000LL
#define ANCHOR_AGE	512		/* seconds between anchors */
#define SMALL_STEP_NS	1000000		/* below: the rate may have moved instead */
#define QUIET_EDGES	64		/* this many agreeing halve the wander */
#define FAR_SECONDS	4000000000LL	/* beyond, products of ns overflow: no such edge is meant */
#define GAP_SECONDS	4		/* longer between two edges is a gap */
#define STEADY_PPB	200000
#define WIDER_NS	20000		/* an edge this much and four times as wide ... */
#define WIDER_SECONDS	3		/* ... is not taken for the last one so soon */

static s64 min64(s64 a, s64 b)
{
	return a < b ? a : b;
}

static s64 max64(s64 a, s64 b)
{
	return a > b ? a : b;
}

static s64 clamp64(s64 v, s64 lo, s64 hi)
{
	return min64(max64(v, lo), hi);
}

/* How far the rate may be from what was learnt of it, ppb. */
static s64 astray(const struct mc_phase *p)
{
	return p->wander + p->loose;
}

/* The shortest and the longest second to expect, ns. */
static s64 second_min(const struct mc_phase *p)
{
	return SEC_NS + p->rate_lo - astray(p);
}

static s64 second_max(const struct mc_phase *p)
{
	return SEC_NS + p->rate_hi + astray(p);
}

static void rate_unknown(struct mc_phase *p)
{
	p->rate_lo = -MC_PHASE_RATE_ANY_PPB;
	p->rate_hi = MC_PHASE_RATE_ANY_PPB;
	p->loose = 0;
	p->confirmed = 0;
}

static bool rate_known(const struct mc_phase *p)
{
	return p->rate_lo > -MC_PHASE_RATE_ANY_PPB;
}

static bool prior_known(const struct mc_phase *p)
{
	return p->prior_lo <= p->prior_hi;
}

static bool trial_known(const struct mc_phase *p)
{
	return p->trial_lo <= p->trial_hi;
}

static void trial_forget(struct mc_phase *p)
{
	p->trial_lo = 0;
	p->trial_hi = -1;
}

/**
 * mc_phase_init - know nothing
 * @p: the phase
 *
 * Context: any; the caller serialises all mc_phase calls on one phase.
 */
void mc_phase_init(struct mc_phase *p)
{
	p->wander = MC_PHASE_WANDER_PPB;
	p->strayed = 0;
	rate_unknown(p);
	p->prior_hi = p->prior_lo - 1;
	mc_phase_forget(p);
}

/**
 * mc_phase_forget - the clock was set or stepped: drop the phase, keep the rate
 * @p: the phase
 */
void mc_phase_forget(struct mc_phase *p)
{
	p->valid = false;
	p->anchors = 0;
	p->agreed = 0;
	p->seen.sec = 0;
	p->lost.sec = 0;
	trial_forget(p);
}

/**
 * mc_phase_seed - the edge is known from elsewhere, as after a set
 * @p: the phase
 * @edge: an interval that holds it, raw ns
 */
void mc_phase_seed(struct mc_phase *p, const struct mc_edge *edge)
{
	mc_phase_forget(p);
	p->edge = *edge;
	p->seen = *edge;
	p->valid = true;
}

/* The edge of @sec, from another one, where a second lasts @shortest to @longest. */
static void carry(const struct mc_edge *from, s64 sec, s64 shortest, s64 longest,
		  struct mc_edge *edge)
{
	s64 n = sec - from->sec;

	*edge = (struct mc_edge){
		.sec = sec,
		.lo = from->lo + n * (n >= 0 ? shortest : longest),
		.hi = from->hi + n * (n >= 0 ? longest : shortest),
	};
}

/**
 * mc_phase_edge - when a second begins
 * @p: the phase, valid
 * @sec: the second, seconds since 1970
 * @edge: filled in: the raw interval that holds its edge
 */
void mc_phase_edge(const struct mc_phase *p, s64 sec, struct mc_edge *edge)
{
	carry(&p->edge, sec, second_min(p), second_max(p), edge);
}

/* What a reading alone says of the edge of the second it showed ... */
static void edge_before(const struct mc_phase *p, s64 sec, s64 begin, s64 end,
			struct mc_edge *edge)
{
	edge->sec = sec;
	edge->lo = begin - second_max(p);
	edge->hi = end;
}

/* ... and of the one after it. */
static void edge_after(const struct mc_phase *p, s64 sec, s64 begin, s64 end,
		       struct mc_edge *edge)
{
	edge->sec = sec + 1;
	edge->lo = begin;
	edge->hi = end + second_max(p);
}

static s64 width(const struct mc_edge *edge)
{
	return edge->hi - edge->lo;
}

static bool intersect(struct mc_edge *a, const struct mc_edge *b)
{
	a->lo = max64(a->lo, b->lo);
	a->hi = min64(a->hi, b->hi);
	return a->lo <= a->hi;
}

static bool near_enough(const struct mc_phase *p, const struct mc_edge *seen)
{
	s64 n = seen->sec - p->edge.sec;

	return n <= FAR_SECONDS && n >= -FAR_SECONDS;
}

/* What is known of an edge, and what was seen of it, together. */
static bool join(const struct mc_phase *p, const struct mc_edge *seen, struct mc_edge *edge)
{
	if (!near_enough(p, seen))
		return false;
	mc_phase_edge(p, seen->sec, edge);
	return intersect(edge, seen);
}

/*
 * A reading bounds the edge before it from above and the one after it from below.
 * Carried over to the other edge either bound widens by what is not known of the
 * rate, so the one of the two is kept that is the narrower.
 */
static bool join_reading(const struct mc_phase *p, s64 sec, s64 begin, s64 end,
			 struct mc_edge *edge)
{
	struct mc_edge seen, after;

	edge_before(p, sec, begin, end, &seen);
	if (!join(p, &seen, edge))
		return false;
	edge_after(p, sec, begin, end, &seen);
	if (!join(p, &seen, &after))
		return false;
	if (width(&after) <= width(edge))
		*edge = after;
	return true;
}

/**
 * mc_phase_agrees - would a reading leave something of the phase?
 * @p: the phase
 * @sec: the second it showed
 * @begin: raw ns at which it began
 * @end: raw ns at which it had ended
 *
 * Return: false where the reading contradicts what is known.
 */
bool mc_phase_agrees(const struct mc_phase *p, s64 sec, s64 begin, s64 end)
{
	struct mc_edge edge;

	return !p->valid || join_reading(p, sec, begin, end, &edge);
}

/**
 * mc_phase_early - was a second seen before it could have begun?
 * @p: the phase
 * @sec: the second that a reading showed
 * @end: raw ns at which that had ended
 *
 * Return: true where it contradicts what is known by that.
 */
bool mc_phase_early(const struct mc_phase *p, s64 sec, s64 end)
{
	struct mc_edge edge = { .sec = sec };

	if (!p->valid || !near_enough(p, &edge))
		return false;
	mc_phase_edge(p, sec, &edge);
	return end < edge.lo;
}

static void wander_grow(struct mc_phase *p)
{
	p->wander = min64(p->wander * 4, MC_PHASE_RATE_ANY_PPB);
}

/* Halved, but not below twice what was seen meanwhile. */
static void wander_settle(struct mc_phase *p)
{
	if (++p->agreed % QUIET_EDGES)
		return;
	p->wander = max64(max64(p->wander / 2, min64(2 * p->strayed, p->wander)),
			  MC_PHASE_WANDER_PPB);
	p->strayed = 0;
}

/*
 * How much longer than SEC_NS the mean second between two edges was, as an interval, if
 * nothing jumped by more than @hidden meanwhile.
 */
static void rate_between(const struct mc_edge *from, const struct mc_edge *to, s64 hidden,
			 s64 *lo, s64 *hi)
{
	s64 n = to->sec - from->sec;

	*lo = div64_s64(to->lo - from->hi - hidden, n) - SEC_NS - 1;
	*hi = div64_s64(to->hi - from->lo + hidden, n) - SEC_NS + 1;
}

static bool overlap(s64 lo, s64 hi, s64 other_lo, s64 other_hi)
{
	return lo <= other_hi && other_lo <= hi;
}

static void rate_take(struct mc_phase *p, s64 lo, s64 hi)
{
	p->rate_lo = clamp64(lo, 1 - MC_PHASE_RATE_ANY_PPB, MC_PHASE_RATE_ANY_PPB);
	p->rate_hi = clamp64(hi, 1 - MC_PHASE_RATE_ANY_PPB, MC_PHASE_RATE_ANY_PPB);
}

static bool much_wider(s64 width, s64 other)
{
	return width > 4 * other + WIDER_NS;
}

/* Beside a stretch that says much less, as from a seed, another is to be confirmed by the next. */
static bool confirms(const struct mc_phase *p, s64 lo, s64 hi)
{
	s64 trial = p->trial_hi - p->trial_lo;

	return trial_known(p) && !much_wider(trial, hi - lo) && !much_wider(hi - lo, trial) &&
	       overlap(lo, hi, p->trial_lo, p->trial_hi) &&
	       overlap(lo, hi, -MC_PHASE_RATE_MAX_PPB, MC_PHASE_RATE_MAX_PPB);
}

/*
 * Two stretches that agree: neither holds a jump that could be seen. Where jumps were seen, two
 * of them may have been alike, and it takes a third.
 */
static void rate_confirm(struct mc_phase *p, s64 lo, s64 hi)
{
	p->confirmed = confirms(p, lo, hi) ? p->confirmed + 1 : 0;
	if (p->confirmed < (p->wander > MC_PHASE_WANDER_PPB ? 2 : 1))
		return;
	rate_take(p, min64(lo, p->trial_lo), max64(hi, p->trial_hi));
	p->tested = p->seen.lo;
	p->anchors = 0;
}

/* What two stretches could not show was a jump of twice as much as their edges are wide. */
static void rate_refine(struct mc_phase *p)
{
	s64 hidden = p->hidden, lo, hi;

	hidden += 2 * (width(&p->anchor[0]) + width(&p->seen));
	rate_between(&p->anchor[0], &p->seen, hidden, &lo, &hi);
	if (!overlap(lo, hi, -MC_PHASE_RATE_MAX_PPB, MC_PHASE_RATE_MAX_PPB)) {
		rate_unknown(p);
		p->anchors = 0;
		return;
	}
	if (!overlap(lo, hi, p->rate_lo - astray(p), p->rate_hi + astray(p)))
		wander_grow(p);
	if (overlap(lo, hi, p->rate_lo, p->rate_hi))
		rate_take(p, max64(lo, p->rate_lo), min64(hi, p->rate_hi));
	else
		rate_take(p, lo, hi);
}

/* Keeps one anchor old enough for a long base and one to follow it. */
static void anchor_update(struct mc_phase *p)
{
	if (!p->anchors) {
		p->anchor[0] = p->seen;
		p->anchors = 1;
		p->hidden = 0;
	} else if (p->anchors == 1 && p->seen.sec - p->anchor[0].sec >= ANCHOR_AGE) {
		p->anchor[1] = p->seen;
		p->anchors = 2;
	} else if (p->anchors == 2 && p->seen.sec - p->anchor[1].sec >= ANCHOR_AGE) {
		p->anchor[0] = p->anchor[1];
		p->anchor[1] = p->seen;
	}
}

/* A stretch alone says something else of the rate than the one before: one holds a jump. */
static bool jumped(const struct mc_phase *p, s64 lo, s64 hi)
{
	return trial_known(p) && !overlap(lo, hi, p->trial_lo - p->wander, p->trial_hi + p->wander);
}

/* By how much a stretch differs from the one before, and from the rate: it may do so again. */
static void note_strayed(struct mc_phase *p, s64 lo, s64 hi)
{
	if (trial_known(p))
		p->strayed = max64(p->strayed, max64(lo - p->trial_hi, p->trial_lo - hi));
	if (rate_known(p))
		p->strayed = max64(p->strayed, max64(lo - p->rate_hi, p->rate_lo - hi));
	p->wander = max64(p->wander, min64(2 * p->strayed, MC_PHASE_RATE_ANY_PPB));
}

static bool in_a_row(const struct mc_edge *before, const struct mc_edge *edge)
{
	return edge->sec - before->sec <= GAP_SECONDS;
}

/*
 * A stretch tests the rate if it says as much of it as is claimed. Where the rate was never seen
 * to go further than the least, any does: then wide edges, added up over a long base, say more
 * than one stretch can.
 */
static bool tests_rate(const struct mc_phase *p, s64 lo, s64 hi)
{
	return p->wander <= MC_PHASE_WANDER_PPB || hi - lo <= p->rate_hi - p->rate_lo + p->wander;
}

/* Untested for long, the rate is worth less than what the last two stretches say. */
static void loosen(struct mc_phase *p)
{
	s64 seconds = div64_s64(p->seen.lo - p->tested + SEC_NS / 2, SEC_NS);

	seconds = clamp64(seconds, 0, MC_PHASE_RATE_ANY_PPB / MC_PHASE_WANDER_PPB);
	p->loose = min64(seconds * p->wander, MC_PHASE_RATE_ANY_PPB);
}

static void test_rate(struct mc_phase *p, const struct mc_edge *before, s64 lo, s64 hi)
{
	s64 both_lo = min64(lo, p->trial_lo), both_hi = max64(hi, p->trial_hi);

	if (in_a_row(before, &p->seen) && tests_rate(p, lo, hi))
		p->tested = p->seen.lo;
	loosen(p);
	if (in_a_row(before, &p->seen) && trial_known(p) &&
	    both_hi - both_lo < p->rate_hi - p->rate_lo + 2 * p->loose &&
	    overlap(lo, hi, -MC_PHASE_RATE_MAX_PPB, MC_PHASE_RATE_MAX_PPB)) {
		rate_take(p, both_lo, both_hi);
		p->tested = p->seen.lo;
		p->loose = 0;
		p->anchors = 0;
	}
}

/* From the edge before to the last one. */
static void rate_learn(struct mc_phase *p, const struct mc_edge *before)
{
	s64 lo, hi;

	if (!before->sec || p->seen.sec <= before->sec) {
		if (rate_known(p))
			loosen(p);
		return;
	}
	rate_between(before, &p->seen, 0, &lo, &hi);
	if (!rate_known(p)) {
		rate_confirm(p, lo, hi);
	} else if (jumped(p, lo, hi)) {
		rate_unknown(p);
		p->anchors = 0;
	} else if (p->anchors && p->seen.sec > p->anchor[0].sec) {
		rate_refine(p);
	}
	note_strayed(p, lo, hi);
	if (rate_known(p))
		test_rate(p, before, lo, hi);
	p->trial_lo = lo;
	p->trial_hi = hi;
}

/* The last edge was expected within @expected ns, from the one before. */
static void learn(struct mc_phase *p, const struct mc_edge *before, s64 expected)
{
	/* In a gap more could hide than between edges that follow each other. */
	if (before->sec && !in_a_row(before, &p->seen))
		p->hidden = max64(p->hidden, expected);
	/* What a wide anchor could hide is long beside a narrow edge; so is a gap's. */
	if (p->anchors && (width(&p->anchor[0]) > 4 * width(&p->seen) ||
			   p->hidden > 4 * (expected + width(&p->seen))))
		p->anchors = 0;
	rate_learn(p, before);
	anchor_update(p);
	wander_settle(p);
}

static s64 apart(const struct mc_edge *a, const struct mc_edge *b)
{
	return max64(a->lo - b->hi, b->lo - a->hi);
}

/* By how much what was seen of an edge misses what was expected of it. */
static s64 gap(const struct mc_phase *p, const struct mc_edge *seen)
{
	struct mc_edge was;

	if (!near_enough(p, seen))
		return SEC_NS;
	mc_phase_edge(p, seen->sec, &was);
	return apart(&was, seen);
}

/* The look that came just after the expected edge, and did not show it, said no more. */
static bool lost_by_step(const struct mc_phase *p, const struct mc_edge *seen)
{
	s64 lo = prior_known(p) ? p->prior_lo : -MC_PHASE_RATE_ANY_PPB;
	s64 hi = prior_known(p) ? p->prior_hi : MC_PHASE_RATE_ANY_PPB;
	s64 n = seen->sec - p->lost.sec;
	struct mc_edge was;

	if (!p->lost.sec)
		return false;
	if (n > FAR_SECONDS || n < -FAR_SECONDS)
		return true;
	carry(&p->lost, seen->sec, SEC_NS + lo - p->wander, SEC_NS + hi + p->wander, &was);
	return apart(&was, seen) >= SMALL_STEP_NS;
}

/*
 * A contradiction: a step, and the new phase begins with what was just seen. A
 * small one may be the rate, which then went further than was allowed for; and where
 * they follow each other, what they are measured by is uneven.
 */
static enum mc_phase_verdict restart(struct mc_phase *p, const struct mc_edge *seen)
{
	bool small = gap(p, seen) < SMALL_STEP_NS;

	if (small || p->agreed < QUIET_EDGES)
		wander_grow(p);
	if (rate_known(p)) {
		p->prior_lo = p->rate_lo;
		p->prior_hi = p->rate_hi;
	}
	rate_unknown(p);
	mc_phase_forget(p);
	p->edge = *seen;
	p->valid = true;
	return small ? MC_PHASE_DRIFTED : MC_PHASE_STEPPED;
}

/*
 * An edge that was held up on its way here could hide a step as wide: what the one before
 * says is worth more, though it is older.
 */
static bool held_up(const struct mc_phase *p, const struct mc_edge *seen)
{
	struct mc_edge last;

	if (!p->seen.sec || seen->sec - p->seen.sec >= WIDER_SECONDS)
		return false;
	carry(&p->seen, seen->sec, second_min(p), second_max(p), &last);
	return much_wider(width(seen), width(&last));
}

/**
 * mc_phase_sample - take an edge in that was held between two looks
 * @p: the phase
 * @seen: the edge's second, and raw ns before and after it
 *
 * Return: whether it fits; where it does not, it starts a new phase.
 */
enum mc_phase_verdict mc_phase_sample(struct mc_phase *p, const struct mc_edge *seen)
{
	enum mc_phase_verdict verdict = MC_PHASE_AGREES;
	bool stepped = lost_by_step(p, seen);
	struct mc_edge edge = *seen, expected = { }, before;

	if (p->valid && near_enough(p, seen))
		mc_phase_edge(p, seen->sec, &expected);
	if (p->valid && !join(p, seen, &edge))
		verdict = restart(p, seen);
	else if (p->valid && held_up(p, seen))
		return MC_PHASE_AGREES;
	if (verdict == MC_PHASE_AGREES)
		p->edge = edge;
	p->valid = true;
	before = p->seen;
	p->seen = *seen;
	p->lost.sec = 0;
	learn(p, &before, width(&expected));
	return stepped ? MC_PHASE_STEPPED : verdict;
}

/**
 * mc_phase_observe - take a reading in
 * @p: the phase
 * @sec: the second that was read
 * @begin: raw ns at which the reading (the last one of several) began
 * @end: raw ns at which it (the first one of several) had ended
 *
 * Return: as mc_phase_sample().
 */
enum mc_phase_verdict mc_phase_observe(struct mc_phase *p, s64 sec, s64 begin, s64 end)
{
	enum mc_phase_verdict verdict;
	struct mc_edge edge, was = p->lost.sec ? p->lost : p->edge;

	if (p->valid && join_reading(p, sec, begin, end, &edge)) {
		p->edge = edge;
		return MC_PHASE_AGREES;
	}
	edge_after(p, sec, begin, end, &edge);
	if (p->valid) {
		verdict = restart(p, &edge);
		if (verdict == MC_PHASE_DRIFTED)
			p->lost = was;
		return verdict;
	}
	mc_phase_seed(p, &edge);
	p->seen.sec = 0;
	return MC_PHASE_AGREES;
}

static s64 middle(s64 lo, s64 hi)
{
	return lo + (hi - lo) / 2;
}

/**
 * mc_phase_period_ppb - how much longer than a raw second the RTC's lasts
 * @p: the phase
 *
 * Return: ns per second; positive where the RTC is slow.
 */
s64 mc_phase_period_ppb(const struct mc_phase *p)
{
	return middle(p->rate_lo, p->rate_hi);
}

/**
 * mc_phase_rate_bound_ppb - how far from mc_phase_period_ppb() the truth may be
 * @p: the phase
 *
 * Return: ppb.
 */
s64 mc_phase_rate_bound_ppb(const struct mc_phase *p)
{
	return (p->rate_hi - p->rate_lo) / 2 + astray(p);
}

/**
 * mc_phase_steady - is the rate known well enough to find the next edge by few looks?
 * @p: the phase
 *
 * Return: true where it is known to 100 ppm.
 */
bool mc_phase_steady(const struct mc_phase *p)
{
	return rate_known(p) && p->rate_hi - p->rate_lo <= STEADY_PPB;
}

/**
 * mc_phase_aim - where an edge most likely is, some seconds later or earlier
 * @p: the phase, valid
 * @from: the edge as it was seen or guessed
 * @sec: the second whose edge is wanted, seconds since 1970
 * @edge: filled in: @from carried on at the likeliest rate; a place to look at, not a
 *	bound
 */
void mc_phase_aim(const struct mc_phase *p, const struct mc_edge *from, s64 sec,
		  struct mc_edge *edge)
{
	s64 lo = p->rate_lo - p->wander, hi = p->rate_hi + p->wander;

	if (!rate_known(p) && trial_known(p)) {
		lo = p->trial_lo;
		hi = p->trial_hi;
	} else if (!rate_known(p)) {
		lo = prior_known(p) ? p->prior_lo : -MC_PHASE_RATE_MAX_PPB;
		hi = prior_known(p) ? p->prior_hi : MC_PHASE_RATE_MAX_PPB;
	}
	/* What is likely is less than what is allowed for. */
	if (overlap(lo, hi, -MC_PHASE_RATE_MAX_PPB, MC_PHASE_RATE_MAX_PPB)) {
		lo = max64(lo, -MC_PHASE_RATE_MAX_PPB);
		hi = min64(hi, MC_PHASE_RATE_MAX_PPB);
	}
	carry(from, sec, SEC_NS + lo, SEC_NS + hi, edge);
}

/**
 * mc_phase_next - the next second to begin
 * @p: the phase, valid
 * @raw: now, raw ns
 *
 * Return: the first second whose edge is not surely past.
 */
s64 mc_phase_next(const struct mc_phase *p, s64 raw)
{
	struct mc_edge edge;
	s64 sec = p->edge.sec + div64_s64(raw - p->edge.hi, second_max(p)) - 1;

	do {
		mc_phase_edge(p, ++sec, &edge);
	} while (edge.hi < raw);
	return sec;
}

/* How far from the middle of @edge the truth may be, as far as the last edge seen says. */
static s64 reach(const struct mc_phase *p)
{
	s64 from = middle(p->edge.lo, p->edge.hi), reach = (width(&p->edge) + 1) / 2;
	struct mc_edge seen;

	if (!p->seen.sec)
		return reach;
	carry(&p->seen, p->edge.sec, second_min(p), second_max(p), &seen);
	return max64(reach, max64(from - seen.lo, seen.hi - from));
}

/**
 * mc_phase_at - what the RTC would show, had it nanoseconds
 * @p: the phase, valid
 * @raw: when, raw ns
 * @rtc_ns: filled in: the RTC's time, ns since 1970
 * @bound_ns: filled in: the truth is within this of it
 */
void mc_phase_at(const struct mc_phase *p, s64 raw, s64 *rtc_ns, s64 *bound_ns)
{
	s64 period = SEC_NS + mc_phase_period_ppb(p);
	s64 since = raw - middle(p->edge.lo, p->edge.hi);
	s64 n = div64_s64(since, period);
	s64 rest = since - n * period;
	s64 rate = (p->rate_hi - p->rate_lo + 1) / 2 + astray(p);

	*rtc_ns = (p->edge.sec + n) * SEC_NS + div64_s64(rest * SEC_NS, period);
	n = n < 0 ? -n : n;
	rest = rest < 0 ? -rest : rest;
	*bound_ns = reach(p) + n * rate + div64_s64(rest * rate, SEC_NS) + 1;
	*bound_ns += *bound_ns / 32 + 2;	/* raw to RTC ns, roundings */
}
