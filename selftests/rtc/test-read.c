// SPDX-License-Identifier: GPL-2.0
/* RTC_RD_TIME: valid, monotone, the chip's own time. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "ports.h"

static enum ktap_result time_is_valid(struct clock *clock)
{
	struct rtc_time tm, same;
	int err = clock_ioctl(clock, RTC_RD_TIME, &tm);
	s64 sec;

	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	sec = seconds_of(&tm);
	same = tm_of(sec);
	REQUIRE(sec >= 0, "a time before 1970: %lld", (long long)sec);
	REQUIRE(tm.tm_sec == same.tm_sec && tm.tm_min == same.tm_min && tm.tm_hour == same.tm_hour &&
		tm.tm_mday == same.tm_mday && tm.tm_mon == same.tm_mon && tm.tm_year == same.tm_year,
		"fields out of range: %d-%d-%d %d:%d:%d", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	REQUIRE(tm.tm_wday == (sec / 86400 + 4) % 7, "day of the week %d", tm.tm_wday);
	return KTAP_PASS;
}

static enum ktap_result time_is_monotone_for_two_seconds(struct clock *clock)
{
	s64 begin = now_ns(), first, last, sec, elapsed;
	int err = clock_read(clock, &first), n = 0;

	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	for (last = first; now_ns() < begin + 2 * SECOND_NS; last = sec, n++) {
		err = clock_read(clock, &sec);
		REQUIRE(!err, "RTC_RD_TIME number %d: %s", n, strerror(-err));
		REQUIRE(sec >= last, "went back from %lld to %lld", (long long)last, (long long)sec);
	}
	elapsed = (now_ns() - begin) / SECOND_NS;
	REQUIRE(last - first >= elapsed - 1 && last - first <= elapsed + 1,
		"%lld s passed, the clock shows %lld", (long long)elapsed, (long long)(last - first));
	ktap_comment("%d readings", n);
	return KTAP_PASS;
}

/* The chip's time before and after; the driver's is one of the two or between. */
static enum ktap_result time_is_the_chips(struct clock *clock)
{
	int i, err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	for (i = 0; i < 200; i++) {
		s64 before, sec, after;

		REQUIRE(!ports_time(&before), "the ports hold no time");
		err = clock_read(clock, &sec);
		REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
		REQUIRE(!ports_time(&after), "the ports hold no time");
		REQUIRE(before <= sec && sec <= after, "%lld, but the ports have %lld, then %lld",
			(long long)sec, (long long)before, (long long)after);
		sleep_ms(11);
	}
	return KTAP_PASS;
}

static enum ktap_result sysfs_has_the_same_time(struct clock *clock)
{
	char text[32];
	s64 before, after, sec;

	REQUIRE(!clock_read(clock, &before), "RTC_RD_TIME fails");
	REQUIRE(!clock_attribute(clock, "since_epoch", text, sizeof(text)), "no since_epoch");
	REQUIRE(!clock_read(clock, &after), "RTC_RD_TIME fails");
	sec = atoll(text);
	REQUIRE(before <= sec && sec <= after, "since_epoch %s, time %lld to %lld", text,
		(long long)before, (long long)after);
	return KTAP_PASS;
}

static enum ktap_result second_open_is_busy(struct clock *clock)
{
	int fd = open(clock->path, O_RDONLY);

	if (fd >= 0)
		close(fd);
	REQUIRE(fd < 0, "opened twice");
	REQUIRE(errno == EBUSY, "errno is %s", strerror(errno));
	return KTAP_PASS;
}

static enum ktap_result open_again_after_close(struct clock *clock)
{
	s64 sec;
	int err;

	clock_close(clock);
	err = clock_open(clock, clock->path);
	REQUIRE(!err, "open: %s", strerror(-err));
	err = clock_read(clock, &sec);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "time_is_valid", time_is_valid },
	{ "time_is_monotone_for_two_seconds", time_is_monotone_for_two_seconds },
	{ "time_is_the_chips", time_is_the_chips },
	{ "sysfs_has_the_same_time", sysfs_has_the_same_time },
	{ "second_open_is_busy", second_open_is_busy },
	{ "open_again_after_close", open_again_after_close },
};

KTAP_MAIN(tests)
