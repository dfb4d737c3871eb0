// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "lib/rtc/reading.h"

/* Time zones are so far apart; a clock that is so near in one of them is meant to be in it. */
#define ZONE_NS		(900 * NSEC_PER_SEC)
#define SAME_NS		(120 * NSEC_PER_SEC)

int reading_to_epoch(const struct reading *reading, enum timescale scale, int64_t *epoch_ns)
{
	return timescale_to_epoch_near(scale, reading->rtc_ns, reading->at.real_ns, epoch_ns);
}

int reading_offset_ns(const struct reading *reading, enum timescale scale, int64_t *offset_ns)
{
	int64_t epoch_ns;
	int ret;

	ret = reading_to_epoch(reading, scale, &epoch_ns);
	*offset_ns = epoch_ns - reading->at.real_ns;
	return ret < 0 ? ret : 0;
}

bool reading_fits_other(const struct reading *reading, enum timescale scale)
{
	enum timescale other = scale == TIMESCALE_UTC ? TIMESCALE_LOCAL : TIMESCALE_UTC;
	int64_t offset_ns, other_ns;

	return !reading_offset_ns(reading, scale, &offset_ns) &&
	       llabs(offset_ns) >= ZONE_NS - SAME_NS &&
	       !reading_offset_ns(reading, other, &other_ns) && llabs(other_ns) < SAME_NS;
}

bool reading_agrees(const struct reading *reading, const struct reading *other)
{
	int64_t apart_ns = other->rtc_ns - reading->rtc_ns -
			   (other->at.mono_ns - reading->at.mono_ns);

	return llabs(apart_ns) <= reading->bound_ns + other->bound_ns;
}

const char *reading_method_name(enum reading_method method)
{
	static const char *const names[] = {
		[READING_PHASE] = "phase",
		[READING_PTP] = "ptp",
		[READING_TICK] = "tick",
		[READING_POLL] = "poll",
		[READING_SECOND] = "second",
	};

	return names[method];
}

const char *reading_state_name(const struct reading *reading)
{
	if (reading->method != READING_PHASE && reading->method != READING_PTP)
		return NULL;
	return reading->coasting ? "coasting" : "locked";
}
