// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/compliance/compliance.h"
#include "lib/rtc/setting.h"

/* A set is this exact, at the least, where the driver sets the fraction of the second. */
#define EXACT_NS	(20 * NSEC_PER_MSEC)
#define TRIES		3
#define ROLL_NS		(3 * NSEC_PER_SEC)
#define LOOK_NS		(5 * NSEC_PER_MSEC)

static enum compliance_result invalid(const struct rtc *rtc)
{
	struct rtc_time fields;
	int64_t before_s, after_s;
	int err;

	err = rtc_read_s(rtc, &before_s);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	timescale_rtc_s_to_fields(before_s, &fields);
	fields.tm_mon = 12;
	REQUIRE(rtc_set(rtc, &fields), "month 13 is taken");
	fields.tm_mon = 1;
	fields.tm_mday = 30;
	REQUIRE(rtc_set(rtc, &fields), "February 30 is taken");
	err = rtc_read_s(rtc, &after_s);
	REQUIRE(!err, "RTC_RD_TIME afterwards: %s", strerror(-err));
	REQUIRE(after_s >= before_s && after_s - before_s < 60,
		"a date that was refused has moved the clock by %lld s",
		(long long)(after_s - before_s));
	return COMPLIANCE_PASS;
}

static enum compliance_result reads_back(const struct rtc *rtc)
{
	const int64_t date_s = 1308141296;	/* 2011-06-15 12:34:56 */
	int64_t start_ns = clock_now_ns(CLOCK_MONOTONIC), passed_ns, rtc_s;
	int err;

	err = compliance_set(rtc, date_s);
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	err = rtc_read_s(rtc, &rtc_s);
	passed_ns = clock_now_ns(CLOCK_MONOTONIC) - start_ns;
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	REQUIRE(rtc_s >= date_s && (rtc_s - date_s - 1) * NSEC_PER_SEC <= passed_ns,
		"it shows a time %lld s after the one set, %.3f s later",
		(long long)(rtc_s - date_s), passed_ns / 1e9);
	return COMPLIANCE_PASS;
}

/* From a second to the next, however long the looks take. */
static enum compliance_result roll(const struct rtc *rtc, int64_t from_s)
{
	int64_t first_s, last_s, rtc_s, start_ns, passed_ns;
	int err;

	if (!compliance_range(rtc, &first_s, &last_s) && (from_s < first_s || from_s >= last_s))
		SKIP("outside the range of the driver");
	start_ns = clock_now_ns(CLOCK_MONOTONIC);
	err = compliance_set(rtc, from_s);
	if (err == -ERANGE || err == -EINVAL)
		SKIP("the driver refuses this date: %s", strerror(-err));
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	do {
		clock_sleep_until(CLOCK_MONOTONIC, clock_now_ns(CLOCK_MONOTONIC) + LOOK_NS);
		err = rtc_read_s(rtc, &rtc_s);
		passed_ns = clock_now_ns(CLOCK_MONOTONIC) - start_ns;
		REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	} while (rtc_s == from_s && passed_ns < ROLL_NS);
	REQUIRE(rtc_s != from_s, "the next second does not come within 3 s");
	REQUIRE(rtc_s > from_s && (rtc_s - from_s - 1) * NSEC_PER_SEC <= passed_ns,
		"the next second is %lld s away", (long long)(rtc_s - from_s));
	return COMPLIANCE_PASS;
}

#define ROLL(name, from_s)						\
	static enum compliance_result name(const struct rtc *rtc)	\
	{								\
		return roll(rtc, from_s);				\
	}

ROLL(roll_1999, 946684799)	/* 1999-12-31 23:59:59 */
ROLL(roll_leap_2000, 951782399)	/* 2000-02-28 23:59:59, before a 29th */
ROLL(roll_2038, 2147483647)	/* 2038-01-19 03:14:07, the last of 31 bits */
ROLL(roll_2069, 3155759999)	/* 2069-12-31 23:59:59, the last of a two-digit year from 1970 */
ROLL(roll_2099, 4102444799)	/* 2099-12-31 23:59:59 */
ROLL(roll_2100, 4107542399)	/* 2100-02-28 23:59:59, before no 29th */

static enum compliance_result range_kept(const struct rtc *rtc)
{
	int64_t first_s, last_s;

	if (compliance_range(rtc, &first_s, &last_s))
		SKIP("the driver declares no range");
	if (first_s > INT64_MIN)
		REQUIRE(compliance_set(rtc, first_s - 1), "a date before its range is taken");
	REQUIRE(compliance_set(rtc, last_s + 1), "a date behind its range is taken");
	return COMPLIANCE_PASS;
}

/* By RTC_SET_TIME. Return: as setting_verify(). */
static int set_at(const struct rtc *rtc, int64_t offset_ns, struct residual *residual)
{
	struct setting setting = {
		.when = clock_moment(),
		.delay_ns = rtc_set_delay_ns(rtc),
	};
	int err;

	setting.rtc_ns = setting.when.real_ns + offset_ns;
	err = setting_apply(rtc, &setting);
	if (!err)
		err = setting_verify(rtc, &setting);
	*residual = setting.residual;
	return err;
}

/*
 * The best of a few tries: a call may be preempted on its way, but a driver that keeps
 * the old phase is off by the same each time.
 */
static int set_best(const struct rtc *rtc, int64_t offset_ns, struct residual *best)
{
	struct residual residual;
	int err;

	for (int i = 0; i < TRIES; i++) {
		err = set_at(rtc, offset_ns, &residual);
		if (err)
			return err;
		compliance_comment("set at %+.3f s: %+.6f s off, +/- %.6f s", offset_ns / 1e9,
				   residual.ns / 1e9, residual.bound_ns / 1e9);
		if (!i || llabs(residual.ns) < llabs(best->ns))
			*best = residual;
		if (llabs(best->ns) <= EXACT_NS)
			break;
	}
	return 0;
}

/* At three places of the second: a driver that keeps the old phase can meet one of them. */
static enum compliance_result exact(const struct rtc *rtc)
{
	struct residual residual;
	int err;

	for (int64_t i = 0; i < 3; i++) {
		err = set_best(rtc, i * NSEC_PER_SEC / 3, &residual);
		if (err == -EAGAIN)
			SKIP("the machine is too busy to meet the right moment");
		REQUIRE(!err, "setting: %s", strerror(-err));
		REQUIRE(llabs(residual.ns) <= EXACT_NS + residual.bound_ns,
			"the fraction of the second is not set: it is %+.3f s off",
			residual.ns / 1e9);
	}
	return COMPLIANCE_PASS;
}

const struct compliance_test compliance_setting[] = {
	{ .name = "set-invalid", .run = invalid, .sets = true },
	{ .name = "set-reads-back", .run = reads_back, .sets = true },
	{ .name = "set-range", .run = range_kept, .sets = true },
	{ .name = "set-exact", .run = exact, .sets = true },
	{ .name = "roll-1999-12-31", .run = roll_1999, .sets = true },
	{ .name = "roll-2000-02-28", .run = roll_leap_2000, .sets = true },
	{ .name = "roll-2038-01-19", .run = roll_2038, .sets = true },
	{ .name = "roll-2069-12-31", .run = roll_2069, .sets = true },
	{ .name = "roll-2099-12-31", .run = roll_2099, .sets = true },
	{ .name = "roll-2100-02-28", .run = roll_2100, .sets = true },
	{}
};
