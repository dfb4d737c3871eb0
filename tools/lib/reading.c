// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "attribute.h"
#include "ptp.h"
#include "reading.h"
#include "root.h"
#include "tick.h"

/* The driver looks at an edge for a few milliseconds. */
#define AFTER_EDGE_NS	(15 * NSEC_PER_MSEC)

void reading_from_tick(const struct tick *tick, struct reading *reading)
{
	int64_t since_before_ns = tick->edge_mono_ns - tick->before.mono_ns;
	int64_t until_after_ns = tick->after.mono_ns - tick->edge_mono_ns;

	reading->at = tick->after;
	reading->method = tick->method == TICK_INTERRUPT ? READING_TICK : READING_POLL;
	reading->interrupt_err = tick->interrupt_err;
	reading->rtc_ns = tick->rtc_s * NSEC_PER_SEC + until_after_ns;
	reading->bound_ns = since_before_ns > until_after_ns ? since_before_ns : until_after_ns;
	/* Reading two clocks takes its time. */
	reading->bound_ns += NSEC_PER_USEC;
}

/* All three numbers are of one moment, so that no step can come between them. */
static int glance_phase(const struct rtc *rtc, struct reading *reading)
{
	struct root_path path;
	struct moment now;
	char line[128];
	int err;

	err = attribute_read(line, sizeof(line), rtc_attribute(rtc, &path, "phase/now"));
	if (err)
		return err == -ENOENT ? -ENODEV : err;
	if (sscanf(line, "%" SCNd64 " %" SCNd64 " %" SCNd64, &reading->at.real_ns,
		   &reading->rtc_ns, &reading->bound_ns) != 3)
		return -EBADMSG;
	now = clock_moment();
	reading->at.mono_ns = now.mono_ns - (now.real_ns - reading->at.real_ns);
	reading->method = READING_PHASE;
	return 0;
}

static int glance_ptp(const struct rtc *rtc, struct reading *reading)
{
	struct ptp_sample sample;
	int err;

	err = ptp_sample(rtc, &sample);
	if (err)
		return err;
	reading->rtc_ns = sample.rtc_ns;
	reading->at = sample.at;
	reading->bound_ns = sample.bound_ns;
	reading->method = READING_PTP;
	return 0;
}

int reading_glance(const struct rtc *rtc, struct reading *reading)
{
	int err;

	reading->interrupt_err = 0;
	if (!rtc->node[0])
		return -ENODEV;
	err = glance_phase(rtc, reading);
	return err == -ENODEV ? glance_ptp(rtc, reading) : err;
}

int reading_settle(const struct rtc *rtc, int64_t bound_ns, int64_t limit_ns,
		   struct reading *reading)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC) + limit_ns;
	int64_t edge_ns;
	int err;

	for (;;) {
		err = reading_glance(rtc, reading);
		if (err || reading->bound_ns <= bound_ns)
			return err;
		edge_ns = (clock_floor_s(reading->rtc_ns) + 1) * NSEC_PER_SEC - reading->rtc_ns +
			  reading->at.mono_ns;
		if (edge_ns + AFTER_EDGE_NS > until_ns)
			return 0;
		clock_sleep_until(CLOCK_MONOTONIC, edge_ns + AFTER_EDGE_NS);
	}
}

int reading_confirm(const struct rtc *rtc, const struct reading *reading)
{
	int64_t low_s, high_s, rtc_s, since_ns;
	int err;

	since_ns = clock_now_ns(CLOCK_MONOTONIC) - reading->at.mono_ns;
	low_s = clock_floor_s(reading->rtc_ns + since_ns - reading->bound_ns);
	err = rtc_read_s(rtc, &rtc_s);
	if (err)
		return err;
	since_ns = clock_now_ns(CLOCK_MONOTONIC) - reading->at.mono_ns;
	high_s = clock_floor_s(reading->rtc_ns + since_ns + reading->bound_ns);
	return rtc_s < low_s || rtc_s > high_s ? -ESTALE : 0;
}

int reading_take(const struct rtc *rtc, struct reading *reading)
{
	struct tick tick;
	int err;

	if (!reading_glance(rtc, reading))
		return 0;
	err = tick_wait(rtc, &tick);
	if (err)
		return err;
	reading_from_tick(&tick, reading);
	return 0;
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

int reading_offset_ns(const struct reading *reading, enum timescale scale, int64_t *offset_ns)
{
	int64_t epoch_ns;
	int err;

	err = timescale_to_epoch(scale, reading->rtc_ns, &epoch_ns);
	*offset_ns = epoch_ns - reading->at.real_ns;
	return err;
}

const char *reading_method_name(enum reading_method method)
{
	static const char *const names[] = {
		[READING_PHASE] = "phase",
		[READING_PTP] = "ptp",
		[READING_TICK] = "tick",
		[READING_POLL] = "poll",
	};

	return names[method];
}
