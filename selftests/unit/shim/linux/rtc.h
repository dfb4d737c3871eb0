/* SPDX-License-Identifier: GPL-2.0 */
/* What the pure files of driver/ use of the kernel's RTC library. */
#ifndef SHIM_LINUX_RTC_H
#define SHIM_LINUX_RTC_H

#include <linux/types.h>
#include_next <linux/rtc.h>

int rtc_month_days(unsigned int month, unsigned int year);
int rtc_valid_tm(struct rtc_time *tm);
time64_t rtc_tm_to_time64(struct rtc_time *tm);
void rtc_time64_to_tm(time64_t time, struct rtc_time *tm);

#endif
