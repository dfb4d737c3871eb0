// SPDX-License-Identifier: GPL-2.0
/* When an emulated chip's alarm matches next. */
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/rtc.h>
#include <linux/types.h>

#include "sim/match.h"
#include "sim/registers.h"

#define DAYS_TO_A_DATE	62	/* no date of a month is further away, two short months ahead */

static bool any(u8 byte)
{
	return (byte & MC_SIM_ANY) == MC_SIM_ANY;
}

/* A field of the alarm: -1 matches always. */
static int field(enum mc_sim_alarm kind, const struct mc_sim_coding *c, u8 byte, int *value)
{
	bool always = kind == MC_SIM_ALARM_FF ? c->binary && byte == 0xff : any(byte);

	*value = always ? -1 : mc_sim_number(c, byte);
	return always || mc_sim_is_number(c, byte, 0, 59) ? 0 : -EINVAL;
}

static int hour_field(enum mc_sim_alarm kind, const struct mc_sim_coding *c, u8 byte, int *value)
{
	if (!field(kind, c, byte, value) && *value < 0)
		return 0;
	*value = mc_sim_hour(c, byte);
	return mc_sim_is_hour(c, byte) ? 0 : -EINVAL;
}

static int datasheet_alarm(enum mc_sim_alarm kind, const struct mc_sim_coding *c,
			   const u8 bytes[MC_SIM_ALARM_PLACES], struct rtc_time *alarm)
{
	if (field(kind, c, bytes[MC_SIM_ALARM_SECONDS], &alarm->tm_sec) ||
	    field(kind, c, bytes[MC_SIM_ALARM_MINUTES], &alarm->tm_min))
		return -EINVAL;
	return hour_field(kind, c, bytes[MC_SIM_ALARM_HOURS], &alarm->tm_hour);
}

/* QEMU takes the half of the day from the time for both, and the PM bit for a digit. */
static int qemu_hour(const struct mc_sim_coding *c, u8 byte)
{
	return c->hours_24 ? mc_sim_number(c, byte) : mc_sim_number(c, byte) % 12;
}

static int qemu_number(const struct mc_sim_coding *c, u8 byte)
{
	return any(byte) ? -1 : mc_sim_number(c, byte);
}

static void qemu_alarm(const struct mc_sim_coding *c, const u8 bytes[MC_SIM_ALARM_PLACES],
		       s64 sec, struct rtc_time *now, struct rtc_time *alarm)
{
	u8 hours = bytes[MC_SIM_ALARM_HOURS];
	u8 shown[MC_SIM_PLACES];

	mc_sim_encode(c, sec, shown);
	now->tm_hour = qemu_hour(c, shown[MC_SIM_AT_HOURS]);
	alarm->tm_sec = qemu_number(c, bytes[MC_SIM_ALARM_SECONDS]);
	alarm->tm_min = qemu_number(c, bytes[MC_SIM_ALARM_MINUTES]);
	alarm->tm_hour = any(hours) ? -1 : qemu_hour(c, hours);
}

/* The lowest value that a field may take, -1 in the alarm being any. */
static int lowest(int alarm)
{
	return alarm < 0 ? 0 : alarm;
}

static int seconds_of_day(int hour, int min, int sec)
{
	return (hour * 60 + min) * 60 + sec;
}

/* The second of the day, 86400 and more tomorrow, of the first match after @now. */
static int next_match(const struct rtc_time *now, const struct rtc_time *alarm)
{
	int sec = alarm->tm_sec < 0 ? now->tm_sec + 1 : alarm->tm_sec;
	int min = alarm->tm_min < 0 ? now->tm_min + 1 : alarm->tm_min;
	int hour = alarm->tm_hour < 0 ? now->tm_hour + 1 : alarm->tm_hour;
	bool this_hour = alarm->tm_hour < 0 || alarm->tm_hour == now->tm_hour;
	bool this_minute = this_hour && (alarm->tm_min < 0 || alarm->tm_min == now->tm_min);

	if (this_minute && sec > now->tm_sec && (alarm->tm_sec >= 0 || sec < 60))
		return seconds_of_day(now->tm_hour, now->tm_min, sec);
	if (this_hour && min > now->tm_min && (alarm->tm_min >= 0 || min < 60))
		return seconds_of_day(now->tm_hour, min, lowest(alarm->tm_sec));
	if (hour <= now->tm_hour)
		hour += 24;
	return seconds_of_day(hour, lowest(alarm->tm_min), lowest(alarm->tm_sec));
}

static s64 match_at_date(const struct mc_sim_coding *c, u8 byte, s64 sec,
			 const struct rtc_time *now, const struct rtc_time *alarm)
{
	int second = seconds_of_day(now->tm_hour, now->tm_min, now->tm_sec);
	int first = next_match(now, alarm), days;
	struct rtc_time tm;

	if (first >= MC_SIM_DAY)
		first = MC_SIM_DAY;
	for (days = first / MC_SIM_DAY; days <= DAYS_TO_A_DATE; days++) {
		rtc_time64_to_tm(sec + (s64)days * MC_SIM_DAY, &tm);
		if (mc_sim_is_number(c, byte, tm.tm_mday, tm.tm_mday))
			return days * MC_SIM_DAY - second +
			       (days ? seconds_of_day(lowest(alarm->tm_hour),
						      lowest(alarm->tm_min),
						      lowest(alarm->tm_sec)) : first);
	}
	return MC_SIM_NEVER;
}

/**
 * mc_sim_match - how many updates from now the alarm matches
 * @kind: of alarm, one that compares
 * @c: coding
 * @bytes: of the alarm; of the date 0 matches always
 * @sec: now, seconds since 1970
 *
 * Return: 1 or more, or MC_SIM_NEVER.
 */
s64 mc_sim_match(enum mc_sim_alarm kind, const struct mc_sim_coding *c,
		 const u8 bytes[MC_SIM_ALARM_PLACES], s64 sec)
{
	struct rtc_time now, alarm;

	rtc_time64_to_tm(sec, &now);
	if (kind == MC_SIM_ALARM_QEMU)
		qemu_alarm(c, bytes, sec, &now, &alarm);
	else if (datasheet_alarm(kind, c, bytes, &alarm))
		return MC_SIM_NEVER;
	if (bytes[MC_SIM_ALARM_DAY])
		return match_at_date(c, bytes[MC_SIM_ALARM_DAY], sec, &now, &alarm);
	return next_match(&now, &alarm) - seconds_of_day(now.tm_hour, now.tm_min, now.tm_sec);
}

static int decode_date(const struct mc_sim_coding *c, const u8 bytes[MC_SIM_ALARM_PLACES],
		       struct rtc_time *tm)
{
	if (!mc_sim_is_number(c, bytes[MC_SIM_ALARM_DAY], 1, 31) ||
	    !mc_sim_is_number(c, bytes[MC_SIM_ALARM_MONTH], 1, 12))
		return -EINVAL;
	tm->tm_mday = mc_sim_number(c, bytes[MC_SIM_ALARM_DAY]);
	tm->tm_mon = mc_sim_number(c, bytes[MC_SIM_ALARM_MONTH]) - 1;
	return 0;
}

static int decode_time(const struct mc_sim_coding *c, const u8 bytes[MC_SIM_ALARM_PLACES],
		       struct rtc_time *tm)
{
	if (!mc_sim_is_number(c, bytes[MC_SIM_ALARM_SECONDS], 0, 59) ||
	    !mc_sim_is_number(c, bytes[MC_SIM_ALARM_MINUTES], 0, 59) ||
	    !mc_sim_is_hour(c, bytes[MC_SIM_ALARM_HOURS]))
		return -EINVAL;
	tm->tm_sec = mc_sim_number(c, bytes[MC_SIM_ALARM_SECONDS]);
	tm->tm_min = mc_sim_number(c, bytes[MC_SIM_ALARM_MINUTES]);
	tm->tm_hour = mc_sim_hour(c, bytes[MC_SIM_ALARM_HOURS]);
	return 0;
}

/**
 * mc_sim_armed_for - what time an alarm is for that is worked out once
 * @kind: of alarm: MC_SIM_ALARM_TODAY or MC_SIM_ALARM_DATE
 * @c: coding
 * @bytes: of the alarm
 * @sec: now, seconds since 1970
 *
 * A time of today that is over counts as the next second, a date that is over as
 * next year's.
 *
 * Return: seconds since 1970, later than @sec; MC_SIM_NEVER if @bytes are none.
 */
s64 mc_sim_armed_for(enum mc_sim_alarm kind, const struct mc_sim_coding *c,
		     const u8 bytes[MC_SIM_ALARM_PLACES], s64 sec)
{
	struct rtc_time tm;
	s64 alarm;

	rtc_time64_to_tm(sec, &tm);
	if (decode_time(c, bytes, &tm) ||
	    (kind == MC_SIM_ALARM_DATE && decode_date(c, bytes, &tm)) || rtc_valid_tm(&tm))
		return MC_SIM_NEVER;
	alarm = rtc_tm_to_time64(&tm);
	if (alarm > sec)
		return alarm;
	if (kind == MC_SIM_ALARM_TODAY)
		return sec + 1;
	tm.tm_year++;
	return rtc_valid_tm(&tm) ? MC_SIM_NEVER : rtc_tm_to_time64(&tm);
}
