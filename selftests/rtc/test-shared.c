// SPDX-License-Identifier: GPL-2.0
/*
 * Our clock beside rtc_cmos's, on one chip: what belongs to the other is not touched, and
 * its alarms and ticks come as before, whatever is done with ours.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "judge.h"
#include "ports.h"

#define OTHER		"/dev/rtc0"
#define STIR_S		5
#define SERVED_MS	30	/* one reading may serve again for 20 ms */
#define SETTLE_MS	1500	/* a set begins its second in a second burst */

/* What is the other driver's: its alarm, its interrupts. */
struct theirs {
	uint8_t seconds, minutes, hours, b;
};

static struct theirs theirs(void)
{
	return (struct theirs){
		ports_read(REG_SECONDS_ALARM), ports_read(REG_MINUTES_ALARM),
		ports_read(REG_HOURS_ALARM), ports_read(REG_B),
	};
}

static int open_other(struct clock *other)
{
	return clock_open(other, OTHER);
}

static enum ktap_result it_does_not_claim_to_wake(struct clock *clock)
{
	char text[64];

	REQUIRE(clock_attribute(clock, "wakealarm", text, sizeof(text)), "it has a wakealarm");
	return KTAP_PASS;
}

/* Each with the other's registers before and after. */
static enum ktap_result its_alarm_stays_out_of_the_chip(struct clock *clock)
{
	struct theirs before, after;
	unsigned long event;
	s64 now;

	REQUIRE(!ports_open(clock), "no right to the ports");
	before = theirs();
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 3600, true), "RTC_WKALM_SET fails");
	after = theirs();
	REQUIRE(!memcmp(&before, &after, sizeof(before)), "a far alarm changes the chip's");
	REQUIRE(!clock_alarm_set(clock, now + 3, true), "RTC_WKALM_SET fails");
	REQUIRE(!clock_event(clock, 6000, &event) && event & RTC_AF, "no alarm");
	after = theirs();
	REQUIRE(!memcmp(&before, &after, sizeof(before)), "a near alarm changes the chip's");
	return KTAP_PASS;
}

static enum ktap_result their_alarm_comes_while_ours_is_used(struct clock *clock)
{
	unsigned long event = 0;
	struct clock other;
	s64 now, after;
	int err;

	REQUIRE(!open_other(&other), "cannot open " OTHER);
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "no ticks on ours");
	REQUIRE(!clock_read(&other, &now), "RTC_RD_TIME fails on " OTHER);
	REQUIRE(!clock_alarm_set(&other, now + STIR_S, true), "RTC_WKALM_SET fails on " OTHER);
	REQUIRE(!clock_alarm_set(clock, now + STIR_S - 2, true), "RTC_WKALM_SET fails on ours");
	err = clock_event(&other, (STIR_S + 3) * 1000, &event);
	REQUIRE(!clock_read(&other, &after), "RTC_RD_TIME fails on " OTHER);
	clock_close(&other);
	REQUIRE(!err, "no alarm on " OTHER);
	REQUIRE(event & RTC_AF, "event %#lx on " OTHER, event);
	REQUIRE(after >= now + STIR_S && after <= now + STIR_S + 1, "%lld s late",
		(long long)(after - now - STIR_S));
	return KTAP_PASS;
}

static enum ktap_result both_tick(struct clock *clock)
{
	struct clock other;
	unsigned long event;
	int i, err = 0;

	REQUIRE(!open_other(&other), "cannot open " OTHER);
	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "no ticks on ours");
	REQUIRE(!clock_ioctl_value(&other, RTC_UIE_ON, 0), "no ticks on " OTHER);
	for (i = 0; i < STIR_S && !err; i++) {
		err = clock_event(clock, 1500, &event);
		REQUIRE(!err, "tick %d of ours: %s", i, strerror(-err));
		err = clock_event(&other, 1500, &event);
		REQUIRE(!err, "tick %d of theirs: %s", i, strerror(-err));
	}
	clock_quiet(&other);
	clock_close(&other);
	return KTAP_PASS;
}

static enum ktap_result a_set_of_ours_is_seen_there(struct clock *clock)
{
	struct clock other;
	s64 now, seen;

	REQUIRE(!open_other(&other), "cannot open " OTHER);
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_set(clock, now + 10000), "RTC_SET_TIME fails");
	sleep_ms(SETTLE_MS);
	REQUIRE(!clock_read(&other, &seen), "RTC_RD_TIME fails on " OTHER);
	clock_close(&other);
	REQUIRE(seen >= now + 10001 && seen <= now + 10003, "theirs is %lld s ahead",
		(long long)(seen - now));
	return KTAP_PASS;
}

/* Their set is a step for us: counted once, and then no answer is wrong. */
static enum ktap_result a_set_of_theirs_is_a_step(struct clock *clock)
{
	static struct judged judged;
	struct clock other;
	s64 now, ours, steps;
	int fd, err;

	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!open_other(&other), "cannot open " OTHER);
	fd = phc_open(clock, 0);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	REQUIRE(phase_value(clock, "offset_ns") != -1, "no phase");
	steps = phase_value(clock, "steps");
	REQUIRE(!clock_read(&other, &now), "RTC_RD_TIME fails on " OTHER);
	REQUIRE(!clock_set(&other, now + 5000), "RTC_SET_TIME fails on " OTHER);
	clock_close(&other);
	sleep_ms(SERVED_MS);
	REQUIRE(!clock_read(clock, &ours), "RTC_RD_TIME fails");
	REQUIRE(ours >= now + 5000 && ours <= now + 5002, "ours is %lld s ahead",
		(long long)(ours - now));
	err = judge_answers(clock, fd, 20, &judged);
	close(fd);
	REQUIRE(!err, "no answers: %s", strerror(-err));
	REQUIRE(!judged.outside, "%d of %d answers are not within their bounds", judged.outside,
		judged.count);
	REQUIRE(phase_value(clock, "steps") == steps + 1, "%lld steps are counted",
		(long long)(phase_value(clock, "steps") - steps));
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "it_does_not_claim_to_wake", it_does_not_claim_to_wake },
	{ "its_alarm_stays_out_of_the_chip", its_alarm_stays_out_of_the_chip },
	{ "their_alarm_comes_while_ours_is_used", their_alarm_comes_while_ours_is_used },
	{ "both_tick", both_tick },
	{ "a_set_of_ours_is_seen_there", a_set_of_ours_is_seen_there, .sets_time = true },
	{ "a_set_of_theirs_is_a_step", a_set_of_theirs_is_a_step, .sets_time = true },
};

KTAP_MAIN(tests)
