/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The moment a clock's second changes. */
#ifndef RTCCTL_LIB_RTC_TICK_H
#define RTCCTL_LIB_RTC_TICK_H

#include <stdint.h>

#include "lib/rtc/rtc.h"
#include "lib/time/clock.h"

#define TICK_LIMIT_NS	(1200 * NSEC_PER_MSEC)

enum tick_method {
	TICK_INTERRUPT,
	TICK_POLL,
};

/*
 * The edge lies between the two moments: the clock was read with the old
 * second after the first and with the new one before the last. That holds
 * however late the interrupt or this process came.
 */
struct tick {
	struct moment before;
	struct moment after;
	int64_t edge_mono_ns;		/* the likeliest moment between them */
	int64_t rtc_s;			/* the second that began */
	enum tick_method method;
	int interrupt_err;		/* why the interrupt did not serve, -errno; or 0 */
};

/**
 * tick_wait() - Wait for the next edge.
 *
 * By the update interrupt; where that is refused or does not come, by reading
 * the clock. Sleeps all the while: for one millisecond between two readings,
 * or for ten where an interrupt may end the sleep, which bounds the bracket
 * however late the interrupt is. Takes TICK_LIMIT_NS at most.
 *
 * Return: 0; -ETIME where the clock does not tick; -errno where it cannot be read.
 */
int tick_wait(const struct rtc *rtc, struct tick *tick);

/** tick_poll() - The same without the interrupt. */
int tick_poll(const struct rtc *rtc, struct tick *tick);

/**
 * tick_near() - Look for the edge where it is expected.
 * @rtc: the clock
 * @mono_ns: the moment it is expected at, on CLOCK_MONOTONIC
 * @slack_ns: how far from that it may be
 * @tick: filled in
 *
 * Sleeps until just before, then reads without a pause, which makes the
 * bracket as narrow as one reading; an edge elsewhere is found as by
 * tick_poll().
 *
 * Return: as for tick_wait().
 */
int tick_near(const struct rtc *rtc, int64_t mono_ns, int64_t slack_ns, struct tick *tick);

#endif
