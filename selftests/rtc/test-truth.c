// SPDX-License-Identifier: GPL-2.0
/*
 * Ticks against the true edges: each comes after its own and before the next.
 * How late is printed, not judged: that is the machine's affair too.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"
#include "phc.h"
#include "ports.h"
#include "spread.h"
#include "truth.h"

#define EDGES		20
#define NARROW_NS	50000	/* brackets that lateness can be measured against */
#define MS		1000000LL
#define CALL_NS		(10 * MS)	/* a call that took longer came at no known moment */
#define FIRST_NS	(1700 * MS)	/* the first set of a module's life may take so long */
#define WRITTEN_NS	(600 * MS)	/* so long after a call its second burst is over */
#define SETS		5
#define MIN_SEEN	8	/* the others may be lost to a busy machine */

static struct edge edges[EDGES];
static bool seen[EDGES];	/* the edge was watched; else it is extrapolated from the last one */

/* In a process of its own: sends the raw time of each tick. */
static void send_ticks(struct clock *clock, int fd)
{
	unsigned long data;

	while (!clock_event(clock, 3000, &data)) {
		s64 now = raw_ns();

		if (write(fd, &now, sizeof(now)) != sizeof(now))
			return;
	}
}

static int watch_edges(void)
{
	int i, count = 0, err = truth_acquire(&edges[0]);

	if (err)
		return err;
	seen[0] = true;
	for (i = 1; i < EDGES; i++) {
		edges[i] = edges[i - 1];
		err = truth_follow(&edges[i], 1);
		if (err && err != -EAGAIN)
			return err;
		seen[i] = !err;
		count += !err;
	}
	return count;
}

/* The one tick of the second that begins with edge @i; NULL if there are none or more. */
static const s64 *tick_of(int i, const s64 *ticks, int n)
{
	const s64 *found = NULL;
	int k;

	for (k = 0; k < n; k++) {
		if (ticks[k] < edges[i].before || ticks[k] >= edges[i + 1].before)
			continue;
		if (found)
			return NULL;
		found = &ticks[k];
	}
	return found;
}

static enum ktap_result judge(const s64 *ticks, int n)
{
	s64 late[EDGES], width[EDGES];
	int i, count = 0, narrow = 0;

	for (i = 0; i < EDGES - 1; i++) {
		const s64 *tick;

		if (!seen[i])
			continue;
		tick = tick_of(i, ticks, n);
		REQUIRE(tick, "no tick, or more than one, in the second after edge %d", i);
		width[count++] = edges[i].after - edges[i].before;
		if (width[count - 1] <= NARROW_NS)
			late[narrow++] = *tick - edges[i].before;
	}
	REQUIRE(count >= MIN_SEEN, "only %d of %d edges could be watched", count, EDGES);
	spread_print("true edges' bracket", width, count);
	spread_print("ticks' lateness", late, narrow);
	return KTAP_PASS;
}

static int start_ticks(struct clock *clock, int *fd, pid_t *pid)
{
	int fds[2], err = clock_ioctl_value(clock, RTC_UIE_ON, 0);

	if (err)
		return err;
	if (pipe(fds))
		return -errno;
	*pid = fork();
	if (!*pid) {
		close(fds[0]);
		send_ticks(clock, fds[1]);
		_exit(0);
	}
	close(fds[1]);
	*fd = fds[0];
	return *pid < 0 ? -errno : 0;
}

static enum ktap_result ticks_follow_the_true_edges(struct clock *clock)
{
	s64 ticks[4 * EDGES], now;
	int fd = -1, n = 0, err = ports_open(clock), watched;
	pid_t pid = -1;

	if (err)
		SKIP("ports: %s", strerror(-err));
	err = start_ticks(clock, &fd, &pid);
	REQUIRE(!err, "RTC_UIE_ON: %s", strerror(-err));
	watched = watch_edges();
	/* The last edge's tick is not looked for, so none is still to come. */
	clock_ioctl_value(clock, RTC_UIE_OFF, 0);
	while (n < 4 * EDGES && read(fd, &now, sizeof(now)) == sizeof(now))
		ticks[n++] = now;
	close(fd);
	waitpid(pid, NULL, 0);
	REQUIRE(watched >= 0, "no edge where one should be: %s", strerror(-watched));
	return judge(ticks, n);
}

/* A second that is no time zone's now, and so no copy of the system's time. */
static s64 elsewhere(void) { return real_ns() / SECOND_NS + 100; }

/* The first set of a module's life waits for its outcome: later ones are judged. */
static enum ktap_result prepare(struct clock *clock)
{
	char release[64];
	int err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	if (!clock->ours)
		SKIP("other drivers set to half a second");
	err = phc_learn_conduct(clock);
	REQUIRE(!err, "the conduct is not known after a set: %s", strerror(-err));
	REQUIRE(!clock_conduct(clock, "release", release, sizeof(release)), "no conduct");
	if (!strcmp(release, "none"))
		SKIP("this chip keeps its edges where they are");
	return KTAP_PASS;
}

#define PREPARE(clock)						\
	do {							\
		enum ktap_result prepared = prepare(clock);	\
		if (prepared != KTAP_PASS)			\
			return prepared;			\
	} while (0)

/* The call lay between @begin and @end: the edge belongs @n seconds after it. */
static enum ktap_result edge_belongs(const struct edge *edge, s64 begin, s64 end, int n)
{
	s64 early = edge->before - (end + n * SECOND_NS), late = edge->after - (begin + n * SECOND_NS);
	s64 limit = truth_set_limit(10 * MS);

	ktap_comment("edge %d comes %.1f to %.1f us from %d s after the call", n, early / 1e3,
		     late / 1e3, n);
	REQUIRE(late > 0 && early < limit, "more than %.3f ms off: %.1f to %.1f us", limit / 1e6,
		early / 1e3, late / 1e3);
	return KTAP_PASS;
}

/* A set moves the edge: exactly to the moment of the call for a driver of ours. */
static enum ktap_result set_once(struct clock *clock)
{
	s64 sec = elsewhere(), begin, end;
	struct edge edge;
	int err;

	begin = raw_ns();
	err = clock_set(clock, sec);
	end = raw_ns();
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	REQUIRE(!time_is_counted() || end - begin < CALL_NS, "the call took %.1f ms",
		(end - begin) / 1e6);
	err = truth_after(begin + WRITTEN_NS, &edge);
	REQUIRE(!err, "no edge after the set: %s", strerror(-err));
	REQUIRE(edge.second == (sec + 1) % 60, "the edge is into second %d", edge.second);
	return edge_belongs(&edge, begin, end, 1);
}

static enum ktap_result set_puts_the_edge_where_it_belongs(struct clock *clock)
{
	enum ktap_result result = KTAP_PASS;
	int i;

	PREPARE(clock);
	for (i = 0; result == KTAP_PASS && i < SETS; i++) {
		usleep(rand() % 1000000);
		result = set_once(clock);
	}
	return result;
}

/*
 * Nothing is known of the chip: the set returns once it was seen what came of it, and the
 * phase is known then.
 */
static enum ktap_result first_set_is_seen_through(struct clock *clock)
{
	s64 sec, begin, end, n;
	struct answer answer;
	struct edge edge;
	int err;

	PREPARE(clock);
	REQUIRE(!clock_unbind(clock), "unbind fails");
	clock_close(clock);
	REQUIRE(!clock_bind(clock), "bind fails");
	REQUIRE(!clock_conduct_is_known(clock), "the conduct is known before anything was seen");
	sec = elsewhere();
	begin = raw_ns();
	err = clock_set(clock, sec);
	end = raw_ns();
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	ktap_comment("it took %.1f ms", (end - begin) / 1e6);
	REQUIRE(!time_is_counted() || end - begin < FIRST_NS, "it took %.1f ms", (end - begin) / 1e6);
	err = phase_ask(clock, &answer);
	REQUIRE(!err && raw_ns() - end < CALL_NS, "then the phase is not known: %s", strerror(-err));
	err = truth_acquire_first(&edge);
	REQUIRE(!err, "no edge after the set: %s", strerror(-err));
	n = (edge.after - begin) / SECOND_NS;
	REQUIRE(edge.second == (sec + n) % 60, "after %lld s the edge is into second %d",
		(long long)n, edge.second);
	return edge_belongs(&edge, begin, begin + truth_set_limit(CALL_NS), n);
}

/* The raw time at which the system's @sec begins. */
static s64 raw_at(s64 sec) { return sec * SECOND_NS - real_minus_raw(NULL); }

/* Sets the clock @at ns after the system's @sec begins, to @sec plus @zone. */
static int set_at(struct clock *clock, s64 sec, s64 at, s64 zone)
{
	s64 moment = raw_at(sec) + at;

	sleep_ms((moment - raw_ns()) / MS);
	while (raw_ns() < moment)
		;
	return clock_set(clock, sec + zone);
}

/*
 * A set that comes @at ns after the system's second: where that is a copy of the
 * system's time the edge comes with the system's, else as late as the call.
 */
static enum ktap_result copy(struct clock *clock, s64 at, s64 zone, bool is_copy)
{
	s64 sec, system, end, early, late, from, until;
	s64 limit = truth_set_limit(is_copy ? MS : 10 * MS);
	struct edge edge;
	int n, tries = 0, err;

	do {
		REQUIRE(tries++ < 10, "no call of ten came to its moment");
		sec = real_ns() / SECOND_NS + 2;
		err = set_at(clock, sec, at, zone);
		end = raw_ns();
		system = raw_at(sec);
		REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	} while (end - system > at + CALL_NS);
	err = truth_after(system + (is_copy ? 0 : at) + WRITTEN_NS, &edge);
	REQUIRE(!err, "no edge after the set: %s", strerror(-err));
	n = (edge.second - (sec + zone) % 60 + 60) % 60;
	REQUIRE(n >= 1 && n <= 5, "the edge is into second %d", edge.second);
	early = edge.before - system - n * SECOND_NS;
	late = edge.after - system - n * SECOND_NS;
	ktap_comment("set at %.1f ms, edge %d at %.1f to %.1f us", at / 1e6, n, early / 1e3,
		     late / 1e3);
	from = is_copy ? -limit : at - (limit < MS ? limit : MS);
	until = is_copy ? limit : end - system + limit;
	REQUIRE(late >= from && early <= until, "the edge is %.1f to %.1f us from the system's",
		early / 1e3, late / 1e3);
	return KTAP_PASS;
}

static enum ktap_result copies_of_the_systems_time_are_exact(struct clock *clock)
{
	static const struct {
		s64 at, zone;
		bool is_copy;
	} cases[] = {
		{ 4 * MS, 0, true },
		{ -8 * MS, 0, true },
		{ 4 * MS, -5 * 3600 - 1800, true },
		{ 4 * MS, 3600 + 1, false },
		{ 60 * MS, 0, false },
		{ -60 * MS, 0, false },
	};
	enum ktap_result result = KTAP_PASS;
	size_t i;

	PREPARE(clock);
	for (i = 0; result == KTAP_PASS && i < sizeof(cases) / sizeof(cases[0]); i++)
		result = copy(clock, cases[i].at, cases[i].zone, cases[i].is_copy);
	return result;
}

static void sleep_until(s64 raw)
{
	s64 left = raw - raw_ns();

	if (left > 0)
		usleep(left / 1000);
}

/* Nothing else runs on this processor in between. */
static int occupy(s64 from, s64 until)
{
	int err;

	sleep_until(from);
	err = be_urgent(true);
	if (err)
		return err;
	while (raw_ns() < until)
		;
	return be_urgent(false);
}

/* A burst that would come late is one at its moment, a second later. */
static enum ktap_result set_that_is_held_up_is_exact(struct clock *clock)
{
	unsigned long long before, after;
	s64 sec, begin, end;
	struct edge edge;
	int err;

	PREPARE(clock);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		SKIP("another processor would do it");
	REQUIRE(!clock_counter(clock, "retries", &before), "no retries in debugfs");
	sec = elsewhere();
	begin = raw_ns();
	err = clock_set(clock, sec);
	end = raw_ns();
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	err = occupy(begin + 480 * MS, begin + 530 * MS);
	REQUIRE(!err, "cannot hold it up: %s", strerror(-err));
	err = truth_after(begin + 4 * SECOND_NS + WRITTEN_NS, &edge);
	REQUIRE(!err, "no edge after the set: %s", strerror(-err));
	clock_counter(clock, "retries", &after);
	REQUIRE(after > before, "it was not tried again");
	ktap_comment("tried again %llu times", after - before);
	REQUIRE(edge.second == (sec + 5) % 60, "the edge is into second %d", edge.second);
	return edge_belongs(&edge, begin, end, 5);
}

static const struct ktap_test tests[] = {
	{ "ticks_follow_the_true_edges", ticks_follow_the_true_edges },
	{ "set_puts_the_edge_where_it_belongs", set_puts_the_edge_where_it_belongs, true },
	{ "first_set_is_seen_through", first_set_is_seen_through, true },
	{ "copies_of_the_systems_time_are_exact", copies_of_the_systems_time_are_exact, true },
	{ "set_that_is_held_up_is_exact", set_that_is_held_up_is_exact, true },
};

KTAP_MAIN(tests)
