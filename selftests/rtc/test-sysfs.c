// SPDX-License-Identifier: GPL-2.0
/* /sys/class/rtc/rtcN: who it is, what time it has, what it can do. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "ktap.h"
#include "ports.h"

#ifndef RTC_PARAM_GET
struct rtc_param {
	uint64_t param;
	uint64_t uvalue;
	uint32_t index;
	uint32_t pad;
};
#define RTC_PARAM_GET	_IOW('p', 0x13, struct rtc_param)
#define RTC_PARAM_FEATURES 0
#endif
#ifndef RTC_FEATURE_ALARM
#define RTC_FEATURE_ALARM 0
#define RTC_FEATURE_ALARM_RES_MINUTE 1
#define RTC_FEATURE_NEED_WEEK_DAY 2
#define RTC_FEATURE_ALARM_RES_2S 3
#define RTC_FEATURE_UPDATE_INTERRUPT 4
#endif

static enum ktap_result name_begins_with_ours(struct clock *clock)
{
	char name[64];

	REQUIRE(!clock_attribute(clock, "name", name, sizeof(name)), "no name");
	REQUIRE(!strncmp(name, "rtc-mc146818", 12) && (name[12] == ' ' || !name[12]), "name is '%s'",
		name);
	return KTAP_PASS;
}

static enum ktap_result date_time_and_epoch_agree(struct clock *clock)
{
	char date[32], time[32], epoch[32], again[32];
	struct rtc_time tm = { 0 };

	do {
		REQUIRE(!clock_attribute(clock, "since_epoch", epoch, sizeof(epoch)), "no since_epoch");
		REQUIRE(!clock_attribute(clock, "date", date, sizeof(date)), "no date");
		REQUIRE(!clock_attribute(clock, "time", time, sizeof(time)), "no time");
		REQUIRE(!clock_attribute(clock, "since_epoch", again, sizeof(again)), "no since_epoch");
	} while (strcmp(epoch, again));
	REQUIRE(sscanf(date, "%d-%d-%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) == 3, "%s", date);
	REQUIRE(sscanf(time, "%d:%d:%d", &tm.tm_hour, &tm.tm_min, &tm.tm_sec) == 3, "%s", time);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	REQUIRE(seconds_of(&tm) == atoll(epoch), "%s %s is not %s", date, time, epoch);
	return KTAP_PASS;
}

/* Or what 64 bits of ns can hold, which is less than a century byte can. */
static enum ktap_result range_is_the_chips(struct clock *clock)
{
	char text[64];
	unsigned long long last, end = clock_has_century(clock) ? KTIME_SEC_MAX : 3155759999ULL;
	long long first;

	REQUIRE(!clock_attribute(clock, "range", text, sizeof(text)), "no range");
	REQUIRE(sscanf(text, "[%lld,%llu]", &first, &last) == 2, "'%s'", text);
	REQUIRE(first == 0 && last == end, "'%s', not [0,%llu]", text, end);
	return KTAP_PASS;
}

static enum ktap_result features(struct clock *clock)
{
	struct rtc_param param = { .param = RTC_PARAM_FEATURES };
	int err = clock_ioctl(clock, RTC_PARAM_GET, &param);

	REQUIRE(!err, "RTC_PARAM_GET: %s", strerror(-err));
	REQUIRE(param.uvalue & 1 << RTC_FEATURE_ALARM, "no alarm: %#llx",
		(unsigned long long)param.uvalue);
	REQUIRE(param.uvalue & 1 << RTC_FEATURE_UPDATE_INTERRUPT, "no update interrupt: %#llx",
		(unsigned long long)param.uvalue);
	REQUIRE(!(param.uvalue & (1 << RTC_FEATURE_ALARM_RES_MINUTE | 1 << RTC_FEATURE_ALARM_RES_2S |
				  1 << RTC_FEATURE_NEED_WEEK_DAY)),
		"limits that the chip does not have: %#llx", (unsigned long long)param.uvalue);
	return KTAP_PASS;
}

static enum ktap_result battery(struct clock *clock)
{
	unsigned int flags = ~0U;
	int err = clock_ioctl(clock, RTC_VL_READ, &flags);

	if (ports_open(clock))
		SKIP("no right to the ports");
	if (!(ports_read(REG_D) & 0x80))
		SKIP("the battery of this machine is dead");
	REQUIRE(!err, "RTC_VL_READ: %s", strerror(-err));
	REQUIRE(flags == 0, "RTC_VL_READ gives %#x", flags);
	err = clock_ioctl_value(clock, RTC_VL_CLR, 0);
	REQUIRE(!err, "RTC_VL_CLR: %s", strerror(-err));
	err = clock_ioctl(clock, RTC_VL_READ, &flags);
	REQUIRE(!err && flags == 0, "after RTC_VL_CLR: %#x, %s", flags, strerror(-err));
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "name_begins_with_ours", name_begins_with_ours },
	{ "date_time_and_epoch_agree", date_time_and_epoch_agree },
	{ "range_is_the_chips", range_is_the_chips },
	{ "features", features },
	{ "battery", battery },
};

KTAP_MAIN(tests)
