/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What time a clock has, against the system's. */
#ifndef RTCCTL_LIB_RTC_READING_H
#define RTCCTL_LIB_RTC_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/rtc.h"
#include "lib/time/clock.h"

enum reading_method {
	READING_PHASE,
	READING_PTP,
	READING_TICK,
	READING_POLL,
	READING_SECOND,
};

struct reading {
	int64_t rtc_ns;			/* in the clock's own scale, at this moment: */
	struct moment at;
	int64_t bound_ns;		/* rtc_ns is this close to the truth, or closer */
	enum reading_method method;
	/*
	 * The driver has not seen an edge for some time: a step of less than a second since
	 * then is not excluded by the bound. The edge's age is negative where it is not told.
	 */
	bool coasting;
	int64_t edge_age_ns;
	int interrupt_err;		/* why no update interrupt served: -errno; or 0 */
};

/** reading_to_epoch() - Its real time, as timescale_to_epoch_near() by the system's. */
int reading_to_epoch(const struct reading *reading, enum timescale scale, int64_t *epoch_ns);

/** reading_offset_ns() - The clock minus the system's, both in the clock's scale. */
int reading_offset_ns(const struct reading *reading, enum timescale scale, int64_t *offset_ns);

/** reading_fits_other() - Whether the clock agrees with the system in the other scale alone. */
bool reading_fits_other(const struct reading *reading, enum timescale scale);

/** reading_agrees() - Whether both may be true of one clock, by CLOCK_MONOTONIC. */
bool reading_agrees(const struct reading *reading, const struct reading *other);

const char *reading_method_name(enum reading_method method);

/** reading_state_name() - The driver's state, "locked" or "coasting"; NULL where there is none. */
const char *reading_state_name(const struct reading *reading);

#endif
