/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the system that were changed, with what they were before, so that all of it can be
 * taken back to the byte.
 *
 * It stands in a directory below /var/lib: before a file is changed, what it was and what it
 * will be is there. A crash between leaves nothing that cannot be taken back.
 */
#ifndef RTCCTL_LIB_BOOT_BACKUP_H
#define RTCCTL_LIB_BOOT_BACKUP_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#define BACKUP_DIR	"/var/lib/rtc-mc146818/driver"

struct backup_file {
	const char *key;	/* its name in the backup */
	const char *path;
	mode_t mode;
};

enum backup_state {
	BACKUP_NONE,
	BACKUP_BEGUN,		/* not all that is wanted was done */
	BACKUP_DONE,
	BACKUP_ENDING,		/* not all was taken back */
};

enum backup_now {
	BACKUP_ABSENT,		/* the file is not in the backup */
	BACKUP_OURS,		/* it is as it was written */
	BACKUP_BEFORE,		/* it is as it was before */
	BACKUP_CHANGED,		/* somebody else changed it since */
};

enum backup_state backup_state(void);

/**
 * backup_lock() - For as long as the program runs; makes the backup where there is none.
 *
 * The state is to be looked at again then. Return: 0; -EBUSY; -errno.
 */
int backup_lock(void);

/** backup_set() - Save the state. Return: 0 or -errno. */
int backup_set(enum backup_state state);

/**
 * backup_put() - Write a file, and the directories above it.
 *
 * Return: 0; -ELOOP where it is a symbolic link; -EINVAL where it is no text; -errno.
 */
int backup_put(const struct backup_file *file, const char *text);

enum backup_now backup_now(const struct backup_file *file);

/** backup_restore() - As it was before. Return: 0; -ESTALE where somebody changed it; -errno. */
int backup_restore(const struct backup_file *file);

/** backup_kept() - Where what was before is kept. Return: whether there is something. */
bool backup_kept(const struct backup_file *file, char *path);

/** backup_end() - Nothing is left to take back: remove it. Return: 0 or -errno. */
int backup_end(void);

#endif
