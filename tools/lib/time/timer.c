// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "lib/time/clock.h"
#include "lib/time/timer.h"

int timer_open(void)
{
	int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

int timer_at(int fd, int64_t real_ns)
{
	const struct itimerspec at = { .it_value = clock_timespec(real_ns) };

	return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &at, NULL) < 0 ?
	       -errno : 0;
}

int timer_take(int fd)
{
	uint64_t count;

	return read(fd, &count, sizeof(count)) < 0 ? -errno : 0;
}
