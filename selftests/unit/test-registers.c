// SPDX-License-Identifier: GPL-2.0
/* Every byte in every mode, against codes spelled as the datasheet spells them. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendar.h"
#include "chip/registers.h"

#define NONE	-1	/* in a table of meanings: the byte has none */
#define MODES	8
#define ALARM_MODES 16

/* What each byte means, and the byte for each meaning: [binary][...] */
static int number_of[2][256];
static int code_of[2][100];
/* [binary][24 hours][...] */
static int hour_of[2][2][256];
static int code_of_hour[2][2][24];

/* The byte that shows @value: read in decimal, BCD digits are hexadecimal ones. */
static int spell(int binary, int value)
{
	char digits[12];

	snprintf(digits, sizeof(digits), "%d", value);
	return strtol(digits, NULL, binary ? 10 : 16);
}

/* The datasheet's table: 12 AM, 1 AM, ... 11 AM, 12 PM, 1 PM, ... 11 PM. */
static int spell_hour(int binary, int h24, int hour)
{
	static const int face[] = { 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };

	if (h24)
		return spell(binary, hour);
	return spell(binary, face[hour % 12]) + (hour < 12 ? 0 : 128);
}

static int setup(void **state)
{
	int binary, h24, v;

	(void)state;
	calendar_fill();
	memset(number_of, NONE, sizeof(number_of));
	memset(hour_of, NONE, sizeof(hour_of));
	for (binary = 0; binary < 2; binary++) {
		for (v = 0; v < 100; v++) {
			code_of[binary][v] = spell(binary, v);
			number_of[binary][code_of[binary][v]] = v;
		}
		for (h24 = 0; h24 < 2; h24++)
			for (v = 0; v < 24; v++) {
				code_of_hour[binary][h24][v] = spell_hour(binary, h24, v);
				hour_of[binary][h24][code_of_hour[binary][h24][v]] = v;
			}
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(calendar);
	return 0;
}

static int is_binary(const struct mc146818_format *f)
{
	return !!(f->reg_b & MC146818_B_DM);
}

static int is_24h(const struct mc146818_format *f)
{
	return !!(f->reg_b & MC146818_B_24H);
}

/* Modes 0 to 7; bits of register B that do not decide are set at random. */
static struct mc146818_format mode(int n)
{
	return (struct mc146818_format){
		.reg_b = (n & 1 ? MC146818_B_DM : 0) | (n & 2 ? MC146818_B_24H : 0) |
			 (n & 1 ? 0xf9 : 0x50),
		.century = n & 4,
		.first_year = 1970,
	};
}

static struct mc146818_format alarm_mode(int n)
{
	struct mc146818_format f = mode(n & 3);

	f.date_alarm = n & 4;
	f.month_alarm = n & 8;
	return f;
}

static int meaning(const struct mc146818_format *f, int byte, int min, int max)
{
	int v = number_of[is_binary(f)][byte];

	return v < min || v > max ? NONE : v;
}

/* The bytes of a second as the datasheet has them, by the tables alone. */
static struct mc146818_time bytes_at(const struct mc146818_format *f, s64 t)
{
	const struct day *day = &calendar[t / DAY];
	const int *code = code_of[is_binary(f)];
	int s = t % DAY;

	return (struct mc146818_time){
		.seconds = code[s % 60],
		.minutes = code[s / 60 % 60],
		.hours = code_of_hour[is_binary(f)][is_24h(f)][s / 3600],
		.day_of_week = day->weekday + 1,
		.date = code[day->date],
		.month = code[day->month],
		.year = code[day->year % 100],
		.century = code[day->year / 100],
	};
}

static struct rtc_time tm_at(s64 t)
{
	const struct day *day = &calendar[t / DAY];
	int s = t % DAY;

	return (struct rtc_time){
		.tm_sec = s % 60,
		.tm_min = s / 60 % 60,
		.tm_hour = s / 3600,
		.tm_mday = day->date,
		.tm_mon = day->month - 1,
		.tm_year = day->year - 1900,
		.tm_wday = day->weekday,
	};
}

static int same_tm(const struct rtc_time *a, const struct rtc_time *b)
{
	return a->tm_sec == b->tm_sec && a->tm_min == b->tm_min && a->tm_hour == b->tm_hour &&
	       a->tm_mday == b->tm_mday && a->tm_mon == b->tm_mon && a->tm_year == b->tm_year &&
	       a->tm_wday == b->tm_wday && a->tm_isdst == b->tm_isdst;
}

static void check_decoded(const struct mc146818_format *f, const struct mc146818_time *bytes,
			  s64 want)
{
	struct rtc_time tm, expect = tm_at(want);
	int err;

	memset(&tm, 0x55, sizeof(tm));
	err = mc146818_decode_time(f, bytes, &tm);
	if (err || !same_tm(&tm, &expect))
		fail_msg("B %02x: bytes of %lld decode to %d, %d-%d-%d %d:%d:%d", f->reg_b,
			 (long long)want, err, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			 tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void check_refused(const struct mc146818_format *f, const struct mc146818_time *bytes)
{
	struct rtc_time tm;
	int err = mc146818_decode_time(f, bytes, &tm);

	if (err != -EINVAL)
		fail_msg("B %02x: %02x%02x-%02x-%02x %02x:%02x:%02x decodes to %d", f->reg_b,
			 bytes->century, bytes->year, bytes->month, bytes->date, bytes->hours,
			 bytes->minutes, bytes->seconds, err);
}

static void check_decode(const struct mc146818_format *f, const struct mc146818_time *bytes,
			 s64 want)
{
	if (want < 0)
		check_refused(f, bytes);
	else
		check_decoded(f, bytes, want);
}

static void check_round_trip(const struct mc146818_format *f, s64 t)
{
	struct rtc_time tm = tm_at(t);
	struct mc146818_time bytes, want = bytes_at(f, t);
	int err;

	/* What callers leave in the fields that follow from the date is no matter. */
	tm.tm_wday = 9;
	tm.tm_yday = -1;
	tm.tm_isdst = -1;
	memset(&bytes, 0xff, sizeof(bytes));
	err = mc146818_encode_time(f, &tm, &bytes);
	if (err || memcmp(&bytes, &want, sizeof(bytes)))
		fail_msg("B %02x: %lld encodes to %d, not to its bytes", f->reg_b, (long long)t, err);
	check_decoded(f, &bytes, t);
}

static s64 at(int year, int month, int date, int hour, int minute, int second)
{
	long day = calendar_find(year, month, date);

	return day < 0 ? NONE : day * DAY + hour * 3600 + minute * 60 + second;
}

static void oracle_knows_known_days(void **state)
{
	(void)state;
	assert_int_equal(at(2001, 9, 9, 1, 46, 40), 1000000000);
	assert_int_equal(at(2038, 1, 19, 3, 14, 8), 1LL << 31);
	assert_int_equal(at(9999, 12, 31, 23, 59, 59), 253402300799LL);
	assert_int_equal(at(2100, 2, 29, 0, 0, 0), NONE);
	assert_int_equal(calendar[at(2026, 11, 22, 0, 0, 0) / DAY].weekday, 0);
	assert_int_equal(code_of_hour[0][0][0], 0x12);
	assert_int_equal(code_of_hour[0][0][12], 0x92);
	assert_int_equal(code_of_hour[1][0][23], 0x8b);
	assert_int_equal(code_of_hour[0][1][23], 0x23);
}

static void seconds_of_every_byte(void **state)
{
	int n, byte;

	(void)state;
	for (n = 0; n < MODES; n++)
		for (byte = 0; byte < 256; byte++) {
			struct mc146818_format f = mode(n);
			int want = meaning(&f, byte, 0, 59);

			assert_int_equal(mc146818_decode_seconds(&f, byte),
					 want == NONE ? -EINVAL : want);
		}
}

static void time_of_day_of_every_byte(void **state)
{
	s64 base = at(2024, 2, 29, 0, 0, 0);
	int n, byte;

	(void)state;
	for (n = 0; n < MODES; n++)
		for (byte = 0; byte < 256; byte++) {
			struct mc146818_format f = mode(n);
			struct mc146818_time bytes = bytes_at(&f, base);
			int v;

			bytes.seconds = byte;
			v = meaning(&f, byte, 0, 59);
			check_decode(&f, &bytes, v == NONE ? NONE : base + v);

			bytes = bytes_at(&f, base);
			bytes.minutes = byte;
			check_decode(&f, &bytes, v == NONE ? NONE : base + v * 60);

			bytes = bytes_at(&f, base);
			bytes.hours = byte;
			v = hour_of[is_binary(&f)][is_24h(&f)][byte];
			check_decode(&f, &bytes, v == NONE ? NONE : base + v * 3600);

			bytes = bytes_at(&f, base);
			bytes.day_of_week = byte;
			check_decode(&f, &bytes, base);
		}
}

/* Said to count to 12, a chip that is known to count to 24 is read and written so. */
static void hours_of_a_chip_that_keeps_no_b(void **state)
{
	s64 base = at(2024, 2, 29, 0, 0, 0);
	int binary, byte, hour;

	(void)state;
	for (binary = 0; binary < 2; binary++) {
		struct mc146818_format f = mode(binary), as_24 = mode(binary | 2);
		struct mc146818_time bytes = bytes_at(&as_24, base);

		f.hours_24 = true;
		assert_true(mc146818_counts_24(&f) && mc146818_counts_24(&as_24));
		for (byte = 0; byte < 256; byte++) {
			hour = hour_of[binary][1][byte];
			bytes.hours = byte;
			check_decode(&f, &bytes, hour == NONE ? NONE : base + hour * 3600);
		}
		for (hour = 0; hour < 24; hour++) {
			struct rtc_time tm = tm_at(base + hour * 3600);

			assert_int_equal(mc146818_encode_time(&f, &tm, &bytes), 0);
			assert_int_equal(bytes.hours, code_of_hour[binary][1][hour]);
		}
	}
}

/* From 0 to 12, and on with PM: OpenVMM's. */
static void hours_from_0(void **state)
{
	s64 base = at(2024, 2, 29, 0, 0, 0);
	int binary, byte, hour, shown;

	(void)state;
	for (binary = 0; binary < 2; binary++) {
		struct mc146818_format f = mode(binary);
		struct mc146818_time bytes = bytes_at(&f, base);
		int hour_of_byte[256];

		f.hours_0 = true;
		for (byte = 0; byte < 256; byte++)
			hour_of_byte[byte] = NONE;
		for (hour = 0; hour < 24; hour++) {
			struct rtc_time tm = tm_at(base + hour * 3600);

			shown = hour > 12 ? hour - 12 : hour;
			shown = (binary ? shown : shown / 10 * 16 + shown % 10) |
				(hour > 12 ? 0x80 : 0);
			hour_of_byte[shown] = hour;
			assert_int_equal(mc146818_encode_time(&f, &tm, &bytes), 0);
			assert_int_equal(bytes.hours, shown);
		}
		for (byte = 0; byte < 256; byte++) {
			hour = hour_of_byte[byte];
			bytes.hours = byte;
			check_decode(&f, &bytes, hour == NONE ? NONE : base + hour * 3600);
		}
	}
}

/* Both bytes run through all their values: a date is valid only with its month. */
static void date_of_every_month_and_byte(void **state)
{
	static const int years[] = { 1999, 2000, 2023, 2024, 2069 };
	int n, i, month, date;

	(void)state;
	for (n = 0; n < MODES; n++)
		for (i = 0; i < 5; i++)
			for (month = 0; month < 256; month++)
				for (date = 0; date < 256; date++) {
					struct mc146818_format f = mode(n);
					struct mc146818_time b = bytes_at(&f, at(years[i], 1, 1, 13, 14, 15));

					b.month = month;
					b.date = date;
					check_decode(&f, &b, at(years[i], meaning(&f, month, 1, 12),
								meaning(&f, date, 1, 31), 13, 14, 15));
				}
}

static void year_of_every_century_and_byte(void **state)
{
	int n, century, year;

	(void)state;
	for (n = 4; n < MODES; n++)
		for (century = 0; century < 256; century++)
			for (year = 0; year < 256; year++) {
				struct mc146818_format f = mode(n);
				struct mc146818_time b = bytes_at(&f, at(1970, 12, 31, 0, 0, 0));
				int c = meaning(&f, century, 0, 99), y = meaning(&f, year, 0, 99);
				int full = c == NONE || y == NONE ? 0 : c * 100 + y;

				b.century = century;
				b.year = year;
				check_decode(&f, &b, full < 1970 ? NONE : at(full, 12, 31, 0, 0, 0));
			}
}

/* Without a century byte the same two digits mean another year in each window. */
static void year_of_every_window(void **state)
{
	static const int first[] = { 1950, 1970, 1980, 1999, 2000, 2001, 2024, 2070 };
	int n, i, byte;

	(void)state;
	for (n = 0; n < 4; n++)
		for (i = 0; i < 8; i++)
			for (byte = 0; byte < 256; byte++) {
				struct mc146818_format f = mode(n);
				struct mc146818_time b = bytes_at(&f, at(2024, 7, 1, 12, 0, 0));
				int year = first[i], y = meaning(&f, byte, 0, 99);

				f.first_year = first[i];
				b.year = byte;
				b.century = 0xee;
				while (y != NONE && year % 100 != y)
					year++;
				check_decode(&f, &b, y == NONE || year < 1970 ? NONE :
					     at(year, 7, 1, 12, 0, 0));
			}
}

/* The day and the day after, with an hour on either side. */
static void walk_days(int year, int month, int date)
{
	s64 t, from = at(year, month, date, 0, 0, 0) - 3600, end = from + 2 * DAY + 7200;
	int n;

	assert_true(from >= 0);
	for (n = 0; n < MODES; n++) {
		struct mc146818_format f = mode(n);
		s64 min, max;

		f.first_year = year - 50 < 1970 ? 1970 : year - 50;
		mc146818_range(&f, &min, &max);
		assert_true(from >= min && end <= max);
		for (t = from; t < end; t++)
			check_round_trip(&f, t);
	}
}

static void every_second_around_1999_12_31(void **state)
{
	(void)state;
	walk_days(1999, 12, 31);
}

static void every_second_around_2000_02_28(void **state)
{
	(void)state;
	walk_days(2000, 2, 28);
}

static void every_second_around_2038_01_19(void **state)
{
	(void)state;
	walk_days(2038, 1, 19);
}

static void every_second_around_2069_12_31(void **state)
{
	(void)state;
	walk_days(2069, 12, 31);
}

static void every_second_around_2099_12_31(void **state)
{
	(void)state;
	walk_days(2099, 12, 31);
}

static void every_second_around_2100_02_28(void **state)
{
	(void)state;
	walk_days(2100, 2, 28);
}

static void every_day_until_the_year_9999(void **state)
{
	s64 t, max = at(9999, 12, 31, 23, 59, 59);
	int n;

	(void)state;
	for (n = 4; n < MODES; n++) {
		struct mc146818_format f = mode(n);

		for (t = 0; t <= max; t += 3 * DAY + 39119)
			check_round_trip(&f, t);
		check_round_trip(&f, max);
	}
}

static void range_is_what_the_chip_holds(void **state)
{
	static const struct {
		bool century;
		int first_year;
		int from, to;
	} cases[] = {
		{ true, 1970, 1970, 9999 },
		{ true, 2024, 1970, 9999 },
		{ false, 1970, 1970, 2069 },
		{ false, 2000, 2000, 2099 },
		{ false, 2024, 2024, 2123 },
		{ false, 1950, 1970, 2049 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mc146818_format f = {
			.reg_b = MC146818_B_24H,
			.century = cases[i].century,
			.first_year = cases[i].first_year,
		};
		s64 min, max;

		mc146818_range(&f, &min, &max);
		assert_int_equal(min, at(cases[i].from, 1, 1, 0, 0, 0));
		assert_int_equal(max, at(cases[i].to, 12, 31, 23, 59, 59));
		check_round_trip(&f, min);
		check_round_trip(&f, max);
	}
}

static int encode_error(const struct mc146818_format *f, struct rtc_time tm)
{
	struct mc146818_time bytes;

	return mc146818_encode_time(f, &tm, &bytes);
}

static void encode_refuses_what_is_out_of_range(void **state)
{
	int n;

	(void)state;
	for (n = 0; n < MODES; n++) {
		struct mc146818_format f = mode(n);
		struct rtc_time tm = tm_at(0);
		s64 min, max;

		mc146818_range(&f, &min, &max);
		tm.tm_year--;
		assert_int_equal(encode_error(&f, tm), -ERANGE);
		assert_int_equal(encode_error(&f, tm_at(max + 1)), -ERANGE);
		tm.tm_year = INT_MAX;
		assert_int_equal(encode_error(&f, tm), -ERANGE);
		tm.tm_year = INT_MIN;
		assert_int_equal(encode_error(&f, tm), -ERANGE);
		f.first_year = 2000;
		assert_int_equal(encode_error(&f, tm_at(at(1999, 12, 31, 23, 59, 59))),
				 f.century ? 0 : -ERANGE);
	}
}

static void encode_refuses_what_is_no_time(void **state)
{
	struct mc146818_format f = mode(6);
	struct rtc_time good = tm_at(at(2023, 2, 28, 1, 2, 3)), tm;

	(void)state;
	assert_int_equal(encode_error(&f, good), 0);
#define REFUSED(field, value)						\
	do {								\
		tm = good;						\
		tm.field = (value);					\
		assert_int_equal(encode_error(&f, tm), -EINVAL);	\
	} while (0)
	REFUSED(tm_sec, -1);
	REFUSED(tm_sec, 60);
	REFUSED(tm_min, -1);
	REFUSED(tm_min, 60);
	REFUSED(tm_hour, -1);
	REFUSED(tm_hour, 24);
	REFUSED(tm_mday, 0);
	REFUSED(tm_mday, 29);
	REFUSED(tm_mon, -1);
	REFUSED(tm_mon, 12);
#undef REFUSED
}

enum { ALARM_SECONDS, ALARM_MINUTES, ALARM_HOURS, ALARM_DATE, ALARM_MONTH, ALARM_FIELDS };

static u8 *alarm_byte(struct mc146818_alarm *bytes, int field)
{
	u8 *all[] = { &bytes->seconds, &bytes->minutes, &bytes->hours, &bytes->date, &bytes->month };

	return all[field];
}

static int *alarm_value(struct rtc_time *tm, int field)
{
	int *all[] = { &tm->tm_sec, &tm->tm_min, &tm->tm_hour, &tm->tm_mday, &tm->tm_mon };

	return all[field];
}

#define REFUSE	-2	/* the byte is an error */

/* What a byte means in an alarm register: a value, -1 for "any", REFUSE. */
static int alarm_meaning(const struct mc146818_format *f, int field, int byte)
{
	int v = NONE;

	if (byte >= 0xc0)
		return -1;
	if (field == ALARM_SECONDS || field == ALARM_MINUTES)
		v = meaning(f, byte, 0, 59);
	if (field == ALARM_HOURS)
		v = hour_of[is_binary(f)][is_24h(f)][byte];
	if (field == ALARM_DATE) {
		if (!f->date_alarm || byte == 0)
			return -1;
		v = meaning(f, byte, 1, 31);
	}
	if (field == ALARM_MONTH) {
		if (!f->month_alarm || byte == 0)
			return -1;
		v = meaning(f, byte, 1, 12);
		return v == NONE ? REFUSE : v - 1;
	}
	return v == NONE ? REFUSE : v;
}

static struct mc146818_alarm alarm_at(const struct mc146818_format *f, s64 t)
{
	struct mc146818_time b = bytes_at(f, t);

	return (struct mc146818_alarm){
		.seconds = b.seconds,
		.minutes = b.minutes,
		.hours = b.hours,
		.date = f->date_alarm ? b.date : 0xff,
		.month = f->month_alarm ? b.month : 0xff,
	};
}

static void check_alarm_decode(const struct mc146818_format *f, int field, int byte, s64 base)
{
	struct mc146818_alarm bytes = alarm_at(f, base);
	struct rtc_time tm, want = tm_at(base);
	int i, v = alarm_meaning(f, field, byte);

	*alarm_byte(&bytes, field) = byte;
	memset(&tm, 0x55, sizeof(tm));
	if (v == REFUSE) {
		assert_int_equal(mc146818_decode_alarm(f, &bytes, &tm), -EINVAL);
		return;
	}
	if (!f->date_alarm)
		want.tm_mday = -1;
	if (!f->month_alarm)
		want.tm_mon = -1;
	*alarm_value(&want, field) = v;
	assert_int_equal(mc146818_decode_alarm(f, &bytes, &tm), 0);
	for (i = 0; i < ALARM_FIELDS; i++)
		assert_int_equal(*alarm_value(&tm, i), *alarm_value(&want, i));
	assert_int_equal(tm.tm_year, -1);
	assert_int_equal(tm.tm_wday, -1);
	assert_int_equal(tm.tm_yday, -1);
	assert_int_equal(tm.tm_isdst, -1);
}

static void alarm_of_every_byte(void **state)
{
	int n, field, byte;

	(void)state;
	for (n = 0; n < ALARM_MODES; n++)
		for (field = 0; field < ALARM_FIELDS; field++)
			for (byte = 0; byte < 256; byte++) {
				struct mc146818_format f = alarm_mode(n);

				/* a single absent byte may hold anything, even no code */
				check_alarm_decode(&f, field, byte, at(2026, 10, 31, 21, 43, 56));
				check_alarm_decode(&f, field, byte, at(2026, 1, 1, 0, 0, 0));
			}
}

static void alarm_encodes_to_the_bytes_of_its_second(void **state)
{
	s64 t, from = at(2024, 2, 29, 0, 0, 0), end = at(2024, 3, 1, 0, 0, 0);
	int n;

	(void)state;
	for (n = 0; n < ALARM_MODES; n++)
		for (t = from; t < end; t++) {
			struct mc146818_format f = alarm_mode(n);
			struct mc146818_alarm bytes, want = alarm_at(&f, t);
			struct rtc_time tm = tm_at(t);

			assert_int_equal(mc146818_encode_alarm(&f, &tm, &bytes), 0);
			if (memcmp(&bytes, &want, sizeof(bytes)))
				fail_msg("B %02x: alarm of %lld", f.reg_b, (long long)t);
		}
}

static void alarm_any_round_trips(void **state)
{
	int n, any, field;

	(void)state;
	for (n = 0; n < ALARM_MODES; n++)
		for (any = 0; any < 1 << ALARM_FIELDS; any++) {
			struct mc146818_format f = alarm_mode(n);
			struct rtc_time back, tm = tm_at(at(2026, 12, 31, 23, 59, 59));
			struct mc146818_alarm bytes;

			if (!f.date_alarm)
				any |= 1 << ALARM_DATE;
			if (!f.month_alarm)
				any |= 1 << ALARM_MONTH;
			for (field = 0; field < ALARM_FIELDS; field++)
				if (any & 1 << field)
					*alarm_value(&tm, field) = -1;
			assert_int_equal(mc146818_encode_alarm(&f, &tm, &bytes), 0);
			assert_int_equal(mc146818_decode_alarm(&f, &bytes, &back), 0);
			for (field = 0; field < ALARM_FIELDS; field++) {
				assert_int_equal(*alarm_value(&back, field), *alarm_value(&tm, field));
				if (any & 1 << field)
					assert_in_range(*alarm_byte(&bytes, field), 0xc0, 0xff);
			}
		}
}

static void alarm_encode_refuses_what_is_no_time(void **state)
{
	static const int end[ALARM_FIELDS] = { 60, 60, 24, 32, 12 };
	struct mc146818_format f = alarm_mode(14);
	int field;

	(void)state;
	for (field = 0; field < ALARM_FIELDS; field++) {
		struct rtc_time tm = tm_at(at(2026, 5, 6, 7, 8, 9));
		struct mc146818_alarm bytes;

		*alarm_value(&tm, field) = end[field];
		assert_int_equal(mc146818_encode_alarm(&f, &tm, &bytes), -EINVAL);
		*alarm_value(&tm, field) = -2;
		assert_int_equal(mc146818_encode_alarm(&f, &tm, &bytes), -EINVAL);
		*alarm_value(&tm, field) = end[field] - 1;
		assert_int_equal(mc146818_encode_alarm(&f, &tm, &bytes), 0);
	}
}

/*
 * The comparator. Each second of the chip has a set of bytes that an alarm is
 * compared with; an alarm fires at the first second whose set is its own. So
 * all alarms within reach fire at their own seconds if no set occurs twice.
 */
#define SEEN_SIZE (1 << 22)
static u64 seen[SEEN_SIZE];
static u64 seen_round;

static u64 comparator_key(struct mc146818_alarm b)
{
	return (u64)b.seconds | b.minutes << 8 | b.hours << 16 | (u64)b.date << 24 |
	       (u64)b.month << 32;
}

static bool seen_before(u64 key)
{
	u64 i = key * 0x9e3779b97f4a7c15ULL >> 42;

	key |= seen_round << 40;
	for (; seen[i] >> 40 == seen_round; i = (i + 1) % SEEN_SIZE)
		if (seen[i] == key)
			return true;
	seen[i] = key;
	return false;
}

static u64 alarm_key(const struct mc146818_format *f, s64 t)
{
	struct rtc_time tm = tm_at(t);
	struct mc146818_alarm bytes;

	assert_int_equal(mc146818_encode_alarm(f, &tm, &bytes), 0);
	return comparator_key(bytes);
}

/* Alarms @step apart, beginning @offset after now; steps divide a day. */
static void check_reach(const struct mc146818_format *f, s64 now, s64 offset, s64 step)
{
	s64 t, reach = mc146818_alarm_reach(f, now);

	assert_true(++seen_round < 1 << 24);
	assert_true(reach > now);
	for (t = now + offset; t <= reach; t += step) {
		u64 key = alarm_key(f, t);

		if (key != comparator_key(alarm_at(f, t)))
			fail_msg("from %lld: %lld does not match", (long long)now, (long long)t);
		if (seen_before(key))
			fail_msg("from %lld: %lld fires early", (long long)now, (long long)t);
	}
}

/* The second after the reach would fire early, or is now's own second again. */
static void check_reach_is_no_shorter(const struct mc146818_format *f, s64 now)
{
	s64 t, reach = mc146818_alarm_reach(f, now);
	u64 key = alarm_key(f, reach + 1);

	for (t = now + (reach + 1 - now) % 3600; t <= reach; t += 3600)
		if (alarm_key(f, t) == key)
			return;
	if (alarm_key(f, now) != key)
		fail_msg("from %lld: reach %lld is too short", (long long)now, (long long)reach);
}

static struct mc146818_format reach_format(int binary_12h, bool date, bool month)
{
	struct mc146818_format f = mode(binary_12h ? 1 : 2);

	f.date_alarm = date;
	f.month_alarm = month;
	return f;
}

static void reach_by_time_of_day(void **state)
{
	s64 now, from = at(2028, 2, 28, 0, 0, 0);
	int n;

	(void)state;
	for (n = 0; n < 4; n++) {
		struct mc146818_format f = reach_format(n & 1, false, n & 2);

		for (now = from; now < from + 3 * DAY; now += 34567) {
			assert_int_equal(mc146818_alarm_reach(&f, now), now + DAY - 1);
			check_reach(&f, now, 1, 1);
		}
	}
}

static void reach_by_date_each_second(void **state)
{
	struct mc146818_format f = reach_format(0, true, false);

	(void)state;
	check_reach(&f, at(2027, 1, 31, 12, 34, 56), 1, 1);
	check_reach(&f, at(2027, 2, 28, 23, 59, 59), 1, 1);
	check_reach(&f, at(2028, 12, 31, 0, 0, 0), 1, 1);
}

static void reach_by_date(void **state)
{
	static const int hour[] = { 0, 43200, 86399 };
	s64 day, first = at(2025, 1, 1, 0, 0, 0), end = at(2029, 3, 1, 0, 0, 0);
	int i;

	(void)state;
	for (day = first; day < end; day += DAY)
		for (i = 0; i < 3; i++) {
			struct mc146818_format f = reach_format(day / DAY % 2, true, false);
			s64 now = day + hour[i];

			check_reach(&f, now, 1, 3600);
			check_reach(&f, now, 3600, 3600);
			check_reach(&f, now, 3599, 3600);
			check_reach_is_no_shorter(&f, now);
		}
}

static void reach_by_date_and_month(void **state)
{
	static const int hour[] = { 0, 43200, 86399 };
	s64 day, first = at(2098, 1, 1, 0, 0, 0), end = at(2105, 3, 1, 0, 0, 0);
	int i;

	(void)state;
	for (day = first; day < end; day += DAY)
		for (i = 0; i < 3; i++) {
			struct mc146818_format f = reach_format(day / DAY % 2, true, true);
			s64 now = day + hour[i];

			check_reach(&f, now, 1, DAY);
			check_reach(&f, now, DAY, DAY);
			check_reach(&f, now, DAY - 1, DAY);
		}
	for (day = first; day < end; day += 13 * DAY) {
		struct mc146818_format f = reach_format(0, true, true);

		check_reach_is_no_shorter(&f, day + 45296);
	}
}

/* No second of four years reaches less far, and one no farther. */
static void least_reach_of_any_date(void **state)
{
	s64 now, from = at(2026, 1, 1, 0, 0, 0), least, reach;
	int n;

	(void)state;
	for (n = 0; n < 3; n++) {
		struct mc146818_format f = reach_format(0, n, n == 2);

		least = INT64_MAX;
		for (now = from; now < from + 4 * 366 * DAY; now += 3599) {
			reach = mc146818_alarm_reach(&f, now) - now;
			least = reach < least ? reach : least;
		}
		assert_int_equal(mc146818_least_reach(&f), least);
	}
}

static void reach_of_known_days(void **state)
{
	struct mc146818_format date = reach_format(0, true, false);
	struct mc146818_format month = reach_format(0, true, true);

	(void)state;
	assert_int_equal(mc146818_alarm_reach(&date, at(2026, 11, 22, 10, 0, 0)),
			 at(2026, 12, 22, 9, 59, 59));
	assert_int_equal(mc146818_alarm_reach(&date, at(2026, 12, 31, 10, 0, 0)),
			 at(2027, 1, 31, 9, 59, 59));
	assert_int_equal(mc146818_alarm_reach(&date, at(2027, 1, 31, 10, 0, 0)),
			 at(2027, 2, 28, 23, 59, 59));
	assert_int_equal(mc146818_alarm_reach(&date, at(2028, 1, 30, 10, 0, 0)),
			 at(2028, 2, 29, 23, 59, 59));
	assert_int_equal(mc146818_alarm_reach(&month, at(2026, 11, 22, 10, 0, 0)),
			 at(2027, 11, 22, 9, 59, 59));
	assert_int_equal(mc146818_alarm_reach(&month, at(2028, 2, 29, 10, 0, 0)),
			 at(2029, 2, 28, 23, 59, 59));
}

static void century_kept_of_every_pair(void **state)
{
	int binary, century, year;

	(void)state;
	for (binary = 0; binary < 2; binary++)
		for (century = 0; century < 256; century++)
			for (year = 0; year < 256; year++) {
				struct mc146818_format f = mode(binary);
				struct mc146818_time b = { .century = century, .year = year };
				int c = meaning(&f, century, 0, 99), y = meaning(&f, year, 0, 99);
				bool want = c != NONE && y != NONE && c * 100 + y >= 1970;

				assert_int_equal(mc146818_century_kept(&f, &b), want);
			}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(oracle_knows_known_days),
		cmocka_unit_test(seconds_of_every_byte),
		cmocka_unit_test(time_of_day_of_every_byte),
		cmocka_unit_test(hours_of_a_chip_that_keeps_no_b),
		cmocka_unit_test(hours_from_0),
		cmocka_unit_test(date_of_every_month_and_byte),
		cmocka_unit_test(year_of_every_century_and_byte),
		cmocka_unit_test(year_of_every_window),
		cmocka_unit_test(every_second_around_1999_12_31),
		cmocka_unit_test(every_second_around_2000_02_28),
		cmocka_unit_test(every_second_around_2038_01_19),
		cmocka_unit_test(every_second_around_2069_12_31),
		cmocka_unit_test(every_second_around_2099_12_31),
		cmocka_unit_test(every_second_around_2100_02_28),
		cmocka_unit_test(every_day_until_the_year_9999),
		cmocka_unit_test(range_is_what_the_chip_holds),
		cmocka_unit_test(encode_refuses_what_is_out_of_range),
		cmocka_unit_test(encode_refuses_what_is_no_time),
		cmocka_unit_test(alarm_of_every_byte),
		cmocka_unit_test(alarm_encodes_to_the_bytes_of_its_second),
		cmocka_unit_test(alarm_any_round_trips),
		cmocka_unit_test(alarm_encode_refuses_what_is_no_time),
		cmocka_unit_test(reach_by_time_of_day),
		cmocka_unit_test(reach_by_date_each_second),
		cmocka_unit_test(reach_by_date),
		cmocka_unit_test(reach_by_date_and_month),
		cmocka_unit_test(reach_of_known_days),
		cmocka_unit_test(least_reach_of_any_date),
		cmocka_unit_test(century_kept_of_every_pair),
	};

	return cmocka_run_group_tests_name("mc146818", tests, setup, teardown);
}
