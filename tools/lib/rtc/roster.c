// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/root.h"
#include "lib/rtc/roster.h"

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int roster_load(struct roster *roster)
{
	struct root_path path;
	struct dirent *entry;
	DIR *dir;
	int n;

	memset(roster, 0, sizeof(*roster));
	dir = opendir(root_path(&path, "/sys/class/rtc"));
	if (!dir)
		return -errno;
	while (roster->count < ROSTER_MAX && (entry = readdir(dir)))
		if (sscanf(entry->d_name, "rtc%d", &n) == 1)
			roster->numbers[roster->count++] = n;
	closedir(dir);
	qsort(roster->numbers, roster->count, sizeof(roster->numbers[0]), by_number);
	return 0;
}
