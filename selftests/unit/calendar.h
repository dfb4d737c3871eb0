/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An oracle for dates that shares nothing with the code under test: a list of
 * days made by counting, one after the other, from a Thursday in 1970.
 */
#ifndef CALENDAR_H
#define CALENDAR_H

#include <stdlib.h>

#define CALENDAR_FIRST	1970
#define CALENDAR_END	10100
#define DAY		86400LL

struct day {
	short year;
	unsigned char month, date, weekday;	/* 1.., 1.., 0 = Sunday */
};

static struct day *calendar;
static long calendar_days;

static inline int calendar_month_length(int year, int month)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month != 2)
		return length[month - 1];
	if (year % 400 == 0)
		return 29;
	return year % 4 || year % 100 == 0 ? 28 : 29;
}

static inline void calendar_fill(void)
{
	long n = 0;
	int year, month, date;

	calendar = malloc((CALENDAR_END - CALENDAR_FIRST) * 366L * sizeof(*calendar));
	for (year = CALENDAR_FIRST; year < CALENDAR_END; year++)
		for (month = 1; month <= 12; month++)
			for (date = 1; date <= calendar_month_length(year, month); date++, n++)
				calendar[n] = (struct day){ year, month, date, (n + 4) % 7 };
	calendar_days = n;
}

/* Number of the day, counted from 1 January 1970; -1 if there is no such date. */
static inline long calendar_find(int year, int month, int date)
{
	long n = (year - CALENDAR_FIRST) * 365L;

	if (month < 1 || month > 12 || date < 1 || date > 31)
		return -1;
	for (; n < calendar_days && calendar[n].year <= year; n++)
		if (calendar[n].year == year && calendar[n].month == month &&
		    calendar[n].date == date)
			return n;
	return -1;
}

#endif
