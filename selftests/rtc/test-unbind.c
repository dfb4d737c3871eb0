// SPDX-License-Identifier: GPL-2.0
/* The driver goes away while its clock is in use, and comes back. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"
#include "ports.h"

#define ROUNDS		20
#define BLOCKED_MS	200	/* until the reader sleeps in read() */

static volatile sig_atomic_t late;	/* nothing else than the timer has ended the wait */

static void interrupt(int signal)
{
	(void)signal;
	late = 1;
}

static int wait_for_ticks(struct clock *clock)
{
	unsigned long data;

	return clock_ioctl_value(clock, RTC_UIE_ON, 0) ||
	       read(clock->fd, &data, sizeof(data)) < 0;
}

static int wait_for_an_alarm(struct clock *clock)
{
	s64 now;

	return clock_read(clock, &now) || clock_alarm_set(clock, now + 3600, true);
}

/*
 * Reads events, and the time after each, until the clock is gone. The core's read()
 * waits on; the driver wakes it, and the next request says ENODEV.
 */
static int read_until_gone(struct clock *clock, int (*wait)(struct clock *clock), int ready)
{
	struct sigaction action = { .sa_handler = interrupt };
	unsigned long data;
	struct rtc_time tm;

	sigaction(SIGALRM, &action, NULL);
	if (wait(clock))
		return 1;
	if (write(ready, "", 1) != 1)
		return 3;
	alarm(5);
	while (read(clock->fd, &data, sizeof(data)) > 0)
		if (clock_ioctl(clock, RTC_RD_TIME, &tm) == -ENODEV)
			return late ? 5 : 0;
	return 4;
}

static int start_reader(struct clock *clock, int (*wait)(struct clock *clock), pid_t *pid)
{
	int fds[2], err;
	char byte;

	if (pipe(fds))
		return -errno;
	*pid = fork();
	if (!*pid) {
		close(fds[0]);
		_exit(read_until_gone(clock, wait, fds[1]));
	}
	close(fds[1]);
	err = read(fds[0], &byte, 1) == 1 ? 0 : -EPIPE;
	close(fds[0]);
	return err;
}

static enum ktap_result bound_again(struct clock *clock)
{
	s64 sec;
	int err = clock_bind(clock);

	REQUIRE(!err, "bind %s: %s", clock->device, strerror(-err));
	err = clock_read(clock, &sec);
	REQUIRE(!err, "RTC_RD_TIME after binding again: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result reader_is_told(struct clock *clock, int (*wait)(struct clock *clock))
{
	int err, status;
	enum ktap_result result;
	pid_t pid = -1;

	if (!clock->ours)
		SKIP("another driver than this project's may not come back");
	err = start_reader(clock, wait, &pid);
	REQUIRE(!err, "the reader got nothing to wait for");
	sleep_ms(BLOCKED_MS);
	err = clock_unbind(clock);
	REQUIRE(!err, "unbind %s: %s", clock->device, strerror(-err));
	waitpid(pid, &status, 0);
	clock_close(clock);
	result = bound_again(clock);
	REQUIRE(WIFEXITED(status) && !WEXITSTATUS(status), "the reader ended with %#x", status);
	return result;
}

static enum ktap_result reader_of_ticks_is_told(struct clock *clock)
{
	return reader_is_told(clock, wait_for_ticks);
}

/* Nothing else wakes this one. */
static enum ktap_result reader_of_an_alarm_is_told(struct clock *clock)
{
	return reader_is_told(clock, wait_for_an_alarm);
}

/* Programs keep what they have open: it must not come to life again. */
static enum ktap_result old_file_stays_dead(struct clock *clock)
{
	struct clock old = *clock;
	unsigned int value;
	struct rtc_time tm;
	int err;

	if (!clock->ours)
		SKIP("another driver than this project's may not come back");
	REQUIRE(!clock_unbind(clock), "unbind fails");
	err = clock_ioctl(&old, RTC_RD_TIME, &tm);
	REQUIRE(err == -ENODEV, "RTC_RD_TIME: %s", strerror(-err));
	err = clock_alarm_set(&old, 2000000000, true);
	REQUIRE(err == -ENODEV, "RTC_WKALM_SET: %s", strerror(-err));
	err = clock_ioctl_value(&old, RTC_UIE_ON, 0);
	REQUIRE(err == -ENODEV, "RTC_UIE_ON: %s", strerror(-err));
	err = clock_ioctl(&old, RTC_VL_READ, &value);
	REQUIRE(err == -ENODEV, "RTC_VL_READ: %s", strerror(-err));
	err = clock_ioctl_value(&old, RTC_VL_CLR, 0);
	REQUIRE(err == -ENODEV, "RTC_VL_CLR: %s", strerror(-err));
	clock_close(&old);
	return bound_again(clock);
}

static enum ktap_result set_then_unbind_leaves_a_running_clock(struct clock *clock)
{
	s64 sec, now, begin;
	int err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	if (!clock->ours)
		SKIP("another driver than this project's may not come back");
	REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails");
	begin = now_ns();
	REQUIRE(!clock_set(clock, sec), "RTC_SET_TIME fails");
	REQUIRE(!clock_unbind(clock), "unbind fails");
	clock_close(clock);
	REQUIRE((ports_read(REG_A) & A_DV) == A_DV_32KHZ, "register A is left at %02x",
		ports_read(REG_A));
	REQUIRE(!(ports_read(REG_B) & B_SET), "register B is left at %02x", ports_read(REG_B));
	sleep_ms(2200);
	REQUIRE(!ports_time(&now), "the ports hold no time");
	begin = (now_ns() - begin) / SECOND_NS;
	REQUIRE(now >= sec + begin - 1 && now <= sec + begin + 1,
		"set to %lld, %lld s later it is %lld", (long long)sec, (long long)begin,
		(long long)now);
	return bound_again(clock);
}

static enum ktap_result unbind_and_bind_many_times(struct clock *clock)
{
	enum ktap_result result = KTAP_PASS;
	int i, err = 0;
	s64 sec;

	if (!clock->ours)
		SKIP("another driver than this project's may not come back");
	for (i = 0; i < ROUNDS && result == KTAP_PASS; i++) {
		clock_ioctl_value(clock, RTC_UIE_ON, 0);
		REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails in round %d", i);
		REQUIRE(!clock_alarm_set(clock, sec + 1 + i, true), "no alarm in round %d", i);
		err = clock_unbind(clock);
		REQUIRE(!err, "unbind number %d: %s", i, strerror(-err));
		clock_close(clock);
		result = bound_again(clock);
	}
	return result;
}

static const struct ktap_test tests[] = {
	{ "reader_of_ticks_is_told", reader_of_ticks_is_told },
	{ "reader_of_an_alarm_is_told", reader_of_an_alarm_is_told },
	{ "old_file_stays_dead", old_file_stays_dead },
	{ "set_then_unbind_leaves_a_running_clock", set_then_unbind_leaves_a_running_clock, true },
	{ "unbind_and_bind_many_times", unbind_and_bind_many_times },
};

KTAP_MAIN(tests)
