// SPDX-License-Identifier: GPL-2.0
/* What a program does with /dev/rtc0. */
#include "kernel/control.h"
#include "kernel/user.h"

s64 user_read(void)
{
	struct rtc_time tm;
	int err = rtc_read_time(kernel_rtc(), &tm);

	return err ? err : rtc_tm_to_time64(&tm);
}

int user_set(s64 sec)
{
	struct rtc_time tm;

	rtc_time64_to_tm(sec, &tm);
	return rtc_set_time(kernel_rtc(), &tm);
}

int user_set_alarm(s64 sec)
{
	struct rtc_wkalrm alarm = { .enabled = 1 };

	rtc_time64_to_tm(sec, &alarm.time);
	return rtc_set_alarm(kernel_rtc(), &alarm);
}
