// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "lib/rtc/phase.h"
#include "lib/rtc/take-reading.h"
#include "lib/rtc/tick.h"

void reading_from_tick(const struct tick *tick, struct reading *reading)
{
	int64_t since_before_ns = tick->edge_mono_ns - tick->before.mono_ns;
	int64_t until_after_ns = tick->after.mono_ns - tick->edge_mono_ns;

	reading->at = tick->after;
	reading->method = tick->method == TICK_INTERRUPT ? READING_TICK : READING_POLL;
	reading->coasting = false;
	reading->interrupt_err = tick->interrupt_err;
	reading->rtc_ns = tick->rtc_s * NSEC_PER_SEC + until_after_ns;
	reading->bound_ns = since_before_ns > until_after_ns ? since_before_ns : until_after_ns;
	/* Reading two clocks takes its time. */
	reading->bound_ns += NSEC_PER_USEC;
}

int reading_take(const struct rtc *rtc, struct reading *reading)
{
	struct tick tick;
	int err;

	if (!phase_read_locked(rtc, 0, reading))
		return 0;
	err = tick_wait(rtc, &tick);
	if (err)
		return err;
	reading_from_tick(&tick, reading);
	return 0;
}

/* Somewhere in the second that it shows. */
static int read_second(const struct rtc *rtc, int (*read)(const struct rtc *rtc, int64_t *rtc_s),
		       struct reading *reading)
{
	struct moment before = clock_moment();
	int64_t rtc_s, took_ns;
	int err;

	err = read(rtc, &rtc_s);
	if (err)
		return err;
	reading->at = clock_moment();
	took_ns = reading->at.mono_ns - before.mono_ns;
	reading->rtc_ns = rtc_s * NSEC_PER_SEC + (NSEC_PER_SEC + took_ns) / 2;
	reading->bound_ns = (NSEC_PER_SEC + took_ns) / 2 + 1;
	reading->method = READING_SECOND;
	reading->coasting = false;
	reading->interrupt_err = 0;
	return 0;
}

int reading_second(const struct rtc *rtc, struct reading *reading)
{
	return read_second(rtc, rtc_read_s, reading);
}

int reading_glance(const struct rtc *rtc, struct reading *reading)
{
	return read_second(rtc, rtc_glance_s, reading);
}

int reading_soon(const struct rtc *rtc, struct reading *reading)
{
	int err = phase_read(rtc, reading);

	return err == -EAGAIN ? reading_second(rtc, reading) : err ? reading_take(rtc, reading) : 0;
}

int reading_refine(const struct rtc *rtc, struct reading *reading)
{
	int64_t edge_s = clock_floor_s(reading->rtc_ns + NSEC_PER_SEC);
	int64_t edge_ns = reading->at.mono_ns + edge_s * NSEC_PER_SEC - reading->rtc_ns;
	struct reading fine;
	struct tick tick;
	int err;

	err = tick_near(rtc, edge_ns, reading->bound_ns, &tick);
	if (err)
		return err;
	reading_from_tick(&tick, &fine);
	if (fine.bound_ns < reading->bound_ns)
		*reading = fine;
	return 0;
}
