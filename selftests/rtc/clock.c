// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

#define READINGS	8	/* of both clocks; the narrowest serves */
#define CLASS_DIR	"/sys/class/rtc"
#define OUR_NAME	"rtc-mc146818"
#define EMULATED	"mc146818-emulated."
#define FADT		"/sys/firmware/acpi/tables/FACP"
#define FADT_DATE_ALARM	106
#define FADT_CENTURY	108
#define CONDUCT		"/sys/module/rtc_mc146818/parameters/conduct"
#define NOBODY		65534
#define APPEAR_MS	3000	/* for devtmpfs to make the device file */
#define APPEAR_STEP_MS	10
#define SETTLE_ASKS	20	/* each waits for a set, or for two edges; but none while coasting, ... */
#define SETTLE_STEP_MS	100	/* ... which ends with the next edge */

int file_read(const char *path, char *value, size_t size)
{
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	n = read(fd, value, size - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return n;
	value[n] = '\0';
	if (n && value[n - 1] == '\n')
		value[n - 1] = '\0';
	return 0;
}

int file_write(const char *path, const char *value)
{
	int err = 0, fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static bool is_ours(const char *name)
{
	char path[128], value[128];

	snprintf(path, sizeof(path), CLASS_DIR "/%s/name", name);
	if (file_read(path, value, sizeof(value)))
		return false;
	value[strcspn(value, " ")] = '\0';
	return !strcmp(value, OUR_NAME);
}

int clock_find(const char *wanted, char *path, size_t size)
{
	struct dirent *entry;
	DIR *dir;
	int err = -ENODEV;

	if (wanted) {
		snprintf(path, size, "%s", wanted);
		return 0;
	}
	dir = opendir(CLASS_DIR);
	while (dir && err && (entry = readdir(dir)))
		if (is_ours(entry->d_name)) {
			snprintf(path, size, "/dev/%.32s", entry->d_name);
			err = 0;
		}
	if (dir)
		closedir(dir);
	return err;
}

/* Kept from the first time on: it cannot be found while nothing is bound. */
static void find_driver(struct clock *clock)
{
	char path[128], real[4096];

	snprintf(path, sizeof(path), CLASS_DIR "/%s/device", clock->name);
	if (!realpath(path, real))
		return;
	snprintf(clock->device, sizeof(clock->device), "%.63s", strrchr(real, '/') + 1);
	strcat(path, "/driver");
	if (realpath(path, real))
		snprintf(clock->driver, sizeof(clock->driver), "%.255s", real);
}

int clock_open(struct clock *clock, const char *path)
{
	char real[4096];

	/* To open a clock again, its own path is passed. */
	if (path != clock->path)
		snprintf(clock->path, sizeof(clock->path), "%s", path);
	clock->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (clock->fd < 0)
		return -errno;
	/* /dev/rtc is a link. */
	if (!realpath(path, real))
		snprintf(real, sizeof(real), "%s", path);
	snprintf(clock->name, sizeof(clock->name), "%.31s", strrchr(real, '/') + 1);
	clock->ours = is_ours(clock->name);
	find_driver(clock);
	return 0;
}

void clock_close(struct clock *clock)
{
	if (clock->fd >= 0)
		close(clock->fd);
	clock->fd = -1;
}

void clock_quiet(struct clock *clock)
{
	unsigned long data;

	clock_ioctl_value(clock, RTC_UIE_OFF, 0);
	clock_ioctl_value(clock, RTC_PIE_OFF, 0);
	clock_ioctl_value(clock, RTC_AIE_OFF, 0);
	clock_event(clock, 0, &data);
}

int clock_ioctl(struct clock *clock, unsigned long request, void *arg)
{
	return ioctl(clock->fd, request, arg) < 0 ? -errno : 0;
}

int clock_ioctl_value(struct clock *clock, unsigned long request, unsigned long arg)
{
	return ioctl(clock->fd, request, arg) < 0 ? -errno : 0;
}

struct rtc_time tm_of(s64 sec)
{
	time_t t = sec;
	struct tm tm;

	gmtime_r(&t, &tm);
	return (struct rtc_time){
		.tm_sec = tm.tm_sec,
		.tm_min = tm.tm_min,
		.tm_hour = tm.tm_hour,
		.tm_mday = tm.tm_mday,
		.tm_mon = tm.tm_mon,
		.tm_year = tm.tm_year,
	};
}

s64 seconds_of(const struct rtc_time *tm)
{
	struct tm libc = {
		.tm_sec = tm->tm_sec,
		.tm_min = tm->tm_min,
		.tm_hour = tm->tm_hour,
		.tm_mday = tm->tm_mday,
		.tm_mon = tm->tm_mon,
		.tm_year = tm->tm_year,
	};

	return timegm(&libc);
}

int clock_read(struct clock *clock, s64 *sec)
{
	struct rtc_time tm;
	int err = clock_ioctl(clock, RTC_RD_TIME, &tm);

	if (!err)
		*sec = seconds_of(&tm);
	return err;
}

int clock_set(struct clock *clock, s64 sec)
{
	struct rtc_time tm = tm_of(sec);

	return clock_ioctl(clock, RTC_SET_TIME, &tm);
}

static s64 now_seconds(void)
{
	return (now_ns() + SECOND_NS / 2) / SECOND_NS;
}

int clock_save(struct clock *clock, s64 *offset)
{
	s64 sec;
	int err = clock_read(clock, &sec);

	if (!err)
		*offset = sec - now_seconds();
	return err;
}

int clock_restore(struct clock *clock, s64 offset)
{
	return clock_set(clock, now_seconds() + offset);
}

int clock_alarm_set(struct clock *clock, s64 sec, bool enabled)
{
	struct rtc_wkalrm alarm = { .enabled = enabled, .time = tm_of(sec) };

	return clock_ioctl(clock, RTC_WKALM_SET, &alarm);
}

int clock_alarm_read(struct clock *clock, s64 *sec, bool *enabled)
{
	struct rtc_wkalrm alarm;
	int err = clock_ioctl(clock, RTC_WKALM_RD, &alarm);

	if (err)
		return err;
	*sec = seconds_of(&alarm.time);
	*enabled = alarm.enabled;
	return 0;
}

int clock_event(struct clock *clock, int timeout_ms, unsigned long *data)
{
	struct pollfd pollfd = { .fd = clock->fd, .events = POLLIN };
	int n = poll(&pollfd, 1, timeout_ms);

	if (n < 0)
		return -errno;
	if (!n)
		return -ETIMEDOUT;
	return read(clock->fd, data, sizeof(*data)) < 0 ? -errno : 0;
}

static void attribute_path(struct clock *clock, const char *name, char *path, size_t size)
{
	snprintf(path, size, CLASS_DIR "/%s/%s", clock->name, name);
}

int clock_attribute(struct clock *clock, const char *name, char *value, size_t size)
{
	char path[128];

	attribute_path(clock, name, path, sizeof(path));
	return file_read(path, value, size);
}

int clock_attribute_write(struct clock *clock, const char *name, const char *value)
{
	char path[128];

	attribute_path(clock, name, path, sizeof(path));
	return file_write(path, value);
}

int clock_counter(struct clock *clock, const char *name, unsigned long long *value)
{
	char path[128], text[32];
	int err;

	snprintf(path, sizeof(path), DEBUG_DIR "/%s/%s", clock->name, name);
	err = file_read(path, text, sizeof(text));
	if (!err)
		*value = strtoull(text, NULL, 10);
	return err;
}

int clock_conduct(struct clock *clock, const char *key, char *words, size_t size)
{
	char path[128], text[256], *line, *rest = text;
	size_t n = strlen(key);
	int err;

	snprintf(path, sizeof(path), DEBUG_DIR "/%s/conduct", clock->name);
	err = file_read(path, text, sizeof(text));
	if (err)
		return err;
	while ((line = strsep(&rest, "\n"))) {
		if (strncmp(line, key, n) || line[n] != ':')
			continue;
		snprintf(words, size, "%s", line + n + 1 + strspn(line + n + 1, " "));
		return 0;
	}
	return -ENOENT;
}

bool clock_conduct_is_known(struct clock *clock)
{
	char release[64], writes[16];

	return !clock_conduct(clock, "release", release, sizeof(release)) &&
	       !clock_conduct(clock, "writes", writes, sizeof(writes)) &&
	       (!strchr(release, ' ') || !strcmp(release, "whole write")) &&
	       !strcmp(writes, "kept");
}

int clock_settle(struct clock *clock)
{
	char now[128];
	int i, err;

	for (i = 0; i < SETTLE_ASKS; i++) {
		err = clock_attribute(clock, "phase/now", now, sizeof(now));
		if ((err && err != -EAGAIN) || (!err && strstr(now, "locked")))
			return err;
		sleep_ms(SETTLE_STEP_MS);
	}
	return -EAGAIN;
}

static s64 read_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * SECOND_NS + ts.tv_nsec;
}

s64 now_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

s64 raw_ns(void)
{
	return read_ns(CLOCK_MONOTONIC_RAW);
}

s64 real_ns(void)
{
	return read_ns(CLOCK_REALTIME);
}

s64 real_minus_raw(s64 *slack)
{
	s64 narrowest = INT64_MAX, difference = 0;
	int i;

	for (i = 0; i < READINGS; i++) {
		s64 raw = raw_ns(), real = real_ns(), took = raw_ns() - raw;

		if (took >= narrowest)
			continue;
		narrowest = took;
		difference = real - raw - took / 2;
	}
	if (slack)
		*slack = narrowest / 2 + 1;
	return difference;
}

void sleep_ms(int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
		;
}

bool time_is_counted(void)
{
	return getenv("COUNTED");
}

int be_urgent(bool yes)
{
	struct sched_param param = {
		.sched_priority = yes ? sched_get_priority_max(SCHED_FIFO) : 0,
	};

	return sched_setscheduler(0, yes ? SCHED_FIFO : SCHED_OTHER, &param) ? -errno : 0;
}

static int driver_write(struct clock *clock, const char *name)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/%s", clock->driver, name);
	return file_write(path, clock->device);
}

int clock_unbind(struct clock *clock)
{
	return driver_write(clock, "unbind");
}

int clock_bind(struct clock *clock)
{
	int waited, err = driver_write(clock, "bind");

	for (waited = 0; !err && waited < APPEAR_MS; waited += APPEAR_STEP_MS) {
		err = clock_open(clock, clock->path);
		if (err != -ENOENT)
			return err;
		err = 0;
		sleep_ms(APPEAR_STEP_MS);
	}
	return err ? err : -ENOENT;
}

int become_nobody(void)
{
	return setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY);
}

int as_person(struct clock *clock, int (*become)(void), int (*body)(struct clock *clock))
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(become() ? 255 : body(clock));
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status) == 255 ? -1 : WEXITSTATUS(status);
}

int as_nobody(struct clock *clock, int (*body)(struct clock *clock))
{
	return as_person(clock, become_nobody, body);
}

static unsigned char fadt_byte(int offset)
{
	unsigned char byte = 0;
	int fd = open(FADT, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (pread(fd, &byte, 1, offset) != 1)
		byte = 0;
	close(fd);
	return byte;
}

bool clock_is_emulated(const struct clock *clock)
{
	return !strncmp(clock->device, EMULATED, strlen(EMULATED));
}

int clock_emulates(char *conduct, size_t size)
{
	return file_read(CONDUCT, conduct, size);
}

int clock_inject(struct clock *clock, const char *fault)
{
	char path[160];

	snprintf(path, sizeof(path), DEBUG_DIR "/%s/inject", clock->device);
	return file_write(path, fault);
}

/* As driver/sim/profiles.c has it. */
static bool emulated_century(void)
{
	static const char *const without[] = {
		"ds12887", "virtualbox", "xen", "cloud-hypervisor", "kvmtool", "vmd", "intel",
	};
	char conduct[32];
	size_t i;

	if (clock_emulates(conduct, sizeof(conduct)))
		return true;
	for (i = 0; i < sizeof(without) / sizeof(without[0]); i++)
		if (!strcmp(conduct, without[i]))
			return false;
	return true;
}

bool clock_has_century(const struct clock *clock)
{
	return clock_is_emulated(clock) ? emulated_century() : fadt_byte(FADT_CENTURY);
}

static unsigned char emulated_date_alarm(void)
{
	char conduct[32];

	if (clock_emulates(conduct, sizeof(conduct)))
		return 0;
	return !strcmp(conduct, "crosvm") ? 0x33 : !strcmp(conduct, "intel") ? 0x0d : 0;
}

unsigned char clock_date_alarm(const struct clock *clock)
{
	return clock_is_emulated(clock) ? emulated_date_alarm() : fadt_byte(FADT_DATE_ALARM);
}

bool clock_has_date_alarm(const struct clock *clock)
{
	return clock_date_alarm(clock);
}
