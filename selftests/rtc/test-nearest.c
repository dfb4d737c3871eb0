// SPDX-License-Identifier: GPL-2.0
/*
 * A chip whose edges stay where they are, as real AMD's: its divider is never held, and a
 * set leaves the second that is nearest to what was meant.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge.h"
#include "ktap.h"
#include "ports.h"
#include "truth.h"

#define MS		1000000LL
#define HALF_NS		(SECOND_NS / 2)
#define ELSEWHERE_S	100	/* no time zone's now, and so no copy of the system's time */
#define ANSWERS		20
#define IDLE_MS		660000

/* Where in the chip's second the calls come. */
static const s64 moments[] = { 60 * MS, 300 * MS, 480 * MS, 520 * MS, 700 * MS, 940 * MS };

static enum ktap_result prepare(struct clock *clock)
{
	char release[64];
	int err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	REQUIRE(!clock_conduct(clock, "release", release, sizeof(release)), "no conduct");
	REQUIRE(!strcmp(release, "none"), "release: %s", release);
	return KTAP_PASS;
}

#define PREPARE(clock)						\
	do {							\
		enum ktap_result prepared = prepare(clock);	\
		if (prepared != KTAP_PASS)			\
			return prepared;			\
	} while (0)

/* An edge seen narrowly, and then the time until so long after the one before @moment. */
static int wait_for(struct edge *edge, s64 moment)
{
	int err = truth_after(raw_ns() + SECOND_NS / 3, edge);

	if (!err)
		usleep((edge->after + SECOND_NS + moment - raw_ns()) % SECOND_NS / 1000);
	return err;
}

/* Whole seconds after an edge of before, and as far as can be seen nothing else. */
static enum ktap_result stays(const struct edge *before, const struct edge *after)
{
	s64 n = (after->after - before->before + HALF_NS) / SECOND_NS;
	s64 early = after->before - before->after - n * SECOND_NS;
	s64 late = after->after - before->before - n * SECOND_NS;
	s64 limit = truth_set_limit(5 * MS);

	REQUIRE(early < limit && late > -limit, "the edges moved by %.1f to %.1f us", early / 1e3,
		late / 1e3);
	return KTAP_PASS;
}

/* The clock showed @sec some time between @begin and @end, or was meant to: no other is nearer. */
static enum ktap_result is_nearest(const struct edge *edge, s64 sec, s64 begin, s64 end)
{
	s64 n = (edge->second - sec % 60 + 90) % 60 - 30, early, late;

	/* So much the clock is behind. */
	early = edge->before - end - n * SECOND_NS;
	late = edge->after - begin - n * SECOND_NS;
	ktap_comment("%.1f to %.1f ms behind", early / 1e6, late / 1e6);
	REQUIRE(early <= HALF_NS + MS && late >= -HALF_NS - MS,
		"another second is nearer: %.1f to %.1f ms", early / 1e6, late / 1e6);
	return KTAP_PASS;
}

typedef int set_fn(struct clock *clock, int fd, s64 sec);

static int set_class(struct clock *clock, int fd, s64 sec)
{
	(void)fd;
	return clock_set(clock, sec);
}

static int set_ptp(struct clock *clock, int fd, s64 sec)
{
	(void)clock;
	return phc_set(fd, sec * SECOND_NS);
}

/* How long a set waits for its moment and for its outcome is no error of it. */
static enum ktap_result set_once(struct clock *clock, int fd, s64 moment, set_fn *set)
{
	struct edge before, after;
	enum ktap_result result;
	s64 sec, begin;
	int err = wait_for(&before, moment);

	REQUIRE(!err, "no edge: %s", strerror(-err));
	sec = real_ns() / SECOND_NS + ELSEWHERE_S;
	begin = raw_ns();
	err = set(clock, fd, sec);
	REQUIRE(!err, "set: %s", strerror(-err));
	err = truth_after(raw_ns() + SECOND_NS / 3, &after);
	REQUIRE(!err, "no edge after the set: %s", strerror(-err));
	result = stays(&before, &after);
	if (result != KTAP_PASS)
		return result;
	return is_nearest(&after, sec, begin, begin + truth_set_limit(5 * MS));
}

static enum ktap_result sets(struct clock *clock, set_fn *set)
{
	enum ktap_result result = KTAP_PASS;
	unsigned long long steps, steps_after;
	int fd = phc_open(clock, O_RDWR);
	size_t i;

	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	clock_counter(clock, "steps", &steps);
	for (i = 0; result == KTAP_PASS && i < sizeof(moments) / sizeof(moments[0]); i++)
		result = set_once(clock, fd, moments[i], set);
	close(fd);
	clock_counter(clock, "steps", &steps_after);
	if (result == KTAP_PASS)
		REQUIRE(steps == steps_after, "a set counts as a step");
	return result;
}

static enum ktap_result nearest_second_is_set(struct clock *clock)
{
	PREPARE(clock);
	return sets(clock, set_class);
}

static enum ktap_result nearest_second_is_set_by_ptp(struct clock *clock)
{
	PREPARE(clock);
	return sets(clock, set_ptp);
}

/* What was known of the edges has aged by then. */
static enum ktap_result nearest_second_is_set_after_idling(struct clock *clock)
{
	enum ktap_result result = KTAP_PASS;
	size_t i;

	PREPARE(clock);
	if (!time_is_counted())
		SKIP("waits for half an hour");
	for (i = 0; result == KTAP_PASS && i < 3; i++) {
		sleep_ms(IDLE_MS);
		result = set_once(clock, -1, moments[2 * i], set_class);
	}
	return result;
}

static enum ktap_result what_remains_is_known(struct clock *clock)
{
	static struct judged j;
	int err, fd;

	PREPARE(clock);
	err = clock_set(clock, real_ns() / SECOND_NS + ELSEWHERE_S);
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	fd = phc_open(clock, O_RDONLY);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	err = judge_answers(clock, fd, ANSWERS, &j);
	close(fd);
	REQUIRE(!err, "%s, with %d answers judged", strerror(-err), j.count);
	judge_print(&j, "after a set");
	REQUIRE(!j.outside, "%d of %d answers outside their bound", j.outside, j.count);
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "nearest_second_is_set", nearest_second_is_set, true },
	{ "nearest_second_is_set_by_ptp", nearest_second_is_set_by_ptp, true },
	{ "nearest_second_is_set_after_idling", nearest_second_is_set_after_idling, true },
	{ "what_remains_is_known", what_remains_is_known, true },
};

KTAP_MAIN(tests)
