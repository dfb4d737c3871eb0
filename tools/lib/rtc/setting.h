/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Setting a clock to the right fraction of a second. */
#ifndef RTCCTL_LIB_RTC_SETTING_H
#define RTCCTL_LIB_RTC_SETTING_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/rtc.h"
#include "lib/time/clock.h"

/* How well the clock follows: it minus what was wanted. */
struct residual {
	int64_t ns;
	int64_t bound_ns;
};

struct setting {
	/* wanted: the clock shows rtc_ns (its own scale) at this moment */
	int64_t rtc_ns;
	struct moment when;
	bool follow_system;	/* that moment of CLOCK_REALTIME, wherever that is stepped to */
	int64_t delay_ns;	/* as rtc_set_delay_ns(); negative: by the driver's best way */
	/* set by setting_apply(): */
	bool exact;		/* the driver sets the fraction of the second itself */
	int writes;
	int64_t written_s;	/* else: the second that was written, ... */
	struct moment at;	/* ... the moment of the call, ... */
	int64_t late_ns;	/* ... how far that was behind the right moment, ... */
	int64_t tolerance_ns;	/* ... and how far it was allowed to be */
	/* found out by setting_verify(): */
	struct residual residual;
	bool keeps_second;	/* the chip takes the second, but not its fraction */
};

/** setting_is_exact() - Whether the driver will set the fraction of the second itself. */
bool setting_is_exact(const struct rtc *rtc, const struct setting *setting);

/**
 * setting_right() - Whether the clock is known, without waiting, to need no set.
 *
 * Fills in the residual where it is.
 */
bool setting_right(const struct rtc *rtc, struct setting *setting);

/**
 * setting_plan() - The next moment to write a second at.
 * @setting: wanted part filled in, delay_ns not negative
 * @now_ns: the time on the clock that the wanted moment is one of
 * @rtc_s: set to the second to write
 *
 * Return: that moment; more than a few milliseconds after @now_ns.
 */
int64_t setting_plan(const struct setting *setting, int64_t now_ns, int64_t *rtc_s);

/** setting_now_ns() - The time on the clock that the wanted moment is one of. */
int64_t setting_now_ns(const struct setting *setting);

/**
 * setting_apply() - Set the clock.
 *
 * At once where the driver sets the fraction of the second itself, as ptp_set(); else
 * sleeps until the next right moment, and writes a second then.
 *
 * Return: 0; -EAGAIN where the machine was too busy to meet any of a few
 * moments: nothing is written then; -errno from the driver.
 */
int setting_apply(const struct rtc *rtc, struct setting *setting);

/**
 * setting_verify() - See how far off the clock is after setting_apply().
 *
 * At the next edge, which is a second away at most. An exact set that did not come out
 * right is repeated, once.
 *
 * Return: 0; -EAGAIN where the driver does not find the edge; else as tick_near() and
 * setting_apply().
 */
int setting_verify(const struct rtc *rtc, struct setting *setting);

/** setting_failed() - The clock is further off than a set may leave it. */
bool setting_failed(const struct setting *setting);

#endif
