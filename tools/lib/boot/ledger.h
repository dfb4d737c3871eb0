/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the system that were changed, with what they were before, so that all of it can be
 * taken back to the byte.
 *
 * It stands in a directory below /var/lib: before a file is changed, what it was and what it
 * will be is there. A crash between leaves nothing that cannot be taken back.
 */
#ifndef RTCCTL_LIB_BOOT_LEDGER_H
#define RTCCTL_LIB_BOOT_LEDGER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#define LEDGER_DIR	"/var/lib/rtc-mc146818/driver"

struct ledger_file {
	const char *key;	/* its name in the ledger */
	const char *path;
	mode_t mode;
};

enum ledger_state {
	LEDGER_NONE,
	LEDGER_BEGUN,		/* not all that is wanted was done */
	LEDGER_DONE,
	LEDGER_ENDING,		/* not all was taken back */
};

enum ledger_now {
	LEDGER_ABSENT,		/* the file is not in the ledger */
	LEDGER_OURS,		/* it is as it was written */
	LEDGER_BEFORE,		/* it is as it was before */
	LEDGER_CHANGED,		/* somebody else changed it since */
};

enum ledger_state ledger_state(void);

/**
 * ledger_lock() - For as long as the program runs; makes the ledger where there is none.
 *
 * The state is to be looked at again then. Return: 0; -EBUSY; -errno.
 */
int ledger_lock(void);

/** ledger_set() - Save the state. Return: 0 or -errno. */
int ledger_set(enum ledger_state state);

/**
 * ledger_put() - Write a file, and the directories above it.
 *
 * Return: 0; -ELOOP where it is a symbolic link; -EINVAL where it is no text; -errno.
 */
int ledger_put(const struct ledger_file *file, const char *text);

enum ledger_now ledger_now(const struct ledger_file *file);

/** ledger_restore() - As it was before. Return: 0; -ESTALE where somebody changed it; -errno. */
int ledger_restore(const struct ledger_file *file);

/** ledger_kept() - Where what was before is kept. Return: whether there is something. */
bool ledger_kept(const struct ledger_file *file, char *path);

/** ledger_end() - Nothing is left to take back: remove it. Return: 0 or -errno. */
int ledger_end(void);

#endif
