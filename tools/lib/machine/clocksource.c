// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/machine/clocksource.h"

static int read_file(const char *name, char *text, size_t size)
{
	struct root_path path;

	return attribute_read(text, size, root_path(&path, CLOCKSOURCE_DIR "/%s", name));
}

static void take_word(const char **s, char *word, size_t size)
{
	size_t len = strcspn(*s, " \n");

	snprintf(word, size, "%.*s", (int)len, *s);
	*s += len;
	*s += strspn(*s, " \n");
}

void clocksource_parse(const char *available, const char *current, struct clocksource *cs)
{
	memset(cs, 0, sizeof(*cs));
	take_word(&current, cs->current, sizeof(cs->current));
	while (*available && cs->count < CLOCKSOURCE_MAX)
		take_word(&available, cs->names[cs->count++], sizeof(cs->names[0]));
}

int clocksource_load(struct clocksource *cs)
{
	char available[512], current[64];
	int err;

	memset(cs, 0, sizeof(*cs));
	err = read_file("available_clocksource", available, sizeof(available));
	if (!err)
		err = read_file("current_clocksource", current, sizeof(current));
	if (!err)
		clocksource_parse(available, current, cs);
	return err;
}

bool clocksource_offers(const struct clocksource *cs, const char *name)
{
	for (int i = 0; i < cs->count; i++)
		if (!strcmp(cs->names[i], name))
			return true;
	return false;
}

static int write_current(const char *name)
{
	struct root_path path;
	int fd, err = 0;

	root_path(&path, CLOCKSOURCE_DIR "/current_clocksource");
	fd = open(path.name, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, name, strlen(name)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int clocksource_use(const char *name)
{
	struct clocksource cs;
	int err;

	err = clocksource_load(&cs);
	if (!err && !clocksource_offers(&cs, name))
		err = -ENODEV;
	if (err || !strcmp(cs.current, name))
		return err;
	err = write_current(name);
	if (!err)
		err = clocksource_load(&cs);
	/* The kernel takes any name and says only in its log that it does not use it. */
	if (!err && strcmp(cs.current, name))
		err = -EOPNOTSUPP;
	return err;
}

/* The lock goes with the process that has it, so that a note without one is a dead one's. */
static int lock(int fd)
{
	struct stat st;

	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	/* Its owner has dropped it since it was opened. */
	return fstat(fd, &st) < 0 || !st.st_nlink ? -EBUSY : 0;
}

static int open_note(int flags)
{
	struct root_path path;
	int fd, err;

	root_path(&path, CLOCKSOURCE_NOTE);
	fd = open(path.name, flags | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	err = lock(fd);
	if (err)
		close(fd);
	return err ? err : fd;
}

static int fill_note(int fd, const char *name)
{
	size_t len = strlen(name);

	if (ftruncate(fd, 0) < 0)
		return -errno;
	if (pwrite(fd, name, len, 0) != (ssize_t)len)
		return -EIO;
	return 0;
}

static int read_note(int fd, char *name)
{
	ssize_t len = pread(fd, name, CLOCKSOURCE_NAME_SIZE - 1, 0);

	if (len < 0)
		return -errno;
	name[len] = '\0';
	return 0;
}

static void drop_note(int fd)
{
	struct root_path path;

	unlink(root_path(&path, CLOCKSOURCE_NOTE));
	close(fd);
}

int clocksource_hold(struct clocksource_hold *hold)
{
	struct clocksource cs;
	int err;

	err = clocksource_load(&cs);
	if (err)
		return err;
	hold->fd = open_note(O_RDWR | O_CREAT);
	if (hold->fd < 0)
		return hold->fd;
	/* A name that stands there already is what a killed process would have put back. */
	err = read_note(hold->fd, hold->first);
	if (!err && !*hold->first) {
		memcpy(hold->first, cs.current, sizeof(hold->first));
		err = fill_note(hold->fd, hold->first);
	}
	if (err)
		drop_note(hold->fd);
	return err;
}

int clocksource_release(struct clocksource_hold *hold)
{
	int err = clocksource_use(hold->first);

	/* What could not be put back stays noted. */
	if (err)
		close(hold->fd);
	else
		drop_note(hold->fd);
	return err;
}

int clocksource_repair(char *name)
{
	int fd, err;

	fd = open_note(O_RDONLY);
	if (fd < 0)
		return fd == -ENOENT || fd == -EBUSY ? 0 : fd;
	err = read_note(fd, name);
	/* It was killed before it could write the name: nothing was changed then. */
	if (!err && !*name) {
		drop_note(fd);
		return 0;
	}
	if (!err)
		err = clocksource_use(name);
	if (err) {
		close(fd);
		return err;
	}
	drop_note(fd);
	return 1;
}
