// SPDX-License-Identifier: GPL-2.0
/* A clock that nobody uses costs nothing: no timer, no access, no interrupt, no wake-up. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "phc.h"

#define HELD_MS		36000	/* the phase is followed for 32 s after the last question */
#define QUIET_MS	70000	/* and sampled every 64 s at least, if it is */
#define TIMERS		"/proc/timer_list"
#define MODULE		"[rtc_mc146818]"

/* Timers of the module's that are armed; negative where that cannot be seen. */
static int armed_timers(void)
{
	FILE *file = fopen(TIMERS, "re");
	size_t room = 0;
	char *line = NULL;
	int count = 0;

	if (!file)
		return -errno;
	while (getline(&line, &room, file) > 0)
		count += strstr(line, MODULE) != NULL;
	free(line);
	fclose(file);
	return count;
}

/* What the clock has cost until now. */
struct cost {
	unsigned long long accesses, interrupts, timers, edges;
};

static int cost_now(struct clock *clock, struct cost *cost)
{
	return clock_counter(clock, "accesses", &cost->accesses) ?:
	       clock_counter(clock, "interrupts", &cost->interrupts) ?:
	       clock_counter(clock, "timers", &cost->timers) ?:
	       clock_counter(clock, "edges", &cost->edges);
}

static enum ktap_result nothing_happens(struct clock *clock)
{
	struct cost before, after;
	char state[16];
	int timers = armed_timers();

	REQUIRE(timers >= 0, TIMERS ": %s", strerror(-timers));
	REQUIRE(!timers, "%d timers are armed", timers);
	REQUIRE(!clock_attribute(clock, "phase/state", state, sizeof(state)), "no state");
	REQUIRE(!strcmp(state, "idle"), "it is %s", state);
	REQUIRE(!cost_now(clock, &before), "no counters");
	sleep_ms(QUIET_MS);
	REQUIRE(!cost_now(clock, &after), "no counters");
	REQUIRE(!memcmp(&before, &after, sizeof(before)),
		"%llu accesses, %llu interrupts, %llu timers, %llu edges",
		after.accesses - before.accesses, after.interrupts - before.interrupts,
		after.timers - before.timers, after.edges - before.edges);
	timers = armed_timers();
	REQUIRE(!timers, "%d timers are armed afterwards", timers);
	return KTAP_PASS;
}

/* Were the timers not to be seen while there are some, there would be nothing to judge. */
static enum ktap_result nothing_after_ticks(struct clock *clock)
{
	unsigned long data;
	int timers;

	REQUIRE(!clock_ioctl_value(clock, RTC_UIE_ON, 0), "RTC_UIE_ON fails");
	REQUIRE(!clock_event(clock, 3000, &data), "no tick");
	sleep_ms(500);
	timers = armed_timers();
	REQUIRE(timers > 0, "a clock that ticks shows no timer");
	clock_ioctl_value(clock, RTC_UIE_OFF, 0);
	sleep_ms(HELD_MS);
	return nothing_happens(clock);
}

static enum ktap_result nothing_after_questions(struct clock *clock)
{
	struct answer a;
	int i, err = -EAGAIN;

	for (i = 0; i < 5; i++) {
		err = phase_ask(clock, &a);
		sleep_ms(1000);
	}
	REQUIRE(!err, "%s", strerror(-err));
	REQUIRE(armed_timers() > 0, "a phase that is followed shows no timer");
	sleep_ms(HELD_MS);
	return nothing_happens(clock);
}

static enum ktap_result nothing_after_an_alarm(struct clock *clock)
{
	unsigned long data;
	s64 sec;

	REQUIRE(!clock_read(clock, &sec), "cannot read it");
	REQUIRE(!clock_alarm_set(clock, sec + 3, true), "no alarm");
	REQUIRE(!clock_event(clock, 6000, &data), "it did not ring");
	sleep_ms(HELD_MS);
	return nothing_happens(clock);
}

static const struct ktap_test tests[] = {
	{ "nothing happens after ticks", nothing_after_ticks },
	{ "nothing happens after questions", nothing_after_questions },
	{ "nothing happens after an alarm", nothing_after_an_alarm },
};

KTAP_MAIN(tests)
