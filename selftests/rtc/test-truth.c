// SPDX-License-Identifier: GPL-2.0
/*
 * Ticks against the true edges: each comes after its own and before the next.
 * How late is printed, not judged: that is the machine's affair too.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"
#include "ports.h"
#include "spread.h"
#include "truth.h"

#define EDGES		20
#define NARROW_NS	50000	/* brackets that lateness can be measured against */
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

/* A set moves the edge: exactly to the moment of the call for a driver of ours. */
static enum ktap_result set_puts_the_edge_where_it_belongs(struct clock *clock)
{
	struct edge edge;
	s64 sec, begin, end, early, late;
	int err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	if (!clock->ours)
		SKIP("other drivers set to half a second");
	REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails");
	begin = raw_ns();
	err = clock_set(clock, sec);
	end = raw_ns();
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	err = truth_acquire(&edge);
	REQUIRE(!err, "no edge after the set: %s", strerror(-err));
	REQUIRE(edge.second == (sec + 1) % 60, "the edge is into second %d", edge.second);
	early = edge.before - (end + SECOND_NS);
	late = edge.after - (begin + SECOND_NS);
	ktap_comment("the edge comes %.1f to %.1f us from a second after the call", early / 1e3,
		     late / 1e3);
	REQUIRE(late > 0 && early < 10 * 1000000LL, "more than 10 ms off: %.1f to %.1f us",
		early / 1e3, late / 1e3);
	return KTAP_PASS;
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
	struct sched_param first = { .sched_priority = sched_get_priority_max(SCHED_FIFO) };
	struct sched_param usual = { };

	sleep_until(from);
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		return -errno;
	while (raw_ns() < until)
		;
	return sched_setscheduler(0, SCHED_OTHER, &usual) ? -errno : 0;
}

/* A release that would come late is one at its moment, a second later. */
static enum ktap_result set_that_is_held_up_is_exact(struct clock *clock)
{
	unsigned long long before, after;
	s64 sec, begin, end, early, late;
	struct edge edge;
	int n, err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	if (!clock->ours || clock_counter(clock, "put_off", &before))
		SKIP("other drivers set to half a second");
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		SKIP("another processor would release it");
	REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails");
	begin = raw_ns();
	err = clock_set(clock, sec);
	end = raw_ns();
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	err = occupy(begin + 480 * 1000000LL, begin + 530 * 1000000LL);
	REQUIRE(!err, "cannot hold it up: %s", strerror(-err));
	sleep_until(begin + 4600 * 1000000LL);
	clock_counter(clock, "put_off", &after);
	REQUIRE(after > before, "it was not put off");
	err = truth_acquire(&edge);
	REQUIRE(!err, "no edge after the set: %s", strerror(-err));
	n = (edge.second - sec % 60 + 60) % 60;
	early = edge.before - (end + n * SECOND_NS);
	late = edge.after - (begin + n * SECOND_NS);
	ktap_comment("put off %llu times; edge %d comes %.1f to %.1f us from %d seconds after",
		     after - before, n, early / 1e3, late / 1e3, n);
	REQUIRE(n == 5, "the edge is into second %d", edge.second);
	REQUIRE(late > 0 && early < 10 * 1000000LL, "more than 10 ms off: %.1f to %.1f us",
		early / 1e3, late / 1e3);
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "ticks_follow_the_true_edges", ticks_follow_the_true_edges },
	{ "set_puts_the_edge_where_it_belongs", set_puts_the_edge_where_it_belongs, true },
	{ "set_that_is_held_up_is_exact", set_that_is_held_up_is_exact, true },
};

KTAP_MAIN(tests)
