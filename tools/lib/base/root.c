// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/root.h"

const char *root_path(struct root_path *path, const char *fmt, ...)
{
	const char *root = secure_getenv("RTCCTL_ROOT");
	va_list ap;
	int len;

	len = snprintf(path->name, sizeof(path->name), "%s", root ? root : "");
	if (len >= (int)sizeof(path->name))
		return path->name;
	va_start(ap, fmt);
	vsnprintf(path->name + len, sizeof(path->name) - len, fmt, ap);
	va_end(ap);
	return path->name;
}
