// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>

#include <linux/rtc.h>

#define SECONDS_PER_DAY	86400

static const int days_before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };

static bool leap(unsigned int year)
{
	return year % 4 == 0 && (year % 100 || year % 400 == 0);
}

/* Days from 1970 to the first of January of @year, 1970 or later. */
static time64_t days_before_year(unsigned int year)
{
	time64_t past = year - 1;

	return 365 * (past - 1969) + past / 4 - past / 100 + past / 400 - 477;
}

/* Days from the first of January to the first of @month (0 to 12). */
static int days_before_month(unsigned int month, unsigned int year)
{
	return days_before[month] + (month > 1 && leap(year));
}

int rtc_month_days(unsigned int month, unsigned int year)
{
	return days_before_month(month + 1, year) - days_before_month(month, year);
}

int rtc_valid_tm(struct rtc_time *tm)
{
	if (tm->tm_year < 70 || tm->tm_year > INT_MAX - 1900)
		return -EINVAL;
	if (tm->tm_mon < 0 || tm->tm_mon > 11)
		return -EINVAL;
	if (tm->tm_mday < 1 || tm->tm_mday > rtc_month_days(tm->tm_mon, tm->tm_year + 1900))
		return -EINVAL;
	if (tm->tm_hour < 0 || tm->tm_hour > 23 || tm->tm_min < 0 || tm->tm_min > 59)
		return -EINVAL;
	return tm->tm_sec < 0 || tm->tm_sec > 59 ? -EINVAL : 0;
}

time64_t rtc_tm_to_time64(struct rtc_time *tm)
{
	unsigned int year = tm->tm_year + 1900;
	time64_t days = days_before_year(year) + days_before_month(tm->tm_mon, year);

	return (days + tm->tm_mday - 1) * SECONDS_PER_DAY + tm->tm_hour * 3600 +
	       tm->tm_min * 60 + tm->tm_sec;
}

/* The kernel counts the days of the year from 1. */
void rtc_time64_to_tm(time64_t time, struct rtc_time *tm)
{
	time64_t days = time / SECONDS_PER_DAY;
	int seconds = time % SECONDS_PER_DAY, month = 0;
	unsigned int year = 1970 + days / 366;

	while (days_before_year(year + 1) <= days)
		year++;
	tm->tm_wday = (days + 4) % 7;
	days -= days_before_year(year);
	while (days_before_month(month + 1, year) <= days)
		month++;

	tm->tm_sec = seconds % 60;
	tm->tm_min = seconds / 60 % 60;
	tm->tm_hour = seconds / 3600;
	tm->tm_mday = days - days_before_month(month, year) + 1;
	tm->tm_mon = month;
	tm->tm_year = year - 1900;
	tm->tm_yday = days + 1;
	tm->tm_isdst = 0;
}
