// SPDX-License-Identifier: GPL-2.0
/* RTC_UIE_ON: one tick a second, by every way of waiting; nothing when nobody waits. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <stdlib.h>
#include <unistd.h>

#include "ktap.h"

#define TICKS		5
#define MAX_ACCESSES	12	/* for a tick: edge, reading, a look before it is served */
#define COUNTED		10	/* ticks */
#define SETTLE_MS	2000	/* after the last use the driver may finish what it is at */
#define IDLE_MS		3000

static void interrupt(int signal)
{
	(void)signal;
}

/* read() itself waits; a signal ends that if there is no tick. */
static int wait_by_read(struct clock *clock)
{
	struct sigaction action = { .sa_handler = interrupt };

	(void)clock;
	sigaction(SIGALRM, &action, NULL);
	alarm(4);
	return 0;
}

static int wait_by_select(struct clock *clock)
{
	struct timeval timeout = { .tv_sec = 3 };
	fd_set fds;
	int n;

	FD_ZERO(&fds);
	FD_SET(clock->fd, &fds);
	n = select(clock->fd + 1, &fds, NULL, NULL, &timeout);
	return n < 0 ? -errno : n ? 0 : -ETIMEDOUT;
}

static int wait_by_poll(struct clock *clock)
{
	struct pollfd pollfd = { .fd = clock->fd, .events = POLLIN };
	int n = poll(&pollfd, 1, 3000);

	return n < 0 ? -errno : n ? 0 : -ETIMEDOUT;
}

/* Each tick stands alone and comes in the second after the last one's. */
static enum ktap_result ticks(struct clock *clock, int (*wait)(struct clock *clock))
{
	s64 start = 0, sec, first = 0;
	int i, err;

	REQUIRE(!clock_read(clock, &start), "RTC_RD_TIME fails");
	err = clock_ioctl_value(clock, RTC_UIE_ON, 0);
	REQUIRE(!err, "RTC_UIE_ON: %s", strerror(-err));
	for (i = 0; i < TICKS; i++) {
		unsigned long data = 0;

		err = wait(clock);
		REQUIRE(!err, "wait for tick %d: %s", i, strerror(-err));
		REQUIRE(read(clock->fd, &data, sizeof(data)) == sizeof(data), "read: %s",
			strerror(errno));
		REQUIRE(data == (1 << 8 | RTC_IRQF | RTC_UF), "tick %d is %#lx", i, data);
		REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails");
		if (i == 0)
			first = sec;
		REQUIRE(sec == first + i, "tick %d comes at second %lld, tick 0 came at %lld", i,
			(long long)sec, (long long)first);
	}
	REQUIRE(first <= start + 2, "the first tick comes %lld s late", (long long)(first - start));
	err = clock_ioctl_value(clock, RTC_UIE_OFF, 0);
	REQUIRE(!err, "RTC_UIE_OFF: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result ticks_by_read(struct clock *clock)
{
	enum ktap_result result = ticks(clock, wait_by_read);

	alarm(0);
	return result;
}

static enum ktap_result ticks_by_select(struct clock *clock)
{
	return ticks(clock, wait_by_select);
}

static enum ktap_result ticks_by_poll(struct clock *clock)
{
	return ticks(clock, wait_by_poll);
}

static volatile sig_atomic_t signals;

static void count_signal(int signal)
{
	(void)signal;
	signals++;
}

static enum ktap_result ticks_by_signal(struct clock *clock)
{
	struct sigaction action = { .sa_handler = count_signal };
	int i;

	signals = 0;
	sigaction(SIGIO, &action, NULL);
	REQUIRE(!fcntl(clock->fd, F_SETOWN, getpid()), "F_SETOWN: %s", strerror(errno));
	REQUIRE(!fcntl(clock->fd, F_SETFL, O_RDONLY | O_ASYNC), "O_ASYNC: %s", strerror(errno));
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	for (i = 0; i < 35; i++)
		sleep_ms(100);
	clock_ioctl_value(clock, RTC_UIE_OFF, 0);
	REQUIRE(signals >= 3 && signals <= 4, "%d signals in 3.5 s", (int)signals);
	return KTAP_PASS;
}

static enum ktap_result read_without_waiting(struct clock *clock)
{
	unsigned long data;

	REQUIRE(!fcntl(clock->fd, F_SETFL, O_RDONLY | O_NONBLOCK), "O_NONBLOCK: %s",
		strerror(errno));
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	REQUIRE(!clock_event(clock, 2500, &data), "no tick");
	REQUIRE(read(clock->fd, &data, sizeof(data)) < 0, "a second tick at once: %#lx", data);
	REQUIRE(errno == EAGAIN, "read: %s", strerror(errno));
	return KTAP_PASS;
}

static enum ktap_result short_read_gives_four_bytes(struct clock *clock)
{
	unsigned int data;

	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	wait_by_read(clock);
	REQUIRE(read(clock->fd, &data, sizeof(data)) == sizeof(data), "read: %s", strerror(errno));
	REQUIRE(data == (1 << 8 | RTC_IRQF | RTC_UF), "%#x", data);
	return KTAP_PASS;
}

static enum ktap_result missed_ticks_are_counted(struct clock *clock)
{
	unsigned long data;

	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	sleep_ms(3500);
	REQUIRE(!clock_event(clock, 0, &data), "no tick in 3.5 s");
	REQUIRE(data >> 8 >= 3 && data >> 8 <= 4, "%lu ticks in 3.5 s", data >> 8);
	return KTAP_PASS;
}

static enum ktap_result no_tick_after_off(struct clock *clock)
{
	unsigned long data;
	int err;

	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	REQUIRE(!clock_event(clock, 2500, &data), "no tick");
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_OFF, 0), "RTC_UIE_OFF fails");
	clock_event(clock, 0, &data);
	err = clock_event(clock, 2500, &data);
	REQUIRE(err == -ETIMEDOUT, "a tick: %#lx", data);
	return KTAP_PASS;
}

static enum ktap_result on_and_off_many_times(struct clock *clock)
{
	unsigned long data;
	int i;

	for (i = 0; i < 50; i++) {
		REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON number %d fails", i);
		REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "on twice, number %d fails", i);
		REQUIRE(!clock_ioctl_value(clock, RTC_UIE_OFF, 0), "RTC_UIE_OFF number %d fails", i);
	}
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	clock_event(clock, 0, &data);
	REQUIRE(!clock_event(clock, 2500, &data), "no tick after it");
	REQUIRE(data == (1 << 8 | RTC_IRQF | RTC_UF), "tick is %#lx", data);
	return KTAP_PASS;
}

/* Half a second into a tick's second, so that the set moves the edge as far as it can. */
static enum ktap_result ticks_go_on_after_a_set(struct clock *clock)
{
	unsigned long data;
	s64 sec, then = 0, step;
	int i, err;

	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	REQUIRE(!clock_event(clock, 2500, &data), "no tick before the set");
	for (step = -3600; step <= 3600; step += 7200) {
		sleep_ms(500);
		REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails");
		err = clock_set(clock, sec + step);
		REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
		for (i = 0; i < 3; i++) {
			err = clock_event(clock, 2500, &data);
			REQUIRE(!err, "tick %d after a set by %lld: %s", i, (long long)step,
				strerror(-err));
			REQUIRE(!clock_read(clock, &then), "RTC_RD_TIME fails");
		}
		REQUIRE(then >= sec + step + 2 && then <= sec + step + 4,
			"the third tick after a set to %lld comes at %lld",
			(long long)(sec + step), (long long)then);
	}
	return KTAP_PASS;
}

static enum ktap_result stays_still(struct clock *clock, const char *counter)
{
	unsigned long long before, after;
	int err = clock_counter(clock, counter, &before);

	REQUIRE(!err, "%s in debugfs: %s", counter, strerror(-err));
	sleep_ms(IDLE_MS);
	REQUIRE(!clock_counter(clock, counter, &after), "%s in debugfs is gone", counter);
	REQUIRE(before == after, "%s: %llu more in %d ms", counter, after - before, IDLE_MS);
	return KTAP_PASS;
}

/* Closing is what programs do that get killed: no RTC_UIE_OFF before it. */
static enum ktap_result close_ends_it_all(struct clock *clock)
{
	static const char *const counters[] = { "accesses", "interrupts", "timers", "ticks" };
	enum ktap_result result = KTAP_PASS;
	unsigned long data;
	size_t i;

	if (!clock->ours)
		SKIP("the counters are those of this project's driver");
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	REQUIRE(!clock_event(clock, 2500, &data), "no tick");
	REQUIRE(!clock_event(clock, 2500, &data), "no second tick");
	clock_close(clock);
	sleep_ms(SETTLE_MS);
	for (i = 0; i < 4 && result == KTAP_PASS; i++)
		result = stays_still(clock, counters[i]);
	if (clock_open(clock, clock->path))
		REQUIRE(result != KTAP_PASS, "cannot open again");
	return result;
}

static int by_value(const void *a, const void *b)
{
	const unsigned long long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/*
 * The looks for the edge are part of it; rtc_cmos needs 68, and 836 under the HPET.
 * The median, as a sample that was preempted may cost a second reading.
 */
static enum ktap_result a_tick_costs_little(struct clock *clock)
{
	unsigned long long count[COUNTED + 1], spent[COUNTED];
	unsigned long data;
	int i;

	if (!clock->ours)
		SKIP("the counters are those of this project's driver");
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	for (i = 0; i < 3; i++)
		REQUIRE(!clock_event(clock, 2500, &data), "no tick");
	for (i = 0; i <= COUNTED; i++) {
		REQUIRE(!clock_event(clock, 2500, &data), "no tick");
		REQUIRE(!clock_counter(clock, "accesses", &count[i]), "no accesses in debugfs");
	}
	for (i = 0; i < COUNTED; i++)
		spent[i] = count[i + 1] - count[i];
	qsort(spent, COUNTED, sizeof(spent[0]), by_value);
	ktap_comment("accesses a tick: %llu to %llu, median %llu", spent[0],
		     spent[COUNTED - 1], spent[COUNTED / 2]);
	REQUIRE(spent[COUNTED / 2] <= MAX_ACCESSES, "%llu accesses", spent[COUNTED / 2]);
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "ticks_by_read", ticks_by_read },
	{ "ticks_by_select", ticks_by_select },
	{ "ticks_by_poll", ticks_by_poll },
	{ "ticks_by_signal", ticks_by_signal },
	{ "read_without_waiting", read_without_waiting },
	{ "short_read_gives_four_bytes", short_read_gives_four_bytes },
	{ "missed_ticks_are_counted", missed_ticks_are_counted },
	{ "no_tick_after_off", no_tick_after_off },
	{ "on_and_off_many_times", on_and_off_many_times },
	{ "ticks_go_on_after_a_set", ticks_go_on_after_a_set, true },
	{ "close_ends_it_all", close_ends_it_all },
	{ "a_tick_costs_little", a_tick_costs_little },
};

KTAP_MAIN(tests)
