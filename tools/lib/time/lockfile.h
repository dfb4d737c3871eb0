/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One at a time may look at a clock, think, set it, and note that.
 *
 * There is one lock for all clocks, as they share the adjtime file. Its file stays: /run
 * is empty with each boot, and a process that dies lets the lock go.
 */
#ifndef RTCCTL_LIB_TIME_LOCKFILE_H
#define RTCCTL_LIB_TIME_LOCKFILE_H

#include <stdbool.h>

#define LOCKFILE_PATH	"/run/rtcctl.lock"

struct lockfile {
	bool held;
	int fd;
};

/**
 * lockfile_take() - Wait until nobody else has the lock.
 * @lock: filled in; nothing is done where it is held already
 *
 * Where /run takes no files the lock is not held afterwards.
 *
 * Return: 0; -EBUSY where somebody has it for half a minute; -errno.
 */
int lockfile_take(struct lockfile *lock);

/** lockfile_release() - Let it go, where it is held. */
void lockfile_release(struct lockfile *lock);

#endif
