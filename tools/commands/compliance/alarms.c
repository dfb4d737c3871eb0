// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "commands/compliance/compliance.h"
#include "lib/rtc/param.h"

#define SOON_S		2
#define SOON_MS		5000
#define QUIET_MS	3500
#define HOUR_S		3600
#define DAY_S		86400

/* For a test's beginning: now, of a clock with an alarm to the second. */
static enum compliance_result begin(const struct rtc *rtc, int64_t *now_s)
{
	struct rtc_wkalrm alarm;
	uint64_t features;
	int err;

	if (!param_features(rtc, &features)) {
		if (!(features & 1 << RTC_FEATURE_ALARM))
			SKIP("the clock has no alarm");
		if (features & (1 << RTC_FEATURE_ALARM_RES_MINUTE | 1 << RTC_FEATURE_ALARM_RES_2S))
			SKIP("its alarm is not to the second");
	} else if (rtc_read_alarm(rtc, &alarm)) {
		SKIP("the clock has no alarm");
	}
	err = rtc_read_s(rtc, now_s);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	return COMPLIANCE_PASS;
}

#define BEGIN(rtc, now_s)						\
	do {								\
		enum compliance_result begun = begin(rtc, now_s);	\
									\
		if (begun != COMPLIANCE_PASS)				\
			return begun;					\
	} while (0)

static int wake(const struct rtc *rtc, int64_t rtc_s, bool enabled)
{
	struct rtc_wkalrm alarm = { .enabled = enabled };
	int err;

	err = timescale_rtc_s_to_fields(rtc_s, &alarm.time);
	return err ? err : rtc_set_alarm(rtc, &alarm);
}

/* Comes, is marked, and not before its time. */
static enum compliance_result expect(const struct rtc *rtc, int64_t alarm_s)
{
	long data = compliance_interrupt(rtc, SOON_MS);
	int64_t now_s;
	int err;

	REQUIRE(data >= 0, "read(): %s", strerror(-data));
	REQUIRE(data, "set without complaint, then it does not come within %d ms", SOON_MS);
	REQUIRE(data & RTC_AF, "the interrupt is not marked RTC_AF: 0x%lx", data);
	err = rtc_read_s(rtc, &now_s);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	REQUIRE(now_s >= alarm_s, "it comes %lld s early", (long long)(alarm_s - now_s));
	return COMPLIANCE_PASS;
}

static enum compliance_result comes(const struct rtc *rtc)
{
	int64_t now_s;
	int err;

	BEGIN(rtc, &now_s);
	err = wake(rtc, now_s + SOON_S, true);
	REQUIRE(!err, "RTC_WKALM_SET: %s", strerror(-err));
	return expect(rtc, now_s + SOON_S);
}

static enum compliance_result of_old(const struct rtc *rtc)
{
	struct rtc_time fields;
	int64_t now_s;

	BEGIN(rtc, &now_s);
	timescale_rtc_s_to_fields(now_s + SOON_S, &fields);
	REQUIRE(ioctl(rtc->fd, RTC_ALM_SET, &fields) >= 0, "RTC_ALM_SET: %s", strerror(errno));
	REQUIRE(ioctl(rtc->fd, RTC_AIE_ON, 0) >= 0, "RTC_AIE_ON: %s", strerror(errno));
	return expect(rtc, now_s + SOON_S);
}

static enum compliance_result cancelled(const struct rtc *rtc)
{
	int64_t now_s;
	long data;
	int err;

	BEGIN(rtc, &now_s);
	err = wake(rtc, now_s + SOON_S, true);
	if (!err)
		err = wake(rtc, now_s + SOON_S, false);
	REQUIRE(!err, "RTC_WKALM_SET: %s", strerror(-err));
	data = compliance_interrupt(rtc, QUIET_MS);
	REQUIRE(!data, "it comes though it was cancelled: 0x%lx", data);
	return COMPLIANCE_PASS;
}

static enum compliance_result reads_back(const struct rtc *rtc)
{
	struct alarm alarm;
	int64_t now_s;
	int err;

	BEGIN(rtc, &now_s);
	err = wake(rtc, now_s + HOUR_S, true);
	REQUIRE(!err, "RTC_WKALM_SET: %s", strerror(-err));
	err = alarm_read(rtc, &alarm);
	REQUIRE(!err, "RTC_WKALM_RD: %s", strerror(-err));
	REQUIRE(alarm.enabled && alarm.dated, "what was enabled reads as disabled");
	REQUIRE(alarm.rtc_s == now_s + HOUR_S, "it reads back %lld s away from what was set",
		(long long)(alarm.rtc_s - now_s - HOUR_S));
	err = wake(rtc, now_s + HOUR_S, false);
	if (!err)
		err = alarm_read(rtc, &alarm);
	REQUIRE(!err, "disabling: %s", strerror(-err));
	REQUIRE(!alarm.enabled, "what was disabled reads as enabled");
	return COMPLIANCE_PASS;
}

/* Refused, or come at once: never waiting for another day. */
static enum compliance_result past(const struct rtc *rtc)
{
	int64_t now_s;
	int err;

	BEGIN(rtc, &now_s);
	err = wake(rtc, now_s - 10, true);
	if (!err)
		return expect(rtc, now_s - 10);
	compliance_comment("an alarm that is past is refused: %s", strerror(-err));
	return COMPLIANCE_PASS;
}

/* A chip that compares hours, minutes and seconds alone would go off a day early. */
static enum compliance_result far(const struct rtc *rtc)
{
	struct alarm alarm;
	int64_t now_s;
	int err;

	BEGIN(rtc, &now_s);
	err = wake(rtc, now_s + DAY_S + HOUR_S, true);
	if (err) {
		compliance_comment("an alarm 25 hours ahead is refused: %s", strerror(-err));
		return COMPLIANCE_PASS;
	}
	err = alarm_read(rtc, &alarm);
	wake(rtc, now_s + HOUR_S, false);
	REQUIRE(!err, "RTC_WKALM_RD: %s", strerror(-err));
	REQUIRE(alarm.rtc_s == now_s + DAY_S + HOUR_S,
		"set 25 hours ahead it is taken, and reads back %lld s away",
		(long long)(alarm.rtc_s - now_s - DAY_S - HOUR_S));
	return COMPLIANCE_PASS;
}

static enum compliance_result midnight(const struct rtc *rtc)
{
	int64_t now_s, midnight_s;
	int err;

	BEGIN(rtc, &now_s);
	midnight_s = now_s - now_s % DAY_S + DAY_S;
	err = compliance_set(rtc, midnight_s - SOON_S);
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	err = wake(rtc, midnight_s, true);
	REQUIRE(!err, "RTC_WKALM_SET: %s", strerror(-err));
	return expect(rtc, midnight_s);
}

const struct compliance_test compliance_alarms[] = {
	{ .name = "alarm-comes", .run = comes },
	{ .name = "alarm-of-old", .run = of_old },
	{ .name = "alarm-cancelled", .run = cancelled },
	{ .name = "alarm-reads-back", .run = reads_back },
	{ .name = "alarm-past", .run = past },
	{ .name = "alarm-far", .run = far },
	{ .name = "alarm-midnight", .run = midnight, .sets = true },
	{}
};
