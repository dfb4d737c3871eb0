// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/time/clock.h"
#include "lib/time/timescale.h"

#define DAY_S	86400

int timescale_to_epoch(enum timescale scale, int64_t rtc_ns, int64_t *epoch_ns)
{
	time_t rtc_s = clock_floor_s(rtc_ns);
	struct tm tm;
	time_t s;

	*epoch_ns = rtc_ns;
	if (scale == TIMESCALE_UTC)
		return 0;

	if (!gmtime_r(&rtc_s, &tm))
		return -ERANGE;
	tm.tm_isdst = -1;
	/* mktime() leaves the day of the week alone where it fails; -1 is also a time. */
	tm.tm_wday = -1;
	s = mktime(&tm);
	if (tm.tm_wday < 0)
		return -ERANGE;
	*epoch_ns += (s - rtc_s) * NSEC_PER_SEC;
	return 0;
}

/* How far local time is ahead of UTC at @s. */
static bool ahead_at(time_t s, int64_t *ahead_s)
{
	struct tm tm;

	if (!localtime_r(&s, &tm))
		return false;
	*ahead_s = tm.tm_gmtoff;
	return true;
}

/* The real time that shows @rtc_s by the rule of @then_s, if there is one. */
static bool by_rule_of(int64_t then_s, int64_t rtc_s, int64_t *epoch_s)
{
	int64_t ahead_s, there_s;

	if (!ahead_at(then_s, &ahead_s) || !ahead_at(rtc_s - ahead_s, &there_s))
		return false;
	*epoch_s = rtc_s - ahead_s;
	return there_s == ahead_s;
}

int timescale_to_epoch_near(enum timescale scale, int64_t rtc_ns, int64_t near_ns,
			    int64_t *epoch_ns)
{
	int64_t rtc_s = clock_floor_s(rtc_ns), near_s = clock_floor_s(near_ns);
	int64_t early_s, late_s, s;

	if (scale == TIMESCALE_UTC || !by_rule_of(rtc_s - DAY_S, rtc_s, &early_s) ||
	    !by_rule_of(rtc_s + DAY_S, rtc_s, &late_s) || early_s == late_s)
		return timescale_to_epoch(scale, rtc_ns, epoch_ns);
	s = llabs(early_s - near_s) <= llabs(late_s - near_s) ? early_s : late_s;
	*epoch_ns = rtc_ns + (s - rtc_s) * NSEC_PER_SEC;
	return 1;
}

int timescale_to_rtc(enum timescale scale, int64_t epoch_ns, int64_t *rtc_ns)
{
	time_t s = clock_floor_s(epoch_ns);
	struct tm tm;

	*rtc_ns = epoch_ns;
	if (scale == TIMESCALE_UTC)
		return 0;

	if (!localtime_r(&s, &tm))
		return -ERANGE;
	*rtc_ns += tm.tm_gmtoff * NSEC_PER_SEC;
	return 0;
}

/* Nanoseconds in 64 bits end in April 2262, and the year's beginning leaves room to reckon. */
#define END_S	9214646400LL

int timescale_fields_to_rtc_s(const struct rtc_time *fields, int64_t *rtc_s)
{
	struct tm tm = {
		.tm_sec = fields->tm_sec,
		.tm_min = fields->tm_min,
		.tm_hour = fields->tm_hour,
		.tm_mday = fields->tm_mday,
		.tm_mon = fields->tm_mon,
		.tm_year = fields->tm_year,
	};
	struct tm normal = tm;

	*rtc_s = timegm(&normal);
	/* A date that had to be normalised was none. */
	if (normal.tm_mday != tm.tm_mday || normal.tm_mon != tm.tm_mon ||
	    normal.tm_hour != tm.tm_hour || normal.tm_min != tm.tm_min ||
	    normal.tm_sec != tm.tm_sec)
		return -EINVAL;
	return *rtc_s < END_S ? 0 : -ERANGE;
}

int timescale_rtc_s_to_fields(int64_t rtc_s, struct rtc_time *fields)
{
	time_t s = rtc_s;
	struct tm tm;

	if (!gmtime_r(&s, &tm))
		return -ERANGE;
	memset(fields, 0, sizeof(*fields));
	fields->tm_sec = tm.tm_sec;
	fields->tm_min = tm.tm_min;
	fields->tm_hour = tm.tm_hour;
	fields->tm_mday = tm.tm_mday;
	fields->tm_mon = tm.tm_mon;
	fields->tm_year = tm.tm_year;
	fields->tm_wday = tm.tm_wday;
	fields->tm_yday = tm.tm_yday;
	return 0;
}
