// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "lib/time/clock.h"
#include "lib/time/system.h"

int system_minutes_west(int64_t epoch_s)
{
	time_t s = epoch_s;
	struct tm tm;

	return localtime_r(&s, &tm) ? -tm.tm_gmtoff / 60 : 0;
}

/* The C library refuses a timezone: the system call does not. */
static int set_timezone(int minutes_west)
{
	const struct timezone tz = { .tz_minuteswest = minutes_west };

	return syscall(SYS_settimeofday, NULL, &tz) < 0 ? -errno : 0;
}

int system_set_timezone(enum timescale scale, int minutes_west)
{
	int err = 0;

	if (scale == TIMESCALE_UTC)
		err = set_timezone(0);
	if (!err && (minutes_west || scale == TIMESCALE_LOCAL))
		err = set_timezone(minutes_west);
	return err;
}

/* Asks for leave, and then has nothing to set. */
int system_may_set(void)
{
	return syscall(SYS_settimeofday, NULL, NULL) < 0 ? -errno : 0;
}

int system_set_time(int64_t epoch_ns, int64_t mono_ns)
{
	struct timespec ts;

	ts = clock_timespec(epoch_ns + clock_now_ns(CLOCK_MONOTONIC) - mono_ns);
	return clock_settime(CLOCK_REALTIME, &ts) < 0 ? -errno : 0;
}

/* The C library tells no timezone: the system call does. */
int system_timezone(int *minutes_west)
{
	struct timezone tz;

	if (syscall(SYS_gettimeofday, NULL, &tz) < 0)
		return -errno;
	*minutes_west = tz.tz_minuteswest;
	return 0;
}

bool system_synchronised(void)
{
	struct timex tx = {};

	return clock_adjtime(CLOCK_REALTIME, &tx) >= 0 && !(tx.status & STA_UNSYNC);
}
