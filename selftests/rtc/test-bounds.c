// SPDX-License-Identifier: GPL-2.0
/*
 * phase/now against the true edges where it is hardest to be right: before and after
 * sets by programs, and after the host's clock was stepped by less than a second while
 * nobody asked. A bound that the truth is not within is false; none may be, but after
 * such a step while the clock says that it coasts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "judge.h"
#include "ktap.h"
#include "ports.h"

#define ANSWERS		60
#define ENOUGH		30	/* a busy machine hides edges to judge by */
#define TRIES		3
#define OFF_NS		237000000LL
#define STEPS		3
#define STEP_MS		300
#define FAR_NS		(STEP_MS * 1000000LL / 2)	/* an edge so far from its place was moved, */
#define NEAR_NS		(STEP_MS * 1000000LL / 4)	/* ... and one so near was not */
#define FORGOTTEN_MS	36000	/* the phase is followed for 32 s after the last question */
#define HAPPENS_NS	(60 * SECOND_NS)		/* until the host has done it */

/* Who coasts may have missed a step; @stepped: there was one. */
static enum ktap_result verdict(struct judged *j, bool stepped)
{
	int wrong = j->outside + (stepped ? 0 : j->coasting_outside);

	judge_print(j, "phase/now");
	ktap_comment("%d of %d bounds false while locked, %d of %d while coasting", j->outside,
		     j->count - j->coasting, j->coasting_outside, j->coasting);
	REQUIRE(j->count >= ENOUGH, "only %d answers could be judged", j->count);
	REQUIRE(!wrong, "%d of %d bounds false", wrong, j->count);
	return KTAP_PASS;
}

static enum ktap_result judge_now(struct clock *clock)
{
	static struct judged j;
	int tries, err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	memset(&j, 0, sizeof(j));
	for (tries = 0; j.count < ANSWERS && tries < TRIES; tries++)
		err = judge_answers(clock, -1, ANSWERS, &j);
	if (err)
		ktap_comment("%s", strerror(-err));
	return verdict(&j, false);
}

/* A set of a clock that is right already would change nothing. */
static int put_system_off(void)
{
	s64 ns = real_ns() + OFF_NS;
	struct timespec ts = { ns / SECOND_NS, ns % SECOND_NS };

	return clock_settime(CLOCK_REALTIME, &ts) ? -errno : 0;
}

static enum ktap_result after(struct clock *clock, const char *command)
{
	enum ktap_result result;
	int status, err = put_system_off();

	REQUIRE(!err, "the system's clock: %s", strerror(-err));
	/* One at a time has it open. */
	clock_close(clock);
	status = system(command);
	err = clock_open(clock, clock->path);
	REQUIRE(!err, "open: %s", strerror(-err));
	result = judge_now(clock);
	if (result == KTAP_PASS)
		REQUIRE(!status, "%s: exit code %d", command, WEXITSTATUS(status));
	return result;
}

static enum ktap_result before_a_set(struct clock *clock)
{
	return judge_now(clock);
}

static enum ktap_result after_systohc(struct clock *clock)
{
	char command[100];

	snprintf(command, sizeof(command), "rtcctl systohc --rtc %s", clock->path);
	return after(clock, command);
}

static enum ktap_result after_hwclock(struct clock *clock)
{
	char command[100];

	snprintf(command, sizeof(command), "hwclock --rtc %s -w -u", clock->path);
	return after(clock, command);
}

/* How far an edge is from where @before would have it, at most half a second. */
static s64 moved(const struct edge *edge, const struct edge *before)
{
	s64 far = (edge->after - before->after) % SECOND_NS;

	return far > SECOND_NS / 2 ? SECOND_NS - far : far;
}

/* Two edges that are a second apart: the step itself may begin a second too. */
static int settled_edge(struct edge *edge)
{
	struct edge first;
	int err = truth_acquire(&first);

	if (!err)
		err = truth_acquire(edge);
	if (err)
		return err;
	return moved(edge, &first) < NEAR_NS && judge_can_use(edge) ? 0 : -EAGAIN;
}

/*
 * Such an edge; where @before is given, one that was moved since. Looked for without a
 * pause: who sleeps may wake too late to see one.
 */
static int find_edge(struct edge *edge, const struct edge *before)
{
	s64 until = raw_ns() + HAPPENS_NS;
	int err;

	do {
		err = settled_edge(edge);
		if (!err && (!before || moved(edge, before) >= FAR_NS))
			return 0;
	} while (raw_ns() < until && (!err || err == -EAGAIN || err == -ETIMEDOUT));
	return err ?: -ETIMEDOUT;
}

/* Asks for a step by a comment; an edge after it. Nobody asks the driver. */
static int have_it_stepped(struct edge *edge)
{
	struct edge before;
	int err = find_edge(&before, NULL);

	if (err)
		return err;
	ktap_comment("host: step %d.%03d", STEP_MS / 1000, STEP_MS % 1000);
	fflush(stdout);
	return find_edge(edge, &before);
}

static enum ktap_result after_steps_while_idle(struct clock *clock)
{
	static struct judged j;
	struct edge edge;
	int i, err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	for (i = 0; i < STEPS; i++) {
		sleep_ms(FORGOTTEN_MS);
		err = have_it_stepped(&edge);
		REQUIRE(!err, "no step was seen: %s", strerror(-err));
		err = judge_after(clock, &edge, &j);
		if (err)
			ktap_comment("step %d cannot be judged: %s", i + 1, strerror(-err));
	}
	return verdict(&j, true);
}

static const struct ktap_test tests[] = {
	{ "before a set", before_a_set },
	{ "after rtcctl systohc", after_systohc },
	{ "after hwclock -w", after_hwclock },
	{ "after steps of the host while idle", after_steps_while_idle },
};

KTAP_MAIN(tests)
