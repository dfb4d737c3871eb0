// SPDX-License-Identifier: GPL-2.0
/* What happened that the driver was not told of. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "world/journal.h"
#include "world/task.h"

#define ENTRIES		4096
#define RATE_JUMP_PPB	1000	/* more may look like a jump after a while */
#define STRETCH_NS	1000000000LL	/* from edge to edge: what a rate is measured over */
#define PRINTED		6

/* At true ns @when the chip went ahead of the raw clock by @ns, or faster by @ppb from then on. */
struct entry {
	s64 when, ns, ppb;
	const char *what;
	bool of_chip;	/* it is the chip that jumped */
};

bool journal_aloud;

static struct entry entries[ENTRIES];
static unsigned int count;

void journal_tell(const char *fmt, ...)
{
	va_list args;

	if (!journal_aloud)
		return;
	fprintf(stderr, "%.6f ", now * 1e-9);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

void journal_init(void)
{
	count = 0;
}

void journal_jump(const char *what, s64 ns, bool of_chip)
{
	entries[count++ % ENTRIES] = (struct entry){
		.when = now, .ns = ns, .what = what, .of_chip = of_chip,
	};
	journal_tell("%s by %.9f s", what, ns * 1e-9);
}

void journal_rate(s64 ppb)
{
	entries[count++ % ENTRIES] = (struct entry){
		.when = now, .ppb = ppb, .what = "rate changed",
	};
	journal_tell("rate changed by %lld ppb", (long long)ppb);
}

/* The @i-th before the latest, or NULL. */
static const struct entry *back(unsigned int i)
{
	return i < count && i < ENTRIES ? &entries[(count - 1 - i) % ENTRIES] : NULL;
}

static s64 effect(const struct entry *e, s64 t)
{
	return llabs(e->ns) + (s64)((double)llabs(e->ppb) * (t - e->when) * 1e-9);
}

/*
 * How far off, at @t and at most, who knew all until @since and nothing after that; ns. Of a rate
 * that changed in the second before that its mean has shown a part alone.
 */
s64 journal_excuses(s64 t, s64 since)
{
	const struct entry *e;
	s64 sum = 0;
	unsigned int i;

	for (i = 0; (e = back(i)) && e->when >= since - STRETCH_NS; i++)
		if (e->when <= t && (e->ppb || e->when >= since))
			sum += effect(e, t);
	return sum;
}

/* How long before @t that lies which explains an error; ns. NEVER: nothing does. */
s64 journal_age(s64 t, s64 error)
{
	const struct entry *e;
	s64 sum = 0;
	unsigned int i;

	for (i = 0; (e = back(i)); i++) {
		if (e->when > t)
			continue;
		sum += effect(e, t);
		if (sum >= error)
			return t - e->when;
	}
	return NEVER;
}

/* Anything since then that may be taken for a step. */
bool journal_jumped(s64 since)
{
	const struct entry *e;
	s64 ppb = 0;
	unsigned int i;

	for (i = 0; (e = back(i)) && e->when >= since; i++) {
		ppb += llabs(e->ppb);
		if (e->ns || ppb > RATE_JUMP_PPB)
			return true;
	}
	return false;
}

/* By how much the chip and the raw clock jumped since then, all together. */
s64 journal_moved(s64 since)
{
	const struct entry *e;
	unsigned int i;
	s64 sum = 0;

	for (i = 0; (e = back(i)) && e->when >= since; i++)
		sum += e->ns < 0 ? -e->ns : e->ns;
	return sum;
}

/* Anything since then that changed what the chip shows. */
bool journal_chip_changed(s64 since)
{
	const struct entry *e;
	unsigned int i;

	for (i = 0; (e = back(i)) && e->when >= since; i++)
		if (e->of_chip)
			return true;
	return false;
}

void journal_print(s64 t)
{
	const struct entry *e;
	unsigned int i;

	for (i = 0; i < PRINTED && (e = back(i)); i++)
		fprintf(stderr, "#   %.6f s before: %s, %lld ns, %lld ppb\n",
			(t - e->when) * 1e-9, e->what, (long long)e->ns, (long long)e->ppb);
}
