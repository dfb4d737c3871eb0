// SPDX-License-Identifier: GPL-2.0
/* What came of a run: counted, added up over runs, and shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "score.h"

struct score score;

static s64 kept(const struct series *s)
{
	return s->count < SCORE_KEPT ? s->count : SCORE_KEPT;
}

static void keep(struct series *s, s64 ns)
{
	s64 i = s->count < SCORE_KEPT ? s->count : SCORE_KEPT - 1;

	if (s->count < SCORE_KEPT || s->kept[i] < ns)
		s->kept[i] = ns;
	s->count++;
}

static void keep_all(struct series *sum, const struct series *more)
{
	s64 i;

	for (i = 0; i < kept(more); i++)
		keep(sum, more->kept[i]);
	sum->count += more->count - kept(more);
}

void score_residual(s64 ns)
{
	keep(&score.residual, ns < 0 ? -ns : ns);
}

/* In order, the most frequent first; what does not fit is left out. */
static void find(struct score *s, const char *conduct, s64 boots)
{
	struct finding *f = s->findings, swap;
	int i;

	for (i = 0; i < SCORE_CONDUCTS - 1 && f[i].boots && strcmp(f[i].conduct, conduct); i++)
		;
	if (!f[i].boots)
		strcpy(f[i].conduct, conduct);
	else if (strcmp(f[i].conduct, conduct))
		return;
	f[i].boots += boots;
	for (; i && f[i].boots > f[i - 1].boots; i--) {
		swap = f[i];
		f[i] = f[i - 1];
		f[i - 1] = swap;
	}
}

void score_found(s64 ns, const char *conduct)
{
	keep(&score.found, ns);
	find(&score, conduct, 1);
}

void score_add(struct score *sum, const struct score *more)
{
	int i;

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
	keep_all(&sum->residual, &more->residual);
	keep_all(&sum->found, &more->found);
	for (i = 0; i < SCORE_CONDUCTS && more->findings[i].boots; i++)
		find(sum, more->findings[i].conduct, more->findings[i].boots);
	sum->bad_sets += more->bad_sets;
	sum->crashes += more->crashes;
	sum->bad_crashes += more->bad_crashes;
	sum->warnings += more->warnings;
	sum->accesses += more->accesses;
	sum->virtual_ns += more->virtual_ns;
	sum->locked += more->locked;
}

/* What was told and is not so. */
s64 score_wrong(const struct score *s)
{
	return s->wrong + s->wrong_reads;
}

/* Nothing of this may ever be. */
s64 score_faults(const struct score *s)
{
	return score_wrong(s) + s->false_steps + s->bad_sets + s->bad_crashes + s->warnings;
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

/* The median and the worst. */
static void ends(const struct series *s, char *median, char *worst)
{
	static s64 sorted[SCORE_KEPT];
	s64 n = kept(s);

	strcpy(median, "-");
	strcpy(worst, "-");
	if (!n)
		return;
	memcpy(sorted, s->kept, sizeof(sorted));
	qsort(sorted, n, sizeof(sorted[0]), compare);
	span(median, sorted[n / 2]);
	span(worst, sorted[n - 1]);
}

void score_title(void)
{
	printf("# %-17s| %-28s| %-23s| %-8s| %-10s| %-36s| %-20s| %s\n", "", "readings",
	       "bounds that do not hold", "dates", "steps", "sets: residual", "conduct found after",
	       "crashes");
	printf("# %-17s| %9s %8s %9s| %6s %6s %9s| %8s| %4s %5s| %6s %9s %9s %9s| %9s %10s| %6s %5s\n",
	       "profile", "answered", "refused", "locked", "false", "unseen", "worst age", "wrong",
	       "all", "false", "sets", "median", "worst", "not right", "median", "worst", "all",
	       "wrong");
}

static void row_of_answers(const char *name, const struct score *s)
{
	char age[24];

	printf("# %-17s| %9lld %8lld %8.1f%%| %6lld %6lld %9s| %8lld| %4lld %5lld|", name,
	       (long long)(s->answers + s->reads), (long long)s->refused,
	       s->answers ? 100.0 * s->locked / s->answers : 0.0, (long long)s->wrong,
	       (long long)s->unseeable, span(age, s->worst_age), (long long)s->wrong_reads,
	       (long long)s->steps, (long long)s->false_steps);
}

static void row_of_sets(const struct score *s)
{
	char median[24], worst[24];

	ends(&s->residual, median, worst);
	printf(" %6lld %9s %9s %9lld|", (long long)s->residual.count, median, worst,
	       (long long)s->bad_sets);
	ends(&s->found, median, worst);
	printf(" %9s %10s| %6lld %5lld\n", median, worst, (long long)s->crashes,
	       (long long)s->bad_crashes);
}

void score_row(const char *name, const struct score *s)
{
	int i;

	row_of_answers(name, s);
	row_of_sets(s);
	for (i = 0; i < SCORE_CONDUCTS && s->findings[i].boots; i++)
		printf("#   known as %s: %lld boots\n", s->findings[i].conduct,
		       (long long)s->findings[i].boots);
}
