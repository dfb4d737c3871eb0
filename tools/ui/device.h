/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening the clock that the user means. */
#ifndef RTCCTL_UI_DEVICE_H
#define RTCCTL_UI_DEVICE_H

#include <stdbool.h>

#include "lib/rtc/rtc.h"

/**
 * device_open() - Open a clock, and say why where that fails.
 * @rtc: filled in
 * @path: device node, or its name without /dev/; NULL for the one that candidates_best() finds
 *
 * A busy device is tried again for a second; then the message names its holders.
 *
 * Return: 0 or -errno, which has been reported.
 */
int device_open(struct rtc *rtc, const char *path);

/**
 * device_describe() - What sysfs knows of a clock, which is not opened.
 * @rtc: filled in; its fd is -1
 * @path: as for device_open()
 *
 * Return: 0 or -ENODEV, which has been reported.
 */
int device_describe(struct rtc *rtc, const char *path);

/** device_open_waking() - As device_open(), of those not named first one that wakes the system. */
int device_open_waking(struct rtc *rtc, const char *path);

/** device_open_best() - As rtc_open() for the clock that candidates_best() finds. */
int device_open_best(struct rtc *rtc);

/** device_open_usual() - The same for candidates_usual(); @trying, which may be NULL, hears of each. */
int device_open_usual(struct rtc *rtc, void (*trying)(const char *path));

/** device_open_patiently() - rtc_open(), again for up to a second while the device is busy. */
int device_open_patiently(struct rtc *rtc, const char *path);

/** device_report_none() - Say that there is no clock, in the same words everywhere. */
void device_report_none(void);

/** device_report() - Say why @path could not be opened. */
void device_report(int err, const char *path);

#endif
