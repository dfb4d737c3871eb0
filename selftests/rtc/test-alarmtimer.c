// SPDX-License-Identifier: GPL-2.0
/*
 * The system's own alarm timers (CLOCK_*_ALARM) wake it from sleep, by whichever clock
 * the kernel has taken for them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"
#include "sleep.h"

#define RESUMED_S	12	/* until a process sees the clock, on a busy host */
#define OUTSIDE_S	20	/* later than that somebody wakes it from outside */

static int arm(clockid_t id, int seconds)
{
	struct itimerspec timer = { .it_value = { .tv_sec = seconds } };
	int fd = timerfd_create(id, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0)
		return -errno;
	if (!timerfd_settime(fd, 0, &timer, NULL))
		return fd;
	close(fd);
	return -errno;
}

static enum ktap_result wakes(struct clock *clock, clockid_t id, int seconds)
{
	uint64_t times = 0;
	s64 before, after;
	int fd, err;

	if (!sleep_possible())
		SKIP("this machine cannot sleep, or nobody would wake it");
	REQUIRE(!clock_read(clock, &before), "RTC_RD_TIME fails");
	fd = arm(id, seconds);
	REQUIRE(fd >= 0, "timerfd: %s", strerror(-fd));
	err = sleep_now(seconds + OUTSIDE_S, "");
	REQUIRE(!err, "suspend: %s", strerror(-err));
	REQUIRE(!clock_read(clock, &after), "RTC_RD_TIME fails");
	sleep_ms(1500);
	err = read(fd, &times, sizeof(times)) < 0 ? errno : 0;
	close(fd);
	REQUIRE(after - before <= seconds + RESUMED_S, "awake only after %lld s",
		(long long)(after - before));
	REQUIRE(!err && times == 1, "it came %llu times: %s", (unsigned long long)times,
		strerror(err));
	return KTAP_PASS;
}

static enum ktap_result boottime_alarm_wakes(struct clock *clock)
{
	return wakes(clock, CLOCK_BOOTTIME_ALARM, 6);
}

static enum ktap_result realtime_alarm_wakes(struct clock *clock)
{
	return wakes(clock, CLOCK_REALTIME_ALARM, 15);
}

static const struct ktap_test tests[] = {
	{ "boottime_alarm_wakes", boottime_alarm_wakes },
	{ "realtime_alarm_wakes", realtime_alarm_wakes },
};

KTAP_MAIN(tests)
