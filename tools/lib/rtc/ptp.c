// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/ptp_clock.h>

#include "lib/base/root.h"
#include "lib/rtc/ptp.h"

#define PTP_SAMPLES	5
#define ENTRY_TRIES	4
#define ENTRY_MAX_NS	(200 * NSEC_PER_USEC)

/* The kernel's clock ids of open files (man 2 clock_getres, "Dynamic clocks"). */
#define CLOCK_OF_FD(fd)	((~(clockid_t)(fd) << 3) | 3)

int ptp_find(const struct rtc *rtc, char *path, size_t size)
{
	struct root_path class;
	struct dirent *entry;
	int err = -ENODEV;
	DIR *dir;

	if (!rtc->node[0])
		return -ENODEV;
	dir = opendir(rtc_attribute(rtc, &class, "device/ptp"));
	if (!dir)
		return -ENODEV;
	while (err && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "ptp", 3))
			continue;
		snprintf(path, size, "/dev/%s", entry->d_name);
		err = 0;
	}
	closedir(dir);
	return err;
}

static int64_t ptp_ns(const struct ptp_clock_time *t)
{
	return t->sec * NSEC_PER_SEC + t->nsec;
}

static void narrowest(const struct ptp_sys_offset_extended *offsets, struct ptp_sample *sample)
{
	int64_t before_ns, after_ns, width_ns, best_ns = INT64_MAX;

	for (unsigned int i = 0; i < offsets->n_samples; i++) {
		before_ns = ptp_ns(&offsets->ts[i][0]);
		after_ns = ptp_ns(&offsets->ts[i][2]);
		width_ns = after_ns - before_ns;
		if (width_ns < 0 || width_ns >= best_ns)
			continue;
		best_ns = width_ns;
		sample->rtc_ns = ptp_ns(&offsets->ts[i][1]);
		sample->at.real_ns = before_ns + width_ns / 2;
		sample->bound_ns = width_ns / 2 + 1;
	}
}

static int read_offsets(const char *path, struct ptp_sys_offset_extended *offsets)
{
	int fd, err = 0;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, PTP_SYS_OFFSET_EXTENDED, offsets) < 0)
		err = -errno;
	close(fd);
	return err;
}

int ptp_sample(const struct rtc *rtc, struct ptp_sample *sample)
{
	struct ptp_sys_offset_extended offsets = { .n_samples = PTP_SAMPLES };
	char path[64];
	struct moment now;
	int err;

	err = ptp_find(rtc, path, sizeof(path));
	if (!err)
		err = read_offsets(path, &offsets);
	if (err)
		return err;

	sample->bound_ns = -1;
	narrowest(&offsets, sample);
	if (sample->bound_ns < 0)
		return -EAGAIN;
	now = clock_moment();
	sample->at.mono_ns = now.mono_ns - (now.real_ns - sample->at.real_ns);
	return 0;
}

bool ptp_settable(const struct rtc *rtc)
{
	char path[64];

	return !ptp_find(rtc, path, sizeof(path)) && !access(path, W_OK);
}

/*
 * How long it takes from reading a clock to the kernel's taking note of a call. The first
 * call takes far longer: the linker looks its name up. CLOCK_MONOTONIC cannot be set.
 */
static int64_t entry_ns(clockid_t clock)
{
	struct timespec ts = { 0 };
	int64_t begin_ns, took_ns = 0;

	for (int i = 0; i < ENTRY_TRIES; i++) {
		begin_ns = clock_now_ns(clock);
		clock_settime(CLOCK_MONOTONIC, &ts);
		took_ns = clock_now_ns(clock) - begin_ns;
	}
	/* A clock that was stepped just now tells nothing. */
	return took_ns > 0 && took_ns < ENTRY_MAX_NS ? took_ns / 2 : 0;
}

static int open_to_set(const struct rtc *rtc)
{
	char path[64];
	int fd, err;

	err = ptp_find(rtc, path, sizeof(path));
	if (err)
		return err;
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int ptp_set(const struct rtc *rtc, clockid_t clock, int64_t ahead_ns)
{
	int fd = open_to_set(rtc), err;
	struct timespec ts;

	if (fd < 0)
		return fd;
	ahead_ns += entry_ns(clock);
	ts = clock_timespec(clock_now_ns(clock) + ahead_ns);
	err = clock_settime(CLOCK_OF_FD(fd), &ts) < 0 ? -errno : 0;
	close(fd);
	return err;
}

int ptp_step(const struct rtc *rtc, int64_t delta_ns)
{
	int fd = open_to_set(rtc), err;

	if (fd < 0)
		return fd;
	err = clock_step(CLOCK_OF_FD(fd), delta_ns);
	close(fd);
	return err;
}
