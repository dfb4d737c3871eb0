// SPDX-License-Identifier: GPL-2.0
#include "command.h"
#include "sample.h"
#include "series.h"

#define SLEEPS		100
#define SLEEP_MS	1
#define POLL_NS		SECOND_NS
#define EMPTY		"/selftests/bench/empty"
#define EMPTY_RUNS	20
#define PAUSE_MS	100

static s64 longest_gap(void)
{
	s64 begin = raw_ns(), last = begin, longest = 0;

	while (last - begin < POLL_NS) {
		s64 now = raw_ns();

		if (now - last > longest)
			longest = now - last;
		last = now;
	}
	return longest;
}

/* The least that any program takes here. */
static int run_empty(void)
{
	static const char *const argv[] = { EMPTY, NULL };
	struct command_run run;
	int err;

	for (int i = 0; i < EMPTY_RUNS; i++) {
		pause_at_random(PAUSE_MS);
		err = command_run(&run, argv);
		if (err)
			return err;
		sample("empty_wall_ns", NO_TOOL, run.end - run.begin);
		sample("empty_cpu_ns", NO_TOOL, run.cpu_ns);
	}
	return 0;
}

int series_noise(const char *device, int count)
{
	int err = 0;

	(void)device;
	for (int i = 0; !err && i < count; i++) {
		for (int k = 0; k < SLEEPS; k++) {
			s64 begin = raw_ns();

			sleep_ms(SLEEP_MS);
			sample("sleep_late_ns", NO_TOOL, raw_ns() - begin - SLEEP_MS * (SECOND_NS / 1000));
		}
		sample("gap_ns", NO_TOOL, longest_gap());
		err = run_empty();
	}
	return err;
}
