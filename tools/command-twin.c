// SPDX-License-Identifier: GPL-2.0
/*
 * rtcctl itself is linked statically, because loading libraries takes longer than
 * asking the clock. What needs libraries that are only shared is its twin's,
 * which is run in its place.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "command.h"
#include "report.h"

#define TWIN		"rtcctl-full"
#define TWIN_INSTALLED	LIBEXECDIR "/" TWIN

/* The twin beside this program. */
static int find_beside(char *path, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", path, size - 1);
	char *name;

	if (len < 0)
		return -errno;
	path[len] = '\0';
	name = strrchr(path, '/') + 1;
	if (name + sizeof(TWIN) > path + size)
		return -ENAMETOOLONG;
	strcpy(name, TWIN);
	return access(path, X_OK) < 0 ? -errno : 0;
}

/*
 * Nothing that the caller chooses says where it is. A link to a set-user-ID
 * program may stand anywhere, and so may what is beside it.
 */
int command_rest(int argc, char **argv)
{
	char path[PATH_MAX];

	(void)argc;
	if (getauxval(AT_SECURE) || find_beside(path, sizeof(path)))
		strcpy(path, TWIN_INSTALLED);
	execv(path, argv);
	report_error(-errno, "cannot run %s, which does the rest of rtcctl", path);
	return EXIT_FAILURE;
}
