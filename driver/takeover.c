// SPDX-License-Identifier: GPL-2.0
/* The chip in other hands: rtc_cmos, built into the kernel. */
#include <linux/rtc.h>

#include "takeover.h"

#define RTC_MAX		16

static bool is_rtc_cmos(const struct device *dev)
{
	return dev && dev->driver && !strcmp(dev->driver->name, "rtc_cmos");
}

/**
 * mc_takeover_find - the device that rtc_cmos holds
 *
 * Context: may sleep.
 * Return: the device, to be put; NULL where rtc_cmos holds none.
 */
struct device *mc_takeover_find(void)
{
	struct device *dev = NULL;
	struct rtc_device *rtc;
	char name[16];
	unsigned int i;

	for (i = 0; !dev && i < RTC_MAX; i++) {
		snprintf(name, sizeof(name), "rtc%u", i);
		rtc = rtc_class_open(name);
		if (!rtc)
			continue;
		if (is_rtc_cmos(rtc->dev.parent))
			dev = get_device(rtc->dev.parent);
		rtc_class_close(rtc);
	}
	return dev;
}

/**
 * mc_takeover - release a device from rtc_cmos and bind another driver to it
 * @dev: the device
 * @driver: ours, of the same bus
 *
 * Context: may sleep; no lock of the device held.
 * Return: 0 or -errno, with rtc_cmos gone in any case.
 */
int mc_takeover(struct device *dev, struct device_driver *driver)
{
	device_release_driver(dev);
	return device_driver_attach(driver, dev);
}
