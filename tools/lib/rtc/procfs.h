/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/driver/rtc, which is the first clock's. */
#ifndef RTCCTL_LIB_RTC_PROCFS_H
#define RTCCTL_LIB_RTC_PROCFS_H

#include <stdbool.h>

#include "lib/rtc/rtc.h"

/** procfs_says() - Whether the line that begins with @key has @value; no for other clocks. */
bool procfs_says(const struct rtc *rtc, const char *key, const char *value);

#endif
