// SPDX-License-Identifier: GPL-2.0
/*
 * Suspend to RAM: the alarm wakes the system at its second, however near it is, and what
 * was going on before goes on. What firmware did to the chip meanwhile is undone.
 * In real time: the chip runs while the machine sleeps. LONG in the environment: all of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "ktap.h"
#include "ports.h"
#include "sleep.h"

#define RESUMED_S	12	/* from the alarm until a process sees the clock, on a busy host */
#define OUTSIDE_S	20	/* later than that somebody wakes it from outside */
#define REFUSED_MS	35000	/* until nobody outside waits for the sleep any more */
#define LOCK_MS		2000	/* for the phase to be known again */
#define WAKEUP_COUNT	"/sys/power/wakeup_count"
#define AF_EVENT	"/sys/firmware/acpi/interrupts/ff_rt_clk"

static enum ktap_result locks_again(struct clock *clock)
{
	s64 began = now_ns(), took;
	char state[32];

	REQUIRE(phase_value(clock, "uncertainty_ns") != -1, "no phase");
	took = (now_ns() - began) / 1000000;
	REQUIRE(took < LOCK_MS, "the phase is known after %lld ms", (long long)took);
	REQUIRE(!clock_attribute(clock, "phase/state", state, sizeof(state)), "no state");
	REQUIRE(!strcmp(state, "locked"), "the state is %s", state);
	return KTAP_PASS;
}

/* Sleeps until an alarm so many seconds ahead; after a refusal it has to come as well. */
static enum ktap_result sleep_until(struct clock *clock, int seconds, const char *pokes)
{
	s64 now, alarm, after;
	bool enabled;
	int err;

	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	alarm = now + seconds;
	REQUIRE(!clock_alarm_set(clock, alarm, true), "cannot set the alarm");
	err = sleep_now(seconds + OUTSIDE_S, pokes);
	REQUIRE(!err || err == -EBUSY, "suspend: %s", strerror(-err));
	if (err) {
		ktap_comment("+%d: the suspend was refused", seconds);
		sleep_ms(REFUSED_MS);
	}
	REQUIRE(!clock_read(clock, &after), "cannot read the clock afterwards");
	REQUIRE(after >= alarm, "awake %lld s before the alarm", (long long)(alarm - after));
	REQUIRE(err || after <= alarm + RESUMED_S, "awake only %lld s after the alarm",
		(long long)(after - alarm));
	REQUIRE(!clock_alarm_read(clock, &now, &enabled), "cannot read the alarm");
	REQUIRE(!enabled, "the alarm is still pending");
	ktap_comment("+%d: awake %lld s after it", seconds, (long long)(after - alarm));
	/* Who was awake for so long may have stopped asking by then. */
	return err ? KTAP_PASS : locks_again(clock);
}

static enum ktap_result each_of(struct clock *clock, const int *seconds, size_t n)
{
	enum ktap_result result = KTAP_PASS;
	size_t i;

	for (i = 0; i < n && result == KTAP_PASS; i++)
		result = sleep_until(clock, seconds[i], "");
	return result;
}

static enum ktap_result a_near_alarm_wakes(struct clock *clock)
{
	static const int seconds[] = { 1, 2, 3, 4, 5, 6 };

	return each_of(clock, seconds, sizeof(seconds) / sizeof(seconds[0]));
}

static enum ktap_result a_far_alarm_wakes(struct clock *clock)
{
	static const int seconds[] = { 10, 60, 90 };

	return each_of(clock, seconds, getenv("LONG") ? 3 : 1);
}

/* It asks whether anything has happened, and sleeps if not: what wakes it has to count. */
static enum ktap_result sleeps_whenever_it_may(struct clock *clock)
{
	char before[32], after[32];
	enum ktap_result result;
	int i, err;

	for (i = 0; i < 3; i++) {
		REQUIRE(!file_read(WAKEUP_COUNT, before, sizeof(before)), "no " WAKEUP_COUNT);
		err = file_write(WAKEUP_COUNT, before);
		REQUIRE(!err, "%s after %s: %s", WAKEUP_COUNT, before, strerror(-err));
		result = sleep_until(clock, 3 + i, "");
		if (result != KTAP_PASS)
			return result;
		REQUIRE(!file_read(WAKEUP_COUNT, after, sizeof(after)), "no " WAKEUP_COUNT);
		REQUIRE(atoll(after) > atoll(before), "the wake-up is not counted: %s", after);
	}
	return KTAP_PASS;
}

/* Somebody else wakes the system: the alarm is still to come, and comes. */
static enum ktap_result an_alarm_outlasts_another_wakeup(struct clock *clock)
{
	unsigned long event = 0;
	s64 now, alarm;
	bool enabled;
	int err;

	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	REQUIRE(!clock_alarm_set(clock, now + 25, true), "cannot set the alarm");
	err = sleep_now(3, "");
	REQUIRE(!err, "suspend: %s", strerror(-err));
	REQUIRE(!clock_alarm_read(clock, &alarm, &enabled), "cannot read the alarm");
	REQUIRE(enabled && alarm == now + 25, "the alarm is gone");
	REQUIRE(!clock_event(clock, 40000, &event), "no event at the alarm");
	REQUIRE(event & RTC_AF, "event %#lx", event);
	REQUIRE(!clock_read(clock, &alarm), "cannot read the clock");
	REQUIRE(alarm >= now + 25 && alarm <= now + 27, "%lld s late", (long long)(alarm - now - 25));
	return KTAP_PASS;
}

static enum ktap_result ticks_go_on(struct clock *clock)
{
	enum ktap_result result;
	unsigned long event;
	int i, err;

	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "no ticks");
	result = sleep_until(clock, 6, "");
	if (result != KTAP_PASS)
		return result;
	while (!clock_event(clock, 0, &event))
		;
	for (i = 0; i < 3; i++) {
		err = clock_event(clock, 2500, &event);
		REQUIRE(!err, "tick %d: %s", i, strerror(-err));
	}
	return KTAP_PASS;
}

/* The second burst of the set would come while the machine sleeps. */
static enum ktap_result a_set_under_way_is_kept(struct clock *clock)
{
	enum ktap_result result;
	s64 now;

	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	REQUIRE(!clock_set(clock, now + 5000), "cannot set the clock");
	result = sleep_until(clock, 5, "");
	REQUIRE((ports_read(REG_A) & A_DV) == A_DV_32KHZ, "register A is %#x", ports_read(REG_A));
	REQUIRE(!(ports_read(REG_B) & B_SET), "SET is on");
	return result;
}

/* Interrupts that nobody asked for, daylight saving: register B as firmware left it. */
static enum ktap_result firmwares_interrupts_are_off(struct clock *clock)
{
	enum ktap_result result;
	uint8_t before, after;

	REQUIRE(!ports_open(clock), "no right to the ports");
	before = ports_read(REG_B);
	result = sleep_until(clock, 6, "0b=73");
	if (result != KTAP_PASS)
		return result;
	sleep_ms(1000);
	after = ports_read(REG_B);
	REQUIRE(after == before, "register B is %#x, and was %#x", after, before);
	return KTAP_PASS;
}

/* AIE that firmware armed, with an alarm of its own: nobody has asked to be woken by it. */
static enum ktap_result firmwares_alarm_is_off(struct clock *clock)
{
	uint8_t after;
	int err;

	REQUIRE(!ports_open(clock), "no right to the ports");
	err = sleep_now(4, "01=00 03=00 05=04 0b=22");
	REQUIRE(!err, "suspend: %s", strerror(-err));
	sleep_ms(1000);
	after = ports_read(REG_B);
	REQUIRE(!(after & B_AIE), "register B is %#x", after);
	return KTAP_PASS;
}

/* Firmware's alarm in place of ours: ours has to be in the chip for the next sleep. */
static enum ktap_result our_alarm_is_written_again(struct clock *clock)
{
	int registers, err;
	s64 now, alarm;

	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	alarm = now + 45;
	REQUIRE(!clock_alarm_set(clock, alarm, true), "cannot set the alarm");
	err = sleep_now(3, "01=00 03=00 05=04 0b=22");
	REQUIRE(!err, "suspend: %s", strerror(-err));
	err = sleep_now(45 + OUTSIDE_S, "");
	REQUIRE(!err, "suspend again: %s", strerror(-err));
	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	REQUIRE(!ports_alarm(&registers), "the alarm registers hold no time of day");
	REQUIRE(registers == alarm % 86400, "the alarm registers hold %d, not %lld", registers,
		(long long)(alarm % 86400));
	REQUIRE(now >= alarm && now <= alarm + RESUMED_S, "awake %lld s after the alarm",
		(long long)(now - alarm));
	return KTAP_PASS;
}

/*
 * A clock that was stopped has lost its time, says so, and is left as it is, for whoever comes
 * next to see. A set lets it run.
 */
static enum ktap_result a_stopped_clock_waits_for_a_set(struct clock *clock)
{
	s64 sec, now, begun;
	int err;

	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	err = sleep_now(3, "0a=66 0b=82");
	REQUIRE(!err, "suspend: %s", strerror(-err));
	err = clock_read(clock, &sec);
	REQUIRE(err, "a time that stood still is given for the time");
	REQUIRE((ports_read(REG_A) & A_DV) != A_DV_32KHZ, "register A is %#x", ports_read(REG_A));
	begun = raw_ns();
	err = clock_set(clock, now + 10);
	REQUIRE(!err, "cannot set it: %s", strerror(-err));
	REQUIRE((ports_read(REG_A) & A_DV) == A_DV_32KHZ, "register A is %#x", ports_read(REG_A));
	REQUIRE(!(ports_read(REG_B) & B_SET), "SET is still on");
	REQUIRE(!clock_read(clock, &sec), "cannot read what was set");
	sec -= now + 10 + (raw_ns() - begun) / SECOND_NS;
	REQUIRE(sec >= -1 && sec <= 1, "%lld s off", (long long)sec);
	return KTAP_PASS;
}

/* The raw clock stood still: what was known of the phase is worth nothing, which is no step. */
static enum ktap_result the_phase_is_true_again(struct clock *clock)
{
	static struct judged judged;
	enum ktap_result result;
	s64 steps;
	int fd, err;

	fd = phc_open(clock, 0);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	err = clock_settle(clock);
	REQUIRE(!err, "no phase before: %s", strerror(-err));
	steps = phase_value(clock, "steps");
	result = sleep_until(clock, 6, "");
	if (result != KTAP_PASS)
		return result;
	REQUIRE(!ports_open(clock), "no right to the ports");
	err = judge_answers(clock, fd, 20, &judged);
	REQUIRE(!err, "no answers: %s", strerror(-err));
	judge_print(&judged, "after sleep");
	REQUIRE(!judged.outside, "%d of %d answers are not within their bounds", judged.outside,
		judged.count);
	steps = phase_value(clock, "steps") - steps;
	REQUIRE(!steps, "%lld steps are counted", (long long)steps);
	return KTAP_PASS;
}

/* Awake, timers do the work of ACPI's event. */
static enum ktap_result acpis_event_is_off_awake(struct clock *clock)
{
	char text[128];

	REQUIRE(!file_read(AF_EVENT, text, sizeof(text)), "%s cannot be read", AF_EVENT);
	REQUIRE(strstr(text, "disabled"), "before: %s", text);
	if (sleep_until(clock, 5, "") != KTAP_PASS)
		return KTAP_FAIL;
	REQUIRE(!file_read(AF_EVENT, text, sizeof(text)), "%s cannot be read", AF_EVENT);
	REQUIRE(strstr(text, "disabled"), "after: %s", text);
	return KTAP_PASS;
}

/* To be run last: the clock has to be set anew. */
static const struct ktap_test tests[] = {
	{ "acpis_event_is_off_awake", acpis_event_is_off_awake },
	{ "a_near_alarm_wakes", a_near_alarm_wakes },
	{ "a_far_alarm_wakes", a_far_alarm_wakes },
	{ "sleeps_whenever_it_may", sleeps_whenever_it_may },
	{ "an_alarm_outlasts_another_wakeup", an_alarm_outlasts_another_wakeup },
	{ "ticks_go_on", ticks_go_on },
	{ "a_set_under_way_is_kept", a_set_under_way_is_kept },
	{ "firmwares_interrupts_are_off", firmwares_interrupts_are_off },
	{ "firmwares_alarm_is_off", firmwares_alarm_is_off },
	{ "our_alarm_is_written_again", our_alarm_is_written_again },
	{ "the_phase_is_true_again", the_phase_is_true_again },
	{ "a_stopped_clock_waits_for_a_set", a_stopped_clock_waits_for_a_set },
};

int main(int argc, char **argv)
{
	if (!sleep_possible()) {
		printf("TAP version 13\n1..0 # SKIP this machine cannot sleep, or nobody would wake it\n");
		return 4;
	}
	return ktap_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
