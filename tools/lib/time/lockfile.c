// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "lib/base/root.h"
#include "lib/time/clock.h"
#include "lib/time/lockfile.h"

/* Setting a clock in steps takes ten seconds at most. */
#define LIMIT_NS	(30 * NSEC_PER_SEC)
#define STEP_NS		(20 * NSEC_PER_MSEC)

/* Nobody else has a place for a lock there either. */
static bool no_place(int err)
{
	return err == ENOENT || err == EROFS || err == EACCES || err == EPERM || err == ENOSPC;
}

int lockfile_take(struct lockfile *lock)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC) + LIMIT_NS;
	struct root_path path;
	int64_t now_ns;
	int fd, err;

	if (lock->held)
		return 0;
	fd = open(root_path(&path, LOCKFILE_PATH), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return no_place(errno) ? 0 : -errno;
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		err = errno;
		now_ns = clock_now_ns(CLOCK_MONOTONIC);
		if (err != EWOULDBLOCK || now_ns >= until_ns) {
			close(fd);
			return err == EWOULDBLOCK ? -EBUSY : -err;
		}
		clock_sleep_until(CLOCK_MONOTONIC, now_ns + STEP_NS);
	}
	lock->fd = fd;
	lock->held = true;
	return 0;
}

void lockfile_release(struct lockfile *lock)
{
	if (!lock->held)
		return;
	close(lock->fd);
	lock->held = false;
}
