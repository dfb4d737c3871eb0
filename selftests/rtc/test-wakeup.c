// SPDX-License-Identifier: GPL-2.0
/*
 * Awake: the clock is no reason to stay so. A far alarm is no wake-up event while it is
 * far, and nothing interrupts that nobody asked for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "ports.h"

#define WAKEUP_COUNT	"/sys/power/wakeup_count"
#define ACPI_EVENT	"/sys/firmware/acpi/interrupts/ff_rt_clk"
#define LOOKS_MS	200000	/* a far alarm is looked at each minute */
#define FEW		10	/* interrupts until they are masked */
#define DEAD_MS		20000	/* for a clock that does not answer to be asked less */

static enum ktap_result a_far_alarm_is_no_event(struct clock *clock)
{
	char before[32];
	s64 now;
	int err;

	if (clock_is_emulated(clock))
		SKIP("this clock cannot wake the system");
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 7200, true), "RTC_WKALM_SET fails");
	REQUIRE(!file_read(WAKEUP_COUNT, before, sizeof(before)), "%s cannot be read", WAKEUP_COUNT);
	sleep_ms(LOOKS_MS);
	err = file_write(WAKEUP_COUNT, before);
	REQUIRE(!err, "there was a wake-up event: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result an_alarm_is_an_event(struct clock *clock)
{
	unsigned long event;
	char before[32];
	s64 now;

	if (clock_is_emulated(clock))
		SKIP("this clock cannot wake the system");
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!file_read(WAKEUP_COUNT, before, sizeof(before)), "%s cannot be read", WAKEUP_COUNT);
	REQUIRE(!clock_alarm_set(clock, now + 3, true), "RTC_WKALM_SET fails");
	REQUIRE(!clock_event(clock, 6000, &event), "no alarm");
	REQUIRE(file_write(WAKEUP_COUNT, before) == -EINVAL, "there was no wake-up event");
	return KTAP_PASS;
}

static int wakeups(struct clock *clock, char *count, size_t size)
{
	return clock_attribute(clock, "device/power/wakeup_count", count, size);
}

/* An alarm that cannot be served, as the clock cannot be read: held by its divider. */
static enum ktap_result a_dead_clock_keeps_nobody_awake(struct clock *clock)
{
	char before[32], after[32], active[32];
	uint8_t a;
	s64 now;
	int err;

	if (clock_is_emulated(clock))
		SKIP("this clock cannot wake the system");
	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!clock_read(clock, &now), "RTC_RD_TIME fails");
	REQUIRE(!clock_alarm_set(clock, now + 3, true), "RTC_WKALM_SET fails");
	a = ports_read(REG_A);
	ports_write(REG_A, A_DV_RESET | (a & 0x0f));
	sleep_ms(DEAD_MS);
	err = wakeups(clock, before, sizeof(before));
	sleep_ms(DEAD_MS);
	if (!err)
		err = wakeups(clock, after, sizeof(after));
	if (!err)
		err = clock_attribute(clock, "device/power/wakeup_active", active, sizeof(active));
	ports_write(REG_A, a & ~A_UIP);
	REQUIRE(!err, "no counts: %s", strerror(-err));
	REQUIRE(!strcmp(after, before), "%s wake-up events, and %s before", after, before);
	REQUIRE(!strcmp(active, "0"), "it keeps the system awake");
	return KTAP_PASS;
}

/* Awake, timers do its work. */
static enum ktap_result acpis_event_is_off(struct clock *clock)
{
	char text[128];

	if (clock_is_emulated(clock) || file_read(ACPI_EVENT, text, sizeof(text)))
		SKIP("no event of ACPI's for this clock");
	REQUIRE(strstr(text, "disabled"), "%s", text);
	return KTAP_PASS;
}

/* Periodic interrupts, switched on past the driver as some firmware leaves them. */
static enum ktap_result what_nobody_asked_for_is_masked(struct clock *clock)
{
	unsigned long long before, after;
	uint8_t b, left;

	REQUIRE(!ports_open(clock), "no right to the ports");
	REQUIRE(!clock_counter(clock, "interrupts", &before), "no counter");
	b = ports_read(REG_B);
	ports_write(REG_B, b | B_PIE);
	sleep_ms(1000);
	REQUIRE(!clock_counter(clock, "interrupts", &after), "no counter");
	left = ports_read(REG_B);
	ports_write(REG_B, b);
	if (after == before)
		SKIP("this chip's interrupts come to nobody");
	REQUIRE(after - before <= FEW, "%llu interrupts in a second", after - before);
	REQUIRE(!(left & B_PIE), "register B is %#x", left);
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "a_far_alarm_is_no_event", a_far_alarm_is_no_event },
	{ "an_alarm_is_an_event", an_alarm_is_an_event },
	{ "a_dead_clock_keeps_nobody_awake", a_dead_clock_keeps_nobody_awake, .sets_time = true },
	{ "acpis_event_is_off", acpis_event_is_off },
	{ "what_nobody_asked_for_is_masked", what_nobody_asked_for_is_masked },
};

KTAP_MAIN(tests)
