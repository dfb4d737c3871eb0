/* SPDX-License-Identifier: GPL-2.0 */
/* Answers of the PTP clock and phase/, held against the true edges around them. */
#ifndef JUDGE_H
#define JUDGE_H

#include "phc.h"
#include "truth.h"

#define JUDGED_MAX	1000

/* How far off the answers were, and what they said of that (ns). */
struct judged {
	s64 errors[JUDGED_MAX], bounds[JUDGED_MAX];
	int count;
	int coasting;		/* of these: a step may have been missed */
	int outside;		/* the truth was not within the bound */
	int coasting_outside;	/* the same while coasting */
};

/* PHC_ANSWERS of the environment, else @usual. */
int judge_wanted(int usual);

/*
 * Asks the PTP clock @fd and phase/ in turn until @wanted answers were judged; phase/
 * alone where @fd is negative.
 * -ETIMEDOUT where no edge comes, -EAGAIN where too many of them were hidden.
 */
int judge_answers(struct clock *clock, int fd, int wanted, struct judged *j);
/* Whether an edge was seen narrowly enough, for this machine, to judge by. */
bool judge_can_use(const struct edge *edge);
/* Asks phase/ from now on for a while; the edge @first, just seen, begins what is judged by. */
int judge_after(struct clock *clock, const struct edge *first, struct judged *j);
/* What the clock leads the system by, from one true edge, give or take @slack (ns). */
int judge_offset(struct clock *clock, s64 *offset, s64 *slack);
/* Medians and maxima, as comments; @what names them. */
void judge_print(struct judged *j, const char *what);

#endif
