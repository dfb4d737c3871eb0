// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge.h"
#include "ports.h"
#include "step.h"

#define NOTICED_NS	(60 * SECOND_NS)	/* of our time, until it has happened at all */
#define LOCK_NS		(10 * SECOND_NS)	/* measured is 1 s */
#define ANSWERS		20
#define ASKS		10
#define PAUSE_MS	5

/* Never more than a second from what the registers showed before and after it. */
static bool holds_the_second(const struct answer *a, s64 before, s64 after)
{
	return a->rtc + a->bound >= before * SECOND_NS &&
	       a->rtc - a->bound <= (after + 1) * SECOND_NS;
}

/*
 * Asks the PTP clock and phase/ in turn, each answer held between two readings of the
 * registers. 1: right; 0: none, the phase is not known.
 */
static int ask(struct clock *clock, int fd, int turn)
{
	struct answer a;
	s64 before, after;
	int err, unknown;

	err = ports_time(&before);
	unknown = turn % 2 ? phase_ask(clock, &a) : phc_ask(clock, fd, &a);
	if (!err)
		err = ports_time(&after);
	if (err)
		return err;
	if (unknown)
		return unknown == -EAGAIN ? 0 : unknown;
	/* Stepped in between: there is nothing to hold the answer against. */
	if (llabs(after - before) > 1)
		return 0;
	if (holds_the_second(&a, before, after))
		return 1;
	ktap_comment("%lld +/- %lld ns between %lld and %lld s", (long long)a.rtc,
		     (long long)a.bound, (long long)before, (long long)after);
	return -ERANGE;
}

/*
 * Until the clock has left where it was; @far: by how many seconds; @since: when it
 * surely still was there.
 */
static int wait_for_it(struct clock *clock, int fd, s64 limit, s64 was, s64 *far, s64 *since)
{
	s64 until = raw_ns() + limit, now, looked = raw_ns();
	int i, err;

	for (i = 0; raw_ns() < until; i++) {
		*since = looked;
		err = ask(clock, fd, i);
		if (err < 0)
			return err;
		looked = raw_ns();
		err = ports_lead(&now);
		if (err)
			return err;
		*far = now - was;
		if (llabs(*far) > 1)
			return 0;
		sleep_ms(PAUSE_MS);
	}
	return -ETIMEDOUT;
}

static int wait_for_lock(struct clock *clock, int fd, s64 limit, s64 since)
{
	int i, right = 0;

	for (i = 0; !right && raw_ns() - since < limit; i++)
		right = ask(clock, fd, i);
	return right < 0 ? right : right ? 0 : -ETIMEDOUT;
}

static enum ktap_result judge_now(struct clock *clock, int fd)
{
	static struct judged j;
	int err;

	memset(&j, 0, sizeof(j));
	err = judge_answers(clock, fd, ANSWERS, &j);
	REQUIRE(!err, "%s, with %d answers judged", strerror(-err), j.count);
	judge_print(&j, "afterwards");
	REQUIRE(!j.outside, "%d of %d answers outside their bound", j.outside, j.count);
	return KTAP_PASS;
}

static enum ktap_result survive(struct clock *clock, int fd, int (*provoke)(struct clock *clock),
				int patience)
{
	unsigned long long before, after;
	s64 was, far, since;
	struct answer a;
	int i, err;

	/* The next edge locks it, which a busy machine may hide. */
	for (i = 0, err = -EAGAIN; err && i < ASKS; i++)
		err = clock_settle(clock) ?: phase_ask(clock, &a);
	REQUIRE(!err, "not locked to begin with: %s", strerror(-err));
	clock_counter(clock, "steps", &before);
	REQUIRE(!ports_lead(&was), "no time in the registers");
	err = provoke(clock);
	REQUIRE(!err, "cannot have it stepped: %s", strerror(-err));
	err = wait_for_it(clock, fd, patience * NOTICED_NS, was, &far, &since);
	REQUIRE(!err, "before the clock was seen to be stepped: %s", strerror(-err));
	err = wait_for_lock(clock, fd, patience * LOCK_NS, since);
	ktap_comment("the clock leads by %lld s more; locked again at most %.0f ms later",
		     (long long)far, (raw_ns() - since) / 1e6);
	REQUIRE(!err, "after the step: %s", strerror(-err));
	clock_counter(clock, "steps", &after);
	REQUIRE(after > before, "no step was counted");
	return judge_now(clock, fd);
}

enum ktap_result step_is_survived(struct clock *clock, int (*provoke)(struct clock *clock),
				  int patience)
{
	enum ktap_result result;
	int err = ports_open(clock), fd;

	if (err)
		SKIP("ports: %s", strerror(-err));
	fd = phc_open(clock, O_RDONLY);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	result = survive(clock, fd, provoke, patience);
	close(fd);
	return result;
}
