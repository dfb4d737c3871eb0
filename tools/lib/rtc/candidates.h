/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which clock is meant where none is named. */
#ifndef RTCCTL_LIB_RTC_CANDIDATES_H
#define RTCCTL_LIB_RTC_CANDIDATES_H

#include <stdbool.h>

#include "lib/rtc/list.h"

#define CANDIDATE_PATH_SIZE	32

/* Device nodes, in the order in which they are to be tried: the first one that is there. */
struct candidates {
	int count;
	char paths[RTC_LIST_MAX + 4][CANDIDATE_PATH_SIZE];
	int clocks;	/* that sysfs knows */
};

/**
 * candidates_best() - The clock that tells most.
 * @candidates: filled in
 * @waking: one that can wake the system goes before
 *
 * One that knows its phase, though not an emulated one; else /dev/rtc; else the one that
 * the kernel has set the system's time from; else the first one.
 */
void candidates_best(struct candidates *candidates, bool waking);

/** candidates_only() - Whether there is one clock, and which: @path of CANDIDATE_PATH_SIZE. */
bool candidates_only(char *path);

/**
 * candidates_usual() - The one that other programs take.
 *
 * By the usual names of the device node; else the only one there is.
 */
void candidates_usual(struct candidates *candidates);

#endif
