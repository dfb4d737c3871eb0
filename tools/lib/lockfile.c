// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "lockfile.h"

/* Setting a clock in steps takes ten seconds at most. */
#define LIMIT_NS	(30 * NSEC_PER_SEC)
#define STEP_NS		(20 * NSEC_PER_MSEC)

static int name_lock(struct lockfile *lock, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return snprintf(lock->path, sizeof(lock->path), "%.*s.%s.lock", (int)(name - path), path,
			name) < (int)sizeof(lock->path) ? 0 : -ENAMETOOLONG;
}

/* Who had the lock before has removed its file by now: then it is another one. */
static bool same_file(const struct lockfile *lock)
{
	struct stat ours, there;

	return !fstat(lock->fd, &ours) && !lstat(lock->path, &there) &&
	       ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

/* Return: 0; -EWOULDBLOCK where another one has it; -errno. */
static int try(struct lockfile *lock)
{
	int err = 0;

	lock->fd = open(lock->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (lock->fd < 0)
		return -errno;
	if (flock(lock->fd, LOCK_EX | LOCK_NB) < 0)
		err = -errno;
	else if (!same_file(lock))
		err = -EWOULDBLOCK;
	if (err)
		close(lock->fd);
	return err;
}

int lockfile_take(struct lockfile *lock, const char *path)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC) + LIMIT_NS;
	int64_t now_ns;
	int err;

	if (lock->held)
		return 0;
	err = name_lock(lock, path);
	if (err)
		return err;
	while ((err = try(lock)) == -EWOULDBLOCK) {
		now_ns = clock_now_ns(CLOCK_MONOTONIC);
		if (now_ns >= until_ns)
			return -EBUSY;
		clock_sleep_until(CLOCK_MONOTONIC, now_ns + STEP_NS);
	}
	lock->held = !err;
	return err;
}

void lockfile_release(struct lockfile *lock)
{
	if (!lock->held)
		return;
	unlink(lock->path);
	close(lock->fd);
	lock->held = false;
}
