/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The true time of the clock: a line through two true edges, seen through the
 * ports before and after what is measured, so that looking disturbs nothing.
 */
#ifndef LINE_H
#define LINE_H

#include "../rtc/truth.h"

struct mark {
	struct edge edge;	/* raw ns */
	s64 second;		/* that begins with it, since 1970 */
};

struct line {
	struct mark from, to;
};

/* The next edge that can be seen sharply, of ten the sharpest: up to ten seconds. Needs ports_open(). */
int line_mark(struct mark *mark);

/* Each takes one edge; in between the clock must not be set. */
int line_begin(struct line *line);
int line_end(struct line *line);

/* What the clock showed at a raw time, in ns since 1970. */
s64 line_at(const struct line *line, s64 raw);

/* The clock minus CLOCK_REALTIME at an edge; and how long it took to see that. */
s64 mark_offset(const struct mark *mark);
s64 mark_width(const struct mark *mark);

/*
 * Whether these edges are sharp enough to judge by; says so in the samples, too: a
 * machine that is busy elsewhere may hide them.
 */
bool mark_judges(const struct mark *mark);
bool line_judges(const struct line *line);

#endif
