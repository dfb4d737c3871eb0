// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "line.h"
#include "sample.h"
#include "series.h"

#define LATE_SLEEPS	100
#define SLEEP_MS	1
#define POLL_NS		SECOND_NS

/* The kernel says of the clock that it took its time from it; else there is nothing to see. */
static int was_hctosys(const char *device)
{
	struct clock clock;
	char value[8];
	int err = clock_open(&clock, device);

	if (err)
		return err;
	err = clock_attribute(&clock, "hctosys", value, sizeof(value));
	clock_close(&clock);
	return err ? err : strcmp(value, "1") ? -ENODATA : 0;
}

int series_boot(const char *device, int count)
{
	int err = was_hctosys(device);
	struct mark mark;

	for (int i = 0; !err && i < count; i++) {
		err = line_mark(&mark);
		if (err)
			break;
		sample("boot_error_ns", NO_TOOL, -mark_offset(&mark));
		sample("truth_ns", NO_TOOL, mark_width(&mark));
	}
	return err;
}

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
		for (int k = 0; k < LATE_SLEEPS; k++) {
			s64 begin = raw_ns();

			sleep_ms(SLEEP_MS);
			sample("sleep_late_ns", NO_TOOL, raw_ns() - begin - SLEEP_MS * 1000000LL);
		}
		sample("gap_ns", NO_TOOL, longest_gap());
	}
	return 0;
}
