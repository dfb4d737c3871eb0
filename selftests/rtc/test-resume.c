// SPDX-License-Identifier: GPL-2.0
/*
 * A sleep that the kernel only plays (/sys/power/pm_test): every device is suspended and
 * time stands still for the system, while the chip goes on; after that all is resumed. No
 * firmware has a part in it, so it goes by counted instructions too. What firmware might
 * leave in the chip is written just before.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "judge.h"
#include "ktap.h"
#include "ports.h"
#include "sleep.h"

#define ASLEEP_S	1
#define PAST_S		5
#define LATE_S		2	/* until the system is awake again, ... */
#define LATE_REAL_S	12	/* ... with its processors, on a busy host */
#define LOCK_MS		2000	/* for the phase to be known again */
#define FAR_S		3600
#define SET_S		5000
#define B_DSE		0x01
#define B_UIE		0x10
#define ACPI_EVENT	"/sys/firmware/acpi/interrupts/ff_rt_clk"
#define WAKEUP_COUNT	"/sys/power/wakeup_count"
#define WAKEUP		"device/power/wakeup"

static enum ktap_result asleep(void)
{
	int err = sleep_played(ASLEEP_S);

	REQUIRE(!err, "suspend: %s", strerror(-err));
	return KTAP_PASS;
}

static int late_s(void)
{
	return time_is_counted() ? LATE_S : LATE_REAL_S;
}

static bool wakes(struct clock *clock)
{
	char text[32];

	return !clock_attribute(clock, WAKEUP, text, sizeof(text)) && !strcmp(text, "enabled");
}

/* The raw clock stood still: what was known of the phase is worth nothing, which is no step. */
static enum ktap_result the_phase_is_true_again(struct clock *clock)
{
	static struct judged judged;
	s64 began, took, steps;
	char state[32];
	int fd, err;

	REQUIRE(!ports_open(clock), "no right to the ports");
	fd = phc_open(clock, 0);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	err = clock_settle(clock);
	REQUIRE(!err, "no phase before: %s", strerror(-err));
	steps = phase_value(clock, "steps");
	if (asleep() != KTAP_PASS)
		return KTAP_FAIL;
	began = now_ns();
	REQUIRE(phase_value(clock, "uncertainty_ns") != -1, "no phase");
	took = (now_ns() - began) / 1000000;
	REQUIRE(took < LOCK_MS, "the phase is known after %lld ms", (long long)took);
	REQUIRE(!clock_attribute(clock, "phase/state", state, sizeof(state)), "no state");
	REQUIRE(!strcmp(state, "locked"), "the state is %s", state);
	err = judge_answers(clock, fd, 20, &judged);
	close(fd);
	REQUIRE(!err, "no answers: %s", strerror(-err));
	judge_print(&judged, "after sleep");
	REQUIRE(!judged.outside, "%d of %d answers are not within their bounds", judged.outside,
		judged.count);
	steps = phase_value(clock, "steps") - steps;
	REQUIRE(!steps, "%lld steps are counted", (long long)steps);
	return KTAP_PASS;
}

static enum ktap_result ticks_go_on(struct clock *clock)
{
	unsigned long event;
	int i, err;

	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "no ticks");
	if (asleep() != KTAP_PASS)
		return KTAP_FAIL;
	while (!clock_event(clock, 0, &event))
		;
	for (i = 0; i < 3; i++) {
		err = clock_event(clock, 1500, &event);
		REQUIRE(!err, "tick %d: %s", i, strerror(-err));
	}
	return KTAP_PASS;
}

/* What came while the system slept is served at once, and once. */
static enum ktap_result an_alarm_that_passed_is_served(struct clock *clock)
{
	unsigned long event = 0;
	s64 now, alarm, after;
	bool enabled;
	int err;

	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	REQUIRE(!clock_alarm_set(clock, now + 3, true), "cannot set the alarm");
	err = sleep_played(PAST_S);
	REQUIRE(!err, "suspend: %s", strerror(-err));
	err = clock_event(clock, 500, &event);
	REQUIRE(!err && event & RTC_AF, "event %#lx: %s", event, strerror(-err));
	REQUIRE(!clock_read(clock, &after), "cannot read the clock");
	REQUIRE(after > now + 3 && after <= now + PAST_S + late_s(), "it is %lld s later",
		(long long)(after - now));
	REQUIRE(!clock_alarm_read(clock, &alarm, &enabled), "cannot read the alarm");
	REQUIRE(!enabled, "the alarm is still pending");
	REQUIRE(clock_event(clock, 1500, &event) == -ETIMEDOUT, "it comes twice");
	return KTAP_PASS;
}

static enum ktap_result a_pending_alarm_comes_at_its_second(struct clock *clock)
{
	unsigned long event = 0;
	s64 now, after;
	int err;

	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	REQUIRE(!clock_alarm_set(clock, now + 10, true), "cannot set the alarm");
	if (asleep() != KTAP_PASS)
		return KTAP_FAIL;
	err = clock_event(clock, 12000, &event);
	REQUIRE(!err && event & RTC_AF, "event %#lx: %s", event, strerror(-err));
	REQUIRE(!clock_read(clock, &after), "cannot read the clock");
	REQUIRE(after == now + 10, "%lld s late", (long long)(after - now - 10));
	return KTAP_PASS;
}

/* Nothing would wake the system any more: so it does not go to sleep, and the alarm comes. */
static enum ktap_result an_alarm_due_at_once_refuses(struct clock *clock)
{
	unsigned long event = 0;
	int seconds, err;
	s64 now;

	if (!wakes(clock))
		SKIP("this clock cannot wake the system");
	for (seconds = 1; seconds <= 2; seconds++) {
		REQUIRE(!clock_read(clock, &now), "cannot read the clock");
		REQUIRE(!clock_alarm_set(clock, now + seconds, true), "cannot set the alarm");
		err = sleep_played(ASLEEP_S);
		REQUIRE(err == -EBUSY, "+%d: suspend: %s", seconds, strerror(-err));
		err = clock_event(clock, 3000, &event);
		REQUIRE(!err && event & RTC_AF, "+%d: event %#lx: %s", seconds, event,
			strerror(-err));
		sleep_ms(1100);
	}
	return KTAP_PASS;
}

/* As a system does that sleeps whenever it may: it asks, and goes unless something came. */
static enum ktap_result a_far_alarm_keeps_nobody_awake(struct clock *clock)
{
	char count[32];
	s64 now;
	int err;

	if (!wakes(clock))
		SKIP("this clock cannot wake the system");
	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	REQUIRE(!clock_alarm_set(clock, now + FAR_S, true), "cannot set the alarm");
	REQUIRE(!file_read(WAKEUP_COUNT, count, sizeof(count)), "%s cannot be read", WAKEUP_COUNT);
	sleep_ms(100);
	err = file_write(WAKEUP_COUNT, count);
	REQUIRE(!err, "%s: %s", WAKEUP_COUNT, strerror(-err));
	return asleep();
}

static enum ktap_result a_set_under_way_is_kept(struct clock *clock)
{
	s64 now, after;

	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	REQUIRE(!clock_set(clock, now + SET_S), "cannot set the clock");
	if (asleep() != KTAP_PASS)
		return KTAP_FAIL;
	REQUIRE((ports_read(REG_A) & A_DV) == A_DV_32KHZ, "register A is %#x", ports_read(REG_A));
	REQUIRE(!(ports_read(REG_B) & B_SET), "SET is on");
	REQUIRE(!clock_read(clock, &after), "cannot read the clock");
	after -= now + SET_S;
	REQUIRE(after >= ASLEEP_S - 1 && after <= ASLEEP_S + late_s(), "it is %lld s later",
		(long long)after);
	return KTAP_PASS;
}

/* Interrupts that nobody asked for, daylight saving, a flag that nobody has served. */
static enum ktap_result what_firmware_left_on_is_off(struct clock *clock)
{
	uint8_t before, after;

	REQUIRE(!ports_open(clock), "no right to the ports");
	before = ports_read(REG_B);
	ports_write(REG_B, before | B_PIE | B_UIE | B_DSE);
	if (asleep() != KTAP_PASS)
		return KTAP_FAIL;
	sleep_ms(100);
	after = ports_read(REG_B);
	REQUIRE(after == before, "register B is %#x, and was %#x", after, before);
	return KTAP_PASS;
}

static void write_alarm(uint8_t hours, uint8_t reg_b)
{
	ports_write(REG_SECONDS_ALARM, 0);
	ports_write(REG_MINUTES_ALARM, 0);
	ports_write(REG_HOURS_ALARM, hours);
	ports_write(REG_B, reg_b);
}

static uint8_t coded(int value, uint8_t reg_b)
{
	return reg_b & B_DM ? value : value / 10 * 16 + value % 10;
}

/* The flag of an alarm of firmware's that came meanwhile: it would keep the line up. */
static enum ktap_result a_stale_flag_is_cleared(struct clock *clock)
{
	uint8_t reg_b, flags;
	s64 now;
	int err;

	REQUIRE(!ports_open(clock), "no right to the ports");
	reg_b = ports_read(REG_B);
	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	ports_write(REG_SECONDS_ALARM, coded((now + 3) % 60, reg_b));
	ports_write(REG_MINUTES_ALARM, ALARM_ANY);
	ports_write(REG_HOURS_ALARM, ALARM_ANY);
	ports_read_once(REG_C);
	ports_write(REG_B, reg_b | B_AIE);
	err = sleep_played(PAST_S);
	/* Once, as that clears it. */
	flags = ports_read_once(REG_C);
	REQUIRE(!err, "suspend: %s", strerror(-err));
	REQUIRE(!(flags & C_AF), "register C is %#x", flags);
	return KTAP_PASS;
}

/* AIE with an alarm of firmware's: nobody has asked to be woken by it. */
static enum ktap_result firmwares_alarm_is_off(struct clock *clock)
{
	uint8_t after;

	REQUIRE(!ports_open(clock), "no right to the ports");
	write_alarm(4, ports_read(REG_B) | B_AIE);
	if (asleep() != KTAP_PASS)
		return KTAP_FAIL;
	after = ports_read(REG_B);
	REQUIRE(!(after & B_AIE), "register B is %#x", after);
	return KTAP_PASS;
}

/* Firmware's alarm in place of ours: ours is wanted in the chip for the next sleep. */
static enum ktap_result ours_over_firmwares(s64 alarm, uint8_t reg_b)
{
	int registers;

	write_alarm(4, reg_b);
	if (asleep() != KTAP_PASS)
		return KTAP_FAIL;
	REQUIRE(ports_read(REG_B) & B_AIE, "register B is %#x", ports_read(REG_B));
	REQUIRE(!ports_alarm(&registers), "the alarm registers hold no time of day");
	REQUIRE(registers == alarm % 86400, "the alarm registers hold %d, not %lld", registers,
		(long long)(alarm % 86400));
	return KTAP_PASS;
}

static enum ktap_result our_alarm_is_written_again(struct clock *clock)
{
	uint8_t b;
	s64 alarm;

	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!clock_read(clock, &alarm), "cannot read the clock");
	alarm += FAR_S;
	REQUIRE(!clock_alarm_set(clock, alarm, true), "cannot set the alarm");
	b = ports_read(REG_B);
	if (ours_over_firmwares(alarm, b & ~B_AIE) != KTAP_PASS)
		return KTAP_FAIL;
	return ours_over_firmwares(alarm, b | B_AIE);
}

/* Whoever administers the machine has said that this clock is to wake nobody. */
static enum ktap_result an_alarm_outlasts_a_sleep_without_it(struct clock *clock)
{
	s64 now;
	int err;

	if (!wakes(clock))
		SKIP("this clock cannot wake the system");
	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	REQUIRE(!clock_attribute_write(clock, WAKEUP, "disabled"), "%s: cannot be written", WAKEUP);
	err = clock_alarm_set(clock, now + FAR_S, true);
	if (!err)
		err = sleep_played(ASLEEP_S);
	clock_attribute_write(clock, WAKEUP, "enabled");
	REQUIRE(!err, "%s", strerror(-err));
	REQUIRE(ports_read(REG_B) & B_AIE, "register B is %#x", ports_read(REG_B));
	return KTAP_PASS;
}

/* Awake, timers do the work of ACPI's event. */
static enum ktap_result acpis_event_is_off_again(struct clock *clock)
{
	char text[128];
	s64 now;

	if (clock_is_emulated(clock) || file_read(ACPI_EVENT, text, sizeof(text)))
		SKIP("no event of ACPI's for this clock");
	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	REQUIRE(!clock_alarm_set(clock, now + FAR_S, true), "cannot set the alarm");
	if (asleep() != KTAP_PASS)
		return KTAP_FAIL;
	REQUIRE(!file_read(ACPI_EVENT, text, sizeof(text)), "%s cannot be read", ACPI_EVENT);
	REQUIRE(strstr(text, "disabled"), "%s", text);
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "the_phase_is_true_again", the_phase_is_true_again },
	{ "ticks_go_on", ticks_go_on },
	{ "an_alarm_that_passed_is_served", an_alarm_that_passed_is_served },
	{ "a_pending_alarm_comes_at_its_second", a_pending_alarm_comes_at_its_second },
	{ "an_alarm_due_at_once_refuses", an_alarm_due_at_once_refuses },
	{ "a_far_alarm_keeps_nobody_awake", a_far_alarm_keeps_nobody_awake },
	{ "a_set_under_way_is_kept", a_set_under_way_is_kept, .sets_time = true },
	{ "what_firmware_left_on_is_off", what_firmware_left_on_is_off },
	{ "a_stale_flag_is_cleared", a_stale_flag_is_cleared },
	{ "firmwares_alarm_is_off", firmwares_alarm_is_off },
	{ "our_alarm_is_written_again", our_alarm_is_written_again },
	{ "an_alarm_outlasts_a_sleep_without_it", an_alarm_outlasts_a_sleep_without_it },
	{ "acpis_event_is_off_again", acpis_event_is_off_again },
};

int main(int argc, char **argv)
{
	if (!sleep_playable()) {
		printf("TAP version 13\n1..0 # SKIP this kernel does not play a sleep\n");
		return 4;
	}
	return ktap_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
