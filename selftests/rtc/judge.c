// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "judge.h"
#include "ktap.h"
#include "truth.h"

#define PER_SECOND	10
#define GAP_MAX		8		/* seconds without an edge that a busy machine may hide */
#define LOST_MAX	60		/* ... in a row, before it is too busy to judge at all */
#define READINGS	8		/* of both clocks; the narrowest serves */
#define NARROW_NS	100000		/* a truth to judge by: the driver may sample the same edge */

/* An edge on the system's clock. */
struct real_edge {
	s64 before, after;
	int second;
	bool seen;	/* and so narrowly that it can be judged by */
};

/* The system's time minus the raw one lies within @slack below the result. */
static s64 real_minus_raw(s64 *slack)
{
	s64 best = 0;
	int i;

	*slack = INT64_MAX;
	for (i = 0; i < READINGS; i++) {
		s64 raw = raw_ns(), real = real_ns(), took = raw_ns() - raw;

		if (took < *slack) {
			*slack = took;
			best = real - raw;
		}
	}
	return best;
}

/* The raw times of an edge on the system's clock, which nobody steers in a test. */
static void to_real(const struct edge *edge, bool seen, struct real_edge *real)
{
	s64 slack, offset = real_minus_raw(&slack);

	*real = (struct real_edge){ edge->before + offset - slack, edge->after + offset,
				    edge->second };
	real->seen = seen && real->after - real->before <= NARROW_NS;
}

/* Answers between two edges, @seconds apart. */
struct between {
	struct real_edge from, to;
	int seconds, count;
	struct answer answers[PER_SECOND * GAP_MAX];
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
			ktap_comment("%lld ns outside: error %lld, bound %lld", (long long)over,
				     (long long)error, (long long)a->bound);
			j->outside++;
		}
		j->errors[j->count] = llabs(error);
		j->bounds[j->count++] = a->bound;
	}
}

static int compare(const void *a, const void *b)
{
	s64 left = *(const s64 *)a, right = *(const s64 *)b;

	return left < right ? -1 : left > right;
}

static void print_median(const char *what, const char *of, s64 *values, int n)
{
	qsort(values, n, sizeof(*values), compare);
	ktap_comment("%s: %s of %d: median %.1f max %.1f us", what, of, n, values[n / 2] / 1e3,
		     values[n - 1] / 1e3);
}

void judge_print(struct judged *j, const char *what)
{
	print_median(what, "error", j->errors, j->count);
	print_median(what, "bound", j->bounds, j->count);
}

/* Answers at random moments of one second. */
static int ask_for_a_second(struct clock *clock, int fd, struct between *b)
{
	int i, err;

	for (i = 0; i < PER_SECOND; i++) {
		struct answer *a = &b->answers[b->count];

		err = i % 2 ? phase_ask(clock, a) : phc_ask(clock, fd, a);
		if (err && err != -EAGAIN)
			return err;
		b->count += !err;
		usleep(rand() % (800000 / PER_SECOND));
	}
	return 0;
}

int judge_wanted(int usual)
{
	const char *wanted = getenv("PHC_ANSWERS");
	int n = wanted ? atoi(wanted) : usual;

	return n < JUDGED_MAX - PER_SECOND ? n : JUDGED_MAX - PER_SECOND;
}

/* Ahead of the load, but behind whatever of the driver's claims to be urgent. */
static int urgent(bool yes)
{
	struct sched_param param = { .sched_priority = yes };

	return sched_setscheduler(0, yes ? SCHED_FIFO : SCHED_OTHER, &param) ? -errno : 0;
}

/* The first edge that is seen well: the later ones are looked for by it. */
static int first_edge(struct edge *edge, struct real_edge *real)
{
	int i, err = urgent(true);

	real->seen = false;
	for (i = 0; !err && !real->seen && i < LOST_MAX; i++) {
		err = truth_acquire(edge);
		to_real(edge, !err, real);
	}
	urgent(false);
	return err;
}

/* A second later. */
static int next_edge(struct edge *edge, struct real_edge *real)
{
	int err = urgent(true);

	if (err)
		return err;
	err = truth_follow(edge, 1);
	to_real(edge, !err, real);
	urgent(false);
	return err == -EAGAIN ? 0 : err;
}

int judge_answers(struct clock *clock, int fd, int wanted, struct judged *j)
{
	struct between b = { .seconds = GAP_MAX };
	struct edge edge;
	int lost = 0, err = first_edge(&edge, &b.to);

	while (!err && j->count < wanted && lost < LOST_MAX) {
		if (b.seconds == GAP_MAX || b.to.seen) {
			b.from = b.to;
			b.seconds = b.count = 0;
		}
		err = ask_for_a_second(clock, fd, &b);
		if (!err)
			err = next_edge(&edge, &b.to);
		b.seconds++;
		lost = b.to.seen ? 0 : lost + 1;
		if (!err && b.from.seen && b.to.seen)
			judge(j, &b);
	}
	return lost < LOST_MAX ? err : -EAGAIN;
}
