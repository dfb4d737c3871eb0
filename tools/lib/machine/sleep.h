/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system's sleep states, by /sys/power/state. */
#ifndef RTCCTL_LIB_MACHINE_SLEEP_H
#define RTCCTL_LIB_MACHINE_SLEEP_H

#include <stdbool.h>

#define SLEEP_PATH	"/sys/power/state"

/* What the kernel offers, in its order; none where it cannot sleep. */
struct sleep_states {
	int count;
	char name[8][32];
};

/** sleep_find() - Ask what there is; without sysfs or suspend that is nothing. */
void sleep_find(struct sleep_states *states);

bool sleep_offers(const struct sleep_states *states, const char *name);

/** sleep_usual() - The state that is meant where none is named; NULL: there is none. */
const char *sleep_usual(const struct sleep_states *states);

/** sleep_enter() - Write what is in memory to disk, and sleep. Return: 0 after waking; -errno. */
int sleep_enter(const char *name);

#endif
