/* SPDX-License-Identifier: GPL-2.0 */
/* Opening the clock that the user means. */
#ifndef RTCCTL_DEVICE_H
#define RTCCTL_DEVICE_H

#include <stdbool.h>

#include "lib/rtc.h"

/**
 * device_open() - Open a clock, and say why where that fails.
 * @rtc: filled in
 * @path: device node, NULL for the first default one there is
 *
 * A busy device is tried again for a second; then the message names its holders.
 *
 * Return: 0 or -errno, which has been reported.
 */
int device_open(struct rtc *rtc, const char *path);

/**
 * device_describe() - What sysfs knows of a clock, which is not opened.
 * @rtc: filled in; its fd is -1
 * @path: device node "/dev/rtcN"; NULL for the first clock there is
 *
 * Return: 0 or -ENODEV, which has been reported.
 */
int device_describe(struct rtc *rtc, const char *path);

/** device_open_default() - As rtc_open() for the default devices; @trying may be NULL. */
int device_open_default(struct rtc *rtc, void (*trying)(const char *path));

/** device_open_patiently() - rtc_open(), again for up to a second while the device is busy. */
int device_open_patiently(struct rtc *rtc, const char *path);

/** device_report() - Say why @path could not be opened. */
void device_report(int err, const char *path);

#endif
