// SPDX-License-Identifier: GPL-2.0
/*
 * The MC146818's bytes as time and alarm, and back.
 *
 * Strict on purpose: whoever writes the chip behind the driver's back, or a
 * bus with nothing on it, leaves bytes that mean no time. They are refused,
 * since a guessed date would be handed on as the system's date.
 */
#include <linux/errno.h>
#include <linux/rtc.h>
#include <linux/types.h>

#include "chip/registers.h"

#define EPOCH_YEAR		1970	/* the RTC core's time begins here */
#define LAST_YEAR		9999	/* century 99, year 99 */
#define SECONDS_PER_DAY		86400
#define ALARM_ANY_CODE		0xff	/* of those that match always, what all clones know */

/* 100 and more where the upper BCD digit is none. */
static int number(const struct mc146818_format *f, u8 byte)
{
	if (f->reg_b & MC146818_B_DM)
		return byte;
	if ((byte & 0x0f) > 9)
		return -EINVAL;
	return (byte >> 4) * 10 + (byte & 0x0f);
}

/* @max is 99 at most, so that it also refuses what number() lets through. */
static int number_between(const struct mc146818_format *f, u8 byte, int min, int max)
{
	int value = number(f, byte);

	return value < min || value > max ? -EINVAL : value;
}

static u8 code(const struct mc146818_format *f, int value)
{
	if (f->reg_b & MC146818_B_DM)
		return value;
	return value / 10 << 4 | value % 10;
}

/**
 * mc146818_counts_24 - how hours are counted
 * @f: format of the chip
 *
 * Return: true from 0 to 23, false twice from 12 over 1 to 11.
 * Context: any.
 */
bool mc146818_counts_24(const struct mc146818_format *f)
{
	return f->hours_24 || f->reg_b & MC146818_B_24H;
}

/* Twelve o'clock is the first hour of its half of the day, or the last of the first one. */
static int decode_hours(const struct mc146818_format *f, u8 byte)
{
	bool pm = byte & MC146818_HOURS_PM;
	int hour;

	if (mc146818_counts_24(f))
		return number_between(f, byte, 0, 23);

	byte &= ~MC146818_HOURS_PM;
	if (f->hours_0)
		hour = number_between(f, byte, pm, 12 - pm);
	else
		hour = number_between(f, byte, 1, 12);
	if (hour < 0)
		return hour;
	return (f->hours_0 ? hour : hour % 12) + (pm ? 12 : 0);
}

static u8 encode_hours(const struct mc146818_format *f, int hour)
{
	if (mc146818_counts_24(f) || (f->hours_0 && hour <= 12))
		return code(f, hour);
	return code(f, hour % 12 ?: 12) | (hour >= 12 ? MC146818_HOURS_PM : 0);
}

static int first_year(const struct mc146818_format *f)
{
	if (f->century || f->first_year < EPOCH_YEAR)
		return EPOCH_YEAR;
	return f->first_year;
}

static int last_year(const struct mc146818_format *f)
{
	return f->century ? LAST_YEAR : f->first_year + 99;
}

static int decode_year(const struct mc146818_format *f, const struct mc146818_time *bytes)
{
	int year = number_between(f, bytes->year, 0, 99);
	int century;

	if (year < 0)
		return year;
	if (!f->century)
		return f->first_year + (year + 100 - f->first_year % 100) % 100;

	century = number_between(f, bytes->century, 0, 99);
	return century < 0 ? century : century * 100 + year;
}

/**
 * mc146818_decode_seconds - what the seconds register says
 * @f: format of the chip
 * @byte: byte of the seconds register
 *
 * Return: seconds (0 to 59), -EINVAL if @byte is no second in this format.
 * Context: any.
 */
int mc146818_decode_seconds(const struct mc146818_format *f, u8 byte)
{
	return number_between(f, byte, 0, 59);
}

/**
 * mc146818_decode_time - what the time registers say
 * @f: format of the chip
 * @bytes: bytes of the time registers, of one and the same second
 * @tm: filled as rtc_time64_to_tm() does; undefined on error
 *
 * The day of the week follows from the date: software that leaves its register
 * wrong is common, so the register is ignored.
 *
 * Return: 0, or -EINVAL for bytes that mean no time: no BCD digits, out of
 * range, an hour that the 12 or 24 hour mode does not have, a date that does
 * not exist or lies before 1970, which the RTC core cannot hold.
 * Context: any.
 */
int mc146818_decode_time(const struct mc146818_format *f,
			 const struct mc146818_time *bytes, struct rtc_time *tm)
{
	int year = decode_year(f, bytes);

	tm->tm_sec = mc146818_decode_seconds(f, bytes->seconds);
	tm->tm_min = number_between(f, bytes->minutes, 0, 59);
	tm->tm_hour = decode_hours(f, bytes->hours);
	tm->tm_mday = number_between(f, bytes->date, 1, 31);
	tm->tm_mon = number_between(f, bytes->month, 1, 12) - 1;
	tm->tm_year = year - 1900;
	if (year < 0 || rtc_valid_tm(tm))
		return -EINVAL;

	rtc_time64_to_tm(rtc_tm_to_time64(tm), tm);
	return 0;
}

/**
 * mc146818_encode_time - the bytes of the time registers for a time
 * @f: format of the chip
 * @tm: time; the day of the week is taken from the date, not from tm_wday
 * @bytes: filled in; the century byte too where the chip has none. Undefined on
 *	error
 *
 * Return: 0, -ERANGE outside of mc146818_range(), -EINVAL if there is no such
 * time.
 * Context: any.
 */
int mc146818_encode_time(const struct mc146818_format *f,
			 const struct rtc_time *tm, struct mc146818_time *bytes)
{
	struct rtc_time when = *tm;
	int year;

	if (when.tm_year < first_year(f) - 1900 || when.tm_year > last_year(f) - 1900)
		return -ERANGE;
	if (rtc_valid_tm(&when))
		return -EINVAL;

	rtc_time64_to_tm(rtc_tm_to_time64(&when), &when);
	year = when.tm_year + 1900;
	bytes->seconds = code(f, when.tm_sec);
	bytes->minutes = code(f, when.tm_min);
	bytes->hours = encode_hours(f, when.tm_hour);
	bytes->day_of_week = code(f, when.tm_wday + 1);
	bytes->date = code(f, when.tm_mday);
	bytes->month = code(f, when.tm_mon + 1);
	bytes->year = code(f, year % 100);
	bytes->century = code(f, year / 100);
	return 0;
}

static bool matches_any(u8 byte)
{
	return (byte & MC146818_ALARM_ANY) == MC146818_ALARM_ANY;
}

static int decode_alarm_number(const struct mc146818_format *f, u8 byte, int max)
{
	return matches_any(byte) ? -1 : number_between(f, byte, 0, max);
}

/* Zero is no date and no month: firmware writes it for "any". */
static int decode_alarm_day(const struct mc146818_format *f, bool present, u8 byte, int max)
{
	if (!present || !byte)
		return -1;
	return decode_alarm_number(f, byte, max);
}

/**
 * mc146818_decode_alarm - what the alarm registers say
 * @f: format of the chip
 * @bytes: bytes of the alarm registers; a date alarm that shares its register
 *	with VRT comes without that bit
 * @tm: filled in; -1 in each field that the chip does not compare, so always
 *	in tm_year, tm_wday, tm_yday and tm_isdst. Undefined on error
 *
 * Return: 0, or -EINVAL for a byte that neither matches always nor ever.
 * Context: any.
 */
int mc146818_decode_alarm(const struct mc146818_format *f,
			  const struct mc146818_alarm *bytes, struct rtc_time *tm)
{
	int month = decode_alarm_day(f, f->month_alarm, bytes->month, 12);

	tm->tm_sec = decode_alarm_number(f, bytes->seconds, 59);
	tm->tm_min = decode_alarm_number(f, bytes->minutes, 59);
	tm->tm_hour = matches_any(bytes->hours) ? -1 : decode_hours(f, bytes->hours);
	tm->tm_mday = decode_alarm_day(f, f->date_alarm, bytes->date, 31);
	tm->tm_mon = month > 0 ? month - 1 : month;
	tm->tm_year = -1;
	tm->tm_wday = -1;
	tm->tm_yday = -1;
	tm->tm_isdst = -1;

	if (tm->tm_sec == -EINVAL || tm->tm_min == -EINVAL || tm->tm_hour == -EINVAL ||
	    tm->tm_mday == -EINVAL || tm->tm_mon == -EINVAL)
		return -EINVAL;
	return 0;
}

static bool any_or_between(int value, int min, int max)
{
	return value == -1 || (value >= min && value <= max);
}

static u8 alarm_code(const struct mc146818_format *f, bool present, int value)
{
	return present && value >= 0 ? code(f, value) : ALARM_ANY_CODE;
}

/**
 * mc146818_encode_alarm - the bytes of the alarm registers for an alarm
 * @f: format of the chip
 * @tm: alarm; a field of -1 matches always. What the chip does not compare is
 *	not looked at: see mc146818_alarm_reach() for what that means
 * @bytes: filled in; those that the chip does not have match always. Undefined
 *	on error
 *
 * Return: 0, -EINVAL if a field is out of range.
 * Context: any.
 */
int mc146818_encode_alarm(const struct mc146818_format *f,
			  const struct rtc_time *tm, struct mc146818_alarm *bytes)
{
	if (!any_or_between(tm->tm_sec, 0, 59) || !any_or_between(tm->tm_min, 0, 59) ||
	    !any_or_between(tm->tm_hour, 0, 23) || !any_or_between(tm->tm_mday, 1, 31) ||
	    !any_or_between(tm->tm_mon, 0, 11))
		return -EINVAL;

	bytes->seconds = alarm_code(f, true, tm->tm_sec);
	bytes->minutes = alarm_code(f, true, tm->tm_min);
	bytes->hours = tm->tm_hour < 0 ? ALARM_ANY_CODE : encode_hours(f, tm->tm_hour);
	bytes->date = alarm_code(f, f->date_alarm, tm->tm_mday);
	bytes->month = alarm_code(f, f->month_alarm && tm->tm_mon >= 0, tm->tm_mon + 1);
	return 0;
}

/**
 * mc146818_range - the times that the chip can hold
 * @f: format of the chip
 * @min: first second, in seconds since 1970
 * @max: last second, in seconds since 1970
 *
 * Context: any.
 */
void mc146818_range(const struct mc146818_format *f, s64 *min, s64 *max)
{
	struct rtc_time first = { .tm_year = first_year(f) - 1900, .tm_mday = 1 };
	struct rtc_time end = { .tm_year = last_year(f) + 1 - 1900, .tm_mday = 1 };

	*min = rtc_tm_to_time64(&first);
	*max = rtc_tm_to_time64(&end) - 1;
}

/**
 * mc146818_alarm_reach - how far ahead an alarm still means one second only
 * @f: format of the chip
 * @now: time of the chip, in seconds since 1970
 *
 * The chip compares the registers it has and raises the first match. Without a
 * date alarm the time of day comes again after a day. With one, the date comes
 * again next month; if next month is too short for today's date, all of its
 * days are still new, and its end is the limit. With month and date it is the
 * same with years, where only February 29 finds its month too short.
 *
 * @now itself does not count: while the registers are being written its second
 * may or may not be over.
 *
 * Return: the last second, in seconds since 1970, up to which each alarm after
 * @now is raised by the chip at its own second and at none before.
 * Context: any.
 */
s64 mc146818_alarm_reach(const struct mc146818_format *f, s64 now)
{
	struct rtc_time tm;
	int days;

	if (!f->date_alarm)
		return now + SECONDS_PER_DAY - 1;

	rtc_time64_to_tm(now, &tm);
	if (f->month_alarm) {
		tm.tm_year++;
	} else if (++tm.tm_mon == 12) {
		tm.tm_mon = 0;
		tm.tm_year++;
	}

	days = rtc_month_days(tm.tm_mon, tm.tm_year + 1900);
	if (tm.tm_mday > days) {
		tm.tm_mday = days;
		tm.tm_hour = 24;
		tm.tm_min = 0;
		tm.tm_sec = 0;
	}
	return rtc_tm_to_time64(&tm) - 1;
}

/**
 * mc146818_least_reach - how far ahead an alarm may be whatever the date
 * @f: format of the chip
 *
 * Return: seconds.
 * Context: any.
 */
s64 mc146818_least_reach(const struct mc146818_format *f)
{
	int days = 1;

	/* February's, and those of a year without a leap day. */
	if (f->date_alarm)
		days = f->month_alarm ? 365 : 28;
	return days * 86400LL - 1;
}

/**
 * mc146818_century_kept - whether the century byte holds a century
 * @f: format of the chip; whether it claims a century byte is not looked at
 * @bytes: bytes of the time registers
 *
 * Return: true if @bytes hold a century and a year from 1970 to 9999.
 * Context: any.
 */
bool mc146818_century_kept(const struct mc146818_format *f,
			   const struct mc146818_time *bytes)
{
	int century = number_between(f, bytes->century, 19, 99);
	int year = number_between(f, bytes->year, 0, 99);

	return century > 0 && year >= 0 && (century > 19 || year >= EPOCH_YEAR % 100);
}
