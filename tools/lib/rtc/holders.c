// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/holders.h"

/* The directory may be unreadable, which errno then says. */
static bool holds(pid_t pid, dev_t rdev)
{
	struct root_path path;
	struct dirent *entry;
	bool found = false;
	struct stat st;
	DIR *dir;

	dir = opendir(root_path(&path, "/proc/%d/fd", pid));
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		root_path(&path, "/proc/%d/fd/%s", pid, entry->d_name);
		found = !stat(path.name, &st) && S_ISCHR(st.st_mode) && st.st_rdev == rdev;
	}
	closedir(dir);
	errno = 0;
	return found;
}

static void describe(struct holder *holder, pid_t pid)
{
	struct root_path path;

	holder->pid = pid;
	if (attribute_read(holder->comm, sizeof(holder->comm),
			   root_path(&path, "/proc/%d/comm", pid)))
		snprintf(holder->comm, sizeof(holder->comm), "?");
}

int holders_find(const char *device, struct holder *list, size_t max, size_t *hidden)
{
	struct root_path path;
	struct dirent *entry;
	struct stat st;
	size_t count = 0;
	DIR *proc;
	pid_t pid;

	*hidden = 0;
	if (stat(device, &st) < 0)
		return -errno;
	proc = opendir(root_path(&path, "/proc"));
	if (!proc)
		return -errno;

	while (count < max && (entry = readdir(proc))) {
		pid = atoi(entry->d_name);
		/* What this process inherited is its parent's. */
		if (pid <= 0 || pid == getpid())
			continue;
		if (holds(pid, st.st_rdev))
			describe(&list[count++], pid);
		else if (errno == EACCES)
			(*hidden)++;
	}
	closedir(proc);
	return count;
}
