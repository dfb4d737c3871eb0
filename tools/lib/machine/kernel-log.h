/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log, as far as it is still there. */
#ifndef RTCCTL_LIB_MACHINE_KERNEL_LOG_H
#define RTCCTL_LIB_MACHINE_KERNEL_LOG_H

#include <stddef.h>

/** kernel_log_read() - All of it; the caller frees. Return: 0; -EPERM; -errno. */
int kernel_log_read(char **text);

/**
 * kernel_log_last() - The last line of @text that holds @phrase, without its prefix.
 *
 * Return: @line, or NULL where no line does.
 */
const char *kernel_log_last(const char *text, const char *phrase, char *line, size_t size);

#endif
