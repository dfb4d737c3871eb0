// SPDX-License-Identifier: GPL-2.0
/*
 * The states a chip may be found in: each mode of its registers, and what an
 * earlier owner or somebody behind the driver's back may have done to it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "ports.h"

#define IDLE_MS		3000	/* the driver is at rest after this */
#define NOTICE_MS	4000	/* a clock that stands still is noticed within this */
#define SERVES_MS	30	/* a reading may serve again for 20 */
#define NOON		1942315198LL	/* 2031-07-20 11:59:58 */
#define MIDNIGHT	1942358398LL	/* 2031-07-20 23:59:58 */

static enum ktap_result prepare(struct clock *clock)
{
	if (ports_open(clock))
		SKIP("no right to the ports");
	if (!clock->ours)
		SKIP("another driver than this project's may not come back");
	return KTAP_PASS;
}

#define PREPARE(clock)						\
	do {							\
		enum ktap_result prepared = prepare(clock);	\
		if (prepared != KTAP_PASS)			\
			return prepared;			\
	} while (0)

/* Unbound and closed, so that the registers are ours. */
static int take_registers(struct clock *clock)
{
	int err = clock_unbind(clock);

	clock_close(clock);
	return err;
}

static enum ktap_result both_have(struct clock *clock, s64 from, s64 to)
{
	s64 sec, chip;
	int err = clock_read(clock, &sec);

	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	REQUIRE(sec >= from && sec <= to, "read %lld, wanted %lld to %lld", (long long)sec,
		(long long)from, (long long)to);
	REQUIRE(!ports_time(&chip), "the ports hold no time");
	REQUIRE(chip >= sec && chip <= sec + 1, "read %lld, the ports have %lld", (long long)sec,
		(long long)chip);
	return KTAP_PASS;
}

/* Across noon or midnight: read as the chip had it, then set, then an alarm. */
static enum ktap_result across(struct clock *clock, uint8_t b, s64 sec)
{
	unsigned long data;
	enum ktap_result result;
	s64 now;
	int second, err = take_registers(clock);

	REQUIRE(!err, "unbind: %s", strerror(-err));
	ports_set_time(b, sec);
	err = clock_bind(clock);
	REQUIRE(!err, "bind: %s", strerror(-err));
	result = both_have(clock, sec, sec + 1);
	if (result != KTAP_PASS)
		return result;

	REQUIRE(!clock_set(clock, sec), "RTC_SET_TIME fails");
	REQUIRE(!clock_alarm_set(clock, sec + 3, true), "RTC_WKALM_SET fails");
	REQUIRE(!ports_alarm(&second) && second == (sec + 3) % 86400, "the chip's alarm is at %d",
		second);
	err = clock_event(clock, 5000, &data);
	REQUIRE(!err, "no alarm: %s", strerror(-err));
	REQUIRE(!clock_read(clock, &now) && now == sec + 3, "the alarm of %lld came at %lld",
		(long long)sec + 3, (long long)now);
	REQUIRE((ports_read(REG_B) & (B_DM | B_24H)) == (b & (B_DM | B_24H)), "register B is %02x",
		ports_read(REG_B));
	return both_have(clock, sec + 3, sec + 4);
}

static enum ktap_result in_mode(struct clock *clock, uint8_t mode)
{
	enum ktap_result result;
	uint8_t b;
	s64 sec;

	PREPARE(clock);
	b = ports_read(REG_B) & ~(B_SET | B_AIE);
	result = across(clock, (b & ~(B_DM | B_24H)) | mode, NOON);
	if (result == KTAP_PASS)
		result = across(clock, (b & ~(B_DM | B_24H)) | mode, MIDNIGHT);

	/* Back to the mode that the firmware expects, whatever came of it. */
	REQUIRE(!clock_unbind(clock), "unbind fails");
	clock_close(clock);
	REQUIRE(!ports_time(&sec), "the ports hold no time");
	ports_set_time(b, sec);
	REQUIRE(!clock_bind(clock), "bind fails");
	return result;
}

static enum ktap_result bcd_24_hours(struct clock *clock)
{
	return in_mode(clock, B_24H);
}

static enum ktap_result bcd_12_hours(struct clock *clock)
{
	return in_mode(clock, 0);
}

static enum ktap_result binary_24_hours(struct clock *clock)
{
	return in_mode(clock, B_DM | B_24H);
}

static enum ktap_result binary_12_hours(struct clock *clock)
{
	return in_mode(clock, B_DM);
}

static int battery_flags(struct clock *clock, unsigned int *flags)
{
	return clock_ioctl(clock, RTC_VL_READ, flags);
}

/* It stands nobody knows how long, until it is set: let run, its date would pass for a good one. */
static enum ktap_result date_is_lost(struct clock *clock)
{
	unsigned int flags = 0;
	s64 before, after, sec;
	char now[128];
	int err;

	REQUIRE(!ports_time(&before), "the ports hold no time");
	err = clock_read(clock, &sec);
	REQUIRE(err == -EINVAL || err == -EIO, "the date that it stood at reads: %s",
		strerror(-err));
	err = clock_attribute(clock, "phase/now", now, sizeof(now));
	REQUIRE(err, "phase/now answers all the same: %s", now);
	err = battery_flags(clock, &flags);
	REQUIRE(!err && flags & RTC_VL_DATA_INVALID, "RTC_VL_READ: %s, %#x", strerror(-err), flags);
	sleep_ms(2100);
	REQUIRE(!ports_time(&after) && after == before, "it was let run, to %lld", (long long)after);
	err = clock_read(clock, &sec);
	REQUIRE(err == -EINVAL || err == -EIO, "later it reads: %s", strerror(-err));
	return KTAP_PASS;
}

/* Then it is as good as any. */
static enum ktap_result set_brings_it_back(struct clock *clock)
{
	unsigned int flags = ~0U;
	s64 begin = now_ns(), late;
	int err = clock_set(clock, NOON);

	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	err = battery_flags(clock, &flags);
	REQUIRE(!err && !(flags & RTC_VL_DATA_INVALID), "RTC_VL_READ after a set: %s, %#x",
		strerror(-err), flags);
	sleep_ms(2100);
	late = (now_ns() - begin) / SECOND_NS;
	return both_have(clock, NOON + 2, NOON + late);
}

static enum ktap_result stands_until_set(struct clock *clock)
{
	uint8_t a = ports_read(REG_A) & ~A_UIP, b = ports_read(REG_B);
	enum ktap_result result;
	int err = clock_bind(clock);

	REQUIRE(!err, "bind: %s", strerror(-err));
	REQUIRE((ports_read(REG_A) & ~A_UIP) == a && ports_read(REG_B) == b,
		"it was changed before it is set: registers A %02x, B %02x", ports_read(REG_A),
		ports_read(REG_B));
	result = date_is_lost(clock);
	if (result != KTAP_PASS)
		return result;
	result = set_brings_it_back(clock);
	REQUIRE((ports_read(REG_A) & A_DV) == A_DV_32KHZ, "register A is %02x", ports_read(REG_A));
	REQUIRE(!(ports_read(REG_B) & B_SET), "register B is %02x", ports_read(REG_B));
	return result;
}

static enum ktap_result held_divider_is_kept_until_set(struct clock *clock)
{
	PREPARE(clock);
	REQUIRE(!take_registers(clock), "unbind fails");
	ports_write(REG_A, (ports_read(REG_A) & ~(A_DV | A_UIP)) | A_DV_RESET);
	return stands_until_set(clock);
}

static enum ktap_result set_bit_is_kept_until_set(struct clock *clock)
{
	PREPARE(clock);
	REQUIRE(!take_registers(clock), "unbind fails");
	ports_write(REG_B, ports_read(REG_B) | B_SET);
	return stands_until_set(clock);
}

static enum ktap_result left_over_enables_are_no_storm(struct clock *clock)
{
	unsigned long long before, after;

	PREPARE(clock);
	REQUIRE(!take_registers(clock), "unbind fails");
	ports_write(REG_B, ports_read(REG_B) | 0x70);
	REQUIRE(!clock_bind(clock), "bind fails");
	REQUIRE(!(ports_read(REG_B) & 0x50), "register B is %02x", ports_read(REG_B));
	sleep_ms(1000);
	REQUIRE(!clock_counter(clock, "interrupts", &before), "no interrupts in debugfs");
	sleep_ms(1000);
	REQUIRE(!clock_counter(clock, "interrupts", &after), "no interrupts in debugfs");
	REQUIRE(after == before, "%llu interrupts in a second", after - before);
	return KTAP_PASS;
}

static int error_within(struct clock *clock, int ms)
{
	s64 sec;
	int err = 0;

	for (; !err && ms > 0; ms -= 100) {
		err = clock_read(clock, &sec);
		sleep_ms(100);
	}
	return err;
}

/* Set behind the driver's back; the time it shows is none. */
static enum ktap_result stopped_clock_is_refused(struct clock *clock)
{
	uint8_t b;
	s64 sec;
	int err;

	PREPARE(clock);
	sleep_ms(IDLE_MS);
	b = ports_read(REG_B);
	ports_write(REG_B, b | B_SET);
	err = error_within(clock, NOTICE_MS);
	ports_write(REG_B, b);
	REQUIRE(err == -EIO || err == -EINVAL, "a clock that stands still reads: %s", strerror(-err));
	sleep_ms(2000);
	err = clock_read(clock, &sec);
	REQUIRE(!err, "running again it reads: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result held_divider_is_refused(struct clock *clock)
{
	uint8_t a;
	s64 sec;
	int err;

	PREPARE(clock);
	sleep_ms(IDLE_MS);
	a = ports_read(REG_A) & ~A_UIP;
	ports_write(REG_A, (a & ~A_DV) | A_DV_RESET);
	err = error_within(clock, NOTICE_MS);
	ports_write(REG_A, a);
	REQUIRE(err == -EIO || err == -EINVAL, "a clock that stands still reads: %s", strerror(-err));
	sleep_ms(2000);
	err = clock_read(clock, &sec);
	REQUIRE(!err, "running again it reads: %s", strerror(-err));
	return KTAP_PASS;
}

/* Under SET QEMU shows what was written, as a chip does with a dead battery. */
static enum ktap_result no_date_is_refused_until_set(struct clock *clock)
{
	s64 sec, now;
	int err;

	PREPARE(clock);
	REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails");
	sleep_ms(IDLE_MS);
	ports_write(REG_B, ports_read(REG_B) | B_SET);
	ports_write(REG_MONTH, 0x13);
	err = clock_read(clock, &now);
	REQUIRE(err == -EINVAL || err == -EIO, "a month of 13 reads: %s", strerror(-err));
	err = clock_set(clock, sec);
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	REQUIRE(!(ports_read(REG_B) & B_SET), "register B is %02x after a set", ports_read(REG_B));
	err = clock_read(clock, &now);
	REQUIRE(!err, "after a set it reads: %s", strerror(-err));
	REQUIRE(now >= sec && now <= sec + 1, "set %lld, read %lld", (long long)sec, (long long)now);
	return KTAP_PASS;
}

static enum ktap_result time_written_behind_is_seen(struct clock *clock)
{
	unsigned long data;
	s64 sec, now = 0;
	int i;

	PREPARE(clock);
	REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails");
	sleep_ms(IDLE_MS);
	ports_set_time(ports_read(REG_B), sec + 100000);
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(now >= sec + 100000 && now <= sec + 100001, "wrote %lld, read %lld",
		(long long)sec + 100000, (long long)now);
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	for (i = 0; i < 3; i++)
		REQUIRE(!clock_event(clock, 2500, &data), "no tick after it");
	return KTAP_PASS;
}

/* The phase is known and nobody ticks: the reading that was just taken may serve again. */
static enum ktap_result a_reading_does_not_serve_for_long(struct clock *clock)
{
	uint8_t hours, other;
	s64 sec, now = 0;
	int i;

	PREPARE(clock);
	REQUIRE(!clock_set(clock, NOON + 3600), "RTC_SET_TIME fails");
	REQUIRE(!clock_settle(clock), "the phase is not known");
	for (i = 0; i < 10; i++) {
		REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails");
		hours = ports_read(REG_HOURS);
		other = hours ^ 1;
		REQUIRE(!ports_write(REG_HOURS, other), "the hours cannot be written");
		sleep_ms(SERVES_MS);
		REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
		REQUIRE(llabs(now - sec) >= 3599, "another hour was written %d ms ago, and it reads %lld",
			SERVES_MS, (long long)now);
		/* Anywhere in the second. */
		usleep(rand() % 900000);
	}
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "bcd_24_hours", bcd_24_hours, true },
	{ "bcd_12_hours", bcd_12_hours, true },
	{ "binary_24_hours", binary_24_hours, true },
	{ "binary_12_hours", binary_12_hours, true },
	{ "held_divider_is_kept_until_set", held_divider_is_kept_until_set, true },
	{ "set_bit_is_kept_until_set", set_bit_is_kept_until_set, true },
	{ "left_over_enables_are_no_storm", left_over_enables_are_no_storm },
	{ "stopped_clock_is_refused", stopped_clock_is_refused, true },
	{ "held_divider_is_refused", held_divider_is_refused, true },
	{ "no_date_is_refused_until_set", no_date_is_refused_until_set, true },
	{ "time_written_behind_is_seen", time_written_behind_is_seen, true },
	{ "a_reading_does_not_serve_for_long", a_reading_does_not_serve_for_long, true },
};

KTAP_MAIN(tests)
