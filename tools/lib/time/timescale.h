/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the clock's date means. "rtc" values are the clock's fields counted as
 * if they were UTC; "epoch" values are real time since 1970-01-01 00:00 UTC.
 */
#ifndef RTCCTL_LIB_TIME_TIMESCALE_H
#define RTCCTL_LIB_TIME_TIMESCALE_H

#include <stdint.h>
#include <linux/rtc.h>

enum timescale {
	TIMESCALE_UTC,
	TIMESCALE_LOCAL,
};

/** timescale_to_epoch() - Real time of a clock reading, or -ERANGE. */
int timescale_to_epoch(enum timescale scale, int64_t rtc_ns, int64_t *epoch_ns);

/**
 * timescale_to_epoch_near() - The same, by what time it is nearly.
 * @scale: the clock's
 * @rtc_ns: the reading
 * @near_ns: the real time where that is known, if not to the hour
 * @epoch_ns: set to the real time of the reading
 *
 * Where clocks are put back, an hour comes twice.
 *
 * Return: 0; 1 where there is another real time for it; -ERANGE.
 */
int timescale_to_epoch_near(enum timescale scale, int64_t rtc_ns, int64_t near_ns,
			    int64_t *epoch_ns);

/** timescale_to_rtc() - What the clock reads at a real time, or -ERANGE. */
int timescale_to_rtc(enum timescale scale, int64_t epoch_ns, int64_t *rtc_ns);

/**
 * timescale_fields_to_rtc_s() - The clock's fields in seconds.
 *
 * Return: 0; -EINVAL where they are no date; -ERANGE for dates from 2262 on.
 */
int timescale_fields_to_rtc_s(const struct rtc_time *fields, int64_t *rtc_s);

/** timescale_rtc_s_to_fields() - Seconds as the clock's fields, or -ERANGE. */
int timescale_rtc_s_to_fields(int64_t rtc_s, struct rtc_time *fields);

#endif
