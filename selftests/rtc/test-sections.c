// SPDX-License-Identifier: GPL-2.0
/*
 * How long interrupts are off while a driver talks to the clock, ours and rtc_cmos on the same
 * chip in the same boot. The times are for comparison: a processor that is emulated is slow,
 * and an access to an emulated chip costs it nothing. How many accesses lie in one section is
 * the same wherever the driver runs, and that is what is judged.
 *
 * It begins with the clock taken over from rtc_cmos, and ends so.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "module.h"
#include "phc.h"
#include "sections.h"

#define READS		20
#define SETS		3
#define BURST_MS	1500	/* a set has a second burst half a second later */
#define TICKS		60
#define TICK_MS		3000
#define FAR_S		3600
#define APPEAR_MS	5000
#define APPEAR_STEP_MS	10

static int read_often(struct clock *clock)
{
	int i, err = 0;
	s64 now;

	for (i = 0; i < READS && !err; i++) {
		err = clock_read(clock, &now);
		/* Within 20 ms one reading serves again. */
		sleep_ms(30);
	}
	return err;
}

static int set_often(struct clock *clock)
{
	int i, err = 0;
	s64 now;

	for (i = 0; i < SETS && !err; i++) {
		err = clock_read(clock, &now);
		if (!err)
			err = clock_set(clock, now);
		sleep_ms(BURST_MS);
	}
	return err;
}

static int set_alarm(struct clock *clock)
{
	s64 now;
	int err = clock_read(clock, &now);

	if (!err)
		err = clock_alarm_set(clock, now + FAR_S, true);
	if (!err)
		err = clock_ioctl_value(clock, RTC_AIE_OFF, 0);
	return err;
}

static int read_ptp(struct clock *clock)
{
	struct answer answer;
	int i, err = 0, fd = phc_open(clock, 0);

	if (fd < 0)
		return fd;
	for (i = 0; i < READS && !err; i++)
		err = phc_read(fd, &answer);
	close(fd);
	return err;
}

static int tick(struct clock *clock)
{
	unsigned long data;
	int i, err = clock_ioctl_value(clock, RTC_UIE_ON, 0);

	for (i = 0; i < TICKS && !err; i++)
		err = clock_event(clock, TICK_MS, &data);
	clock_quiet(clock);
	return err;
}

static const struct use {
	const char *name;
	int (*run)(struct clock *clock);
	bool ours_alone;
} uses[] = {
	{ "readings", read_often },
	{ "sets", set_often },
	{ "an alarm", set_alarm },
	{ "PTP reads", read_ptp, true },
	{ "a minute of ticks", tick },
};

enum { READ, SET, ALARM, PTP, TICK, USES };

static struct sections measured[2][USES];	/* rtc_cmos's, ours */

static int measure(struct clock *clock, const struct use *use, bool accesses,
		   struct sections *sections)
{
	int err = sections_begin(accesses), also;

	if (!err)
		err = use->run(clock);
	also = sections_end(sections);
	return err ? err : also;
}

static enum ktap_result measure_all(struct clock *clock)
{
	int i, err;

	for (i = 0; i < USES; i++) {
		if (uses[i].ours_alone && !clock->ours)
			continue;
		err = measure(clock, &uses[i], false, &measured[clock->ours][i]);
		if (!err)
			err = measure(clock, &uses[i], true, &measured[clock->ours][i]);
		REQUIRE(!err, "%s, %s: %s", clock->ours ? "ours" : "rtc_cmos", uses[i].name,
			strerror(-err));
	}
	return KTAP_PASS;
}

/* Waits for the clock of the other driver than it was. */
static int comes(struct clock *clock, bool is_ours)
{
	int waited, err = -ENOENT;

	for (waited = 0; waited < APPEAR_MS; waited += APPEAR_STEP_MS) {
		err = clock_open(clock, clock->path);
		if (!err && clock->ours == is_ours)
			return 0;
		if (!err)
			clock_close(clock);
		sleep_ms(APPEAR_STEP_MS);
	}
	return err ? err : -ENODEV;
}

static void print_one(const char *driver, const char *use, const struct sections *s)
{
	if (s->count)
		ktap_comment("%-8s  %-17s  %4u  %3.0f  %3.0f us in %s, %2u in %s", driver, use,
			     s->count, s->least_us, s->us, s->by, s->accesses, s->accesses_by);
}

static enum ktap_result both_are_measured(struct clock *clock)
{
	enum ktap_result result;
	int i, err = sections_prepare();

	REQUIRE(!err, "this kernel has no such probes: %s", strerror(-err));
	REQUIRE(!clock_settle(clock), "no phase");
	if (measure_all(clock) != KTAP_PASS)
		return KTAP_FAIL;
	clock_close(clock);
	err = module_unload();
	if (!err)
		err = comes(clock, false);
	REQUIRE(!err, "rtc_cmos has it not again: %s", strerror(-err));
	result = measure_all(clock);
	clock_close(clock);
	err = module_load("");
	if (!err)
		err = comes(clock, true);
	REQUIRE(!err, "not taken over again: %s", strerror(-err));
	ktap_comment("driver, use, sections, the shortest (us), the longest, most accesses in one");
	for (i = 0; i < USES; i++) {
		print_one("rtc_cmos", uses[i].name, &measured[0][i]);
		print_one("ours", uses[i].name, &measured[1][i]);
	}
	return result;
}

/* What finds no section measures none. */
static enum ktap_result each_use_has_sections(struct clock *clock)
{
	int i, own;

	(void)clock;
	for (i = 0; i < USES; i++)
		for (own = 0; own < 2; own++)
			REQUIRE((uses[i].ours_alone && !own) ||
				(measured[own][i].count && measured[own][i].accesses),
				"%s, %s: no section was found", own ? "ours" : "rtc_cmos",
				uses[i].name);
	return KTAP_PASS;
}

static enum ktap_result accesses_are(int use, unsigned int most)
{
	const struct sections *s = &measured[true][use];

	REQUIRE(s->accesses && s->accesses <= most, "%s: %u accesses with interrupts off in %s",
		uses[use].name, s->accesses, s->accesses_by);
	return KTAP_PASS;
}

/* Interrupts come between any two. */
static enum ktap_result readings_are_single_accesses(struct clock *clock)
{
	(void)clock;
	return accesses_are(READ, 1);
}

static enum ktap_result ptp_reads_are_single_accesses(struct clock *clock)
{
	(void)clock;
	return accesses_are(PTP, 1);
}

static enum ktap_result ticks_are_single_accesses(struct clock *clock)
{
	(void)clock;
	return accesses_are(TICK, 1);
}

static enum ktap_result a_set_takes_no_more_than_theirs(struct clock *clock)
{
	(void)clock;
	return accesses_are(SET, measured[false][SET].accesses);
}

static const struct ktap_test tests[] = {
	{ "both_are_measured", both_are_measured },
	{ "each_use_has_sections", each_use_has_sections },
	{ "readings_are_single_accesses", readings_are_single_accesses },
	{ "ptp_reads_are_single_accesses", ptp_reads_are_single_accesses },
	{ "ticks_are_single_accesses", ticks_are_single_accesses },
	{ "a_set_takes_no_more_than_theirs", a_set_takes_no_more_than_theirs },
};

int main(int argc, char **argv)
{
	const char *driver = getenv("DRIVER");

	if (!driver || strcmp(driver, "takeover")) {
		printf("TAP version 13\n1..0 # SKIP the clock is not taken over from rtc_cmos\n");
		return 4;
	}
	return ktap_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
