// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/attribute.h"
#include "lib/base/file-content.h"
#include "lib/base/savefile.h"
#include "lib/boot/backup.h"

#define STATE	BACKUP_DIR "/state"
#define MADE	BACKUP_DIR "/directories"	/* that were not there, one a line */

static const char *const states[] = {
	[BACKUP_BEGUN] = "begun",
	[BACKUP_DONE] = "done",
	[BACKUP_ENDING] = "ending",
};

static const char *beside(const struct backup_file *file, const char *what, char *path)
{
	snprintf(path, PATH_MAX, BACKUP_DIR "/%s.%s", file->key, what);
	return path;
}

enum backup_state backup_state(void)
{
	char line[32];
	int err;

	err = attribute_read(line, sizeof(line), STATE);
	if (err)
		return err == -ENOENT || err == -ENOTDIR ? BACKUP_NONE : BACKUP_BEGUN;
	for (enum backup_state state = BACKUP_BEGUN; state <= BACKUP_ENDING; state++)
		if (!strcmp(line, states[state]))
			return state;
	return BACKUP_BEGUN;
}

static int note_made(const char *dir)
{
	struct file_content old = {};
	char *text;
	int err;

	file_content_load(&old, MADE);
	if (asprintf(&text, "%s%s\n", old.bytes ? old.bytes : "", dir) < 0)
		text = NULL;
	file_content_free(&old);
	if (!text)
		return -ENOMEM;
	err = savefile_write(MADE, text);
	free(text);
	return err;
}

/* All directories above the file. */
static int make_above(const char *path, bool note)
{
	char dir[PATH_MAX], *slash;
	int err = 0;

	snprintf(dir, sizeof(dir), "%s", path);
	for (slash = strchr(dir + 1, '/'); slash && !err; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (access(dir, F_OK)) {
			err = note ? note_made(dir) : 0;
			if (!err && mkdir(dir, 0755) < 0 && errno != EEXIST)
				err = -errno;
		}
		*slash = '/';
	}
	return err;
}

int backup_set(enum backup_state state)
{
	char line[32];

	snprintf(line, sizeof(line), "%s\n", states[state]);
	return savefile_write(STATE, line);
}

/* Who had the lock may have removed it. */
static int lock_directory(int fd)
{
	struct stat locked, there;

	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	if (fstat(fd, &locked) < 0 || stat(BACKUP_DIR, &there) < 0)
		return errno == ENOENT ? -EBUSY : -errno;
	return locked.st_ino == there.st_ino ? 0 : -EBUSY;
}

int backup_lock(void)
{
	int fd, err;

	err = make_above(STATE, false);
	if (err)
		return err;
	fd = open(BACKUP_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* The descriptor stays open with the lock. */
	err = lock_directory(fd);
	if (err)
		close(fd);
	return err;
}

static int check_place(const char *path, struct stat *st)
{
	st->st_mode = 0;
	if (lstat(path, st) < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	if (S_ISLNK(st->st_mode))
		return -ELOOP;
	return S_ISREG(st->st_mode) ? 0 : -EINVAL;
}

/* With its mode. */
static int keep_old(const struct backup_file *file, mode_t mode)
{
	char path[PATH_MAX];
	struct file_content old;
	int err;

	err = file_content_load(&old, file->path);
	if (err)
		return err;
	err = strlen(old.bytes) == old.size ? savefile_write(beside(file, "old", path), old.bytes) :
					      -EINVAL;
	if (!err && chmod(path, mode & 07777) < 0)
		err = -errno;
	file_content_free(&old);
	return err;
}

int backup_put(const struct backup_file *file, const char *text)
{
	char path[PATH_MAX];
	struct stat st;
	int err;

	err = check_place(file->path, &st);
	if (!err && st.st_mode)
		err = keep_old(file, st.st_mode);
	if (!err)
		err = savefile_write(beside(file, "new", path), text);
	if (!err)
		err = make_above(file->path, true);
	if (!err)
		err = savefile_write(file->path, text);
	if (!err && chmod(file->path, file->mode) < 0)
		err = -errno;
	return err;
}

/* Two files, where that they are both missing is as good as that they are equal. */
static bool same(const char *a, const char *b)
{
	struct file_content one = {}, two = {};
	int err_one = file_content_load(&one, a), err_two = file_content_load(&two, b);
	bool is;

	is = err_one || err_two ? err_one == err_two : file_content_is(&one, &two);
	file_content_free(&one);
	file_content_free(&two);
	return is;
}

enum backup_now backup_now(const struct backup_file *file)
{
	char old[PATH_MAX], new[PATH_MAX];
	struct stat st;

	if (access(beside(file, "new", new), F_OK))
		return BACKUP_ABSENT;
	if (check_place(file->path, &st))
		return BACKUP_CHANGED;
	if (same(file->path, new))
		return BACKUP_OURS;
	return same(file->path, beside(file, "old", old)) ? BACKUP_BEFORE : BACKUP_CHANGED;
}

bool backup_kept(const struct backup_file *file, char *path)
{
	return !access(beside(file, "old", path), F_OK);
}

static int put_back(const struct backup_file *file)
{
	struct file_content old;
	char path[PATH_MAX];
	struct stat st;
	int err;

	if (!backup_kept(file, path))
		return unlink(file->path) < 0 && errno != ENOENT ? -errno : 0;
	if (stat(path, &st) < 0)
		return -errno;
	err = file_content_load(&old, path);
	if (err)
		return err;
	err = savefile_write(file->path, old.bytes);
	if (!err && chmod(file->path, st.st_mode & 07777) < 0)
		err = -errno;
	file_content_free(&old);
	return err;
}

int backup_restore(const struct backup_file *file)
{
	char path[PATH_MAX];
	int err = 0;

	switch (backup_now(file)) {
	case BACKUP_ABSENT:
	case BACKUP_BEFORE:
		break;
	case BACKUP_CHANGED:
		return -ESTALE;
	case BACKUP_OURS:
		err = put_back(file);
		break;
	}
	if (err)
		return err;
	unlink(beside(file, "new", path));
	unlink(beside(file, "old", path));
	return 0;
}

/* Those that others have put something into stay. */
static void remove_made(void)
{
	struct file_content made;
	char *end;

	if (file_content_load(&made, MADE))
		return;
	while (made.size && (end = strrchr(made.bytes, '\n'))) {
		*end = '\0';
		end = strrchr(made.bytes, '\n');
		rmdir(end ? end + 1 : made.bytes);
	}
	file_content_free(&made);
	unlink(MADE);
}

/* What a crash left of files that were being saved. */
static void remove_rest(void)
{
	struct dirent *entry;
	DIR *dir = opendir(BACKUP_DIR);

	while (dir && (entry = readdir(dir)))
		if (entry->d_type == DT_REG)
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

int backup_end(void)
{
	remove_made();
	if (unlink(STATE) < 0 && errno != ENOENT)
		return -errno;
	remove_rest();
	if (rmdir(BACKUP_DIR) < 0 && errno != ENOENT)
		return -errno;
	rmdir("/var/lib/rtc-mc146818");
	return 0;
}
