// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/phase.h"
#include "lib/rtc/ptp.h"

/* The driver looks at an edge for a few milliseconds. */
#define AFTER_EDGE_NS	(15 * NSEC_PER_MSEC)
#define RETRY_NS	(50 * NSEC_PER_MSEC)

static void note_coasting(const struct rtc *rtc, struct reading *reading, const char *state)
{
	reading->coasting = !strcmp(state, "coasting");
	if (!reading->coasting || phase_edge_age(rtc, &reading->edge_age_ns))
		reading->edge_age_ns = -1;
}

/* Numbers and state are of one moment, so that no step can come between them. */
static int read_phase(const struct rtc *rtc, struct reading *reading)
{
	char line[128], state[16] = "";
	struct root_path path;
	struct moment now;
	int err;

	err = attribute_read(line, sizeof(line), rtc_attribute(rtc, &path, "phase/now"));
	if (err)
		return err == -ENOENT ? -ENODEV : err;
	if (sscanf(line, "%" SCNd64 " %" SCNd64 " %" SCNd64 " %15s", &reading->at.real_ns,
		   &reading->rtc_ns, &reading->bound_ns, state) < 3 ||
	    reading->bound_ns < 0)
		return -EBADMSG;
	now = clock_moment();
	reading->at.mono_ns = now.mono_ns - (now.real_ns - reading->at.real_ns);
	reading->method = READING_PHASE;
	note_coasting(rtc, reading, state);
	return 0;
}

/* Without the driver's word on its own error there is no honest bound. */
static int from_sample(const struct rtc *rtc, const struct ptp_sample *sample,
		       struct reading *reading)
{
	struct root_path path;
	int64_t uncertainty_ns;
	int err;

	err = attribute_read_s64(&uncertainty_ns,
				 rtc_attribute(rtc, &path, "phase/uncertainty_ns"));
	if (err)
		return err;
	reading->rtc_ns = sample->rtc_ns;
	reading->at = sample->at;
	reading->bound_ns = sample->bound_ns + uncertainty_ns;
	reading->method = READING_PTP;
	reading->coasting = false;
	return 0;
}

/* The PTP clock waits for the edge; what is known then is told best by a line of sysfs. */
static int read_ptp(const struct rtc *rtc, struct reading *reading)
{
	struct ptp_sample sample;
	int err;

	err = ptp_sample(rtc, &sample);
	if (err)
		return err;
	err = read_phase(rtc, reading);
	if (err == -ENODEV)
		return from_sample(rtc, &sample, reading);
	return !err && reading->coasting ? -EAGAIN : err;
}

int phase_edge_age(const struct rtc *rtc, int64_t *age_ns)
{
	struct root_path path;

	return attribute_read_s64(age_ns, rtc_attribute(rtc, &path, "phase/edge_age_ns"));
}

bool phase_locked(const struct rtc *rtc)
{
	struct root_path path;
	char state[16];

	return rtc->node[0] &&
	       !attribute_read(state, sizeof(state), rtc_attribute(rtc, &path, "phase/state")) &&
	       !strcmp(state, "locked");
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

int phase_read_locked(const struct rtc *rtc, int64_t limit_ns, struct reading *reading)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC) + limit_ns;
	int64_t now_ns;
	int err;

	reading->interrupt_err = 0;
	for (;;) {
		err = phase_locked(rtc) ? read_phase(rtc, reading) : -EAGAIN;
		if (err || reading->coasting)
			err = read_ptp(rtc, reading);
		now_ns = clock_now_ns(CLOCK_MONOTONIC);
		if (err != -EAGAIN || now_ns >= until_ns)
			return err;
		clock_sleep_until(CLOCK_MONOTONIC, now_ns + RETRY_NS);
	}
}

int phase_settle(const struct rtc *rtc, int64_t bound_ns, int64_t limit_ns,
		 struct reading *reading)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC) + limit_ns;
	int64_t edge_ns;
	int err;

	for (;;) {
		err = phase_read_locked(rtc, 0, reading);
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
