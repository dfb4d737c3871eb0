// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/base/savefile.h"

#define BLOCK		4096
#define LINKS_MAX	8
#define NAMES_MAX	4096
#define VALUE_MAX	65536

/* With its slash; the present one where the path names none. */
static void directory_of(const char *path, char *dir, size_t size)
{
	const char *slash = strrchr(path, '/');

	if (slash)
		snprintf(dir, size, "%.*s", (int)(slash - path) + 1, path);
	else
		snprintf(dir, size, "./");
}

/* Nobody but root and this program's user may put a link there. */
static bool trusted_directory(const char *path)
{
	char dir[PATH_MAX];
	struct stat st;

	directory_of(path, dir, sizeof(dir));
	return !stat(dir, &st) && (!st.st_uid || st.st_uid == geteuid()) &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

/* Return: 0, with @path what the link points to; -EINVAL where it is no link. */
static int follow(char *path)
{
	char target[PATH_MAX], next[PATH_MAX];
	ssize_t len;

	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -EINVAL;
	if (!trusted_directory(path))
		return -ELOOP;
	target[len] = '\0';
	directory_of(path, next, sizeof(next));
	if (target[0] == '/')
		next[0] = '\0';
	return snprintf(path, PATH_MAX, "%s%s", next, target) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int follow_all(const char *path, char *file)
{
	int err;

	if (snprintf(file, PATH_MAX, "%s", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	for (int i = 0; i < LINKS_MAX; i++) {
		err = follow(file);
		if (err)
			return err == -EINVAL ? 0 : err;
	}
	return -ELOOP;
}

/* The new file is made beside the old one. */
static int make_temp(const char *path, char *temp, size_t size)
{
	int fd;

	if (snprintf(temp, size, "%s.XXXXXX", path) >= (int)size)
		return -ENAMETOOLONG;
	fd = mkostemp(temp, O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The file itself, which need not exist. */
static int find_file(const char *path, char *file)
{
	struct stat st;
	int err;

	err = follow_all(path, file);
	if (err)
		return err;
	if (lstat(file, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return S_ISREG(st.st_mode) ? 0 : -EINVAL;
}

/* Without a name, so that nobody who watches the directory sees a file come and go. */
static int make_nameless(const char *path)
{
	char dir[PATH_MAX];
	int fd;

	directory_of(path, dir, sizeof(dir));
	fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

/* A file system that is full lets a file be made, and refuses what goes into it. */
static int try_block(int fd)
{
	static const char block[BLOCK];
	ssize_t n = write(fd, block, sizeof(block));

	if (n < 0)
		return -errno;
	return n < (ssize_t)sizeof(block) ? -ENOSPC : 0;
}

static int try_directory(const char *path)
{
	char dir[PATH_MAX];
	int fd, err;

	fd = make_nameless(path);
	if (fd >= 0) {
		err = try_block(fd);
		close(fd);
		return err;
	}
	if (fd != -EOPNOTSUPP && fd != -EISDIR)
		return fd;
	directory_of(path, dir, sizeof(dir));
	return access(dir, W_OK) < 0 ? -errno : 0;
}

static bool no_room(int err)
{
	return err == -ENOSPC || err == -EDQUOT;
}

int savefile_check(const char *path)
{
	char file[PATH_MAX];
	int err;

	err = find_file(path, file);
	if (err)
		return err;
	if (access(file, W_OK) < 0)
		return errno == ENOENT ? try_directory(file) : -errno;
	/* What else hinders a new file may let the old one be written into. */
	err = try_directory(file);
	return no_room(err) ? err : 0;
}

/* What sums up the old content is wrong for the new one. */
static bool kept_attribute(const char *name)
{
	return strcmp(name, "security.ima") && strcmp(name, "security.evm");
}

static int keep_attribute(int to, const char *path, const char *name)
{
	char value[VALUE_MAX];
	ssize_t size;

	size = lgetxattr(path, name, value, sizeof(value));
	if (size < 0)
		return -errno;
	return fsetxattr(to, name, value, size, 0) < 0 ? -errno : 0;
}

/* With these go access lists and the labels of SELinux. */
static int keep_attributes(int to, const char *path)
{
	char names[NAMES_MAX];
	ssize_t size;
	int err = 0;

	size = llistxattr(path, names, sizeof(names));
	if (size < 0)
		return errno == EOPNOTSUPP ? 0 : -errno;
	for (char *name = names; !err && name < names + size; name += strlen(name) + 1)
		if (kept_attribute(name))
			err = keep_attribute(to, path, name);
	return err;
}

static int keep_owner_and_mode(int fd, const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT && !fchmod(fd, 0644) ? 0 : -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (fchown(fd, st.st_uid, st.st_gid) < 0 || fchmod(fd, st.st_mode & 07777) < 0)
		return -errno;
	return keep_attributes(fd, path);
}

static int fill(int fd, const char *bytes, size_t size)
{
	ssize_t n;

	while (size) {
		n = write(fd, bytes, size);
		if (n < 0)
			return -errno;
		bytes += n;
		size -= n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

static void sync_directory(const char *path)
{
	char dir[PATH_MAX];
	int fd;

	directory_of(path, dir, sizeof(dir));
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

static int replace(const char *path, const char *bytes, size_t size)
{
	char temp[PATH_MAX];
	int fd, err;

	fd = make_temp(path, temp, sizeof(temp));
	if (fd < 0)
		return fd;
	err = keep_owner_and_mode(fd, path);
	if (!err)
		err = fill(fd, bytes, size);
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

/* What is behind the new text goes last: a reader stops before it. */
static int write_into(const char *path, const char *bytes, size_t size)
{
	int fd, err;

	fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = fill(fd, bytes, size);
	if (!err && (ftruncate(fd, size) < 0 || fsync(fd) < 0))
		err = -errno;
	if (close(fd) < 0 && !err)
		err = -errno;
	return err;
}

/* A mount of its own, a directory that takes no files, attributes that only its owner may set. */
static bool only_in_place(int err)
{
	return err == -EBUSY || err == -EXDEV || err == -EROFS || err == -EACCES || err == -EPERM ||
	       err == -EOPNOTSUPP;
}

int savefile_write_bytes(const char *path, const char *bytes, size_t size)
{
	char file[PATH_MAX];
	int err;

	err = find_file(path, file);
	if (err)
		return err;
	err = replace(file, bytes, size);
	if (only_in_place(err) && !access(file, W_OK))
		err = write_into(file, bytes, size);
	return err;
}

int savefile_write(const char *path, const char *text)
{
	return savefile_write_bytes(path, text, strlen(text));
}
