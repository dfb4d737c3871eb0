// SPDX-License-Identifier: GPL-2.0
/* What came of a run: counted, added up over runs, and shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "score.h"

struct score score;

/* The first so many are kept; the worst always. */
static void keep(struct score *s, s64 ns)
{
	s64 i = s->sets < SCORE_RESIDUALS ? s->sets : SCORE_RESIDUALS - 1;

	if (s->sets < SCORE_RESIDUALS || s->residual[i] < ns)
		s->residual[i] = ns;
	s->sets++;
}

void score_residual(s64 ns)
{
	keep(&score, ns < 0 ? -ns : ns);
}

static s64 kept(const struct score *s)
{
	return s->sets < SCORE_RESIDUALS ? s->sets : SCORE_RESIDUALS;
}

void score_add(struct score *sum, const struct score *more)
{
	s64 i, extra = more->sets - kept(more);

	sum->answers += more->answers;
	sum->reads += more->reads;
	sum->refused += more->refused;
	sum->wrong += more->wrong;
	sum->unseeable += more->unseeable;
	if (sum->worst_age < more->worst_age)
		sum->worst_age = more->worst_age;
	sum->as_set += more->as_set;
	sum->wrong_reads += more->wrong_reads;
	sum->false_steps += more->false_steps;
	sum->steps += more->steps;
	sum->ticks += more->ticks;
	for (i = 0; i < kept(more); i++)
		keep(sum, more->residual[i]);
	sum->sets += extra;
	sum->bad_sets += more->bad_sets;
	sum->crashes += more->crashes;
	sum->bad_crashes += more->bad_crashes;
	sum->warnings += more->warnings;
	sum->accesses += more->accesses;
	sum->virtual_ns += more->virtual_ns;
	sum->locked += more->locked;
	if (sum->conduct_ns <= more->conduct_ns) {
		sum->conduct_ns = more->conduct_ns;
		strcpy(sum->conduct, more->conduct);
	}
}

/* Nothing of this may ever be. */
s64 score_faults(const struct score *s)
{
	return s->wrong + s->wrong_reads + s->false_steps + s->bad_sets + s->bad_crashes +
	       s->warnings;
}

static int compare(const void *a, const void *b)
{
	s64 x = *(const s64 *)a, y = *(const s64 *)b;

	return x < y ? -1 : x > y;
}

/* 12 us, 3.4 ms, 0.500 s */
static const char *span(char *buf, s64 ns)
{
	if (ns < 1000000)
		sprintf(buf, "%.1f us", ns * 1e-3);
	else if (ns < 100000000)
		sprintf(buf, "%.1f ms", ns * 1e-6);
	else
		sprintf(buf, "%.3f s", ns * 1e-9);
	return buf;
}

void score_title(void)
{
	printf("# %-18s %9s %8s %7s %6s %6s %9s %7s %6s %6s %6s %10s %10s %6s %6s\n", "profile",
	       "readings", "refused", "locked", "wrong", "unseen", "worst age", "w.reads",
	       "steps", "false", "sets", "median", "worst", "bad", "crash");
}

void score_row(const char *name, const struct score *s)
{
	static s64 sorted[SCORE_RESIDUALS];
	s64 n = kept(s), all = s->answers + s->reads;
	char age[24], median[24] = "-", worst[24] = "-";

	memcpy(sorted, s->residual, sizeof(sorted));
	qsort(sorted, n, sizeof(sorted[0]), compare);
	if (n) {
		span(median, sorted[n / 2]);
		span(worst, sorted[n - 1]);
	}
	printf("# %-18s %9lld %8lld %6.1f%% %6lld %6lld %9s %7lld %6lld %6lld %6lld %10s %10s %6lld %3lld/%lld\n",
	       name, (long long)all, (long long)s->refused,
	       s->answers ? 100.0 * s->locked / s->answers : 0.0, (long long)s->wrong,
	       (long long)s->unseeable, span(age, s->worst_age), (long long)s->wrong_reads,
	       (long long)s->steps, (long long)s->false_steps, (long long)s->sets, median, worst,
	       (long long)s->bad_sets, (long long)s->bad_crashes, (long long)s->crashes);
	if (s->conduct[0]) {
		printf("#   %lld accesses, %.0f s\n", (long long)s->accesses, s->virtual_ns * 1e-9);
		printf("#   conduct, after %.1f s: %s\n", s->conduct_ns * 1e-9, s->conduct);
	}
}
