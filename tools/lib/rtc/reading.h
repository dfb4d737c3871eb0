/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What time the clock has, against the system's, by the best means it offers. */
#ifndef RTCCTL_LIB_RTC_READING_H
#define RTCCTL_LIB_RTC_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/rtc.h"
#include "lib/time/clock.h"

struct tick;

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

/**
 * reading_take() - Read the clock inside its second.
 * @rtc: the clock
 * @reading: filled in
 *
 * From the driver where that knows its phase, else from one tick, else by
 * polling for one. Never coasting: takes a tick's time at most.
 *
 * Return: 0; -ETIME where the clock does not tick; -errno.
 */
int reading_take(const struct rtc *rtc, struct reading *reading);

/** reading_second() - To the second, without waiting for anything. Return: 0 or -errno. */
int reading_second(const struct rtc *rtc, struct reading *reading);

/** reading_glance() - The same by sysfs: needs no open device, and keeps nobody from it. */
int reading_glance(const struct rtc *rtc, struct reading *reading);

/**
 * reading_soon() - Read the clock, without waiting for what may not come.
 *
 * As reading_take(), but a driver's answer may be a coasting one; and where the driver
 * cannot tell its phase just now, which it has waited for already, the whole second is
 * taken.
 */
int reading_soon(const struct rtc *rtc, struct reading *reading);

/** reading_refine() - Read again at the next edge, sleeping until just before it. */
int reading_refine(const struct rtc *rtc, struct reading *reading);

/** reading_from_tick() - What an observed edge says. */
void reading_from_tick(const struct tick *tick, struct reading *reading);

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
