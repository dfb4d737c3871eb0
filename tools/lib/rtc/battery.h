/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The battery behind the clock, and with it whether the time is to be believed. */
#ifndef RTCCTL_LIB_RTC_BATTERY_H
#define RTCCTL_LIB_RTC_BATTERY_H

#include "lib/rtc/rtc.h"

/**
 * battery_faults() - What the driver says is wrong with it, by RTC_VL_READ or in /proc.
 *
 * Return: flags of bits_voltage; 0 where it is good, or nobody tells.
 */
unsigned int battery_faults(const struct rtc *rtc);

#endif
