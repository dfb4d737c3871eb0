// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "line.h"
#include "sample.h"
#include "series.h"

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
		if (mark_judges(&mark))
			sample("boot_error_ns", NO_TOOL, -mark_offset(&mark));
	}
	return err;
}
