/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The true update edges, seen through the ports: the seconds register before and
 * after, with the raw time around both looks.
 *
 * Looking is kept to a few milliseconds before each edge and ends with it, so
 * that the driver, which works just after the edge, has the processor and the
 * ports to itself. Needs one processor: with more, a look of ours could fall
 * between the driver's index and data.
 */
#ifndef TRUTH_H
#define TRUTH_H

#include "clock.h"

/* The edge into @second lies between @before and @after (raw ns). */
struct edge {
	s64 before, after;
	int second;	/* 0 to 59 */
};

/* The next edge, whenever in the next second it is; looks without a pause. */
int truth_acquire(struct edge *edge);
/* The same ahead of everybody else, the driver too, so that the edge is seen narrowly. */
int truth_acquire_first(struct edge *edge);
/* ... from the raw time @from on: with less than a second of waiting for it. */
int truth_after(s64 from, struct edge *edge);
/* How far off a set may be: so much in real time, where it may be held up. */
s64 truth_set_limit(s64 in_real_time);

/*
 * The edge a number of @seconds after @last, which it replaces. -ETIMEDOUT if
 * there is none where it should be, -EAGAIN if it was over before the first look:
 * then only @last->second and the extrapolated times are new.
 */
int truth_follow(struct edge *last, int seconds);

#endif
