/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of the command watch. */
#ifndef RTCCTL_WATCH_H
#define RTCCTL_WATCH_H

#include <stdbool.h>

#include "options.h"

/* What is shown each second. */
struct watch_view {
	/* @in_place: over what it showed before. Returns 0 or -errno, reported. */
	int (*show)(void *data, const struct options *options, bool in_place);
	void *data;
};

/** watch_begin_all() - All clocks of the machine. Return: 0 or -errno, reported. */
int watch_begin_all(struct watch_view *view);

#endif
