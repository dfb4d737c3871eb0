/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where /sys, /proc and /etc begin. RTCCTL_ROOT moves them for tests and is
 * ignored in a set-user-ID process. /dev is never moved.
 */
#ifndef RTCCTL_LIB_BASE_ROOT_H
#define RTCCTL_LIB_BASE_ROOT_H

#include <limits.h>

struct root_path {
	char name[PATH_MAX];
};

/** root_path() - @fmt as a path below the root; too long a path is cut. */
const char *root_path(struct root_path *path, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
