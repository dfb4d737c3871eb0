/* SPDX-License-Identifier: GPL-2.0 */
/* What came of a run: counted, added up over runs, and shown. */
#ifndef SIM_SCORE_H
#define SIM_SCORE_H

#include <linux/types.h>

#define SCORE_KEPT	4096
#define SCORE_CONDUCT	96
#define SCORE_CONDUCTS	12

/**
 * struct series - how long or how far something was, each time; ns
 * @count:	how often
 * @kept:	the first so many, and the worst
 */
struct series {
	s64 count;
	s64 kept[SCORE_KEPT];
};

/* What the driver took the chip for, and after how many boots. */
struct finding {
	char conduct[SCORE_CONDUCT];
	s64 boots;
};

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
 * @residual:	what each set left that was measured; absolute
 * @bad_sets:	how many of them are not what they should be
 * @crashes:	crashes during a set
 * @bad_crashes: ... that left the clock in a state in which it must not be
 * @warnings:	of the kernel
 * @accesses:	of the chip
 * @virtual_ns:	how long it all took in the simulated world
 * @locked:	answers in state locked
 * @found:	from the first set after a boot until the conduct was known
 * @findings:	what it was known as then, where anything is, the most frequent first
 */
struct score {
	s64 answers, reads, refused;
	s64 wrong, unseeable, worst_age, as_set;
	s64 wrong_reads;
	s64 false_steps, steps, ticks;
	s64 bad_sets;
	struct series residual;
	s64 crashes, bad_crashes;
	s64 warnings, accesses, virtual_ns, locked;
	struct series found;
	struct finding findings[SCORE_CONDUCTS];
};

extern struct score score;	/* of this run */

void score_residual(s64 ns);
void score_found(s64 ns, const char *conduct);
void score_add(struct score *sum, const struct score *more);
s64 score_wrong(const struct score *s);
s64 score_faults(const struct score *s);
void score_title(void);
void score_row(const char *name, const struct score *s);

#endif
