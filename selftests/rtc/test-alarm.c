// SPDX-License-Identifier: GPL-2.0
/* Alarms: at their second, once, kept in the chip, never a wrong one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "ports.h"

#define DAY	86400LL

/* The second just begun, so that what follows has most of it left. */
static int read_fresh(struct clock *clock, s64 *sec)
{
	s64 first, give_up = now_ns() + 2 * SECOND_NS;
	int err = clock_read(clock, &first);

	*sec = first;
	while (!err && *sec == first && now_ns() < give_up)
		err = clock_read(clock, sec);
	return err ? err : *sec == first ? -ETIMEDOUT : 0;
}

/* Waits for the alarm of @sec: one event, in that second, and not enabled any more. */
static enum ktap_result comes_at(struct clock *clock, s64 sec)
{
	unsigned long data;
	bool enabled;
	s64 now, was;
	int err = clock_event(clock, 6000, &data);

	REQUIRE(!err, "no alarm: %s", strerror(-err));
	err = clock_read(clock, &now);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	REQUIRE(data == (1 << 8 | RTC_IRQF | RTC_AF), "read() gives %#lx", data);
	REQUIRE(now == sec, "alarm of %lld came at %lld", (long long)sec, (long long)now);
	err = clock_alarm_read(clock, &was, &enabled);
	REQUIRE(!err, "RTC_WKALM_RD: %s", strerror(-err));
	REQUIRE(!enabled, "still enabled after it came");
	err = clock_event(clock, 1500, &data);
	REQUIRE(err == -ETIMEDOUT, "a second event, %#lx", data);
	return KTAP_PASS;
}

static enum ktap_result alarm_is_read_back(struct clock *clock)
{
	s64 now, sec;
	bool enabled;

	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 300, true), "RTC_WKALM_SET fails");
	REQUIRE(!clock_alarm_read(clock, &sec, &enabled), "RTC_WKALM_RD fails");
	REQUIRE(sec == now + 300 && enabled, "set %lld, read %lld, %s", (long long)now + 300,
		(long long)sec, enabled ? "enabled" : "not enabled");
	REQUIRE(!clock_ioctl_value(clock, RTC_AIE_OFF, 0), "RTC_AIE_OFF fails");
	REQUIRE(!clock_alarm_read(clock, &sec, &enabled), "RTC_WKALM_RD fails");
	REQUIRE(!enabled, "enabled after RTC_AIE_OFF");
	return KTAP_PASS;
}

static enum ktap_result wake_alarm_comes_at_its_second(struct clock *clock)
{
	s64 now;

	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 4, true), "RTC_WKALM_SET fails");
	return comes_at(clock, now + 4);
}

static enum ktap_result next_second_alarm_comes(struct clock *clock)
{
	s64 now;
	int err = read_fresh(clock, &now);

	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	REQUIRE(!clock_alarm_set(clock, now + 1, true), "RTC_WKALM_SET fails");
	return comes_at(clock, now + 1);
}

static enum ktap_result alarm_set_then_enabled_comes(struct clock *clock)
{
	struct rtc_time tm;
	s64 now;
	int err;

	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	tm = tm_of(now + 3);
	err = clock_ioctl(clock, RTC_ALM_SET, &tm);
	REQUIRE(!err, "RTC_ALM_SET: %s", strerror(-err));
	memset(&tm, 0xff, sizeof(tm));
	err = clock_ioctl(clock, RTC_ALM_READ, &tm);
	REQUIRE(!err, "RTC_ALM_READ: %s", strerror(-err));
	REQUIRE(tm.tm_hour == tm_of(now + 3).tm_hour && tm.tm_min == tm_of(now + 3).tm_min &&
		tm.tm_sec == tm_of(now + 3).tm_sec, "read back %d:%d:%d", tm.tm_hour, tm.tm_min,
		tm.tm_sec);
	err = clock_ioctl_value(clock, RTC_AIE_ON, 0);
	REQUIRE(!err, "RTC_AIE_ON: %s", strerror(-err));
	return comes_at(clock, now + 3);
}

static enum ktap_result disabled_alarm_does_not_come(struct clock *clock)
{
	unsigned long data;
	s64 now;
	int err;

	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 2, true), "RTC_WKALM_SET fails");
	REQUIRE(!clock_ioctl_value(clock, RTC_AIE_OFF, 0), "RTC_AIE_OFF fails");
	err = clock_event(clock, 3500, &data);
	REQUIRE(err == -ETIMEDOUT, "it came: %#lx", data);
	return KTAP_PASS;
}

static enum ktap_result alarm_is_kept_over_close(struct clock *clock)
{
	unsigned long data;
	bool enabled;
	s64 now, sec;
	int err;

	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 5, true), "RTC_WKALM_SET fails");
	clock_close(clock);
	sleep_ms(1000);
	REQUIRE(!clock_open(clock, clock->path), "cannot open again");
	REQUIRE(!clock_alarm_read(clock, &sec, &enabled), "RTC_WKALM_RD fails");
	REQUIRE(sec == now + 5 && enabled, "read %lld, %s", (long long)sec,
		enabled ? "enabled" : "not enabled");
	err = clock_event(clock, 6000, &data);
	REQUIRE(!err, "no alarm after opening again: %s", strerror(-err));
	REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails");
	REQUIRE(sec == now + 5, "came at %lld", (long long)sec);
	return KTAP_PASS;
}

/* The core raises an alarm of the past at once; the chip must not keep it for tomorrow. */
static enum ktap_result past_alarm_is_over_at_once(struct clock *clock)
{
	unsigned long data;
	bool enabled;
	s64 now, sec;
	int err;

	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	err = clock_alarm_set(clock, now - 60, true);
	if (!err) {
		err = clock_event(clock, 1000, &data);
		REQUIRE(!err, "accepted, but no event: %s", strerror(-err));
	}
	REQUIRE(!clock_alarm_read(clock, &sec, &enabled), "RTC_WKALM_RD fails");
	REQUIRE(!enabled, "still enabled");
	if (ports_open(clock))
		return KTAP_PASS;
	REQUIRE(!(ports_read(REG_B) & B_AIE), "the chip's alarm is enabled");
	return KTAP_PASS;
}

/*
 * With the time of day alone the chip cannot hold an alarm of the day after
 * tomorrow: it would come a day early.
 */
static enum ktap_result alarm_beyond_reach_is_refused(struct clock *clock)
{
	bool enabled;
	s64 now, sec;
	int err;

	if (clock_has_date_alarm(clock))
		SKIP("the firmware names a date alarm");
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	err = clock_alarm_set(clock, now + DAY + 3600, true);
	REQUIRE(err == -EINVAL || err == -ERANGE, "RTC_WKALM_SET 25 h ahead: %s", strerror(-err));
	REQUIRE(!clock_alarm_read(clock, &sec, &enabled), "RTC_WKALM_RD fails");
	REQUIRE(!enabled, "enabled all the same");
	if (ports_open(clock))
		return KTAP_PASS;
	REQUIRE(!(ports_read(REG_B) & B_AIE), "the chip's alarm is enabled");
	return KTAP_PASS;
}

/* While ticks run the core does not ask the driver before it takes an alarm. */
static enum ktap_result alarm_beyond_reach_stays_out_of_the_chip(struct clock *clock)
{
	unsigned long data;
	s64 now;
	int i;

	if (clock_has_date_alarm(clock))
		SKIP("the firmware names a date alarm");
	if (ports_open(clock))
		SKIP("no right to the ports");
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	clock_alarm_set(clock, now + DAY + 5, true);
	for (i = 0; i < 3; i++)
		REQUIRE(!clock_event(clock, 2500, &data), "no tick");
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_OFF, 0), "RTC_UIE_OFF fails");
	REQUIRE(!(ports_read(REG_B) & B_AIE), "the chip would raise it a day early");
	return KTAP_PASS;
}

static enum ktap_result alarm_of_tomorrow_is_taken(struct clock *clock)
{
	bool enabled;
	s64 now, sec;
	int err;

	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	err = clock_alarm_set(clock, now + DAY - 10, true);
	REQUIRE(!err, "23:59:50 ahead: %s", strerror(-err));
	REQUIRE(!clock_alarm_read(clock, &sec, &enabled), "RTC_WKALM_RD fails");
	REQUIRE(sec == now + DAY - 10 && enabled, "read %lld, %s", (long long)sec,
		enabled ? "enabled" : "not enabled");
	return KTAP_PASS;
}

static enum ktap_result far_alarm_is_in_the_chip(struct clock *clock)
{
	int second, err = ports_open(clock);
	s64 now;

	if (err)
		SKIP("ports: %s", strerror(-err));
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 3661, true), "RTC_WKALM_SET fails");
	REQUIRE(!ports_alarm(&second), "the alarm registers hold no time of day");
	REQUIRE(second == (now + 3661) % DAY, "the chip has %d, not %lld", second,
		(long long)((now + 3661) % DAY));
	REQUIRE(ports_read(REG_B) & B_AIE, "the chip's alarm is not enabled");
	REQUIRE(!clock_ioctl_value(clock, RTC_AIE_OFF, 0), "RTC_AIE_OFF fails");
	REQUIRE(!(ports_read(REG_B) & B_AIE), "the chip's alarm is enabled after RTC_AIE_OFF");
	return KTAP_PASS;
}

static enum ktap_result ticks_leave_the_chips_alarm_alone(struct clock *clock)
{
	unsigned long data;
	int i, second, err = ports_open(clock);
	s64 now;

	if (err)
		SKIP("ports: %s", strerror(-err));
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 7322, true), "RTC_WKALM_SET fails");
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	for (i = 0; i < 3; i++) {
		err = clock_event(clock, 2500, &data);
		REQUIRE(!err, "tick %d: %s", i, strerror(-err));
		REQUIRE(!ports_alarm(&second) && second == (now + 7322) % DAY,
			"after tick %d the chip's alarm is at %d", i, second);
		REQUIRE(ports_read(REG_B) & B_AIE, "after tick %d it is disabled", i);
	}
	return KTAP_PASS;
}

static enum ktap_result next_second_alarm_writes_nothing(struct clock *clock)
{
	int before, after, err = ports_open(clock);
	unsigned long data;
	s64 now;

	if (err)
		SKIP("ports: %s", strerror(-err));
	/* A known far alarm first, then the next second's. */
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 7200, true), "RTC_WKALM_SET fails");
	REQUIRE(!ports_alarm(&before), "the alarm registers hold no time of day");
	REQUIRE(!clock_ioctl_value(clock, RTC_AIE_OFF, 0), "RTC_AIE_OFF fails");
	err = read_fresh(clock, &now);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	REQUIRE(!clock_alarm_set(clock, now + 1, true), "RTC_WKALM_SET fails");
	REQUIRE(!ports_alarm(&after) && before == after, "the chip's alarm went from %d to %d",
		before, after);
	REQUIRE(!clock_event(clock, 2500, &data), "no alarm");
	return KTAP_PASS;
}

static enum ktap_result alarm_and_ticks_both_come(struct clock *clock)
{
	int ticks = 0, alarms = 0;
	s64 start, now, came = 0;

	REQUIRE(!clock_read(clock, &start), "RTC_RD_TIME fails");
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	REQUIRE(!clock_alarm_set(clock, start + 3, true), "RTC_WKALM_SET fails");
	for (now = start; now < start + 5;) {
		unsigned long data;
		int err = clock_event(clock, 2500, &data);

		REQUIRE(!err, "%d ticks, %d alarms, then: %s", ticks, alarms, strerror(-err));
		REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
		ticks += !!(data & RTC_UF);
		if (data & RTC_AF) {
			alarms++;
			came = now;
		}
	}
	REQUIRE(alarms == 1, "%d alarms", alarms);
	REQUIRE(came == start + 3, "the alarm of %lld came at %lld", (long long)start + 3,
		(long long)came);
	REQUIRE(ticks >= 4 && ticks <= 5, "%d ticks in 5 s", ticks);
	return KTAP_PASS;
}

static enum ktap_result setting_the_time_past_it_raises_it(struct clock *clock)
{
	unsigned long data;
	s64 now;
	int err;

	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 600, true), "RTC_WKALM_SET fails");
	REQUIRE(!clock_set(clock, now + 1000), "RTC_SET_TIME fails");
	err = clock_event(clock, 2500, &data);
	REQUIRE(!err, "no alarm: %s", strerror(-err));
	REQUIRE(data & RTC_AF, "read() gives %#lx", data);
	return KTAP_PASS;
}

static enum ktap_result alarm_follows_the_time_set(struct clock *clock)
{
	s64 now;

	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 3600, true), "RTC_WKALM_SET fails");
	REQUIRE(!clock_set(clock, now + 3600 - 3), "RTC_SET_TIME fails");
	return comes_at(clock, now + 3600);
}

static enum ktap_result wakealarm_in_sysfs(struct clock *clock)
{
	char text[32];
	bool enabled;
	s64 now, sec;
	int err;

	if (clock_is_emulated(clock))
		SKIP("an emulated clock wakes nothing and has no wakealarm");
	REQUIRE(!clock_attribute(clock, "wakealarm", text, sizeof(text)), "no wakealarm");
	REQUIRE(!text[0], "an alarm is set: %s", text);
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	snprintf(text, sizeof(text), "%lld", (long long)now + 400);
	err = clock_attribute_write(clock, "wakealarm", text);
	REQUIRE(!err, "write %s: %s", text, strerror(-err));
	REQUIRE(!clock_attribute(clock, "wakealarm", text, sizeof(text)), "cannot read it");
	REQUIRE(atoll(text) == now + 400, "set %lld, read %s", (long long)now + 400, text);
	REQUIRE(!clock_alarm_read(clock, &sec, &enabled), "RTC_WKALM_RD fails");
	REQUIRE(sec == now + 400 && enabled, "RTC_WKALM_RD differs: %lld", (long long)sec);
	err = clock_attribute_write(clock, "wakealarm", "+100");
	REQUIRE(err == -EBUSY, "a second one: %s", strerror(-err));
	err = clock_attribute_write(clock, "wakealarm", "0");
	REQUIRE(!err, "clear: %s", strerror(-err));
	REQUIRE(!clock_attribute(clock, "wakealarm", text, sizeof(text)) && !text[0],
		"still there: %s", text);
	err = clock_attribute_write(clock, "wakealarm", "+2");
	REQUIRE(!err, "write +2: %s", strerror(-err));
	sleep_ms(3500);
	REQUIRE(!clock_attribute(clock, "wakealarm", text, sizeof(text)) && !text[0],
		"still there after its time: %s", text);
	return KTAP_PASS;
}

/* AF that an alarm of before has left: an alarm that is set now is not to fire by it. */
static enum ktap_result a_stale_flag_fires_nothing(struct clock *clock)
{
	unsigned long long before, after;
	s64 now;

	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	ports_write(REG_HOURS_ALARM, ALARM_ANY);
	ports_write(REG_MINUTES_ALARM, ALARM_ANY);
	ports_write(REG_SECONDS_ALARM, ALARM_ANY);
	sleep_ms(2100);
	REQUIRE(!clock_counter(clock, "interrupts", &before), "no counter");
	REQUIRE(!clock_alarm_set(clock, now + 3600, true), "RTC_WKALM_SET fails");
	sleep_ms(50);
	REQUIRE(!clock_counter(clock, "interrupts", &after), "no counter");
	REQUIRE(after == before, "%llu interrupts", after - before);
	REQUIRE(!(ports_read_once(REG_C) & C_AF), "the flag is still there");
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "alarm_is_read_back", alarm_is_read_back },
	{ "wake_alarm_comes_at_its_second", wake_alarm_comes_at_its_second },
	{ "next_second_alarm_comes", next_second_alarm_comes },
	{ "alarm_set_then_enabled_comes", alarm_set_then_enabled_comes },
	{ "disabled_alarm_does_not_come", disabled_alarm_does_not_come },
	{ "alarm_is_kept_over_close", alarm_is_kept_over_close },
	{ "past_alarm_is_over_at_once", past_alarm_is_over_at_once },
	{ "alarm_beyond_reach_is_refused", alarm_beyond_reach_is_refused },
	{ "alarm_beyond_reach_stays_out_of_the_chip", alarm_beyond_reach_stays_out_of_the_chip },
	{ "alarm_of_tomorrow_is_taken", alarm_of_tomorrow_is_taken },
	{ "far_alarm_is_in_the_chip", far_alarm_is_in_the_chip },
	{ "ticks_leave_the_chips_alarm_alone", ticks_leave_the_chips_alarm_alone },
	{ "a_stale_flag_fires_nothing", a_stale_flag_fires_nothing },
	{ "next_second_alarm_writes_nothing", next_second_alarm_writes_nothing },
	{ "alarm_and_ticks_both_come", alarm_and_ticks_both_come },
	{ "setting_the_time_past_it_raises_it", setting_the_time_past_it_raises_it, true },
	{ "alarm_follows_the_time_set", alarm_follows_the_time_set, true },
	{ "wakealarm_in_sysfs", wakealarm_in_sysfs },
};

KTAP_MAIN(tests)
