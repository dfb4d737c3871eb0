// SPDX-License-Identifier: GPL-2.0
/* Runs one series of measurements on the clock $RTC, inside a VM with one processor. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../rtc/ports.h"
#include "sample.h"
#include "series.h"

#define APPEAR_MS	10000	/* a driver may register late, for the sake of being exact */
#define STEP_MS		50

static const struct {
	const char *name;
	int (*run)(const char *device, int count);
} series[] = {
	{ "boot", series_boot },
	{ "noise", series_noise },
	{ "ticks", series_ticks },
	{ "phc", series_phc },
	{ "show", series_show },
	{ "show-in-a-row", series_show_in_a_row },
	{ "systohc", series_systohc },
	{ "systohc-first", series_systohc_first },
	{ "hctosys", series_hctosys },
};

/* The ports stay open; the clock does not, since tools open it alone. */
static int open_ports(const char *device)
{
	struct clock clock;
	int err = -ENOENT;

	for (int waited = 0; err && waited < APPEAR_MS; waited += STEP_MS) {
		err = clock_open(&clock, device);
		if (err)
			sleep_ms(STEP_MS);
	}
	if (!err)
		err = ports_open(&clock);
	clock_close(&clock);
	return err;
}

static int usage(void)
{
	fprintf(stderr, "Usage: measure SERIES COUNT\nSeries:");
	for (size_t i = 0; i < sizeof(series) / sizeof(series[0]); i++)
		fprintf(stderr, " %s", series[i].name);
	fprintf(stderr, "\n");
	return 1;
}

void pause_at_random(int at_most_ms)
{
	sleep_ms(rand() % at_most_ms);
}

int main(int argc, char **argv)
{
	const char *device = getenv("RTC") ?: "/dev/rtc0";
	int count = argc == 3 ? atoi(argv[2]) : 0;

	if (count <= 0)
		return usage();
	for (size_t i = 0; i < sizeof(series) / sizeof(series[0]); i++) {
		int err;

		if (strcmp(argv[1], series[i].name))
			continue;
		srand(raw_ns());
		err = open_ports(device);
		if (!err)
			err = series[i].run(device, count);
		return err ? failed(argv[1], err) : 0;
	}
	return usage();
}
