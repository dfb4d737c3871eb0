// SPDX-License-Identifier: GPL-2.0
/* /proc/driver/rtc: the lines that programs look for, and that they tell the truth. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "ports.h"

#define PROC	"/proc/driver/rtc"

/* The value behind `key<tabs>: `; -1 if there is no such line, or no file. */
static int value_of(const char *key, char *value, size_t size)
{
	char text[4096], *line, *rest;
	size_t length = strlen(key);

	if (file_read(PROC, text, sizeof(text)))
		return -1;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *after = line + length;

		if (strncmp(line, key, length))
			continue;
		after += strspn(after, "\t ");
		if (strncmp(after, ": ", 2))
			continue;
		snprintf(value, size, "%s", after + 2);
		return 0;
	}
	return -1;
}

static enum ktap_result is(const char *key, const char *wanted)
{
	char value[64];

	REQUIRE(!value_of(key, value, sizeof(value)), "no line %s", key);
	REQUIRE(!strcmp(value, wanted), "%s is '%s', not '%s'", key, value, wanted);
	return KTAP_PASS;
}

static enum ktap_result all_lines(struct clock *clock)
{
	static const char *const keys[] = {
		"rtc_time", "rtc_date", "alrm_time", "alrm_date", "alarm_IRQ", "alrm_pending",
		"update IRQ enabled", "periodic IRQ enabled", "periodic IRQ frequency",
		"max user IRQ frequency", "24hr", "periodic_IRQ", "update_IRQ", "HPET_emulated",
		"BCD", "DST_enable", "periodic_freq", "batt_status",
	};
	char value[64];
	size_t i;

	(void)clock;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		REQUIRE(!value_of(keys[i], value, sizeof(value)), "no line %s", keys[i]);
	return KTAP_PASS;
}

static enum ktap_result time_is_now(struct clock *clock)
{
	char date[32], time[32];
	struct rtc_time tm = { 0 };
	s64 before, after, sec;

	REQUIRE(!clock_read(clock, &before), "RTC_RD_TIME fails");
	do {
		REQUIRE(!value_of("rtc_date", date, sizeof(date)), "no rtc_date");
		REQUIRE(!value_of("rtc_time", time, sizeof(time)), "no rtc_time");
	} while (!strncmp(time, "00:00:0", 7));
	REQUIRE(!clock_read(clock, &after), "RTC_RD_TIME fails");
	REQUIRE(sscanf(date, "%d-%d-%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) == 3, "%s", date);
	REQUIRE(sscanf(time, "%d:%d:%d", &tm.tm_hour, &tm.tm_min, &tm.tm_sec) == 3, "%s", time);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	sec = seconds_of(&tm);
	REQUIRE(sec >= before && sec <= after, "%s %s is not between %lld and %lld", date, time,
		(long long)before, (long long)after);
	return KTAP_PASS;
}

static enum ktap_result mode_is_the_chips(struct clock *clock)
{
	(void)clock;
	if (ports_open(clock))
		SKIP("no right to the ports");
	return is("BCD", ports_read(REG_B) & B_DM ? "no" : "yes");
}

static enum ktap_result battery_is_the_chips(struct clock *clock)
{
	(void)clock;
	if (ports_open(clock))
		SKIP("no right to the ports");
	return is("batt_status", ports_read(REG_D) & 0x80 ? "okay" : "dead");
}

static enum ktap_result ticks_are_shown(struct clock *clock)
{
	enum ktap_result result = is("update_IRQ", "no");

	if (result != KTAP_PASS)
		return result;
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	result = is("update IRQ enabled", "yes");
	return result == KTAP_PASS ? is("update_IRQ", "yes") : result;
}

static enum ktap_result periodic_is_shown(struct clock *clock)
{
	enum ktap_result result = is("periodic_IRQ", "no");

	if (result != KTAP_PASS)
		return result;
	REQUIRE(!clock_ioctl_value(clock, RTC_IRQP_SET, 32), "RTC_IRQP_SET 32 fails");
	REQUIRE(!clock_ioctl_value(clock, RTC_PIE_ON, 0), "RTC_PIE_ON fails");
	result = is("periodic_IRQ", "yes");
	return result == KTAP_PASS ? is("periodic_freq", "32") : result;
}

static enum ktap_result alarm_is_shown(struct clock *clock)
{
	struct rtc_time tm;
	char wanted[32];
	s64 now;
	enum ktap_result result = is("alarm_IRQ", "no");

	if (result != KTAP_PASS)
		return result;
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 3600, true), "RTC_WKALM_SET fails");
	tm = tm_of(now + 3600);
	snprintf(wanted, sizeof(wanted), "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
	result = is("alrm_time", wanted);
	return result == KTAP_PASS ? is("alarm_IRQ", "yes") : result;
}

static const struct ktap_test tests[] = {
	{ "all_lines", all_lines },
	{ "time_is_now", time_is_now },
	{ "mode_is_the_chips", mode_is_the_chips },
	{ "battery_is_the_chips", battery_is_the_chips },
	{ "ticks_are_shown", ticks_are_shown },
	{ "periodic_is_shown", periodic_is_shown },
	{ "alarm_is_shown", alarm_is_shown },
};

KTAP_MAIN(tests)
