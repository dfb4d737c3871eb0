/* SPDX-License-Identifier: GPL-2.0 */
/* /sys/class/rtc/rtcN/phase/. */
#ifndef MC_SYSFS_H
#define MC_SYSFS_H

struct mc_clock;

int mc_sysfs_add(struct mc_clock *c);

#endif
