/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel tells udev of clocks, heard as udev hears it. */
#ifndef RTCCTL_LIB_RTC_UEVENT_H
#define RTCCTL_LIB_RTC_UEVENT_H

#include <stdbool.h>

#include "lib/rtc/rtc.h"

enum uevent {
	UEVENT_OTHER,
	UEVENT_STEP,	/* the driver has seen the clock jump */
	UEVENT_GONE,	/* the clock is no more */
};

/** uevent_listen() - Return: a socket that does not block; -errno. */
int uevent_listen(void);

/**
 * uevent_take() - The next message, as far as it is about this clock.
 *
 * Return: 0; -EAGAIN where none has come; -ENOBUFS where some were lost; -errno.
 */
int uevent_take(int fd, const struct rtc *rtc, enum uevent *event);

#endif
