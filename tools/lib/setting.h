/* SPDX-License-Identifier: GPL-2.0 */
/* Setting a clock to the right fraction of a second. */
#ifndef RTCCTL_SETTING_H
#define RTCCTL_SETTING_H

#include <stdint.h>

#include "clock.h"
#include "rtc.h"

struct setting {
	/* wanted: the clock shows rtc_ns (its own scale) when CLOCK_REALTIME shows real_ns */
	int64_t rtc_ns;
	int64_t real_ns;
	int64_t delay_ns;	/* as rtc_set_delay_ns() */
	/* done: */
	int64_t written_s;	/* the second that was written */
	struct moment at;	/* the moment of the call */
	int64_t late_ns;	/* how far that was behind the wanted moment */
	int64_t tolerance_ns;	/* how far it was allowed to be */
};

/* How well the clock follows: it minus what was wanted. */
struct residual {
	int64_t ns;
	int64_t bound_ns;
};

/**
 * setting_plan() - The next moment to write at.
 * @setting: wanted part filled in
 * @now_ns: CLOCK_REALTIME
 * @rtc_s: set to the second to write
 *
 * Return: that moment, on CLOCK_REALTIME; more than a few milliseconds after @now_ns.
 */
int64_t setting_plan(const struct setting *setting, int64_t now_ns, int64_t *rtc_s);

/**
 * setting_apply() - Sleep until the next right moment and write the clock.
 *
 * Return: 0; -EAGAIN where the machine was too busy to meet any of a few
 * moments: nothing is written then; -errno from the driver.
 */
int setting_apply(const struct rtc *rtc, struct setting *setting);

/** setting_verify() - Look at the next edge after setting_apply(). Return: as tick_near(). */
int setting_verify(const struct rtc *rtc, const struct setting *setting,
		   struct residual *residual);

#endif
