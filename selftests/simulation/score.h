/* SPDX-License-Identifier: GPL-2.0 */
/* What came of a run: counted, added up over runs, and shown. */
#ifndef SIM_SCORE_H
#define SIM_SCORE_H

#include <linux/types.h>

#define SCORE_RESIDUALS	4096
#define SCORE_CONDUCT	160

/**
 * struct score - what came of one run, or of several
 * @answers:	times with a bound that the driver gave
 * @reads:	dates that it gave
 * @refused:	answers and dates that it did not give
 * @wrong:	answers outside of their bound that nothing excuses
 * @unseeable:	answers outside of their bound, by what cannot have been seen yet
 * @worst_age:	of the latter: how long before the answer that happened at most, ns
 * @as_set:	answers during a set that tell what the set will lead to
 * @wrong_reads: dates that the chip did not show
 * @false_steps: steps that were counted but did not happen
 * @steps:	all that were counted
 * @ticks:	update interrupts that the users of the clock got
 * @sets:	sets whose outcome was measured
 * @bad_sets:	... and is not what it should be
 * @residual:	of each, ns; absolute values
 * @crashes:	crashes during a set
 * @bad_crashes: ... that left the clock in a state in which it must not be
 * @warnings:	of the kernel
 * @accesses:	of the chip
 * @virtual_ns:	how long it all took in the simulated world
 * @locked:	answers in state locked
 * @conduct:	what the driver made of the chip
 * @conduct_ns:	how long that took since the probe
 */
struct score {
	s64 answers, reads, refused;
	s64 wrong, unseeable, worst_age, as_set;
	s64 wrong_reads;
	s64 false_steps, steps, ticks;
	s64 sets, bad_sets;
	s64 residual[SCORE_RESIDUALS];
	s64 crashes, bad_crashes;
	s64 warnings, accesses, virtual_ns, locked;
	char conduct[SCORE_CONDUCT];
	s64 conduct_ns;
};

extern struct score score;	/* of this run */

void score_residual(s64 ns);
void score_add(struct score *sum, const struct score *more);
s64 score_faults(const struct score *s);
void score_title(void);
void score_row(const char *name, const struct score *s);

#endif
