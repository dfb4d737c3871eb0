/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which clock is meant where none is named. */
#ifndef RTCCTL_LIB_RTC_CHOICE_H
#define RTCCTL_LIB_RTC_CHOICE_H

#include <stdbool.h>

#include "lib/rtc/list.h"

#define CHOICE_PATH_SIZE	32

/* Device nodes, in the order in which they are to be tried: the first one that is there. */
struct choice {
	int count;
	char paths[RTC_LIST_MAX + 4][CHOICE_PATH_SIZE];
	int clocks;	/* that sysfs knows */
};

/**
 * choice_best() - The clock that tells most.
 * @choice: filled in
 * @waking: one that can wake the system goes before
 *
 * One that knows its phase, though not an emulated one; else /dev/rtc; else the one that
 * the kernel has set the system's time from; else the first one.
 */
void choice_best(struct choice *choice, bool waking);

/** choice_only() - Whether there is one clock, and which: @path of CHOICE_PATH_SIZE. */
bool choice_only(char *path);

/**
 * choice_usual() - The one that other programs take.
 *
 * By the usual names of the device node; else the only one there is.
 */
void choice_usual(struct choice *choice);

#endif
