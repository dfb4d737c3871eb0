// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lib/machine/trial.h"
#include "lib/rtc/isa.h"
#include "lib/time/clock.h"

#if defined(__x86_64__) || defined(__i386__)
#include <sys/io.h>

#define PORT_INDEX	0x70
#define PORT_DATA	0x71

/* Registers, by the datasheet's names. */
#define REG_SECONDS	0x00
#define REG_MINUTES	0x02
#define REG_HOURS	0x04
#define REG_DAY_OF_WEEK	0x06
#define REG_DAY		0x07
#define REG_MONTH	0x08
#define REG_YEAR	0x09
#define REG_A		0x0a
#define A_UIP		0x80
#define A_DV		0x70	/* all of them set: the divider is held in reset */
#define A_DV_NORMAL	0x20
#define REG_B		0x0b
#define B_SET		0x80
#define B_DM		0x04	/* binary, else BCD */
#define B_24		0x02	/* else twelve hours, and: */
#define HOURS_PM	0x80

/* An update takes 2 ms, a reading some 50 us. */
#define READ_TRIES	100

struct raw {
	uint8_t seconds, minutes, hours, day, month, year;
	uint8_t b;
};

/* What is read there changes nothing. */
static void touch(const void *port)
{
	(void)port;
	inb(PORT_INDEX);
}

int isa_open(void)
{
	if (ioperm(PORT_INDEX, PORT_DATA - PORT_INDEX + 1, 1) < 0)
		return -errno;
	return trial(touch, NULL);
}

static uint8_t get(uint8_t reg)
{
	outb(reg, PORT_INDEX);
	return inb(PORT_DATA);
}

static void put(uint8_t reg, uint8_t value)
{
	outb(reg, PORT_INDEX);
	outb(value, PORT_DATA);
}

static void get_all(struct raw *raw)
{
	*raw = (struct raw){
		.seconds = get(REG_SECONDS),
		.minutes = get(REG_MINUTES),
		.hours = get(REG_HOURS),
		.day = get(REG_DAY),
		.month = get(REG_MONTH),
		.year = get(REG_YEAR),
		.b = get(REG_B),
	};
}

static int from_raw(uint8_t value, uint8_t b)
{
	return b & B_DM ? value : (value >> 4) * 10 + (value & 0x0f);
}

static uint8_t to_raw(int value, uint8_t b)
{
	return b & B_DM ? value : value / 10 << 4 | value % 10;
}

static int hours_from_raw(uint8_t value, uint8_t b)
{
	if (b & B_24)
		return from_raw(value, b);
	return from_raw(value & ~HOURS_PM, b) % 12 + (value & HOURS_PM ? 12 : 0);
}

static uint8_t hours_to_raw(int hours, uint8_t b)
{
	if (b & B_24)
		return to_raw(hours, b);
	return to_raw(hours % 12 ? hours % 12 : 12, b) | (hours >= 12 ? HOURS_PM : 0);
}

static void decode(const struct raw *raw, struct rtc_time *fields)
{
	memset(fields, 0, sizeof(*fields));
	fields->tm_sec = from_raw(raw->seconds, raw->b);
	fields->tm_min = from_raw(raw->minutes, raw->b);
	fields->tm_hour = hours_from_raw(raw->hours, raw->b);
	fields->tm_mday = from_raw(raw->day, raw->b);
	fields->tm_mon = from_raw(raw->month, raw->b) - 1;
	fields->tm_year = from_raw(raw->year, raw->b);
	/* Which byte has the century only the firmware knows. */
	if (fields->tm_year < 70)
		fields->tm_year += 100;
}

int isa_read(struct rtc_time *fields)
{
	struct raw first, second;

	for (int i = 0; i < READ_TRIES; i++) {
		if (get(REG_A) & A_UIP) {
			clock_sleep_until(CLOCK_MONOTONIC,
					  clock_now_ns(CLOCK_MONOTONIC) + 100 * NSEC_PER_USEC);
			continue;
		}
		get_all(&first);
		get_all(&second);
		if (memcmp(&first, &second, sizeof(first)) || get(REG_A) & A_UIP)
			continue;
		decode(&first, fields);
		return 0;
	}
	return -EIO;
}

/*
 * The divider is let go after SET: else some chips do not start half a second later.
 * A clock that was found stopped runs afterwards.
 */
static void set_held(const struct rtc_time *fields)
{
	uint8_t b = get(REG_B), a;

	put(REG_B, b | B_SET);
	a = get(REG_A);
	put(REG_A, a | A_DV);
	put(REG_SECONDS, to_raw(fields->tm_sec, b));
	put(REG_MINUTES, to_raw(fields->tm_min, b));
	put(REG_HOURS, hours_to_raw(fields->tm_hour, b));
	put(REG_DAY_OF_WEEK, to_raw(fields->tm_wday + 1, b));
	put(REG_DAY, to_raw(fields->tm_mday, b));
	put(REG_MONTH, to_raw(fields->tm_mon + 1, b));
	put(REG_YEAR, to_raw(fields->tm_year % 100, b));
	put(REG_B, b & ~B_SET);
	put(REG_A, (a & ~A_DV) | A_DV_NORMAL);
}

/* Whoever ended in between would leave the clock standing. */
void isa_set(const struct rtc_time *fields)
{
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	set_held(fields);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

#else

int isa_open(void)
{
	return -EOPNOTSUPP;
}

int isa_read(struct rtc_time *fields)
{
	(void)fields;
	return -EOPNOTSUPP;
}

void isa_set(const struct rtc_time *fields)
{
	(void)fields;
}

#endif
