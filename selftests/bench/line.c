// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sched.h>

#include "../rtc/ports.h"
#include "line.h"
#include "sample.h"

#define SHARP_NS	50000	/* an undisturbed look takes less than a microsecond */
#define MARK_TRIES	10
#define JUDGED_NS	100000

s64 mark_width(const struct mark *mark)
{
	return mark->edge.after - mark->edge.before;
}

static s64 middle(const struct mark *mark)
{
	return mark->edge.before + mark_width(mark) / 2;
}

/*
 * Ahead of all other threads: a driver that samples the same edge would hide it. Only
 * for the few milliseconds around an edge that is known to come.
 */
static int follow(struct edge *edge)
{
	struct sched_param fifo = { .sched_priority = sched_get_priority_max(SCHED_FIFO) };
	struct sched_param other = { 0 };
	int err;

	if (sched_setscheduler(0, SCHED_FIFO, &fifo))
		return -errno;
	err = truth_follow(edge, 1);
	return sched_setscheduler(0, SCHED_OTHER, &other) ? -errno : err;
}

/* The date is read after the edge: with a pause in between it is a later second's. */
static int date(struct mark *mark)
{
	int err = ports_time(&mark->second);

	return err ? err : mark->second % 60 == mark->edge.second ? 0 : -EAGAIN;
}

int line_mark(struct mark *mark)
{
	struct mark next;
	int err = truth_acquire(&next.edge);

	if (err)
		return err;
	*mark = next;
	err = date(mark);
	for (int i = 1; i < MARK_TRIES && (err || mark_width(mark) > SHARP_NS); i++) {
		if (follow(&next.edge) || date(&next))
			continue;
		if (!err && mark_width(&next) >= mark_width(mark))
			continue;
		*mark = next;
		err = 0;
	}
	return err;
}

bool mark_judges(const struct mark *mark)
{
	bool sharp = mark_width(mark) <= JUDGED_NS;

	sample("truth_ns", NO_TOOL, mark_width(mark));
	sample("truth_hidden", NO_TOOL, !sharp);
	return sharp;
}

bool line_judges(const struct line *line)
{
	bool from = mark_judges(&line->from), to = mark_judges(&line->to);

	return from && to;
}

int line_begin(struct line *line)
{
	return line_mark(&line->from);
}

int line_end(struct line *line)
{
	return line_mark(&line->to);
}

s64 line_at(const struct line *line, s64 raw)
{
	double span_s = line->to.second - line->from.second;
	double span_ns = middle(&line->to) - middle(&line->from);

	return line->from.second * SECOND_NS +
	       (s64)((raw - middle(&line->from)) * (span_s * SECOND_NS / span_ns));
}

s64 mark_offset(const struct mark *mark)
{
	return mark->second * SECOND_NS - (middle(mark) + real_minus_raw(NULL));
}
