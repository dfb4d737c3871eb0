/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One at a time may read a file, think, and replace it.
 *
 * The lock is on a file of its own, ".NAME.lock" beside the file: the file itself
 * changes with each replacing, and everybody may read it, and so lock it. It is
 * gone when it is let go, and a process that dies lets it go.
 */
#ifndef RTCCTL_LOCKFILE_H
#define RTCCTL_LOCKFILE_H

#include <limits.h>
#include <stdbool.h>

struct lockfile {
	bool held;
	int fd;
	char path[PATH_MAX];
};

/**
 * lockfile_take() - Wait until nobody else has the lock of the file @path.
 * @lock: filled in; nothing is done where it is held already
 * @path: the file to be replaced, which need not exist
 *
 * Return: 0; -EBUSY where somebody has it for half a minute; -errno.
 */
int lockfile_take(struct lockfile *lock, const char *path);

/** lockfile_release() - Let it go, where it is held. */
void lockfile_release(struct lockfile *lock);

#endif
