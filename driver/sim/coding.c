// SPDX-License-Identifier: GPL-2.0
/* A time as an emulated chip's bytes, and back. */
#include <linux/math64.h>
#include <linux/rtc.h>
#include <linux/types.h>

#include "sim/coding.h"
#include "sim/registers.h"

#define EPOCH_YEAR		1970
#define LAST_SEC		253402300799LL	/* the last of 9999: what four digits hold */
#define CALENDAR_YEARS		400		/* then dates and weekdays come again, ... */
#define CALENDAR_SEC		12622780800LL	/* ... after this many seconds */
#define YEAR_2000		2000
#define SEC_2000		946684800LL	/* January 1, 2000: the first of two digits */
#define CENTURY_SEC		3155760000LL	/* from there to 2100 */

/* BCD digits above 9 count on: the counters behind them carry. */
static int digits(u8 byte)
{
	return 10 * (byte >> 4) + (byte & 0x0f);
}

/**
 * mc_sim_number - what a byte counts for
 * @c: coding
 * @byte: any
 *
 * Return: its number.
 */
int mc_sim_number(const struct mc_sim_coding *c, u8 byte)
{
	return c->binary ? byte : digits(byte);
}

/**
 * mc_sim_hour - what the byte of the hours counts for
 * @c: coding
 * @byte: any
 *
 * Return: the hour of the day.
 */
int mc_sim_hour(const struct mc_sim_coding *c, u8 byte)
{
	int hour, half;

	if (c->hours_24)
		return mc_sim_number(c, byte);
	hour = mc_sim_number(c, byte & ~MC_SIM_PM);
	half = byte & MC_SIM_PM ? 12 : 0;
	return (c->noon_is_am ? hour : hour % 12) + half;
}

/**
 * mc_sim_is_number - whether a byte is a number in a range
 * @c: coding
 * @byte: any
 * @min: of the range
 * @max: of the range, 99 at most
 *
 * Return: true if it is.
 */
bool mc_sim_is_number(const struct mc_sim_coding *c, u8 byte, int min, int max)
{
	int number = mc_sim_number(c, byte);

	if (!c->binary && (byte & 0x0f) > 9)
		return false;
	return number >= min && number <= max;
}

/**
 * mc_sim_is_hour - whether a byte is an hour
 * @c: coding
 * @byte: any
 *
 * Return: true if it is.
 */
bool mc_sim_is_hour(const struct mc_sim_coding *c, u8 byte)
{
	u8 hour = byte & ~MC_SIM_PM;

	if (c->hours_24)
		return mc_sim_is_number(c, byte, 0, 23);
	if (!c->noon_is_am)
		return mc_sim_is_number(c, hour, 1, 12);
	return mc_sim_is_number(c, hour, 0, byte & MC_SIM_PM ? 11 : 12);
}

static int year(const struct mc_sim_coding *c, const u8 bytes[MC_SIM_PLACES])
{
	int year = mc_sim_number(c, bytes[MC_SIM_AT_YEAR]);

	if (!c->century)
		return YEAR_2000 + year;
	return mc_sim_number(c, bytes[MC_SIM_AT_CENTURY]) * 100 + year;
}

/**
 * mc_sim_is_date - whether bytes mean a date that exists
 * @c: coding
 * @bytes: of a time
 *
 * Return: true if they do, from 1970 on.
 */
bool mc_sim_is_date(const struct mc_sim_coding *c, const u8 bytes[MC_SIM_PLACES])
{
	int y = year(c, bytes), month;

	if (!mc_sim_is_number(c, bytes[MC_SIM_AT_SECONDS], 0, 59) ||
	    !mc_sim_is_number(c, bytes[MC_SIM_AT_MINUTES], 0, 59) ||
	    !mc_sim_is_hour(c, bytes[MC_SIM_AT_HOURS]))
		return false;
	if (!mc_sim_is_number(c, bytes[MC_SIM_AT_YEAR], 0, 99) ||
	    (c->century && !mc_sim_is_number(c, bytes[MC_SIM_AT_CENTURY], 0, 99)) ||
	    y < EPOCH_YEAR || !mc_sim_is_number(c, bytes[MC_SIM_AT_MONTH], 1, 12))
		return false;
	month = mc_sim_number(c, bytes[MC_SIM_AT_MONTH]) - 1;
	return mc_sim_is_number(c, bytes[MC_SIM_AT_DATE], 1, rtc_month_days(month, y));
}

/* Into @first and the @span of seconds after it, by whole spans. */
static s64 fold(s64 sec, s64 first, s64 span)
{
	s64 since = sec - first;

	if (since < 0)
		return sec + (div64_s64(-1 - since, span) + 1) * span;
	return sec - div64_s64(since, span) * span;
}

/**
 * mc_sim_representable - the time that a chip can hold instead of any other
 * @c: coding
 * @sec: seconds since 1970
 *
 * Without a century that is one from 2000 to 2099. With one, years that four digits
 * cannot show, or the kernel not hold, are moved to where their calendar comes again.
 *
 * Return: seconds since 1970.
 */
s64 mc_sim_representable(const struct mc_sim_coding *c, s64 sec)
{
	if (!c->century)
		return fold(sec, SEC_2000, CENTURY_SEC);
	if (sec < 0)
		return fold(sec, 0, CALENDAR_SEC);
	if (sec > LAST_SEC)
		return fold(sec, LAST_SEC - CALENDAR_SEC + 1, CALENDAR_SEC);
	return sec;
}

static u8 code(const struct mc_sim_coding *c, int number)
{
	return c->binary ? number : number / 10 * 16 + number % 10;
}

/**
 * mc_sim_code_hour - the byte of an hour
 * @c: coding
 * @hour: of the day, 0 to 23
 *
 * Return: the byte.
 */
u8 mc_sim_code_hour(const struct mc_sim_coding *c, int hour)
{
	if (c->hours_24)
		return code(c, hour);
	if (c->noon_is_am)
		return hour > 12 ? code(c, hour - 12) | MC_SIM_PM : code(c, hour);
	if (hour >= 12)
		return code(c, hour == 12 ? 12 : hour - 12) | MC_SIM_PM;
	return code(c, hour == 0 ? 12 : hour);
}

/**
 * mc_sim_encode - a time as bytes
 * @c: coding
 * @sec: seconds since 1970
 * @bytes: filled in; of the century also where there is none
 */
void mc_sim_encode(const struct mc_sim_coding *c, s64 sec, u8 bytes[MC_SIM_PLACES])
{
	struct rtc_time tm;
	int y;

	rtc_time64_to_tm(mc_sim_representable(c, sec), &tm);
	y = tm.tm_year + 1900;
	bytes[MC_SIM_AT_SECONDS] = code(c, tm.tm_sec);
	bytes[MC_SIM_AT_MINUTES] = code(c, tm.tm_min);
	bytes[MC_SIM_AT_HOURS] = mc_sim_code_hour(c, tm.tm_hour);
	bytes[MC_SIM_AT_DAY_OF_WEEK] = code(c, tm.tm_wday + 1);	/* Sunday is 1 */
	bytes[MC_SIM_AT_DATE] = code(c, tm.tm_mday);
	bytes[MC_SIM_AT_MONTH] = code(c, tm.tm_mon + 1);
	bytes[MC_SIM_AT_YEAR] = code(c, y % 100);
	bytes[MC_SIM_AT_CENTURY] = code(c, y / 100);
}

/**
 * mc_sim_decode - bytes as a time
 * @c: coding
 * @bytes: of a time; what is too much for its place carries into the next
 *
 * Return: seconds since 1970.
 */
s64 mc_sim_decode(const struct mc_sim_coding *c, const u8 bytes[MC_SIM_PLACES])
{
	int month = mc_sim_number(c, bytes[MC_SIM_AT_MONTH]) + 11;
	int y = year(c, bytes) + month / 12 - 1;
	struct rtc_time tm = { .tm_mon = month % 12, .tm_mday = 1 };
	s64 day;

	while (y < EPOCH_YEAR)
		y += CALENDAR_YEARS;
	tm.tm_year = y - 1900;
	day = rtc_tm_to_time64(&tm);
	day += (mc_sim_number(c, bytes[MC_SIM_AT_DATE]) - 1) * MC_SIM_DAY;
	return mc_sim_representable(c, day + mc_sim_hour(c, bytes[MC_SIM_AT_HOURS]) * 3600 +
				       mc_sim_number(c, bytes[MC_SIM_AT_MINUTES]) * 60 +
				       mc_sim_number(c, bytes[MC_SIM_AT_SECONDS]));
}
