// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "savefile.h"

/* The new file is made beside the old one. */
static int make_temp(const char *path, char *temp, size_t size)
{
	int fd;

	if (snprintf(temp, size, "%s.XXXXXX", path) >= (int)size)
		return -ENAMETOOLONG;
	fd = mkostemp(temp, O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int check_target(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	return access(path, W_OK) < 0 ? -errno : 0;
}

int savefile_check(const char *path)
{
	char temp[PATH_MAX];
	int fd, err;

	err = check_target(path);
	if (err)
		return err;
	/* What access() says of a directory is not the whole truth: try. */
	fd = make_temp(path, temp, sizeof(temp));
	if (fd < 0)
		return fd;
	close(fd);
	return unlink(temp) < 0 ? -errno : 0;
}

static int keep_owner_and_mode(int fd, const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT && !fchmod(fd, 0644) ? 0 : -errno;
	if (!S_ISREG(st.st_mode))
		return -ELOOP;
	if (fchown(fd, st.st_uid, st.st_gid) < 0 || fchmod(fd, st.st_mode & 07777) < 0)
		return -errno;
	return 0;
}

static int fill(int fd, const char *text)
{
	size_t left = strlen(text);
	ssize_t n;

	while (left) {
		n = write(fd, text, left);
		if (n < 0)
			return -errno;
		text += n;
		left -= n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

static void sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];
	int fd;

	if (slash)
		snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path) + 1, path);
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

int savefile_write(const char *path, const char *text)
{
	char temp[PATH_MAX];
	int fd, err;

	fd = make_temp(path, temp, sizeof(temp));
	if (fd < 0)
		return fd;
	err = keep_owner_and_mode(fd, path);
	if (!err)
		err = fill(fd, text);
	if (close(fd) < 0 && !err)
		err = -errno;
	if (!err && rename(temp, path) < 0)
		err = -errno;
	if (err)
		unlink(temp);
	else
		sync_directory(path);
	return err;
}
