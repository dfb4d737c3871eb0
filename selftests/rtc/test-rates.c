// SPDX-License-Identifier: GPL-2.0
/*
 * Two emulated clocks whose crystals are 300 ppm too fast and too slow: each is
 * measured to 1 ppm within half a minute.
 *
 * Takes a module loaded with emulated=2 or more.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"

#define RATE_PPB	300000
#define WITHIN_PPB	1000
#define SECONDS		30
#define CLOCKS		2

static int inject(int number, const char *fault)
{
	char path[160];

	snprintf(path, sizeof(path), DEBUG_DIR "/mc146818-emulated.%d/inject", number);
	return file_write(path, fault);
}

/* The rtc of an emulated device. */
static bool find(int number, struct clock *clock)
{
	char wanted[32];
	int i;

	snprintf(wanted, sizeof(wanted), "mc146818-emulated.%d", number);
	for (i = 0; i < 16; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/dev/rtc%d", i);
		if (clock_open(clock, path))
			continue;
		clock_close(clock);
		if (!strcmp(clock->device, wanted))
			return true;
	}
	return false;
}

static enum ktap_result rate_is(struct clock *clock, long wanted)
{
	char value[32];
	long ppb;
	int err = clock_attribute(clock, "phase/freq_ppb", value, sizeof(value));

	REQUIRE(!err, "%s: freq_ppb: %s", clock->name, strerror(-err));
	ppb = atol(value);
	ktap_comment("%s: %ld ppb, set to %ld", clock->name, ppb, wanted);
	REQUIRE(labs(ppb - wanted) < WITHIN_PPB, "%s: %ld ppb, set to %ld", clock->name, ppb,
		wanted);
	return KTAP_PASS;
}

static enum ktap_result two_clocks(struct clock *clocks)
{
	enum ktap_result result;
	char value[128];
	int i, s;

	REQUIRE(!inject(0, "rate 300") && !inject(1, "rate -300"), "inject fails");
	for (s = 0; s < SECONDS; s++) {
		for (i = 0; i < CLOCKS; i++)
			clock_attribute(&clocks[i], "phase/now", value, sizeof(value));
		sleep_ms(1000);
	}
	result = rate_is(&clocks[0], RATE_PPB);
	return result == KTAP_PASS ? rate_is(&clocks[1], -RATE_PPB) : result;
}

static enum ktap_result rates_are_measured(struct clock *clock)
{
	struct clock clocks[CLOCKS];
	enum ktap_result result;
	int i;

	clock_close(clock);
	for (i = 0; i < CLOCKS; i++)
		if (!find(i, &clocks[i]))
			SKIP("the module was not loaded with emulated=%d", CLOCKS);
	result = two_clocks(clocks);
	for (i = 0; i < CLOCKS; i++)
		inject(i, "none");
	return result;
}

static const struct ktap_test tests[] = {
	{ "rates_are_measured", rates_are_measured },
};

KTAP_MAIN(tests)
