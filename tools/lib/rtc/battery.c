// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/rtc/battery.h"
#include "lib/rtc/procfs.h"

unsigned int battery_faults(const struct rtc *rtc)
{
	unsigned int flags;

	if (rtc->fd < 0 || rtc_read_voltage(rtc, &flags))
		flags = procfs_says(rtc, "batt_status", "dead") ? RTC_VL_DATA_INVALID : 0;
	return flags & ~RTC_VL_BACKUP_SWITCH;
}
