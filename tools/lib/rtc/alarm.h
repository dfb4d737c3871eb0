/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The alarm of a clock, which may wake a sleeping system. */
#ifndef RTCCTL_LIB_RTC_ALARM_H
#define RTCCTL_LIB_RTC_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/rtc.h"

struct alarm {
	bool enabled;
	bool dated;		/* it has a date, and that is: */
	int64_t rtc_s;		/* in the clock's own scale */
};

/** alarm_read() - The alarm as the driver has it. Return: 0; -EOPNOTSUPP: has none; -errno. */
int alarm_read(const struct rtc *rtc, struct alarm *alarm);

/**
 * alarm_set() - Arm the alarm, and see by reading it back that it is.
 * @rtc: the clock
 * @rtc_s: when, in the clock's own scale
 *
 * Where that fails, the alarm is as it was before.
 *
 * Return: 0; -EOPNOTSUPP where the clock has no alarm; -ETIME where the moment
 * is past; -ERANGE where it is beyond what the alarm can hold; -EPROTO where
 * another alarm is read back; -errno.
 */
int alarm_set(const struct rtc *rtc, int64_t rtc_s);

/**
 * alarm_possible() - What alarm_set() would say of the moment, as far as that can be known.
 *
 * Return: as alarm_set().
 */
int alarm_possible(const struct rtc *rtc, int64_t rtc_s);

/** alarm_cancel() - Disarm it. Return: 0; -EOPNOTSUPP where the clock has no alarm; -errno. */
int alarm_cancel(const struct rtc *rtc);

/**
 * alarm_wait() - Sleep until the alarm comes.
 * @rtc: the clock
 * @rtc_s: when that is, in the clock's own scale
 * @saw: told of each interrupt; may be NULL
 *
 * Return: 0; -ETIME where its time is past and no interrupt came; -errno.
 */
int alarm_wait(const struct rtc *rtc, int64_t rtc_s, void (*saw)(unsigned long flags));

/** alarm_wakes() - Whether the system lets the clock wake it. Return: 1, 0 or -errno. */
int alarm_wakes(const struct rtc *rtc);

#endif
