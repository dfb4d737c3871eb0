// SPDX-License-Identifier: GPL-2.0
#include "sample.h"
#include "series.h"

#define SLEEPS		100
#define SLEEP_MS	1
#define POLL_NS		SECOND_NS

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

int series_noise(const char *device, int count)
{
	(void)device;
	for (int i = 0; i < count; i++) {
		for (int k = 0; k < SLEEPS; k++) {
			s64 begin = raw_ns();

			sleep_ms(SLEEP_MS);
			sample("sleep_late_ns", NO_TOOL, raw_ns() - begin - SLEEP_MS * (SECOND_NS / 1000));
		}
		sample("gap_ns", NO_TOOL, longest_gap());
	}
	return 0;
}
