/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/driver/rtc. */
#ifndef MC_PROCFS_H
#define MC_PROCFS_H

#include "clock/clock.h"

#if IS_ENABLED(CONFIG_RTC_INTF_PROC)
int mc_proc_show(struct device *dev, struct seq_file *seq);
int mc_proc_create(struct mc_clock *c);
#else
#define mc_proc_show NULL
static inline int mc_proc_create(struct mc_clock *c)
{
	return 0;
}
#endif

#endif
