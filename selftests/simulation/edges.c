// SPDX-License-Identifier: GPL-2.0
/*
 * edges - the edges of time, on each chip and in each format: dates at which something else
 * than the second changes, the last ones that chip or kernel can hold, steps of the host, the
 * leap second, and what firmware left; as TAP
 *
 * Answers and dates are judged all the time. Where a chip does not say what hour it means,
 * they may be refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "judge.h"
#include "kernel/control.h"
#include "kernel/user.h"
#include "score.h"
#include "sim/profiles.h"
#include "world/bus.h"
#include "world/chip.h"
#include "world/clocks.h"
#include "world/even.h"
#include "world/journal.h"
#include "world/nature.h"
#include "world/random.h"
#include "world/task.h"

#define MS		1000000LL
#define SEC		1000000000LL
#define DAY_S		86400LL
#define YEAR_S		(365 * DAY_S)
#define ACCESS_NS	2000
#define BEFORE_S	4		/* so long before an edge its life begins */
#define AROUND_NS	(8 * SEC)	/* so long it is watched */
#define NOTICED_NS	(5 * SEC)	/* a step is known by then, and the time after it */
#define FORMATS		4
#define SEC_2030	1893456000LL
#define SEC_2070	3155760000LL
#define LAST_SEC	9223372036LL	/* that fits the kernel's ktime_t */
#define REQUIRE(condition)	do { if (!(condition)) return #condition; } while (0)

/* A world with one chip, which shows @sec. */
struct life {
	int profile;
	bool binary, hours_12;
};

static struct mc_bus *bus;

static void power_on(const struct life *life, s64 sec)
{
	even_world(life->profile, life->binary, life->hours_12, sec);
	bus_access_takes(ACCESS_NS, 0);
	clocks_set_rate(0, 0);
}

static int boot(void)
{
	const struct mc_options options = { .ptp = true };

	kernel_boot();
	judge_boot();
	bus = bus_init();
	return mc_clock_probe(bus, &options);
}

/* It is set, and runs on from there. */
static bool sets(s64 sec)
{
	s64 begun = now;

	if (user_set(sec))
		return false;
	task_sleep(now + 3 * SEC);
	return llabs(chip_sec() - sec - (now - begun) / SEC) <= 1;
}

static void watch(s64 ns)
{
	s64 until = now + ns;

	while (now < until) {
		judge_now();
		judge_time();
		judge_ptp();
		task_sleep(now + random_between(10 * MS, 150 * MS));
	}
}

/* Some count to 24 and say 12. */
static bool says_its_hours(void)
{
	return chip_read(MC146818_B) & MC146818_B_24H;
}

/* Past @sec with ticks on: each second once, and nothing is taken for a step. */
static const char *past(const struct life *life, s64 sec)
{
	s64 locked = score.locked, before = score_wrong(&score);
	unsigned int ticks;

	power_on(life, sec - BEFORE_S);
	REQUIRE(!boot());
	REQUIRE(!rtc_update_irq_enable(kernel_rtc(), 1) || !says_its_hours());
	watch(SEC);
	ticks = kernel_ticks;
	watch(AROUND_NS);
	ticks = kernel_ticks - ticks;
	REQUIRE(score_wrong(&score) == before);
	REQUIRE(!judge_attribute("steps"));
	if (!says_its_hours())
		return NULL;
	REQUIRE(score.locked > locked + 10);
	REQUIRE(ticks >= AROUND_NS / SEC - 1 && ticks <= AROUND_NS / SEC + 1);
	return NULL;
}

/* Without a century there is no year after 2069, whatever the chip shows. */
static bool exists(s64 sec)
{
	return chip_profile()->century || sec + AROUND_NS / SEC < SEC_2070;
}

static const char *dates(const struct life *life)
{
	static const s64 edges[] = {
		915148800LL,	/* 1999-01-01 */
		951782400LL,	/* 2000-02-29 */
		951868800LL,	/* 2000-03-01 */
		946684800LL,	/* 2000-01-01 */
		1677628800LL,	/* 2023-03-01 */
		1709164800LL,	/* 2024-02-29 */
		1709251200LL,	/* 2024-03-01 */
		1714521600LL,	/* 2024-05-01, after a month of 30 days */
		1717200000LL,	/* 2024-06-01, of 31 */
		2147483648LL,	/* 2038-01-19 03:14:08 */
		3981139200LL,	/* 2096-02-28 */
		3981225600LL,	/* 2096-02-29 */
		4102444800LL,	/* 2100-01-01 */
		4294967296LL,	/* 2106-02-07 06:28:16 */
		SEC_2030 + 12 * 3600, SEC_2030 + 13 * 3600, SEC_2030 + 3600, SEC_2030,
	};
	const char *why;
	unsigned int i;

	power_on(life, SEC_2030);
	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		if (!exists(edges[i]))
			continue;
		why = past(life, edges[i]);
		if (why) {
			fprintf(stderr, "# at %lld\n", (long long)edges[i]);
			return why;
		}
	}
	return NULL;
}

/* The last seconds that can be held: after them nothing is told for the time. */
static const char *last_date(const struct life *life)
{
	s64 last, sec, begun;

	power_on(life, SEC_2030);
	last = chip_profile()->century ? LAST_SEC : SEC_2070 - 1;
	power_on(life, last - 2);
	REQUIRE(!boot());
	if (!says_its_hours())
		return NULL;
	sec = user_read();
	if (sec < 0)
		return chip_profile()->century ? NULL : "it cannot be read";
	begun = now;
	while (now < begun + 6 * SEC) {
		sec = user_read();
		REQUIRE(sec < 0 || (sec <= last && sec >= last - 2) || sec < YEAR_S);
		task_sleep(now + 50 * MS);
	}
	return NULL;
}

/* In the last second of February, and of the day. */
static const char *alarms(const struct life *life)
{
	static const s64 when[] = {
		1709251199LL, 1677628799LL, 951868799LL, SEC_2030 + DAY_S - 1, SEC_2030 + 43199,
		SEC_2030 + 43200,
	};
	unsigned int i;
	s64 until;

	for (i = 0; i < ARRAY_SIZE(when); i++) {
		power_on(life, when[i] - 20);
		REQUIRE(!boot());
		if (!says_its_hours() && user_read() < 0)
			continue;
		REQUIRE(!user_set_alarm(when[i]));
		for (until = now + 30 * SEC; kernel_rtc()->aie_timer.enabled && now < until;)
			task_sleep(now + MS);
		REQUIRE(chip_sec() == when[i]);
	}
	return NULL;
}

/* The @n-th step is counted, and the time after it is known. */
static const char *noticed(s64 n, s64 wrong_before)
{
	s64 locked;

	watch(NOTICED_NS);
	locked = score.locked;
	watch(SEC);
	REQUIRE(score.locked > locked || !says_its_hours());
	REQUIRE(judge_attribute("steps") == n);
	REQUIRE(score_wrong(&score) == wrong_before);
	return NULL;
}

static const char *begin(const struct life *life)
{
	power_on(life, SEC_2030 + 3 * 3600 + 1800);
	REQUIRE(!boot());
	watch(3 * SEC);
	return NULL;
}

/* The host's clock is set, and the chip's time with it. */
static const char *host_steps(const struct life *life)
{
	static const s64 steps[] = { 1, 60, 3600, DAY_S, YEAR_S };
	const char *why = begin(life);
	s64 before = score_wrong(&score), by;
	unsigned int i;

	for (i = 0; !why && i < 2 * ARRAY_SIZE(steps); i++) {
		by = (i % 2 ? -1 : 1) * steps[i / 2] * SEC;
		chip_step(by);
		journal_jump("chip stepped", by, true);
		why = noticed(i + 1, before);
	}
	return why;
}

/* The machine stands still for an hour, or is put back a year later; the chip goes on. */
static const char *paused(const struct life *life)
{
	static const s64 pauses[] = { 3600, YEAR_S };
	const char *why = begin(life);
	s64 before = score_wrong(&score);
	unsigned int i;

	for (i = 0; !why && i < ARRAY_SIZE(pauses); i++) {
		nature_suspend(pauses[i] * SEC);
		journal_jump("paused", pauses[i] * SEC, true);
		why = noticed(i + 1, before);
	}
	return why;
}

/* The system's clock goes back a second at midnight, while there are ticks and at a set. */
static const char *leap_second(const struct life *life)
{
	s64 before = score_wrong(&score), sec, late;
	unsigned int ticks;
	struct truth truth;

	power_on(life, SEC_2030 + DAY_S - 5);
	REQUIRE(!boot());
	if (!says_its_hours())
		return NULL;
	REQUIRE(!rtc_update_irq_enable(kernel_rtc(), 1));
	watch(2 * SEC);
	ticks = kernel_ticks;
	task_sleep(now + SEC - clocks_real(now) % SEC);
	clocks_step_real(-SEC);
	watch(3 * SEC);
	REQUIRE(kernel_ticks - ticks >= 3 && kernel_ticks - ticks <= 5);
	REQUIRE(!judge_attribute("steps"));
	REQUIRE(score_wrong(&score) == before);
	rtc_update_irq_enable(kernel_rtc(), 0);
	if (chip_nature() == NATURE_DROPS)
		return NULL;
	/* A copy of the system's time, and the leap second right after it. */
	task_sleep(now + SEC - clocks_real(now) % SEC);
	sec = clocks_real(now) / SEC;
	late = now - clocks_real(now) % SEC;
	REQUIRE(!user_set(sec));
	clocks_step_real(-SEC);
	task_sleep(now + 4 * SEC);
	REQUIRE(chip_truth(now, &truth));
	REQUIRE(llabs(truth_minus(&truth, sec, 0) - (now - late)) <=
		(chip_nature() == NATURE_GRID ? SEC / 2 + 20 * MS : MS));
	return NULL;
}

/* Firmware left daylight saving on, by the rules of 1987. */
static const char *firmwares_dst(const struct life *life)
{
	u8 b;

	power_on(life, SEC_2030);
	b = chip_read(MC146818_B);
	chip_write(MC146818_B, b | MC146818_B_DSE);
	REQUIRE(!boot());
	REQUIRE(!(chip_read(MC146818_B) & MC146818_B_DSE));
	return NULL;
}

/* What the century's byte holds is none: it is not believed, and a set puts it right. */
static const char *stale_century(const struct life *life)
{
	static const u8 bytes[] = { 0x00, 0xff, 0x19, 0x99, 0x1a };
	unsigned int i;
	s64 sec;

	for (i = 0; i < ARRAY_SIZE(bytes); i++) {
		power_on(life, SEC_2030 + 3 * 3600);
		if (!chip_profile()->century || chip_nature() == NATURE_DROPS)
			return NULL;
		chip_write(chip_profile()->century, bytes[i]);
		REQUIRE(!boot());
		sec = user_read();
		REQUIRE(sec < 0 || sec / DAY_S == SEC_2030 / DAY_S || sec > LAST_SEC / 2);
		REQUIRE(sets(SEC_2030 + DAY_S));
		sec = user_read();
		REQUIRE(sec == chip_sec() || sec == chip_sec() - 1);
	}
	return NULL;
}

/* From half a millisecond before an update until one after it. */
static const char *set_at_an_update(const struct life *life)
{
	s64 sec = SEC_2030 + DAY_S + 4 * 3600, i;
	struct truth truth;

	power_on(life, SEC_2030 + 3 * 3600);
	REQUIRE(!boot());
	if (chip_nature() == NATURE_DROPS)
		return NULL;
	for (i = 0; i < 20; i++) {
		REQUIRE(chip_truth(now, &truth));
		task_sleep(now + SEC - truth.ns + (i - 6) * 75000);
		REQUIRE(sets(sec + i * 100));
		watch(SEC / 5);
	}
	return NULL;
}

static const struct {
	const char *name;
	const char *(*run)(const struct life *life);
} tests[] = {
	{ "dates", dates },
	{ "last_date", last_date },
	{ "alarms", alarms },
	{ "host_steps", host_steps },
	{ "paused", paused },
	{ "leap_second", leap_second },
	{ "firmwares_dst", firmwares_dst },
	{ "stale_century", stale_century },
	{ "set_at_an_update", set_at_an_update },
};

/* On each chip in each format. Return: what is wrong, NULL: nothing. */
static const char *run(int test)
{
	static char why[256];
	unsigned int warnings = kernel_warnings;
	const char *what;
	int i;

	for (i = 0; i < chip_profiles() * FORMATS; i++) {
		const struct life life = { i / FORMATS, i & 1, i & 2 };

		random_seed(1 + i);
		what = tests[test].run(&life);
		if (!what && kernel_warnings != warnings)
			what = "the kernel warns";
		if (!what)
			continue;
		snprintf(why, sizeof(why), "%s, %s, %d h: %s", chip_profile_name(life.profile),
			 life.binary ? "binary" : "BCD", life.hours_12 ? 12 : 24, what);
		return why;
	}
	return NULL;
}

int main(void)
{
	int i, failed = 0;
	const char *why;

	printf("1..%zu\n", ARRAY_SIZE(tests));
	for (i = 0; i < (int)ARRAY_SIZE(tests); i++) {
		why = run(i);
		failed += !!why;
		printf("%sok %d - %s%s%s\n", why ? "not " : "", i + 1, tests[i].name,
		       why ? ": " : "", why ? why : "");
	}
	return !!failed;
}
