// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <time.h>

#include "ports.h"
#include "truth.h"

#define LEAD_NS		(8 * 1000000LL)		/* look this long before an edge ... */
#define LAG_NS		(20 * 1000000LL)	/* ... and at most this long after it */
#define LEAD_ACCESSES	60			/* and at least as long as these take */
#define EXACT_NS	50000	/* a set is off by less, where nothing comes late */

/* BCD and binary alike. */
static int decode(uint8_t b, uint8_t byte)
{
	int value = b & B_DM ? byte : (byte >> 4) * 10 + (byte & 15);

	return value > 59 || (!(b & B_DM) && (byte & 15) > 9) ? -1 : value;
}

/* One look at the seconds and the raw time just before and after it. */
struct look {
	s64 begin, end;
	int second;	/* -1: torn */
};

static struct look look(uint8_t b)
{
	struct look l;

	l.begin = raw_ns();
	l.second = decode(b, ports_read_once(REG_SECONDS));
	l.end = raw_ns();
	return l;
}

/*
 * Looks until the second after @old begins. A reading that is neither that nor
 * @old was torn, and so may one be that is: it must be seen twice.
 */
static int watch(uint8_t b, int old, s64 give_up, struct edge *edge)
{
	int next = (old + 1) % 60;
	bool seen_old = false;

	for (;;) {
		struct look l = look(b);

		if (l.second == next && look(b).second == next) {
			edge->after = l.end;
			edge->second = next;
			return seen_old ? 0 : -EAGAIN;
		}
		if (l.second == old) {
			edge->before = l.begin;
			seen_old = true;
		}
		/* Woken so late that it is over, with the one after it. */
		if (l.begin > give_up)
			return seen_old || l.second < 0 ? -ETIMEDOUT : -EAGAIN;
	}
}

static int stable_second(uint8_t b)
{
	struct look first, second;

	do {
		first = look(b);
		second = look(b);
	} while (first.second < 0 || first.second != second.second);
	return first.second;
}

int truth_acquire(struct edge *edge)
{
	uint8_t b = ports_read(REG_B);
	int err;

	do
		err = watch(b, stable_second(b), raw_ns() + 2 * SECOND_NS, edge);
	while (err == -EAGAIN);
	return err;
}

/* The raw clock cannot be slept on; it drifts little in a few seconds. */
static void sleep_until_raw(s64 when)
{
	s64 left = when - raw_ns();
	struct timespec ts = { left / SECOND_NS, left % SECOND_NS };

	if (left > 0)
		nanosleep(&ts, NULL);
}

int truth_acquire_first(struct edge *edge)
{
	int err = be_urgent(true);

	if (err)
		return err;
	err = truth_acquire(edge);
	be_urgent(false);
	return err;
}

int truth_after(s64 from, struct edge *edge)
{
	sleep_until_raw(from);
	return truth_acquire_first(edge);
}

s64 truth_set_limit(s64 in_real_time)
{
	return time_is_counted() ? EXACT_NS : in_real_time;
}

int truth_follow(struct edge *last, int seconds)
{
	s64 expected = last->after + seconds * SECOND_NS, slow = LEAD_ACCESSES * ports_cost();
	int old = (last->second + seconds + 59) % 60;
	uint8_t b;
	int err;

	sleep_until_raw(expected - (slow > LEAD_NS ? slow : LEAD_NS));
	b = ports_read(REG_B);
	err = watch(b, old, expected + LAG_NS, last);
	if (err == -EAGAIN) {
		last->before += seconds * SECOND_NS;
		last->after = last->before;
		last->second = (old + 1) % 60;
	}
	return err;
}
