/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Other programs: of the system's own directories, with an environment of their own, and
 * without a shell between.
 */
#ifndef RTCCTL_LIB_BASE_PROGRAM_H
#define RTCCTL_LIB_BASE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/file-content.h"

/** program_find() - @name in the system's directories. Return: whether it is there. */
bool program_find(const char *name, char *path, size_t size);

/**
 * program_run() - Run it, with what it prints on standard error.
 * @argv: its path first, ended by NULL
 *
 * Return: its exit status; 128 and the signal that ended it; -errno.
 */
int program_run(char *const *argv);

/** program_capture() - The same, with its standard output in @output, to be freed. */
int program_capture(char *const *argv, struct file_content *output);

#endif
