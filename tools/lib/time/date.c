// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/time/clock.h"
#include "lib/time/date.h"

#define SECONDS_PER_MINUTE	60
#define SECONDS_PER_HOUR	3600
#define SECONDS_PER_DAY		86400
/* Year 9999 at most: what formats above can write. */
#define DATE_MAX_S		253402300799LL

struct stamp {
	struct tm tm;
	int64_t fraction_ns;
	bool zoned;
	long east_s;
};

struct unit {
	const char *names;	/* separated by blanks, blanks around */
	int64_t ns;
};

/* A year is 365.25 days, and a month its twelfth. */
static const struct unit units[] = {
	{ " us usec ", NSEC_PER_USEC },
	{ " ms msec ", NSEC_PER_MSEC },
	{ " s sec secs second seconds ", NSEC_PER_SEC },
	{ " m min mins minute minutes ", SECONDS_PER_MINUTE * NSEC_PER_SEC },
	{ " h hr hour hours ", SECONDS_PER_HOUR * NSEC_PER_SEC },
	{ " d day days ", SECONDS_PER_DAY * NSEC_PER_SEC },
	{ " w week weeks ", 7 * SECONDS_PER_DAY * NSEC_PER_SEC },
	{ " month months ", 2629800 * NSEC_PER_SEC },
	{ " y year years ", 31557600 * NSEC_PER_SEC },
};

/* Takes exactly @count digits. */
static bool take_digits(const char **s, int count, int *value)
{
	int n = 0;

	for (int i = 0; i < count; i++) {
		if (!isdigit((unsigned char)(*s)[i]))
			return false;
		n = n * 10 + (*s)[i] - '0';
	}
	*s += count;
	*value = n;
	return true;
}

static bool take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static void skip_blanks(const char **s)
{
	*s += strspn(*s, " \t");
}

/* Digits after the ninth are below a nanosecond. */
static bool take_fraction(const char **s, int64_t *ns)
{
	int64_t weight_ns = NSEC_PER_SEC / 10;

	*ns = 0;
	if (**s != '.' && **s != ',')
		return true;
	(*s)++;
	if (!isdigit((unsigned char)**s))
		return false;
	for (; isdigit((unsigned char)**s); (*s)++, weight_ns /= 10)
		*ns += (**s - '0') * weight_ns;
	return true;
}

/* hh:mm[:ss[.fraction]] */
static bool take_time(const char **s, struct stamp *stamp)
{
	struct tm *tm = &stamp->tm;

	if (!take_digits(s, 2, &tm->tm_hour) || !take_char(s, ':') ||
	    !take_digits(s, 2, &tm->tm_min))
		return false;
	if (!take_char(s, ':'))
		return true;
	return take_digits(s, 2, &tm->tm_sec) && take_fraction(s, &stamp->fraction_ns);
}

/* +hh:mm, +hhmm or +hh */
static bool take_offset(const char **s, struct stamp *stamp)
{
	int sign = **s == '-' ? -1 : 1;
	int hours, minutes = 0;

	(*s)++;
	if (!take_digits(s, 2, &hours))
		return false;
	if ((take_char(s, ':') || isdigit((unsigned char)**s)) && !take_digits(s, 2, &minutes))
		return false;
	stamp->zoned = true;
	stamp->east_s = sign * (hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE);
	return hours < 24 && minutes < 60;
}

static bool take_zone(const char **s, struct stamp *stamp)
{
	if (!**s)
		return true;
	skip_blanks(s);
	if (**s == '+' || **s == '-')
		return take_offset(s, stamp);
	if (strcasecmp(*s, "Z") && strcasecmp(*s, "UTC"))
		return false;
	*s += strlen(*s);
	stamp->zoned = true;
	return true;
}

/* Two digits of a year are 1969 to 2068, as in strptime(). */
static bool take_year(const char **s, struct tm *tm)
{
	bool brief = strspn(*s, "0123456789") == 2;
	int year;

	if (!take_digits(s, brief ? 2 : 4, &year))
		return false;
	tm->tm_year = brief ? year : year - 1900;
	if (brief && year < 69)
		tm->tm_year += 100;
	return true;
}

static bool take_month_and_day(const char **s, bool dashes, struct tm *tm)
{
	if ((dashes && !take_char(s, '-')) || !take_digits(s, 2, &tm->tm_mon))
		return false;
	tm->tm_mon--;
	return (!dashes || take_char(s, '-')) && take_digits(s, 2, &tm->tm_mday);
}

/* YYYY-MM-DD[( |T)time[zone]] */
static bool parse_date_and_time(const char *s, struct stamp *stamp)
{
	if (!take_year(&s, &stamp->tm) || !take_month_and_day(&s, true, &stamp->tm))
		return false;
	if (!*s)
		return true;
	if (*s == 'T' || *s == 't')
		s++;
	else if (isblank((unsigned char)*s))
		skip_blanks(&s);
	else
		return false;
	return take_time(&s, stamp) && take_zone(&s, stamp) && !*s;
}

/* YYYYMMDDhhmmss */
static bool parse_compact(const char *s, struct stamp *stamp)
{
	struct tm *tm = &stamp->tm;
	int year;

	if (strlen(s) != 14 || !take_digits(&s, 4, &year))
		return false;
	tm->tm_year = year - 1900;
	return take_month_and_day(&s, false, tm) && take_digits(&s, 2, &tm->tm_hour) &&
	       take_digits(&s, 2, &tm->tm_min) && take_digits(&s, 2, &tm->tm_sec);
}

/* hh:mm[:ss], today */
static bool parse_time_of_day(const char *s, struct stamp *stamp)
{
	return take_time(&s, stamp) && take_zone(&s, stamp) && !*s;
}

/* Normalisation shows that a field was out of range; but a minute may have 61 seconds. */
static bool valid(const struct tm *given)
{
	struct tm tm = *given;

	if (given->tm_sec == 60)
		tm.tm_sec = 59;
	timegm(&tm);
	return tm.tm_year == given->tm_year && tm.tm_mon == given->tm_mon &&
	       tm.tm_mday == given->tm_mday && tm.tm_hour == given->tm_hour &&
	       tm.tm_min == given->tm_min && tm.tm_sec == given->tm_sec - (given->tm_sec == 60);
}

static int in_range(int64_t s, int64_t fraction_ns, int64_t *epoch_ns)
{
	/* Nanoseconds in 64 bits end in 2262, which comes first. */
	if (s > DATE_MAX_S || s > INT64_MAX / NSEC_PER_SEC - 1 || s < INT64_MIN / NSEC_PER_SEC + 1)
		return -ERANGE;
	*epoch_ns = s * NSEC_PER_SEC + fraction_ns;
	return 0;
}

/* @named: the day of the week that it was given, Sunday 0; or negative. */
static int stamp_to_epoch(const struct stamp *stamp, int named, int64_t *epoch_ns)
{
	struct tm tm = stamp->tm;
	time_t s;

	tm.tm_isdst = -1;
	tm.tm_wday = -1;
	s = stamp->zoned ? timegm(&tm) : mktime(&tm);
	/* In an hour that a switch of daylight saving skips mktime() goes on by the old one. */
	if (tm.tm_wday < 0 || !valid(&stamp->tm) || (named >= 0 && tm.tm_wday != named))
		return -EINVAL;
	return in_range(s - stamp->east_s, stamp->fraction_ns, epoch_ns);
}

/* A time of day in another zone is one of the day that it is there. */
static bool take_day_there(int64_t now_s, struct stamp *stamp)
{
	time_t there_s = now_s + stamp->east_s;
	struct tm day;

	if (!gmtime_r(&there_s, &day))
		return false;
	stamp->tm.tm_year = day.tm_year;
	stamp->tm.tm_mon = day.tm_mon;
	stamp->tm.tm_mday = day.tm_mday;
	return true;
}

/* "Mon " or "Monday " before a date. Return: Sunday 0; negative where there is none. */
static int take_weekday(const char **s)
{
	static const char *const days[] = {
		"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
	};
	size_t len = strcspn(*s, " ");

	if (!(*s)[len])
		return -1;
	for (int i = 0; i < 7; i++) {
		if ((len != 3 && len != strlen(days[i])) || strncasecmp(*s, days[i], len))
			continue;
		*s += len + 1;
		return i;
	}
	return -1;
}

static int parse_stamp(const char *text, int64_t now_ns, int64_t *epoch_ns)
{
	static bool (*const parsers[])(const char *, struct stamp *) = {
		parse_date_and_time, parse_compact, parse_time_of_day,
	};
	time_t now_s = clock_floor_s(now_ns);
	struct stamp today = {}, stamp;
	int named = take_weekday(&text);

	if (!localtime_r(&now_s, &today.tm))
		return -ERANGE;
	today.tm.tm_hour = 0;
	today.tm.tm_min = 0;
	today.tm.tm_sec = 0;
	for (size_t i = 0; i < sizeof(parsers) / sizeof(parsers[0]); i++) {
		stamp = today;
		if (!parsers[i](text, &stamp))
			continue;
		if (parsers[i] == parse_time_of_day && stamp.zoned && !take_day_there(now_s, &stamp))
			return -ERANGE;
		return stamp_to_epoch(&stamp, named, epoch_ns);
	}
	return -EINVAL;
}

/* today, tomorrow or yesterday, with or without a time of day */
static int parse_day(const char *s, int days, int64_t now_ns, int64_t *epoch_ns)
{
	time_t now_s = clock_floor_s(now_ns);
	struct stamp stamp = {};

	if (!localtime_r(&now_s, &stamp.tm))
		return -ERANGE;
	stamp.tm.tm_mday += days;
	stamp.tm.tm_hour = 12;
	stamp.tm.tm_isdst = -1;
	if (mktime(&stamp.tm) == -1)
		return -ERANGE;
	stamp.tm.tm_hour = 0;
	stamp.tm.tm_min = 0;
	stamp.tm.tm_sec = 0;
	skip_blanks(&s);
	if (*s && (!take_time(&s, &stamp) || *s))
		return -EINVAL;
	return stamp_to_epoch(&stamp, -1, epoch_ns);
}

static int parse_keyword(const char *text, int64_t now_ns, int64_t *epoch_ns)
{
	static const struct {
		const char *word;
		int days;
	} words[] = { { "today", 0 }, { "tomorrow", 1 }, { "yesterday", -1 } };
	size_t len;

	*epoch_ns = now_ns;
	if (!strcasecmp(text, "now"))
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		len = strlen(words[i].word);
		if (!strncasecmp(text, words[i].word, len) && (!text[len] || isblank((unsigned char)text[len])))
			return parse_day(text + len, words[i].days, now_ns, epoch_ns);
	}
	return -EINVAL;
}

/* Return: its length; 0 where there is none of that name. */
static int64_t unit_ns(const char *name, size_t len)
{
	char pattern[16];

	if (snprintf(pattern, sizeof(pattern), " %.*s ", (int)len, name) >= (int)sizeof(pattern))
		return 0;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strstr(units[i].names, pattern))
			return units[i].ns;
	return 0;
}

/* Whole seconds from digits and a fraction; never negative. */
static const char *take_amount(const char *s, int64_t *seconds, int64_t *fraction_ns)
{
	char *end;

	if (!isdigit((unsigned char)*s))
		return NULL;
	errno = 0;
	*seconds = strtoll(s, &end, 10);
	s = end;
	return errno || !take_fraction(&s, fraction_ns) ? NULL : s;
}

/* A fraction of the unit: what is below a nanosecond is cut off. */
static int add_term(int64_t amount, int64_t fraction_ns, int64_t unit, int64_t *sum_ns)
{
	int64_t part_ns = fraction_ns * (unit / NSEC_PER_SEC) +
			  fraction_ns * (unit % NSEC_PER_SEC) / NSEC_PER_SEC;
	int64_t ns;

	if (__builtin_mul_overflow(amount, unit, &ns) || __builtin_add_overflow(ns, part_ns, &ns) ||
	    __builtin_add_overflow(*sum_ns, ns, sum_ns))
		return -ERANGE;
	return 0;
}

/* N UNIT as often as there are; a single number without a unit means seconds. */
static int take_terms(const char **s, int64_t *sum_ns)
{
	int64_t amount, fraction_ns, unit;
	int count = 0, err;
	size_t len;

	*sum_ns = 0;
	for (;; count++) {
		skip_blanks(s);
		if (!isdigit((unsigned char)**s))
			return count ? 0 : -EINVAL;
		*s = take_amount(*s, &amount, &fraction_ns);
		if (!*s)
			return -EINVAL;
		skip_blanks(s);
		for (len = 0; isalpha((unsigned char)(*s)[len]); len++)
			;
		unit = len ? unit_ns(*s, len) : !count && !**s ? NSEC_PER_SEC : 0;
		if (!unit)
			return -EINVAL;
		*s += len;
		err = add_term(amount, fraction_ns, unit, sum_ns);
		if (err)
			return err;
	}
}

/* +terms, -terms, terms ago */
static int parse_relative(const char *s, int64_t now_ns, int64_t *epoch_ns)
{
	bool ago = *s != '+' && *s != '-';
	bool back = *s != '+';
	size_t len = strlen(s);
	int64_t shift_ns;
	int err;

	if (ago && (len < 3 || strcasecmp(s + len - 3, "ago")))
		return -EINVAL;
	if (!ago)
		s++;
	err = take_terms(&s, &shift_ns);
	if (err)
		return err;
	if (ago ? strcasecmp(s, "ago") : *s)
		return -EINVAL;
	return __builtin_add_overflow(now_ns, back ? -shift_ns : shift_ns, epoch_ns) ? -ERANGE : 0;
}

/* @seconds[.fraction] */
static int parse_epoch(const char *s, int64_t *epoch_ns)
{
	int64_t seconds, fraction_ns;
	bool negative;

	if (!take_char(&s, '@'))
		return -EINVAL;
	negative = take_char(&s, '-');
	s = take_amount(s, &seconds, &fraction_ns);
	if (!s || *s)
		return -EINVAL;
	return in_range(negative ? -seconds : seconds, negative ? -fraction_ns : fraction_ns,
			epoch_ns);
}

int date_parse(const char *text, int64_t now_ns, int64_t *epoch_ns)
{
	int err;

	err = parse_epoch(text, epoch_ns);
	if (err == -EINVAL)
		err = parse_keyword(text, now_ns, epoch_ns);
	if (err == -EINVAL)
		err = parse_stamp(text, now_ns, epoch_ns);
	if (err == -EINVAL)
		err = parse_relative(text, now_ns, epoch_ns);
	return err;
}

int date_parse_next(const char *text, int64_t now_ns, int64_t *epoch_ns)
{
	struct stamp stamp = {};
	int err;

	err = date_parse(text, now_ns, epoch_ns);
	if (err || *epoch_ns >= now_ns || !parse_time_of_day(text, &stamp))
		return err;
	if (!stamp.zoned)
		return parse_day(text, 1, now_ns, epoch_ns);
	*epoch_ns += SECONDS_PER_DAY * NSEC_PER_SEC;
	return 0;
}

int date_format(int64_t epoch_ns, char *text, size_t size)
{
	time_t s = clock_floor_s(epoch_ns);
	int us = (epoch_ns - s * NSEC_PER_SEC) / NSEC_PER_USEC;
	long east_min;
	struct tm tm;

	if (!localtime_r(&s, &tm))
		return -ERANGE;
	east_min = tm.tm_gmtoff / SECONDS_PER_MINUTE;
	snprintf(text, size, "%04d-%02d-%02d %02d:%02d:%02d.%06d%c%02ld:%02ld",
		 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		 us, east_min < 0 ? '-' : '+', labs(east_min) / 60, labs(east_min) % 60);
	return 0;
}

int date_format_second(int64_t epoch_ns, char *text, size_t size)
{
	char date[DATE_TEXT_SIZE];
	int err;

	err = date_format(epoch_ns, date, sizeof(date));
	if (!err)
		snprintf(text, size, "%.19s%s", date, date + strlen(date) - 6);
	return err;
}
