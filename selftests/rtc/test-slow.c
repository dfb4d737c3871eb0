// SPDX-License-Identifier: GPL-2.0
/*
 * How soon a clock is known whose ports are slow, as a hypervisor's are: the bound ten
 * seconds after the driver took it, and the rate after a minute, against the true edges.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "phc.h"
#include "ports.h"
#include "truth.h"

#define LOCKED_S	10
#define BOUND_ACCESSES	2		/* an edge lies between two, ... */
#define BOUND_NS	600000		/* ... of 300 us each in a guest of a guest's */
#define ASK_MS		100

#define RATE_S		60
#define RATE_PPB	5000
#define EDGES_MAX	128
#define EDGES_S		120		/* the truth takes longer to be as exact */

/* All that the driver has learnt of the clock is gone; when it took it anew (raw ns). */
static int take_anew(struct clock *clock, s64 *begin)
{
	int err = clock_unbind(clock);

	if (err)
		return err;
	clock_close(clock);
	*begin = raw_ns();
	return clock_bind(clock);
}

/* Asks now and then until @until (raw ns); when it was locked first, and its last bound. */
static int ask_until(struct clock *clock, s64 until, s64 *locked, s64 *bound)
{
	struct answer a;
	int err;

	*locked = 0;
	do {
		err = phase_ask(clock, &a);
		if (err && err != -EAGAIN)
			return err;
		if (!err) {
			*locked = *locked ?: raw_ns();
			*bound = a.bound;
		}
		sleep_ms(ASK_MS);
	} while (raw_ns() < until);
	return *locked ? 0 : -EAGAIN;
}

static enum ktap_result locked_within_ten_seconds(struct clock *clock)
{
	s64 begin, locked, bound = 0, cost, good;
	int err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	cost = ports_cost();
	err = take_anew(clock, &begin);
	REQUIRE(!err, "unbind and bind: %s", strerror(-err));
	err = ask_until(clock, begin + LOCKED_S * SECOND_NS, &locked, &bound);
	ktap_comment("an access takes %lld us; locked after %.2f s, bound after %d s %lld us",
		     (long long)cost / 1000, locked ? (locked - begin) / 1e9 : -1.0, LOCKED_S,
		     (long long)bound / 1000);
	REQUIRE(!err, "not locked after %d s: %s", LOCKED_S, strerror(-err));
	good = BOUND_ACCESSES * cost > BOUND_NS ? BOUND_ACCESSES * cost : BOUND_NS;
	REQUIRE(bound <= good, "the bound is %lld ns, %d accesses take %lld", (long long)bound,
		BOUND_ACCESSES, (long long)good);
	return KTAP_PASS;
}

/* Edges that were seen, and at which second since the first one. */
struct edges {
	struct edge seen[EDGES_MAX];
	int at[EDGES_MAX], count;
};

static void keep(struct edges *e, const struct edge *edge, int second)
{
	if (e->count == EDGES_MAX)
		return;
	e->seen[e->count] = *edge;
	e->at[e->count++] = second;
}

/* A second of the clock takes no less and no more raw time than any two edges allow. */
static void rate_of(const struct edges *e, s64 *low_ppb, s64 *high_ppb)
{
	double least = 0, most = 2;
	int i, j;

	for (i = 0; i < e->count; i++) {
		for (j = i + 1; j < e->count; j++) {
			double span = (double)SECOND_NS * (e->at[j] - e->at[i]);
			double low = (e->seen[j].before - e->seen[i].after) / span;
			double high = (e->seen[j].after - e->seen[i].before) / span;

			least = low > least ? low : least;
			most = high < most ? high : most;
		}
	}
	*low_ppb = (1 / most - 1) * 1e9;
	*high_ppb = (1 / least - 1) * 1e9;
}

/* Follows the true edges for so many seconds more; who asks keeps the driver at it. */
static int follow(struct clock *clock, struct edges *e, struct edge *edge, int *second, int seconds)
{
	int end = *second + seconds, err = 0;
	struct answer a;

	while (*second < end && !err) {
		phase_ask(clock, &a);
		err = truth_follow(edge, 1);
		++*second;
		if (!err)
			keep(e, edge, *second);
		else if (err == -EAGAIN)
			err = 0;
	}
	return err;
}

static enum ktap_result the_rate_within_a_minute(struct clock *clock)
{
	static struct edges e;
	s64 begin, ppb, low, high;
	struct edge edge;
	int second = 0, err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	err = take_anew(clock, &begin);
	REQUIRE(!err, "unbind and bind: %s", strerror(-err));
	err = truth_acquire(&edge);
	REQUIRE(!err, "no true edge: %s", strerror(-err));
	keep(&e, &edge, 0);
	err = follow(clock, &e, &edge, &second, RATE_S);
	ppb = phase_value(clock, "freq_ppb");
	if (!err)
		err = follow(clock, &e, &edge, &second, EDGES_S - RATE_S);
	REQUIRE(!err, "no true edge after second %d: %s", second, strerror(-err));
	rate_of(&e, &low, &high);
	ktap_comment("rate after %d s: %lld ppb; by %d true edges %lld to %lld", RATE_S,
		     (long long)ppb, e.count, (long long)low, (long long)high);
	REQUIRE(low <= high, "the true edges are at no steady rate");
	REQUIRE(ppb >= low - RATE_PPB && ppb <= high + RATE_PPB, "%lld ppb, not %lld to %lld",
		(long long)ppb, (long long)low, (long long)high);
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "locked within ten seconds", locked_within_ten_seconds },
	{ "the rate within a minute", the_rate_within_a_minute },
};

KTAP_MAIN(tests)
