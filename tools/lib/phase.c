// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "attribute.h"
#include "phase.h"
#include "ptp.h"
#include "root.h"

/* The driver looks at an edge for a few milliseconds. */
#define AFTER_EDGE_NS	(15 * NSEC_PER_MSEC)

/* All three numbers are of one moment, so that no step can come between them. */
static int read_phase(const struct rtc *rtc, struct reading *reading)
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

static int read_ptp(const struct rtc *rtc, struct reading *reading)
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

int phase_read(const struct rtc *rtc, struct reading *reading)
{
	int err;

	reading->interrupt_err = 0;
	if (!rtc->node[0])
		return -ENODEV;
	err = read_phase(rtc, reading);
	return err == -ENODEV ? read_ptp(rtc, reading) : err;
}

int phase_settle(const struct rtc *rtc, int64_t bound_ns, int64_t limit_ns,
		 struct reading *reading)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC) + limit_ns;
	int64_t edge_ns;
	int err;

	for (;;) {
		err = phase_read(rtc, reading);
		if (err || reading->bound_ns <= bound_ns)
			return err;
		edge_ns = (clock_floor_s(reading->rtc_ns) + 1) * NSEC_PER_SEC - reading->rtc_ns +
			  reading->at.mono_ns;
		if (edge_ns + AFTER_EDGE_NS > until_ns)
			return 0;
		clock_sleep_until(CLOCK_MONOTONIC, edge_ns + AFTER_EDGE_NS);
	}
}

int phase_confirm(const struct rtc *rtc, const struct reading *reading)
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
