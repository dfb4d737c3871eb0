// SPDX-License-Identifier: GPL-2.0
/*
 * Dates and adjtime files by chance: what is right, spoilt here and there. What is
 * accepted must be one of the documented forms, by regular expressions that know
 * nothing of the parser, and mean what the C library says that it means.
 *
 * Usage: fuzz COUNT [SEED]
 */
#include <errno.h>
#include <ctype.h>
#include <math.h>
#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/time/adjtime.h"
#include "lib/time/clock.h"
#include "lib/time/date.h"

#define SEED		20261122
#define NOW_NS		1795392000250000000LL
#define TEXT_SIZE	512

#define FRACTION	"([.,][0-9]+)?"
#define TIME		"([0-9]{2}):([0-9]{2})(:([0-9]{2})" FRACTION ")?"
#define ZONE		"([ \t]*(z|utc|[+-][0-9]{2}(:?[0-9]{2})?))?"
#define UNIT		"(us|usec|ms|msec|s|secs?|seconds?|m|mins?|minutes?|h|hr|hours?|d|days?|" \
			"w|weeks?|months?|y|years?)"
#define TERM		"[0-9]+" FRACTION "[ \t]*" UNIT

enum form { STAMP, COMPACT, CLOCK_TIME, WORD, EPOCH, RELATIVE, AGO, FORMS };

static const char *const patterns[FORMS] = {
	[STAMP] = "^([0-9]{4}|[0-9]{2})-([0-9]{2})-([0-9]{2})((t|[ \t]+)" TIME ZONE ")?$",
	[COMPACT] = "^[0-9]{14}$",
	[CLOCK_TIME] = "^" TIME ZONE "$",
	[WORD] = "^(now|(today|tomorrow|yesterday)([ \t]+" TIME ")?[ \t]*)$",
	[EPOCH] = "^@-?[0-9]+" FRACTION "$",
	[RELATIVE] = "^[+-][ \t]*([0-9]+" FRACTION "[ \t]*|(" TERM "[ \t]*)+)$",
	[AGO] = "^[ \t]*(" TERM "[ \t]*)*" TERM "[ \t]+ago$",
};

static const char *const seeds[] = {
	"2026-11-23 01:02:03", "2026-11-23T01:02:03.25Z", "2026-11-23 01:02+05:30", "2026-02-29",
	"26-07-23 12:00", "69-07-20", "20260723010203", "01:02:03", "23:59", "now", "today",
	"tomorrow 06:30", "yesterday 23:59:59", "@1795392000", "@-1.5", "+90", "+5min", "-3d",
	"+2 hours", "5 min ago", "+1.5w", "+1h30m", "+2 months 3d", "500ms ago", "Mon 2026-11-23 10:00", "Monday 01:02",
	"2 weeks ago", "2026-03-29 02:30", "9999-12-31",
	"1969-12-31 23:59:59Z", "2038-01-19 03:14:08Z", "2262-04-11 23:47:16Z", "0000-01-01",
	"@9223372036", "+9223372036854775807", "2026-11-23 01:02:03 -0800",
};

static const char *const adjtime_seeds[] = {
	"0.000000 1795392000 0.000000\n1795392000\nUTC\n", "-1.5 5 0.25\n5\nLOCAL\n", "0.0 0 0.0\n",
	"0.0 0 0.0\n0\n", "", "1e3 -5 .5\n-5\nUTC", "2145.0 253402300799 0\n0\nLOCAL\n",
	"99999999.9 9999999999 1e9\n1\nUTC\n",
};

/* What mutation puts in: what the forms are made of, and what they are not. */
static const char alphabet[] = "0123456789-:+.,TZz @agonwtmdhsuyriekUCLOAx\t\n\r\v\xff\"'\\/%";

static regex_t compiled[FORMS];
static regex_t adjtime_lines[2];
static uint64_t state;
static const char *text;

static uint32_t chance(uint32_t n)
{
	/* splitmix64 */
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % n;
}

__attribute__((noreturn)) static void fail(const char *why)
{
	printf("FAILED: %s, TZ %s: ", why, getenv("TZ"));
	for (; *text; text++)
		printf(*text >= ' ' && *text < 0x7f ? "%c" : "\\x%02x", (unsigned char)*text);
	putchar('\n');
	exit(1);
}

static void put(char *s, size_t at)
{
	size_t len = strlen(s);

	if (len + 2 > TEXT_SIZE)
		return;
	memmove(s + at + 1, s + at, len - at + 1);
	s[at] = alphabet[chance(sizeof(alphabet) - 1)];
}

static void mutate(char *s, const char *const *others, size_t count)
{
	size_t len = strlen(s), at = chance(len + 1);
	const char *other = others[chance(count)];

	switch (chance(6)) {
	case 0:
		put(s, at);
		break;
	case 1:
		if (len)
			memmove(s + at, s + at + (at < len), len - at + (at == len));
		break;
	case 2:
		if (at < len)
			s[at] = alphabet[chance(sizeof(alphabet) - 1)];
		break;
	case 3:
		s[at] = '\0';
		break;
	case 4:
		snprintf(s + at, TEXT_SIZE - at, "%s", other + chance(strlen(other) + 1));
		break;
	case 5:
		/* Another digit: mostly still of the form. */
		for (size_t i = at; i < len; i++)
			if (s[i] >= '0' && s[i] <= '9') {
				s[i] = '0' + chance(10);
				break;
			}
		break;
	}
}

static void make(char *s, const char *const *from, size_t count)
{
	snprintf(s, TEXT_SIZE, "%s", from[chance(count)]);
	for (uint32_t n = chance(5); n; n--)
		mutate(s, from, count);
	text = s;
}

static enum form form_of(const char *s)
{
	for (int form = 0; form < FORMS; form++)
		if (!regexec(&compiled[form], s, 0, NULL, 0))
			return form;
	return FORMS;
}

static int number(const char *s, const regmatch_t *match)
{
	return match->rm_so < 0 ? 0 : (int)strtol(s + match->rm_so, NULL, 10);
}

/* Nanoseconds of the digits behind a point or comma. */
static int64_t fraction(const char *s, const regmatch_t *match)
{
	char digits[10] = "000000000";

	for (int i = 0; match->rm_so >= 0 && i < 9 && match->rm_so + 1 + i < match->rm_eo; i++)
		digits[i] = s[match->rm_so + 1 + i];
	return strtoll(digits, NULL, 10);
}

/* Seconds east of Greenwich. */
static int zone(const char *s, const regmatch_t *match)
{
	const char *z = s + match->rm_so;
	int minutes;

	if (*z != '+' && *z != '-')
		return 0;
	minutes = match->rm_eo - match->rm_so > 3 ? atoi(s + match->rm_eo - 2) : 0;
	if (minutes > 59 || (z[1] - '0') * 10 + z[2] - '0' > 23)
		fail("accepted a zone that there is not");
	return (*z == '-' ? -1 : 1) * (((z[1] - '0') * 10 + z[2] - '0') * 3600 + minutes * 60);
}

/* A leap second, or a time in a skipped hour, is what the C library makes of it. */
static bool goes_on(const struct tm *shown, int mon, int mday, int hour, int min, int sec,
		    time_t epoch_s, bool zoned)
{
	struct tm day = { .tm_year = shown->tm_year, .tm_mon = mon - 1, .tm_mday = mday,
			  .tm_hour = 12 };
	struct tm tm = day;

	tm.tm_hour = hour;
	tm.tm_min = min;
	tm.tm_sec = sec;
	tm.tm_isdst = -1;
	/* The last second of a year is of the one before. */
	if (mon == 12 && shown->tm_mon == 0)
		tm.tm_year = --day.tm_year;
	timegm(&day);
	return mon >= 1 && mon <= 12 && day.tm_mon == mon - 1 && day.tm_mday == mday &&
	       hour <= 23 && min <= 59 && sec <= 60 &&
	       (zoned ? timegm(&tm) : mktime(&tm)) == epoch_s;
}

/* The fields of the epoch are what was written. */
static void check_stamp(const char *s, int64_t epoch_ns)
{
	regmatch_t m[16];
	time_t epoch_s = clock_floor_s(epoch_ns);
	struct tm tm;
	int year;

	if (regexec(&compiled[STAMP], s, 16, m, 0))
		fail("lost its form");
	/* 6 hour, 7 minute, 9 second, 10 fraction, 12 zone */
	if (m[12].rm_so >= 0) {
		epoch_s += zone(s, &m[12]);
		gmtime_r(&epoch_s, &tm);
	} else {
		localtime_r(&epoch_s, &tm);
	}
	if (m[9].rm_so >= 0 && number(s, &m[9]) == 60) {
		if (!goes_on(&tm, number(s, &m[2]), number(s, &m[3]), number(s, &m[6]),
			     number(s, &m[7]), 60, epoch_s, m[12].rm_so >= 0))
			fail("is no leap second");
		return;
	}
	if (m[12].rm_so < 0 && m[6].rm_so >= 0 && tm.tm_hour != number(s, &m[6]) &&
	    goes_on(&tm, number(s, &m[2]), number(s, &m[3]), number(s, &m[6]), number(s, &m[7]),
		    m[9].rm_so >= 0 ? number(s, &m[9]) : 0, epoch_s, false))
		return;
	year = m[1].rm_eo - m[1].rm_so == 2 ? tm.tm_year % 100 : tm.tm_year + 1900;
	if (year != number(s, &m[1]) || tm.tm_mon + 1 != number(s, &m[2]) ||
	    tm.tm_mday != number(s, &m[3]) || tm.tm_hour != number(s, &m[6]) ||
	    tm.tm_min != number(s, &m[7]) || tm.tm_sec != number(s, &m[9]))
		fail("is another date");
	if (epoch_ns - clock_floor_s(epoch_ns) * NSEC_PER_SEC != fraction(s, &m[10]))
		fail("has another fraction");
}

static int two(const char *s)
{
	return (s[0] - '0') * 10 + s[1] - '0';
}

static void check_compact(const char *s, int64_t epoch_ns)
{
	time_t epoch_s = clock_floor_s(epoch_ns);
	char back[32];
	struct tm tm;

	localtime_r(&epoch_s, &tm);
	snprintf(back, sizeof(back), "%04d%02d%02d%02d%02d%02d", tm.tm_year + 1900, tm.tm_mon + 1,
		 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (strcmp(back, s) && !goes_on(&tm, two(s + 4), two(s + 6), two(s + 8), two(s + 10),
					two(s + 12), epoch_s, false))
		fail("is another date");
}

static void check_time(const char *s, int64_t epoch_ns)
{
	regmatch_t m[10];
	time_t epoch_s = clock_floor_s(epoch_ns);
	struct tm tm;

	if (regexec(&compiled[CLOCK_TIME], s, 10, m, 0))
		fail("lost its form");
	if (m[7].rm_so >= 0) {
		epoch_s += zone(s, &m[7]);
		gmtime_r(&epoch_s, &tm);
	} else {
		localtime_r(&epoch_s, &tm);
	}
	if (number(s, &m[4]) == 60) {
		epoch_s -= tm.tm_sec + 1;
		m[7].rm_so >= 0 ? gmtime_r(&epoch_s, &tm) : localtime_r(&epoch_s, &tm);
		if (tm.tm_sec != 59)
			fail("is no leap second");
		return;
	}
	if (tm.tm_hour != number(s, &m[1]) || tm.tm_min != number(s, &m[2]) ||
	    tm.tm_sec != number(s, &m[4]))
		fail("is another time of day");
	if (llabs(epoch_ns - NOW_NS) > 2 * 86400 * NSEC_PER_SEC)
		fail("is not today");
}

static void check_word(const char *s, int64_t epoch_ns)
{
	static const char first[] = "nty";

	if (!strchr(first, s[0] | 0x20) || llabs(epoch_ns - NOW_NS) > 3 * 86400 * NSEC_PER_SEC)
		fail("is another day");
	if ((s[0] | 0x20) == 'n' && epoch_ns != NOW_NS)
		fail("is not now");
}

static void check_epoch(const char *s, int64_t epoch_ns)
{
	bool negative = s[1] == '-';
	long double seconds = strtold(s + 1 + negative, NULL);
	const char *comma = strchr(s, ',');

	if (comma) {
		char copy[TEXT_SIZE];

		snprintf(copy, sizeof(copy), "%s", s);
		copy[comma - s] = '.';
		seconds = strtold(copy + 1 + negative, NULL);
	}
	if (fabsl(epoch_ns / 1e9L - (negative ? -seconds : seconds)) > 1e-8L * (1 + seconds / 1e9L))
		fail("is another second");
}

/* By the first letters of its name. */
static long double unit_s(const char *unit)
{
	static const struct {
		const char *begin;
		long double s;
	} units[] = {
		{ "us", 1e-6L }, { "ms", 1e-3L }, { "mo", 2629800 }, { "m", 60 }, { "h", 3600 },
		{ "d", 86400 }, { "w", 7 * 86400 }, { "y", 31557600 },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strncasecmp(unit, units[i].begin, strlen(units[i].begin)))
			return units[i].s;
	return 1;
}

static long double sum_s(const char *s)
{
	long double sum = 0, number;
	char *end;

	for (;;) {
		s += strspn(s, " \t");
		if (!isdigit((unsigned char)*s))
			return sum;
		number = strtold(s, &end);
		s = end + strspn(end, " \t");
		sum += number * unit_s(s);
		while (isalpha((unsigned char)*s))
			s++;
	}
}

static void check_relative(const char *s, int64_t epoch_ns, bool ago)
{
	char copy[TEXT_SIZE];
	long double seconds;

	snprintf(copy, sizeof(copy), "%s", ago ? s : s + 1);
	for (char *c = copy; *c; c++)
		if (*c == ',')
			*c = '.';
	seconds = sum_s(copy);
	if (ago || *s == '-')
		seconds = -seconds;
	/* Digits below a nanosecond are cut, times the unit. */
	if (fabsl((epoch_ns - NOW_NS) / 1e9L - seconds) > 0.1L)
		fail("is another distance");
}

/* Behind the day of the week, which three forms may begin with. */
static const char *behind_day(const char *s)
{
	static const char days[] = "^(sun|mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?)(day)? ";
	static regex_t compiled_days;
	static bool ready;
	regmatch_t m[1];

	if (!ready)
		ready = !regcomp(&compiled_days, days, REG_EXTENDED | REG_ICASE);
	return regexec(&compiled_days, s, 1, m, 0) ? s : s + m[0].rm_eo;
}

static bool try_date(void)
{
	int64_t epoch_ns = 0, next_ns = 0;
	char s[TEXT_SIZE];
	int err;

	make(s, seeds, sizeof(seeds) / sizeof(seeds[0]));
	err = date_parse(s, NOW_NS, &epoch_ns);
	if (err && err != -EINVAL && err != -ERANGE)
		fail("has an unknown error");
	if (date_parse_next(s, NOW_NS, &next_ns) != err && form_of(s) != CLOCK_TIME)
		fail("is parsed in two ways");
	if (err)
		return false;
	if (form_of(s) == FORMS && form_of(behind_day(s)) <= CLOCK_TIME)
		memmove(s, behind_day(s), strlen(behind_day(s)) + 1);
	switch (form_of(s)) {
	case STAMP:
		check_stamp(s, epoch_ns);
		break;
	case COMPACT:
		check_compact(s, epoch_ns);
		break;
	case CLOCK_TIME:
		check_time(s, epoch_ns);
		break;
	case WORD:
		check_word(s, epoch_ns);
		break;
	case EPOCH:
		check_epoch(s, epoch_ns);
		break;
	case RELATIVE:
		check_relative(s, epoch_ns, false);
		break;
	case AGO:
		check_relative(s, epoch_ns, true);
		break;
	default:
		fail("has none of the forms");
	}
	return true;
}

/* Line @n of what was accepted matches its expression. */
static void check_line(const char *s, int n)
{
	char line[TEXT_SIZE];
	size_t len;

	for (int i = 0; i < n; i++) {
		s = strchr(s, '\n');
		if (!s)
			return;
		s++;
	}
	if (!*s)
		return;
	len = strcspn(s, "\n");
	while (len && strchr(" \t\r", s[len - 1]))
		len--;
	snprintf(line, sizeof(line), "%.*s", (int)len, s);
	if (n < 2 && regexec(&adjtime_lines[n], line, 0, NULL, 0))
		fail("has a line that is none");
	if (n == 2 && strcmp(line, "UTC") && strcmp(line, "LOCAL"))
		fail("has a timescale that is none");
}

static void check_numbers(const struct adjtime *adjtime)
{
	double correction_s = adjtime_correction_s(adjtime, NOW_NS / NSEC_PER_SEC);

	if (!(fabs(adjtime->drift_s_per_day) <= ADJTIME_MAX_NUMBER) ||
	    !(fabs(adjtime->not_adjusted_s) <= ADJTIME_MAX_NUMBER) ||
	    llabs(adjtime->adjusted_s) > ADJTIME_MAX_S ||
	    llabs(adjtime->calibrated_s) > ADJTIME_MAX_S)
		fail("has a number that is none");
	if (!(fabs(correction_s) < 2e9))
		fail("corrects too much");
}

static bool try_adjtime(void)
{
	struct adjtime adjtime, again;
	struct adjtime_fault fault;
	char s[TEXT_SIZE], written[TEXT_SIZE], rewritten[TEXT_SIZE];
	int err;

	make(s, adjtime_seeds, sizeof(adjtime_seeds) / sizeof(adjtime_seeds[0]));
	err = adjtime_parse(s, &adjtime, &fault);
	if (err != (fault.line && fault.line < 3 ? -EBADMSG : 0) || !fault.line != !fault.reason)
		fail("has a fault that is none");
	check_numbers(&adjtime);
	adjtime_format(&adjtime, written, sizeof(written));
	if (adjtime_parse(written, &again, &fault) || fault.line)
		fail("is not read back");
	adjtime_format(&again, rewritten, sizeof(rewritten));
	if (strcmp(written, rewritten))
		fail("changes when it is read back");
	adjtime_parse(s, &adjtime, &fault);
	if (fault.line)
		return false;
	for (int n = 0; n < 3; n++)
		check_line(s, n);
	return true;
}

static void compile(void)
{
	static const char *const lines[] = {
		"^[ \t]*" "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[+-]?[0-9]+)?[ \t]+[+-]?[0-9]+[ \t]+"
		"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[+-]?[0-9]+)?[ \t]*$",
		"^[ \t]*[+-]?[0-9]+[ \t]*$",
	};
	const int flags = REG_EXTENDED | REG_ICASE;

	for (int form = 0; form < FORMS; form++)
		if (regcomp(&compiled[form], patterns[form], flags))
			exit(2);
	for (int i = 0; i < 2; i++)
		if (regcomp(&adjtime_lines[i], lines[i], flags))
			exit(2);
}

int main(int argc, char **argv)
{
	static const char *const zones[] = {
		"UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns",
	};
	long count = argc > 1 ? atol(argv[1]) : 10000;
	long dates = 0, files = 0;

	state = argc > 2 ? strtoull(argv[2], NULL, 0) : SEED;
	printf("seed %llu, %ld dates and %ld files\n", (unsigned long long)state, count, count);
	compile();
	for (long i = 0; i < count; i++) {
		if (i % (count / 4 + 1) == 0) {
			setenv("TZ", zones[i / (count / 4 + 1)], 1);
			tzset();
		}
		dates += try_date();
		files += try_adjtime();
	}
	printf("accepted, and right: %ld dates, %ld files\n", dates, files);
	/* A parser that refuses all passes no test. */
	return dates < count / 10 || files < count / 10;
}
