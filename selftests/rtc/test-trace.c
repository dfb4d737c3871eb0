// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/power/pm_trace: in a suspend the kernel keeps its notes in the time registers of the PC's
 * clock. What those then hold is no time, until the clock is set. The sleep is played.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"

#define PM_TRACE	"/sys/power/pm_trace"
#define PM_TEST		"/sys/power/pm_test"
#define PM_STATE	"/sys/power/state"
#define SAID		"pm_trace uses the clock's registers"
#define BELIEVED_S	2

static int played_sleep(bool traced)
{
	int err;

	file_write("/sys/module/suspend/parameters/pm_test_delay", "0");
	err = file_write(PM_TRACE, traced ? "1" : "0");
	if (!err)
		err = file_write(PM_TEST, "devices");
	if (!err)
		err = file_write(PM_STATE, "mem");
	file_write(PM_TEST, "none");
	file_write(PM_TRACE, "0");
	return err;
}

/* How often the log says it. */
static int said(void)
{
	FILE *log = popen("dmesg", "r");
	char line[512];
	int n = 0;

	while (log && fgets(line, sizeof(line), log))
		n += !!strstr(line, SAID);
	if (log)
		pclose(log);
	return n;
}

/* Each way to ask what time it is. */
static enum ktap_result refuses(struct clock *clock)
{
	char text[64];
	s64 sec;
	int err = clock_read(clock, &sec);

	REQUIRE(err == -EINVAL, "RTC_RD_TIME of pm_trace's notes: %s", strerror(-err));
	err = clock_attribute(clock, "since_epoch", text, sizeof(text));
	REQUIRE(err == -EINVAL, "since_epoch of pm_trace's notes: %s", strerror(-err));
	err = clock_attribute(clock, "phase/now", text, sizeof(text));
	REQUIRE(err == -EINVAL, "phase/now of pm_trace's notes: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result shows(struct clock *clock, s64 wanted)
{
	s64 sec;
	int err = clock_read(clock, &sec);

	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	REQUIRE(llabs(sec - wanted) <= BELIEVED_S, "it is %lld s off", (long long)(sec - wanted));
	return KTAP_PASS;
}

static enum ktap_result a_sleep_leaves_the_time(struct clock *clock)
{
	s64 sec, begin = now_ns();
	int err = clock_read(clock, &sec);

	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	err = played_sleep(false);
	REQUIRE(!err, "a played suspend: %s", strerror(-err));
	return shows(clock, sec + (now_ns() - begin) / SECOND_NS);
}

/* The registers are another clock's. */
static enum ktap_result notes_leave_an_emulated_clock_alone(struct clock *clock)
{
	s64 sec, begin = now_ns();
	int before = said(), err = clock_read(clock, &sec);

	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	err = played_sleep(true);
	REQUIRE(!err, "a played suspend: %s", strerror(-err));
	REQUIRE(said() == before, "the log says it of a clock that has no ports");
	return shows(clock, sec + (now_ns() - begin) / SECOND_NS);
}

static enum ktap_result notes_are_no_time(struct clock *clock)
{
	enum ktap_result result;
	int before = said(), err;
	s64 sec, begin;

	if (clock_is_emulated(clock))
		return notes_leave_an_emulated_clock_alone(clock);
	err = clock_read(clock, &sec);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	begin = now_ns();
	err = played_sleep(true);
	REQUIRE(!err, "a played suspend: %s", strerror(-err));
	REQUIRE(said() == before + 1, "the log says it %d times", said() - before);
	result = refuses(clock);
	if (result != KTAP_PASS)
		return result;
	/* Switched off, a sleep says no more of the registers than before. */
	err = played_sleep(false);
	REQUIRE(!err, "a played suspend: %s", strerror(-err));
	REQUIRE(said() == before + 1, "the log says it again");
	result = refuses(clock);
	if (result != KTAP_PASS)
		return result;
	sec += (now_ns() - begin) / SECOND_NS;
	err = clock_set(clock, sec);
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	result = shows(clock, sec);
	return result == KTAP_PASS ? a_sleep_leaves_the_time(clock) : result;
}

/* An alarm that was set before still comes, at its time, once there is a time again. */
static enum ktap_result an_alarm_waits_for_the_time(struct clock *clock)
{
	unsigned long event;
	s64 sec, begin = now_ns();
	int err = clock_read(clock, &sec);

	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	err = clock_alarm_set(clock, sec + 10, true);
	REQUIRE(!err, "no alarm: %s", strerror(-err));
	err = played_sleep(true);
	REQUIRE(!err, "a played suspend: %s", strerror(-err));
	err = clock_set(clock, sec + (now_ns() - begin) / SECOND_NS);
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	err = clock_event(clock, 15000, &event);
	REQUIRE(!err, "no alarm comes: %s", strerror(-err));
	err = clock_read(clock, &begin);
	REQUIRE(!err && begin >= sec + 10 && begin <= sec + 12, "it comes %lld s late",
		(long long)(begin - sec - 10));
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "a_sleep_leaves_the_time", a_sleep_leaves_the_time },
	{ "notes_are_no_time", notes_are_no_time },
	{ "an_alarm_waits_for_the_time", an_alarm_waits_for_the_time },
};

int main(int argc, char **argv)
{
	char text[64];
	int err = file_read(PM_TRACE, text, sizeof(text)) ?: file_read(PM_TEST, text, sizeof(text));

	if (err) {
		printf("TAP version 13\n1..0 # SKIP %s: %s\n", PM_TRACE, strerror(-err));
		return 4;
	}
	return ktap_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
