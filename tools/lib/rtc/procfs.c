// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "lib/base/root.h"
#include "lib/rtc/procfs.h"

bool procfs_says(const struct rtc *rtc, const char *key, const char *value)
{
	struct root_path path;
	char line[128], *text;
	bool found = false;
	FILE *file;

	if (strcmp(rtc->node, "rtc0"))
		return false;
	file = fopen(root_path(&path, "/proc/driver/rtc"), "re");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		text = strchr(line, ':');
		found = text && !strncmp(line, key, strlen(key)) && strstr(text, value);
	}
	fclose(file);
	return found;
}
