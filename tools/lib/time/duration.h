/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lengths of time for people: three or four digits and a unit. */
#ifndef RTCCTL_LIB_TIME_DURATION_H
#define RTCCTL_LIB_TIME_DURATION_H

#include <stdint.h>

#define DURATION_TEXT_SIZE	48

/** duration_format() - "3.586 ms", "1.200 s", "2 d 03:00:05"; the sign only where negative. */
const char *duration_format(int64_t ns, char *text);

/** duration_format_signed() - With its sign always. */
const char *duration_format_signed(int64_t ns, char *text);

/** duration_format_known() - The same, with the digits of what is known to @bound_ns. */
const char *duration_format_known(int64_t ns, int64_t bound_ns, char *text);

#endif
