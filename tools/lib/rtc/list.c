// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/root.h"
#include "lib/rtc/list.h"

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int rtc_list_load(struct rtc_list *rtcs)
{
	struct root_path path;
	struct dirent *entry;
	DIR *dir;
	int n;

	memset(rtcs, 0, sizeof(*rtcs));
	dir = opendir(root_path(&path, "/sys/class/rtc"));
	if (!dir)
		return -errno;
	while (rtcs->count < RTC_LIST_MAX && (entry = readdir(dir)))
		if (sscanf(entry->d_name, "rtc%d", &n) == 1)
			rtcs->numbers[rtcs->count++] = n;
	closedir(dir);
	qsort(rtcs->numbers, rtcs->count, sizeof(rtcs->numbers[0]), by_number);
	return 0;
}
