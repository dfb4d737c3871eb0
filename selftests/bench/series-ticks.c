// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>

#include "line.h"
#include "sample.h"
#include "series.h"

#define TICK_LIMIT_MS	2500
#define MISSING_MAX	3	/* ticks that do not come: enough to know */

/* The raw times of ticks; 0 for one that never came. Returns how many were waited for. */
static int take_ticks(struct clock *clock, s64 *ticks, int count)
{
	unsigned long data;
	int missing = 0, i;

	clock_event(clock, TICK_LIMIT_MS, &data);
	for (i = 0; i < count && missing < MISSING_MAX; i++) {
		int err = clock_event(clock, TICK_LIMIT_MS, &data);

		ticks[i] = err ? 0 : raw_ns();
		missing += !ticks[i];
	}
	return i;
}

static void print_ticks(const struct line *line, const s64 *ticks, int count)
{
	bool judged = line_judges(line);

	for (int i = 0; i < count; i++) {
		sample("tick_missing", NO_TOOL, !ticks[i]);
		if (judged && ticks[i])
			sample("tick_late_ns", NO_TOOL, line_at(line, ticks[i]) % SECOND_NS);
	}
}

static int watch_ticks(struct clock *clock, s64 *ticks, int count)
{
	struct line line;
	int err = line_begin(&line);

	if (!err)
		err = clock_ioctl_value(clock, RTC_UIE_ON, 0);
	if (err)
		return err;
	count = take_ticks(clock, ticks, count);
	clock_ioctl_value(clock, RTC_UIE_OFF, 0);
	err = line_end(&line);
	if (!err)
		print_ticks(&line, ticks, count);
	return err;
}

int series_ticks(const char *device, int count)
{
	s64 *ticks = calloc(count, sizeof(*ticks));
	struct clock clock;
	int err = ticks ? clock_open(&clock, device) : -ENOMEM;

	if (!err) {
		err = watch_ticks(&clock, ticks, count);
		clock_close(&clock);
	}
	free(ticks);
	return err;
}
