/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One-line files of sysfs, procfs and debugfs. */
#ifndef RTCCTL_LIB_BASE_ATTRIBUTE_H
#define RTCCTL_LIB_BASE_ATTRIBUTE_H

#include <stddef.h>
#include <stdint.h>

/** attribute_clean() - In place of what neither a terminal nor JSON shall get, "?". */
void attribute_clean(char *text);

/** attribute_read() - The first line of the file @path names, without its newline, or -errno. */
int attribute_read(char *value, size_t size, const char *path);

/** attribute_read_s64() - The decimal number in the file @path names, or -errno. */
int attribute_read_s64(int64_t *value, const char *path);

#endif
