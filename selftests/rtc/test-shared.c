// SPDX-License-Identifier: GPL-2.0
/*
 * Our clock beside rtc_cmos's, on one chip: what belongs to the other is not touched, and
 * its alarms and ticks come as before, whatever is done with ours.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"
#include "judge.h"
#include "ports.h"

#define OTHER		"/dev/rtc0"
#define STIR_S		5
#define SERVED_MS	30	/* one reading may serve again for 20 ms */
#define SETTLE_MS	1500	/* a set begins its second in a second burst */
#define MINUTE_S	60
#define PER_S		9	/* answers that are judged */
#define MISSED_MAX	2	/* ticks: of the first second and the last */
#define HELD_S		2	/* whoever looks for a true edge holds up the others for that */
#define PAUSE_MS	5

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

/* Return: what was wrong, else 0. */
static int read_both(const struct clock *clock, s64 until)
{
	s64 last[2] = { 0 }, sec;
	char path[2][128], text[32];
	int i;

	snprintf(path[0], sizeof(path[0]), "/sys/class/rtc/rtc0/since_epoch");
	snprintf(path[1], sizeof(path[1]), "/sys/class/rtc/%s/since_epoch", clock->name);
	while (now_ns() < until) {
		for (i = 0; i < 2; i++) {
			if (file_read(path[i], text, sizeof(text)))
				return 1 + i;
			sec = atoll(text);
			if (sec < last[i])
				return 3 + i;
			last[i] = sec;
		}
		if (last[1] < last[0] || last[1] > last[0] + HELD_S)
			return 5;
		sleep_ms(PAUSE_MS);
	}
	return 0;
}

/* Alarms of theirs, one after the other. */
static int alarm_theirs(s64 until)
{
	static const char path[] = "/sys/class/rtc/rtc0/wakealarm";
	char text[32];
	s64 limit;

	while (now_ns() < until) {
		if (file_write(path, "+2"))
			return 1;
		limit = now_ns() + (2 + 2 * HELD_S) * SECOND_NS;
		do {
			sleep_ms(PAUSE_MS);
			if (now_ns() > limit || file_read(path, text, sizeof(text)))
				return 2;
		} while (text[0]);
	}
	return 0;
}

static int count_ticks(struct clock *clock, s64 until)
{
	unsigned long event, ticks = 0;
	int err = clock_ioctl_value(clock, RTC_UIE_ON, 0);

	while (!err && now_ns() < until) {
		err = clock_event(clock, 1000 * (1 + HELD_S), &event);
		ticks += event >> 8;
	}
	return err ? 1 : ticks + MISSED_MAX < MINUTE_S ? 2 : 0;
}

/* What each of them finds wrong is its status. */
static enum ktap_result both_in_use(struct clock *clock, struct clock *other, struct judged *judged)
{
	static const char * const names[] = { "readers", "their alarms", "their ticks", "our ticks" };
	s64 until = now_ns() + MINUTE_S * SECOND_NS;
	int fd = phc_open(clock, 0), i, err, status;
	pid_t pids[4];

	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	for (i = 0; i < 4; i++) {
		pids[i] = fork();
		if (!pids[i])
			_exit(i == 0 ? read_both(clock, until) : i == 1 ? alarm_theirs(until) :
			      count_ticks(i == 2 ? other : clock, until));
	}
	err = judge_answers(clock, fd, MINUTE_S * PER_S, judged);
	close(fd);
	for (i = 0; i < 4; i++) {
		waitpid(pids[i], &status, 0);
		if (status)
			ktap_comment("%s: %#x", names[i], status);
		err = err ?: status;
	}
	REQUIRE(!err, "somebody was disturbed: %#x", err);
	return KTAP_PASS;
}

/* Both clocks read, ticking, with their alarms and our answers, for a minute. */
static enum ktap_result a_minute_of_both(struct clock *clock)
{
	static struct judged judged;
	enum ktap_result result;
	struct clock other;
	s64 steps;

	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!open_other(&other), "cannot open " OTHER);
	REQUIRE(!clock_settle(clock), "no phase");
	steps = phase_value(clock, "steps");
	result = both_in_use(clock, &other, &judged);
	clock_quiet(&other);
	clock_close(&other);
	if (result != KTAP_PASS)
		return result;
	judge_print(&judged, "beside rtc_cmos");
	REQUIRE(!judged.outside, "%d of %d answers are not within their bounds", judged.outside,
		judged.count);
	steps = phase_value(clock, "steps") - steps;
	REQUIRE(!steps, "%lld steps are counted", (long long)steps);
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

/* Stopped while only the other driver was there: what it shows is no time, until ours sets it. */
static enum ktap_result found_stopped(struct clock *clock, uint8_t a, uint8_t b)
{
	struct clock other;
	s64 sec, now, theirs;
	int err;

	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_unbind(clock), "unbind fails");
	clock_close(clock);
	ports_write(REG_A, a);
	ports_write(REG_B, b);
	err = clock_bind(clock);
	REQUIRE(!err, "bind: %s", strerror(-err));
	err = clock_read(clock, &sec);
	REQUIRE(err == -EINVAL, "of a time that stands still: %s", strerror(-err));
	REQUIRE((ports_read(REG_A) & A_DV) == (a & A_DV), "register A is %#x", ports_read(REG_A));
	REQUIRE(!clock_set(clock, now + 10), "it cannot be set");
	REQUIRE((ports_read(REG_A) & A_DV) == A_DV_32KHZ, "register A is %#x", ports_read(REG_A));
	REQUIRE(!(ports_read(REG_B) & B_SET), "SET is still on");
	sleep_ms(SETTLE_MS);
	err = clock_read(clock, &sec);
	REQUIRE(!err, "once it is set: %s", strerror(-err));
	REQUIRE(sec >= now + 11 && sec <= now + 13, "it is %lld s ahead", (long long)(sec - now));
	REQUIRE(!open_other(&other), "cannot open " OTHER);
	err = clock_read(&other, &theirs);
	clock_close(&other);
	REQUIRE(!err && theirs >= sec && theirs <= sec + 1, "theirs: %s, %lld s ahead",
		strerror(-err), (long long)(theirs - now));
	return KTAP_PASS;
}

static enum ktap_result a_held_divider_is_mended_by_a_set(struct clock *clock)
{
	uint8_t a, b;

	REQUIRE(!ports_open(clock), "no right to the ports");
	a = ports_read(REG_A) & ~A_UIP;
	b = ports_read(REG_B);
	return found_stopped(clock, (a & ~A_DV) | A_DV_RESET, b);
}

static enum ktap_result a_set_bit_is_mended_by_a_set(struct clock *clock)
{
	REQUIRE(!ports_open(clock), "no right to the ports");
	return found_stopped(clock, ports_read(REG_A) & ~A_UIP, ports_read(REG_B) | B_SET);
}

static const struct ktap_test tests[] = {
	{ "it_does_not_claim_to_wake", it_does_not_claim_to_wake },
	{ "its_alarm_stays_out_of_the_chip", its_alarm_stays_out_of_the_chip },
	{ "their_alarm_comes_while_ours_is_used", their_alarm_comes_while_ours_is_used },
	{ "both_tick", both_tick },
	{ "a_minute_of_both", a_minute_of_both },
	{ "a_set_of_ours_is_seen_there", a_set_of_ours_is_seen_there, .sets_time = true },
	{ "a_set_of_theirs_is_a_step", a_set_of_theirs_is_a_step, .sets_time = true },
	{ "a_held_divider_is_mended_by_a_set", a_held_divider_is_mended_by_a_set, .sets_time = true },
	{ "a_set_bit_is_mended_by_a_set", a_set_bit_is_mended_by_a_set, .sets_time = true },
};

KTAP_MAIN(tests)
