/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who has a device open. */
#ifndef RTCCTL_LIB_RTC_HOLDERS_H
#define RTCCTL_LIB_RTC_HOLDERS_H

#include <stddef.h>
#include <sys/types.h>

struct holder {
	pid_t pid;
	char comm[64];
};

/**
 * holders_find() - Processes that hold a character device open.
 * @device: path of the device node
 * @list: filled in
 * @max: room in @list
 * @hidden: set to the number of processes whose files may not be looked at
 *
 * Return: how many were found, @max at most, or -errno.
 */
int holders_find(const char *device, struct holder *list, size_t max, size_t *hidden);

#endif
