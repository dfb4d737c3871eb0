// SPDX-License-Identifier: GPL-2.0
/* RTC_SET_TIME: what is set is read, and counts on; what cannot be held is refused. */
#include <errno.h>
#include <string.h>

#include "ktap.h"
#include "ports.h"

#define DAY	86400LL

static s64 at(int year, int month, int date, int hour, int minute, int second)
{
	struct rtc_time tm = {
		.tm_year = year - 1900,
		.tm_mon = month - 1,
		.tm_mday = date,
		.tm_hour = hour,
		.tm_min = minute,
		.tm_sec = second,
	};

	return seconds_of(&tm);
}

/* Set @sec and look 2.2 s later: two seconds on, wherever in the second a set begins. */
static enum ktap_result set_and_wait(struct clock *clock, s64 sec)
{
	s64 begin = now_ns(), now, chip, late;
	int err = clock_set(clock, sec);

	REQUIRE(!err, "RTC_SET_TIME %lld: %s", (long long)sec, strerror(-err));
	err = clock_read(clock, &now);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	REQUIRE(now >= sec && now <= sec + 1, "set %lld, read %lld", (long long)sec, (long long)now);
	sleep_ms(2200);
	err = clock_read(clock, &now);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	/* A busy machine may have slept longer. */
	late = (now_ns() - begin) / SECOND_NS - 2;
	REQUIRE(now >= sec + 2 && now <= sec + 2 + late, "set %lld, 2.2 s later it is %lld",
		(long long)sec, (long long)now);
	if (ports_open(clock))
		return KTAP_PASS;
	REQUIRE(!ports_time(&chip), "the ports hold no time");
	REQUIRE(chip >= now && chip <= now + 1, "read %lld, the ports have %lld", (long long)now,
		(long long)chip);
	return KTAP_PASS;
}

static enum ktap_result set_is_read_and_counts_on(struct clock *clock)
{
	return set_and_wait(clock, at(2031, 5, 6, 7, 8, 9));
}

static enum ktap_result midday_and_midnight(struct clock *clock)
{
	enum ktap_result result = set_and_wait(clock, at(2026, 11, 22, 11, 59, 58));

	return result == KTAP_PASS ? set_and_wait(clock, at(2026, 11, 22, 23, 59, 58)) : result;
}

static enum ktap_result roll_over_1999_12_31(struct clock *clock)
{
	return set_and_wait(clock, at(1999, 12, 31, 23, 59, 58));
}

static enum ktap_result roll_over_2000_02_28(struct clock *clock)
{
	return set_and_wait(clock, at(2000, 2, 28, 23, 59, 58));
}

static enum ktap_result roll_over_2038_01_19(struct clock *clock)
{
	return set_and_wait(clock, at(2038, 1, 19, 3, 14, 6));
}

static enum ktap_result set_with_century(struct clock *clock, s64 sec)
{
	if (!clock_has_century(clock))
		SKIP("the firmware names no century byte");
	return set_and_wait(clock, sec);
}

static enum ktap_result roll_over_2069_12_31(struct clock *clock)
{
	return set_with_century(clock, at(2069, 12, 31, 23, 59, 58));
}

static enum ktap_result roll_over_2099_12_31(struct clock *clock)
{
	return set_with_century(clock, at(2099, 12, 31, 23, 59, 58));
}

static enum ktap_result roll_over_2100_02_28(struct clock *clock)
{
	return set_with_century(clock, at(2100, 2, 28, 23, 59, 58));
}

static enum ktap_result first_second_of_1970(struct clock *clock)
{
	return set_and_wait(clock, 0);
}

/* Not year 9999: QEMU counts the clock's ns in 64 bits, which end in 2262. */
static enum ktap_result roll_over_2200_02_28(struct clock *clock)
{
	return set_with_century(clock, at(2200, 2, 28, 23, 59, 58));
}

/* Refused with one of two errors, and the clock goes on as before. */
static enum ktap_result refused(struct clock *clock, struct rtc_time tm, int error, int other)
{
	s64 begin = now_ns(), before, after;
	int err = clock_read(clock, &before);

	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	err = clock_ioctl(clock, RTC_SET_TIME, &tm);
	REQUIRE(err, "%d-%d-%d was accepted", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	REQUIRE(err == -error || err == -other, "%s", strerror(-err));
	sleep_ms(100);
	err = clock_read(clock, &after);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	REQUIRE(after >= before && after <= before + 1 + (now_ns() - begin) / SECOND_NS,
		"changed from %lld to %lld", (long long)before, (long long)after);
	return KTAP_PASS;
}

static enum ktap_result before_1970_is_refused(struct clock *clock)
{
	return refused(clock, tm_of(-1), ERANGE, EINVAL);
}

static enum ktap_result beyond_the_range_is_refused(struct clock *clock)
{
	s64 sec = clock_has_century(clock) ? KTIME_SEC_MAX + 1 : at(2070, 1, 1, 0, 0, 0);

	return refused(clock, tm_of(sec), ERANGE, ERANGE);
}

static enum ktap_result no_such_time_is_refused(struct clock *clock)
{
	struct rtc_time tm = tm_of(at(2027, 2, 28, 1, 2, 3));
	enum ktap_result result;

	tm.tm_mday = 29;
	result = refused(clock, tm, EINVAL, EINVAL);
	if (result != KTAP_PASS)
		return result;
	tm.tm_mday = 28;
	tm.tm_hour = 24;
	return refused(clock, tm, EINVAL, EINVAL);
}

static int set_as_nobody(struct clock *clock)
{
	return -clock_set(clock, at(2001, 2, 3, 4, 5, 6));
}

static enum ktap_result without_the_right_it_is_refused(struct clock *clock)
{
	s64 before, after;
	int err;

	REQUIRE(!clock_read(clock, &before), "RTC_RD_TIME fails");
	err = as_nobody(clock, set_as_nobody);
	REQUIRE(err == EACCES, "as nobody: %s", err < 0 ? "cannot become nobody" : strerror(err));
	REQUIRE(!clock_read(clock, &after), "RTC_RD_TIME fails");
	REQUIRE(after >= before && after <= before + 2, "changed from %lld to %lld",
		(long long)before, (long long)after);
	return KTAP_PASS;
}

/* A set may hold the divider for half a second; a second set comes in between. */
static enum ktap_result sets_in_a_row(struct clock *clock)
{
	s64 sec = at(2033, 3, 3, 3, 3, 3), now;
	int i;

	for (i = 0; i < 5; i++) {
		int err = clock_set(clock, sec + i * DAY);

		REQUIRE(!err, "set number %d: %s", i, strerror(-err));
		REQUIRE(!clock_read(clock, &now), "read number %d fails", i);
		REQUIRE(now == sec + i * DAY || now == sec + i * DAY + 1, "set %lld, read %lld",
			(long long)(sec + i * DAY), (long long)now);
	}
	return set_and_wait(clock, sec);
}

static enum ktap_result divider_runs_after_a_set(struct clock *clock)
{
	int err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	err = clock_set(clock, at(2026, 1, 2, 3, 4, 5));
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	sleep_ms(1000);
	REQUIRE((ports_read(REG_A) & A_DV) == A_DV_32KHZ, "register A is %02x", ports_read(REG_A));
	REQUIRE(!(ports_read(REG_B) & B_SET), "register B is %02x", ports_read(REG_B));
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "set_is_read_and_counts_on", set_is_read_and_counts_on, true },
	{ "midday_and_midnight", midday_and_midnight, true },
	{ "roll_over_1999_12_31", roll_over_1999_12_31, true },
	{ "roll_over_2000_02_28", roll_over_2000_02_28, true },
	{ "roll_over_2038_01_19", roll_over_2038_01_19, true },
	{ "roll_over_2069_12_31", roll_over_2069_12_31, true },
	{ "roll_over_2099_12_31", roll_over_2099_12_31, true },
	{ "roll_over_2100_02_28", roll_over_2100_02_28, true },
	{ "roll_over_2200_02_28", roll_over_2200_02_28, true },
	{ "first_second_of_1970", first_second_of_1970, true },
	{ "before_1970_is_refused", before_1970_is_refused, true },
	{ "beyond_the_range_is_refused", beyond_the_range_is_refused, true },
	{ "no_such_time_is_refused", no_such_time_is_refused, true },
	{ "without_the_right_it_is_refused", without_the_right_it_is_refused, true },
	{ "sets_in_a_row", sets_in_a_row, true },
	{ "divider_runs_after_a_set", divider_runs_after_a_set, true },
};

KTAP_MAIN(tests)
