/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From readings of the seconds to phase and rate, each with its bound.
 *
 * Pure arithmetic; times are CLOCK_MONOTONIC_RAW in ns ("raw"), seconds are the
 * RTC's since 1970. The edge of second s is the moment the RTC became s.
 *
 * What is kept is never a point but an interval that holds the truth:
 * - A reading that showed s, begun at a and ended at b, says edge(s) <= b and
 *   edge(s + 1) >= a. Intervals of readings are intersected; two readings on
 *   either side of an edge hold it between them, however long a preemption fell
 *   between: such a sample is wide, not wrong.
 * - Two held edges n seconds apart hold the mean length of a second between
 *   (difference of the near ends) / n and (difference of the far ends) / n, unless the
 *   raw clock or the RTC jumped between them. So the rate is not known before two such
 *   stretches agree, three while the wander is more than its least; and later each stretch
 *   is taken to be as much longer or shorter as a jump that its edges could not have shown.
 * - Carried on by n seconds, an edge's interval moves by n of the shortest and n
 *   of the longest second, the rate widened on both sides by the wander: by how
 *   much the mean rate of the time to come may differ from the means measured
 *   (MC_PHASE_WANDER_PPB at least; more as soon as it was seen to be more). For each second
 *   that no stretch has tested the rate it may have gone as far once more.
 * So as long as the rate keeps within its wander and the clock is not stepped,
 * the truth lies inside. A reading that leaves an empty intersection proves that
 * one of the two failed: the phase is dropped and the reading starts a new one,
 * whose rate is not known until the next edge has shown it.
 *
 * A step that is smaller than the interval in which an edge was seen leaves no
 * empty intersection. So an answer is never narrower than the last edge seen.
 */
#ifndef MC_PHASE_H
#define MC_PHASE_H

#include <linux/types.h>

#define MC_PHASE_RATE_MAX_PPB	500000		/* more is not the crystal's: never believed */
#define MC_PHASE_RATE_ANY_PPB	15000000	/* allowed for while the rate is not known */
#define MC_PHASE_WANDER_PPB	100

/* The edge of second @sec lies in raw time [@lo, @hi]. */
struct mc_edge {
	s64 sec, lo, hi;
};

/**
 * enum mc_phase_verdict - what an edge or a reading says of what was known
 * @MC_PHASE_AGREES:	it fits
 * @MC_PHASE_DRIFTED:	it misses by less than 1 ms: the rate went further than its wander; or it
 *		is a look, and the next edge will show that the clock was stepped
 * @MC_PHASE_STEPPED:	it misses by more: the clock was stepped
 */
enum mc_phase_verdict { MC_PHASE_AGREES, MC_PHASE_DRIFTED, MC_PHASE_STEPPED };

/**
 * struct mc_phase - what is known of a clock's phase and rate
 * @valid:	one reading at least was taken in
 * @edge:	the latest edge known of: all that was seen, put together
 * @seen:	the last edge that was held between two looks, as it was seen; second 0: none
 * @anchor:	earlier edges, the older first, for the rate
 * @anchors:	how many of them are there
 * @rate_lo:	a raw second lasts this many ns longer on the RTC, at least ...
 * @rate_hi:	... and at most (ns per second, that is ppb)
 * @prior_lo:	the rate before the last contradiction, to aim by until there is another; ...
 * @prior_hi:	... less than @prior_lo: none
 * @trial_lo:	what the last two edges alone say of the rate, to aim by and to be confirmed; ...
 * @trial_hi:	... less than @trial_lo: none
 * @confirmed:	stretches in a row that agreed with the one before
 * @hidden:	ns by which the RTC or the raw clock may have jumped since the first anchor, unseen
 * @lost:	the edge before a look that contradicted it by little, until an edge shows by how
 *		much that was; second 0: none
 * @wander:	how far the rate may go from there in a second, ppb
 * @tested:	when edges last showed that the rate is what it is said to be, raw ns
 * @loose:	how far it may have gone besides, untested, until the last edge, ppb
 * @strayed:	how far a stretch was off the rate, or the one before it, since the wander was
 *		last settled, ppb
 * @agreed:	edges in a row that agreed
 */
struct mc_phase {
	bool valid;
	struct mc_edge edge;
	struct mc_edge seen;
	struct mc_edge anchor[2];
	unsigned int anchors;
	s64 rate_lo, rate_hi;
	s64 prior_lo, prior_hi;
	s64 trial_lo, trial_hi;
	unsigned int confirmed;
	s64 hidden;
	struct mc_edge lost;
	s64 wander;
	s64 tested, loose;
	s64 strayed;
	unsigned int agreed;
};

void mc_phase_init(struct mc_phase *p);
void mc_phase_forget(struct mc_phase *p);
void mc_phase_seed(struct mc_phase *p, const struct mc_edge *edge);
enum mc_phase_verdict mc_phase_sample(struct mc_phase *p, const struct mc_edge *seen);
enum mc_phase_verdict mc_phase_observe(struct mc_phase *p, s64 sec, s64 begin, s64 end);
bool mc_phase_agrees(const struct mc_phase *p, s64 sec, s64 begin, s64 end);
bool mc_phase_early(const struct mc_phase *p, s64 sec, s64 end);
void mc_phase_edge(const struct mc_phase *p, s64 sec, struct mc_edge *edge);
bool mc_phase_steady(const struct mc_phase *p);
void mc_phase_aim(const struct mc_phase *p, const struct mc_edge *from, s64 sec,
		  struct mc_edge *edge);
s64 mc_phase_next(const struct mc_phase *p, s64 raw);
void mc_phase_at(const struct mc_phase *p, s64 raw, s64 *rtc_ns, s64 *bound_ns);
s64 mc_phase_period_ppb(const struct mc_phase *p);
s64 mc_phase_rate_bound_ppb(const struct mc_phase *p);

#endif
