/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came of booting a kernel with the driver: a copy of the module that had the clock then,
 * and a note where there was no clock. A note counts for the module that is installed now: with
 * another one that kernel may be booted so again.
 */
#ifndef RTCCTL_LIB_BOOT_TRIAL_H
#define RTCCTL_LIB_BOOT_TRIAL_H

#include <limits.h>
#include <stdbool.h>

#include "lib/boot/module.h"

#define TRIAL_DIR	"/var/lib/rtc-mc146818/boots"

/** trial_copy() - Where the copy for @kernel is. Return: whether there is one. */
bool trial_copy(char path[PATH_MAX], const char *kernel);

/**
 * trial_succeeded() - The running @kernel has a clock by the loaded module: keep a copy of that.
 *
 * Takes nothing where there is one already, or where another version is installed by now.
 * Return: 0 or -errno.
 */
int trial_succeeded(const char *kernel);

/** trial_fail() - Note that @kernel had no clock. Return: 0 or -errno. */
int trial_fail(const char *kernel);

/** trial_failed() - Whether that is noted, with the module that is installed for @kernel. */
bool trial_failed(const char *kernel);

/** trial_again() - Forget the notes of failures. */
void trial_again(void);

/** trial_end() - Remove all that is kept. */
void trial_end(void);

#endif
