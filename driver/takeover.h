/* SPDX-License-Identifier: GPL-2.0 */
/* The chip in other hands: rtc_cmos, built into the kernel. */
#ifndef MC_TAKEOVER_H
#define MC_TAKEOVER_H

#include <linux/device.h>

struct device *mc_takeover_find(void);
int mc_takeover(struct device *dev, struct device_driver *driver);

#endif
