// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/file-content.h"
#include "lib/base/program.h"
#include "lib/boot/initramfs.h"
#include "lib/boot/module.h"

#define SEEN_MAX	32

static const char *const paths[] = {
	"/boot/initrd.img-%s", "/boot/initramfs-%s.img", "/boot/initrd-%s",
};

static struct seen {
	char path[PATH_MAX];
	char kernel[NAME_MAX + 1];
	int has;
} seen[SEEN_MAX];
static int seen_count;

enum initramfs_maker initramfs_maker(void)
{
	char path[PATH_MAX];

	if (program_find("update-initramfs", path, sizeof(path)))
		return INITRAMFS_TOOLS;
	return program_find("dracut", path, sizeof(path)) ? INITRAMFS_DRACUT : INITRAMFS_NONE;
}

bool initramfs_path(const char *kernel, char *path, size_t size)
{
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		snprintf(path, size, paths[i], kernel);
		if (!access(path, F_OK))
			return true;
	}
	return false;
}

static bool lists(const char *text, const char *kernel)
{
	char dir[NAME_MAX + sizeof("/modules//")];
	size_t len;

	snprintf(dir, sizeof(dir), "/modules/%s/", kernel);
	for (const char *line = text; *line; line += len + !!line[len]) {
		len = strcspn(line, "\n");
		if (memmem(line, len, dir, strlen(dir)) &&
		    memmem(line, len, "/" MODULE_NAME ".ko", sizeof(MODULE_NAME ".ko")))
			return true;
	}
	return false;
}

static int look(const char *path, const char *kernel)
{
	char program[PATH_MAX], file[PATH_MAX];
	char *argv[] = { program, file, NULL };
	struct file_content list;
	int status;
	bool has;

	if (access(path, R_OK))
		return -errno;
	snprintf(file, sizeof(file), "%s", path);
	if (!program_find("lsinitramfs", program, sizeof(program)) &&
	    !program_find("lsinitrd", program, sizeof(program)))
		return -ENOPKG;
	status = program_capture(argv, &list);
	if (status < 0)
		return status;
	has = lists(list.bytes, kernel);
	file_content_free(&list);
	/* What was cut off may end in the module. */
	return status ? -EIO : has;
}

int initramfs_has(const char *path, const char *kernel)
{
	struct seen *one;
	int has;

	for (int i = 0; i < seen_count; i++)
		if (!strcmp(seen[i].path, path) && !strcmp(seen[i].kernel, kernel))
			return seen[i].has;
	has = look(path, kernel);
	if (seen_count == SEEN_MAX)
		return has;
	one = &seen[seen_count++];
	snprintf(one->path, sizeof(one->path), "%s", path);
	snprintf(one->kernel, sizeof(one->kernel), "%s", kernel);
	one->has = has;
	return has;
}

void initramfs_changed(void)
{
	seen_count = 0;
}
