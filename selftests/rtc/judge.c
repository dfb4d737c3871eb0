// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "judge.h"
#include "ktap.h"
#include "ports.h"
#include "spread.h"
#include "truth.h"

#define WHILE_US	2500000		/* answers are asked for between two edges ... */
#define PER_WHILE	30		/* ... so many */
#define GAP_MAX		15		/* seconds without an edge that a busy machine may hide */
#define ANSWERS_MAX	(6 * PER_WHILE)
#define AHEAD_NS	50000000	/* an edge nearer than this is left out */
#define LOST_MAX	60		/* ... in a row, before it is too busy to judge at all */
#define ACQUIRE_US	300000
#define NARROW_NS	100000		/* a truth to judge by */
#define NARROW_ACCESSES	5		/* ... or what so many accesses take: an edge lies between two */

/* An edge on the system's clock. */
struct real_edge {
	s64 before, after;
	int second;
	bool seen;	/* and so narrowly that it can be judged by */
};

static s64 narrow_enough(void)
{
	static s64 ns;

	if (!ns)
		ns = NARROW_ACCESSES * ports_cost();
	return ns > NARROW_NS ? ns : NARROW_NS;
}

bool judge_can_use(const struct edge *edge)
{
	return edge->after - edge->before <= narrow_enough();
}

/* The raw times of an edge on the system's clock, which nobody steers in a test. */
static void to_real(const struct edge *edge, bool seen, struct real_edge *real)
{
	s64 slack, offset = real_minus_raw(&slack);

	*real = (struct real_edge){ edge->before + offset - slack, edge->after + offset + slack,
				    edge->second };
	real->seen = seen && real->after - real->before <= narrow_enough();
}

/* Answers between two edges, @seconds apart. */
struct between {
	struct real_edge from, to;
	int seconds, count;
	struct answer answers[ANSWERS_MAX];
};

/* How far outside its bound an answer between two edges is; 0 or less is inside. */
static s64 outside(const struct between *b, const struct answer *a, s64 *error)
{
	const struct real_edge *from = &b->from, *to = &b->to;
	double second = (double)(to->before - from->before) / b->seconds;
	s64 low = (a->real - from->after) * (SECOND_NS / second);
	s64 high = (a->real - from->before) * (SECOND_NS / second);
	s64 width = (to->after - to->before) + (from->after - from->before);
	s64 said = a->rtc - a->rtc / (60 * SECOND_NS) * (60 * SECOND_NS) - from->second * SECOND_NS;

	*error = said - (low + high) / 2;
	if (*error > 30 * SECOND_NS)
		*error -= 60 * SECOND_NS;
	if (*error < -30 * SECOND_NS)
		*error += 60 * SECOND_NS;
	return llabs(*error) - a->bound - width;
}

static void judge(struct judged *j, const struct between *b)
{
	s64 error;
	int i;

	for (i = 0; i < b->count && j->count < JUDGED_MAX; i++) {
		const struct answer *a = &b->answers[i];
		s64 over = outside(b, a, &error);

		if (over > 0) {
			ktap_comment("%lld ns outside%s: error %lld, bound %lld", (long long)over,
				     a->coasting ? " while coasting" : "", (long long)error,
				     (long long)a->bound);
			j->outside += !a->coasting;
			j->coasting_outside += a->coasting;
		}
		j->coasting += a->coasting;
		j->errors[j->count] = llabs(error);
		j->bounds[j->count++] = a->bound;
	}
}

void judge_print(struct judged *j, const char *what)
{
	char name[80];

	snprintf(name, sizeof(name), "%s: error", what);
	spread_print(name, j->errors, j->count);
	snprintf(name, sizeof(name), "%s: bound", what);
	spread_print(name, j->bounds, j->count);
}

/* Answers at random moments of some seconds, whose edges are left to the driver. */
static int ask_for_a_while(struct clock *clock, int fd, struct between *b)
{
	int i, err;

	for (i = 0; i < PER_WHILE && b->count < ANSWERS_MAX; i++) {
		struct answer *a = &b->answers[b->count];

		if (fd < 0)
			err = phase_ask_any(clock, a);
		else
			err = i % 2 ? phase_ask(clock, a) : phc_ask(clock, fd, a);
		if (err && err != -EAGAIN)
			return err;
		b->count += !err;
		usleep(rand() % (2 * WHILE_US / PER_WHILE));
	}
	return 0;
}

int judge_wanted(int usual)
{
	const char *wanted = getenv("PHC_ANSWERS");
	int n = wanted ? atoi(wanted) : usual;

	return n < JUDGED_MAX ? n : JUDGED_MAX;
}

/*
 * The first edge that is seen well: the later ones are looked for by it. Whoever is
 * urgent for nearly a second is held up for the rest of it, and may miss the edge: the
 * next one is waited for from a later moment on. A set under way would be held up by that,
 * and move the edges afterwards.
 */
static int first_edge(struct clock *clock, struct edge *edge, struct real_edge *real)
{
	int i, err = clock_settle(clock);

	real->seen = false;
	for (i = 0; !err && !real->seen && i < LOST_MAX; i++) {
		usleep(ACQUIRE_US + rand() % ACQUIRE_US);
		err = truth_acquire_first(edge);
		to_real(edge, !err, real);
		if (err == -ETIMEDOUT)
			err = 0;
	}
	return err || real->seen ? err : -EAGAIN;
}

/* One that is surely still to come; the result is by how many seconds, or an errno. */
static int next_edge(struct edge *edge, struct real_edge *real)
{
	int seconds = (raw_ns() + AHEAD_NS - edge->after) / SECOND_NS + 1, err = be_urgent(true);

	if (err)
		return err;
	err = truth_follow(edge, seconds);
	to_real(edge, !err, real);
	be_urgent(false);
	return err && err != -EAGAIN ? err : seconds;
}

int judge_answers(struct clock *clock, int fd, int wanted, struct judged *j)
{
	struct between b = { .seconds = GAP_MAX };
	struct edge edge;
	int lost = 0, err = first_edge(clock, &edge, &b.to);

	while (!err && j->count < wanted && lost < LOST_MAX) {
		if (b.seconds >= GAP_MAX || b.to.seen) {
			b.from = b.to;
			b.seconds = b.count = 0;
		}
		err = ask_for_a_while(clock, fd, &b);
		if (!err)
			err = next_edge(&edge, &b.to);
		if (err < 0)
			break;
		b.seconds += err;
		err = 0;
		lost = b.to.seen ? 0 : lost + 1;
		if (b.from.seen && b.to.seen)
			judge(j, &b);
	}
	return lost < LOST_MAX ? err : -EAGAIN;
}

int judge_after(struct clock *clock, const struct edge *first, struct judged *j)
{
	struct between b = { .seconds = 0 };
	struct edge edge = *first;
	int seconds = 0, err;

	to_real(&edge, true, &b.from);
	err = ask_for_a_while(clock, -1, &b);
	while (!err && !b.to.seen && b.seconds < LOST_MAX) {
		seconds = next_edge(&edge, &b.to);
		err = seconds < 0 ? seconds : 0;
		b.seconds += seconds;
	}
	if (!err && b.to.seen)
		judge(j, &b);
	return err ?: b.to.seen ? 0 : -EAGAIN;
}

int judge_offset(struct clock *clock, s64 *offset, s64 *slack)
{
	struct real_edge real;
	struct edge edge;
	s64 sec;
	int err = first_edge(clock, &edge, &real);

	if (!err)
		err = ports_time(&sec);
	if (err)
		return err;
	sec -= (sec - edge.second) % 60;
	*offset = sec * SECOND_NS - (real.before / 2 + real.after / 2);
	*slack = (real.after - real.before) / 2 + 1;
	return 0;
}
