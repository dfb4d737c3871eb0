/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clocks of the RTC class that the kernel knows. */
#ifndef RTCCTL_LIB_RTC_ROSTER_H
#define RTCCTL_LIB_RTC_ROSTER_H

#define ROSTER_MAX	64

struct roster {
	int count;
	int numbers[ROSTER_MAX];	/* N of rtcN, ascending */
};

/** roster_load() - From /sys/class/rtc. Return: 0; -ENOENT where there is no such class; -errno. */
int roster_load(struct roster *roster);

#endif
