/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates as people type them. */
#ifndef RTCCTL_LIB_TIME_DATE_H
#define RTCCTL_LIB_TIME_DATE_H

#include <stddef.h>
#include <stdint.h>

/* What date_parse() accepts, for messages. */
#define DATE_FORMS \
	"YYYY-MM-DD[( |T)hh:mm[:ss[.fraction]][Z|+hh:mm]], YYYYMMDDhhmmss, hh:mm[:ss], " \
	"now, today, tomorrow or yesterday [hh:mm[:ss]], @SECONDS[.fraction], " \
	"+N or -N[.fraction] UNITS (us, ms, s, m, h, d, w, month, y; 1h30m), N UNITS ago"

/**
 * date_parse() - A date as real time.
 * @text: any of DATE_FORMS, in local time where no zone is given
 * @now_ns: the present, for the relative ones
 * @epoch_ns: filled in
 *
 * Return: 0; -EINVAL where @text is none of the forms or no date of the
 * calendar;
 * -ERANGE where it is too far away.
 */
int date_parse(const char *text, int64_t now_ns, int64_t *epoch_ns);

/** date_parse_next() - The same, but a time of day that is past is tomorrow's. */
int date_parse_next(const char *text, int64_t now_ns, int64_t *epoch_ns);

#define DATE_TEXT_SIZE	64

/** date_format() - As "2026-11-23 00:00:00.000000+00:00", in local time; -ERANGE. */
int date_format(int64_t epoch_ns, char *text, size_t size);

/** date_format_second() - The same without a fraction. */
int date_format_second(int64_t epoch_ns, char *text, size_t size);

#endif
