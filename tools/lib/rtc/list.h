/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clocks of the RTC class that the kernel knows. */
#ifndef RTCCTL_LIB_RTC_LIST_H
#define RTCCTL_LIB_RTC_LIST_H

#define RTC_LIST_MAX	64

struct rtc_list {
	int count;
	int numbers[RTC_LIST_MAX];	/* N of rtcN, ascending */
};

/** rtc_list_load() - From /sys/class/rtc. Return: 0; -ENOENT where there is no such class; -errno. */
int rtc_list_load(struct rtc_list *rtcs);

#endif
