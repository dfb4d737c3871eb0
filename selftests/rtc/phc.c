// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/ptp_clock.h>

#include "phc.h"

static s64 ns_of(const struct ptp_clock_time *t)
{
	return t->sec * SECOND_NS + t->nsec;
}

int phc_open(struct clock *clock, int flags)
{
	char path[300];
	struct dirent *entry;
	int fd = -ENOENT;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/class/rtc/%s/device/ptp", clock->name);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while (fd == -ENOENT && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "ptp", 3))
			continue;
		snprintf(path, sizeof(path), "/dev/%.200s", entry->d_name);
		fd = open(path, flags);
		if (fd < 0)
			fd = -errno;
	}
	closedir(dir);
	return fd;
}

s64 phase_value(struct clock *clock, const char *name)
{
	char file[32], value[64];

	snprintf(file, sizeof(file), "phase/%s", name);
	return clock_attribute(clock, file, value, sizeof(value)) ? -1 : atoll(value);
}

int phase_ask_any(struct clock *clock, struct answer *a)
{
	char value[128], state[16];
	long long real, rtc, bound;
	int err = clock_attribute(clock, "phase/now", value, sizeof(value));

	if (err)
		return err;
	if (sscanf(value, "%lld %lld %lld %15s", &real, &rtc, &bound, state) != 4)
		return -EINVAL;
	*a = (struct answer){ real, rtc, bound, .coasting = !strcmp(state, "coasting") };
	return a->coasting || !strcmp(state, "locked") ? 0 : -EAGAIN;
}

int phase_ask(struct clock *clock, struct answer *a)
{
	return phase_ask_any(clock, a) ?: a->coasting ? -EAGAIN : 0;
}

static s64 wider(const struct answer *a, const struct answer *b)
{
	return a->bound > b->bound ? a->bound : b->bound;
}

int phc_read(int fd, struct answer *a)
{
	struct ptp_sys_offset_extended e = { .n_samples = 1 };
	s64 begin, end;

	if (ioctl(fd, PTP_SYS_OFFSET_EXTENDED, &e))
		return -errno;
	begin = ns_of(&e.ts[0][0]);
	end = ns_of(&e.ts[0][2]);
	*a = (struct answer){ begin / 2 + end / 2, ns_of(&e.ts[0][1]), (end - begin) / 2 + 1 };
	return 0;
}

int phc_ask(struct clock *clock, int fd, struct answer *a)
{
	struct answer before, after;
	int err = phase_ask(clock, &before);

	if (!err)
		err = phc_read(fd, a);
	if (!err)
		err = phase_ask(clock, &after);
	if (!err)
		a->bound += wider(&before, &after);
	return err;
}

int phc_set(int fd, s64 ns)
{
	struct timespec ts = { ns / SECOND_NS, ns % SECOND_NS };

	return clock_settime(FD_TO_CLOCKID(fd), &ts) ? -errno : 0;
}

/* Until the clock is half through its second. */
static int wait_for_half(struct clock *clock, struct answer *a)
{
	int err = clock_settle(clock);

	if (!err)
		err = phase_ask(clock, a);
	if (!err)
		usleep((5 * SECOND_NS / 2 - a->rtc % SECOND_NS) % SECOND_NS / 1000);
	return err;
}

int phc_learn_conduct(struct clock *clock)
{
	struct answer a;
	int fd = phc_open(clock, O_RDWR), err;

	if (fd < 0)
		return fd;
	err = wait_for_half(clock, &a);
	if (!err)
		err = phc_set(fd, (a.rtc / SECOND_NS + 100) * SECOND_NS + SECOND_NS / 4);
	close(fd);
	if (err)
		return err;
	return clock_conduct_is_known(clock) ? 0 : -ENODATA;
}
