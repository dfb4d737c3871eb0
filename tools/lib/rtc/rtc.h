/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An RTC device: /dev/rtcN, its ioctls and its place in sysfs. */
#ifndef RTCCTL_LIB_RTC_RTC_H
#define RTCCTL_LIB_RTC_RTC_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/rtc.h>

#include "lib/time/timescale.h"

struct root_path;

struct rtc {
	int fd;
	bool isa;			/* by the ports, without a device */
	dev_t rdev;
	char path[PATH_MAX];
	char node[NAME_MAX + 1];	/* "rtc0"; empty where sysfs does not know the device */
	char name[64];			/* as in sysfs, "rtc_cmos 00:03"; or empty */
	char driver[64];		/* the first word of name */
};

/* The first word of the name of a clock that knows its phase: of the driver beside these tools. */
#define RTC_OURS	"rtc-mc146818"

/* Tried in this order where no device is named. The last entry is NULL. */
extern const char *const rtc_default_paths[];

/** rtc_name_path() - The device node of a clock that is called rtcN or by the node's path. */
void rtc_name_path(const char *name, char *path, size_t size);

/** rtc_link_path() - The same, and by its own name where that is a link to /dev/rtcN. */
void rtc_link_path(const char *name, char *path, size_t size);

/**
 * rtc_open() - Open a clock once.
 * @rtc: filled in
 * @path: device node, or its name without /dev/
 *
 * Return: 0; -EISDIR or -ENOTTY where @path is no clock; -EBUSY where another
 * process has it open; else -errno from open().
 */
int rtc_open(struct rtc *rtc, const char *path);
void rtc_close(struct rtc *rtc);

/** rtc_open_isa() - The PC's clock by its ports, as isa_open(). */
int rtc_open_isa(struct rtc *rtc);

/** rtc_describe() - What sysfs tells of rtc@number, without opening it: its fd is -1. */
void rtc_describe(struct rtc *rtc, int number);

/**
 * rtc_read_s() - RTC_RD_TIME, in seconds.
 *
 * Return: 0; -EINVAL where the clock holds no date; -ERANGE for one from 2262 on; -errno.
 */
int rtc_read_s(const struct rtc *rtc, int64_t *rtc_s);

/**
 * rtc_glance_s() - The same by sysfs, from a clock that need not be open.
 *
 * Return: 0; -ENODEV where it is gone; -errno.
 */
int rtc_glance_s(const struct rtc *rtc, int64_t *rtc_s);

/** rtc_holds() - Whether the kernel would let the clock be set to that; true if not told. */
bool rtc_holds(const struct rtc *rtc, int64_t rtc_s);

/** rtc_set() - RTC_SET_TIME, and nothing else that takes time. */
int rtc_set(const struct rtc *rtc, const struct rtc_time *fields);

/** rtc_update_interrupt() - RTC_UIE_ON, RTC_UIE_OFF. */
int rtc_update_interrupt(const struct rtc *rtc, bool on);

int rtc_read_alarm(const struct rtc *rtc, struct rtc_wkalrm *alarm);
int rtc_set_alarm(const struct rtc *rtc, const struct rtc_wkalrm *alarm);
/** rtc_alarm_interrupt() - RTC_AIE_ON, RTC_AIE_OFF. */
int rtc_alarm_interrupt(const struct rtc *rtc, bool on);

int rtc_read_voltage(const struct rtc *rtc, unsigned int *flags);
int rtc_clear_voltage(const struct rtc *rtc);

/** rtc_set_delay_ns() - How far into second T the clock is when RTC_SET_TIME(T) returns. */
int64_t rtc_set_delay_ns(const struct rtc *rtc);

/** rtc_attribute() - The path of /sys/class/rtc/rtcN/@name. */
const char *rtc_attribute(const struct rtc *rtc, struct root_path *path, const char *name);

#endif
