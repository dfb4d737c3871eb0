// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/ptp_clock.h>

#include "ktap.h"
#include "phc.h"
#include "users.h"

#define CLASS_DIR	"/sys/class/rtc"
#define NVMEM_DIR	"/sys/bus/nvmem/devices"
#define SESSION_MS	400	/* a clock's file is kept open so long, ... */
#define BRIEF_MS	10	/* ... and where somebody wants it closed */
#define PAUSE_MS	5	/* between two uses */
#define NOTHING_MS	20	/* there is no clock: it comes back soon */
#define DAY_S		86000	/* no chip's alarm reaches further than a day */
#define SPREAD_S	3600	/* sets are so far apart */
#define RAM_BYTE	100	/* of an emulated chip, where nobody keeps anything */

/*
 * What a call may end in.
 * ENODEV: the clock is gone while the file is open. ENOENT, ENXIO: its file is gone, or its
 * module. EBUSY: somebody else has it open, or it is about to sleep. EAGAIN: no event came,
 * or the phase is not known. ETIME: an alarm's time was over before it was set. EINTR: it waited
 * for the ops_lock when the system was put to sleep. Of an emulated
 * clock, which is set meanwhile, EINVAL: an alarm is out of reach then; and while it is being
 * disturbed EIO: it does not answer. Never of the PC's.
 */
static bool is_allowed(enum which which, int err)
{
	static const int always[] = { ENODEV, ENOENT, ENXIO, EBUSY, EAGAIN, ETIME };
	size_t i;

	for (i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		if (err == -always[i])
			return true;
	if (crowd->sleeps && err == -EINTR)
		return true;
	return which == EMULATED && (err == -EINVAL || (crowd->faulty && err == -EIO));
}

void users_judge(struct member *m, const char *what, enum which which, int err)
{
	if (err >= 0)
		return;
	if (is_allowed(which, err))
		m->refused++;
	else
		member_fails(m, "%s of %s: %s", what,
			     which == PC ? "the PC's clock" : "the emulated clock", strerror(-err));
}

/* The link of a clock's device, or of its RAM's, says which clock it is. */
static bool is_emulated(const char *folder, const char *name)
{
	char path[400], target[512];
	ssize_t n;

	snprintf(path, sizeof(path), "%.64s/%.255s", folder, name);
	n = readlink(path, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	return strstr(target, "mc146818-emulated");
}

static bool is_ours(const char *name)
{
	char path[128], value[64];

	snprintf(path, sizeof(path), CLASS_DIR "/%.32s/name", name);
	return !file_read(path, value, sizeof(value)) && !strncmp(value, "rtc-mc146818", 12);
}

static int find(enum which which, bool ours, char *name, size_t size)
{
	DIR *dir = opendir(CLASS_DIR);
	struct dirent *entry;
	int err = -ENOENT;

	while (err && dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || is_emulated(CLASS_DIR, entry->d_name) != (which == EMULATED) ||
		    is_ours(entry->d_name) != ours)
			continue;
		snprintf(name, size, "%.31s", entry->d_name);
		err = 0;
	}
	if (dir)
		closedir(dir);
	return err;
}

int users_find(enum which which, char *name, size_t size)
{
	return find(which, true, name, size);
}

/* Where it is not ours, it may be rtc_cmos's. */
static int open_clock(enum which which, struct clock *clock)
{
	char name[32], path[64];
	int err = find(which, true, name, sizeof(name)) && find(which, false, name, sizeof(name)) ?
		  -ENOENT : 0;

	snprintf(path, sizeof(path), "/dev/%s", name);
	return err ?: clock_open(clock, path);
}

/* --- the clock's file, which several have open in common ---------------------- */

static int session_ms(void)
{
	return crowd->brief ? BRIEF_MS : SESSION_MS;
}

/* A clock that nobody sets does not go back. */
static int read_time(struct member *m, struct clock *clock, enum which which)
{
	s64 sec, before = m->sec;
	int err = clock_read(clock, &sec);

	users_judge(m, "RTC_RD_TIME", which, err);
	if (err || which != PC)
		return err;
	if (sec < before)
		member_fails(m, "%lld s after %lld s", (long long)sec, (long long)before);
	atomic_compare_exchange_strong(&m->sec, &before, sec);
	return 0;
}

/* The events may be read away by another: poll() is what is waited in. */
static int wait_for_ticks(struct member *m, struct clock *clock, enum which which)
{
	struct timeval limit = { .tv_usec = session_ms() * 1000 };
	unsigned long data;
	fd_set set;
	int err = clock_ioctl_value(clock, RTC_UIE_ON, 0);

	users_judge(m, "RTC_UIE_ON", which, err);
	if (err)
		return err;
	FD_ZERO(&set);
	FD_SET(clock->fd, &set);
	if (select(clock->fd + 1, &set, NULL, NULL, &limit) > 0 &&
	    read(clock->fd, &data, sizeof(data)) < 0)
		users_judge(m, "read", which, -errno);
	err = chance(4) ? 0 : clock_ioctl_value(clock, RTC_UIE_OFF, 0);
	users_judge(m, "RTC_UIE_OFF", which, err);
	return err;
}

static int set_alarms(struct member *m, struct clock *clock, enum which which)
{
	static const s64 ahead[] = { 1, 2, 3, 60, 3600, DAY_S };
	s64 now, sec;
	bool enabled;
	int err = clock_read(clock, &now);

	users_judge(m, "RTC_RD_TIME for an alarm", which, err);
	if (err)
		return err;
	err = clock_alarm_set(clock, now + ahead[chance(6)], chance(4));
	users_judge(m, "RTC_WKALM_SET", which, err);
	err = clock_alarm_read(clock, &sec, &enabled);
	users_judge(m, "RTC_WKALM_RD", which, err);
	err = clock_ioctl_value(clock, chance(2) ? RTC_AIE_ON : RTC_AIE_OFF, 0);
	users_judge(m, "RTC_AIE", which, err);
	return err;
}

/*
 * These the core hands on to the driver. It takes the driver's functions before it waits for the
 * ops_lock, and follows a NULL where the clock goes just then: the kernel's own oops, so
 * they are not asked where clocks go. test-unbind asks them of one that is gone.
 */
static void ask_driver(struct member *m, struct clock *clock, enum which which)
{
	unsigned int value;
	int err;

	users_judge(m, "RTC_VL_READ", which, clock_ioctl(clock, RTC_VL_READ, &value));
	users_judge(m, "RTC_VL_CLR", which, clock_ioctl(clock, RTC_VL_CLR, NULL));
	err = clock_ioctl(clock, RTC_EPOCH_READ, &value);
	if (err != -ENOTTY)
		users_judge(m, "RTC_EPOCH_READ", which, err ?: -EPROTO);
}

/* What else there is to ask for. */
static int ask(struct member *m, struct clock *clock, enum which which)
{
	struct rtc_param param = { .param = RTC_PARAM_FEATURES };
	unsigned long value;
	struct rtc_time tm;
	s64 sec;

	if (crowd->stays)
		ask_driver(m, clock, which);
	users_judge(m, "RTC_ALM_READ", which, clock_ioctl(clock, RTC_ALM_READ, &tm));
	users_judge(m, "RTC_IRQP_SET", which, clock_ioctl_value(clock, RTC_IRQP_SET, 1 << (1 + chance(6))));
	users_judge(m, "RTC_IRQP_READ", which, clock_ioctl(clock, RTC_IRQP_READ, &value));
	users_judge(m, "RTC_PIE_ON", which, clock_ioctl_value(clock, RTC_PIE_ON, 0));
	users_judge(m, "RTC_PIE_OFF", which, clock_ioctl_value(clock, RTC_PIE_OFF, 0));
	users_judge(m, "RTC_PARAM_GET", which, clock_ioctl(clock, RTC_PARAM_GET, &param));
	return clock_read(clock, &sec);
}

static s64 any_time(void)
{
	return real_ns() / SECOND_NS + chance(SPREAD_S);
}

static int set_time(struct member *m, struct clock *clock, enum which which)
{
	int err;

	/* A set may hold the clock for seconds: not all the time. */
	if (which == PC || chance(4))
		return -EPERM;
	sleep_ms(chance(session_ms()));
	err = clock_set(clock, any_time());
	users_judge(m, "RTC_SET_TIME", which, err);
	return err;
}

static int (*const uses[])(struct member *m, struct clock *clock, enum which which) = {
	read_time, wait_for_ticks, set_alarms, ask, set_time,
};

#define USES	(sizeof(uses) / sizeof(uses[0]))

static void use(struct member *m, struct clock *clock, enum which which, size_t what)
{
	s64 until = now_ns() + SESSION_MS * 1000000LL;

	while (now_ns() < until && !crowd->brief && !m->failed)
		if (uses[what](m, clock, which) < 0)
			break;
	_exit(0);
}

static void open_and_use(struct member *m, enum which which)
{
	struct clock clock;
	pid_t pid[USES];
	int err = open_clock(which, &clock);
	size_t i;

	users_judge(m, "open", which, err);
	if (err) {
		sleep_ms(NOTHING_MS);
		return;
	}
	/* What else another driver's clock does is none of our business. */
	if (crowd->brief || !clock.ours) {
		read_time(m, &clock, which);
		clock_close(&clock);
		sleep_ms(NOTHING_MS);
		return;
	}
	for (i = 0; i < USES; i++) {
		/* So that each has another chance than the one before. */
		chance(USES);
		pid[i] = fork();
		if (!pid[i])
			use(m, &clock, which, i);
	}
	clock_close(&clock);
	for (i = 0; i < USES; i++)
		waitpid(pid[i], NULL, 0);
	sleep_ms(PAUSE_MS);
}

static void use_pc(struct member *m)
{
	open_and_use(m, PC);
}

static void use_emulated(struct member *m)
{
	open_and_use(m, EMULATED);
}

/* --- the PTP clock ------------------------------------------------------------- */

static int open_ptp(enum which which, int flags)
{
	struct clock clock;
	int err = users_find(which, clock.name, sizeof(clock.name));

	return err ?: phc_open(&clock, flags);
}

static void read_ptp(struct member *m, enum which which)
{
	struct ptp_clock_caps caps;
	struct answer answer;
	struct timespec ts;
	int fd = open_ptp(which, O_RDONLY | O_CLOEXEC);

	users_judge(m, "open of PTP", which, fd);
	if (fd >= 0) {
		users_judge(m, "PTP_SYS_OFFSET_EXTENDED", which, phc_read(fd, &answer));
		if (ioctl(fd, PTP_CLOCK_GETCAPS, &caps))
			users_judge(m, "PTP_CLOCK_GETCAPS", which, -errno);
		if (clock_gettime(FD_TO_CLOCKID(fd), &ts))
			users_judge(m, "clock_gettime", which, -errno);
		close(fd);
	}
	sleep_ms(fd >= 0 ? PAUSE_MS : NOTHING_MS);
}

static void read_ptp_pc(struct member *m)
{
	read_ptp(m, PC);
}

static void read_ptp_emulated(struct member *m)
{
	read_ptp(m, EMULATED);
}

static void set_ptp(struct member *m)
{
	struct timex tx = {
		.modes = ADJ_SETOFFSET | ADJ_NANO,
		.time = { .tv_sec = -(int)chance(10), .tv_usec = chance(SECOND_NS) },
	};
	int fd = open_ptp(EMULATED, O_RDWR | O_CLOEXEC);

	users_judge(m, "open of PTP", EMULATED, fd);
	if (fd >= 0) {
		users_judge(m, "clock_settime", EMULATED, phc_set(fd, any_time() * SECOND_NS + chance(SECOND_NS)));
		sleep_ms(chance(SESSION_MS));
		if (clock_adjtime(FD_TO_CLOCKID(fd), &tx) < 0)
			users_judge(m, "clock_adjtime", EMULATED, -errno);
		close(fd);
	}
	sleep_ms(chance(5 * SESSION_MS));
}

/* --- files of sysfs, debugfs, procfs and nvmem ---------------------------------- */

/* ENODATA: a rate of which nothing is known, an edge that was not seen. */
static void read_file(struct member *m, enum which which, const char *path)
{
	char text[4096];
	int err = file_read(path, text, sizeof(text));

	if (err != -ENODATA)
		users_judge(m, path, which, err);
}

/* Procfs and debugfs say EIO where the file went while it was open. */
static void read_passing(struct member *m, enum which which, const char *path)
{
	char text[4096];
	int err = file_read(path, text, sizeof(text));

	users_judge(m, path, which, err == -EIO && !crowd->stays ? -ENODEV : err);
}

static void read_attributes(struct member *m, enum which which)
{
	static const char *const names[] = {
		"phase/state", "phase/offset_ns", "phase/uncertainty_ns", "phase/freq_ppb",
		"phase/edges", "phase/steps", "phase/now", "phase/edge_age_ns", "since_epoch",
		"time", "date", "max_user_freq", "hctosys", "wakealarm", "range",
	};
	char name[32], path[128];
	size_t i;
	int err = users_find(which, name, sizeof(name));

	for (i = 0; !err && i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), CLASS_DIR "/%s/%s", name, names[i]);
		read_file(m, which, path);
	}
	sleep_ms(err ? NOTHING_MS : PAUSE_MS);
}

static void read_sysfs_pc(struct member *m)
{
	read_attributes(m, PC);
}

static void read_sysfs_emulated(struct member *m)
{
	read_attributes(m, EMULATED);
}

/* A wakealarm that is there is replaced by none first. */
static void write_wakealarm(struct member *m)
{
	struct clock clock;
	int err = users_find(PC, clock.name, sizeof(clock.name));

	if (!err) {
		err = clock_attribute_write(&clock, "wakealarm", "0");
		users_judge(m, "wakealarm 0", PC, err);
		err = clock_attribute_write(&clock, "wakealarm", chance(2) ? "+2" : "+1000");
		/* It has passed, by the time that the core compares it. */
		if (err != -EINVAL)
			users_judge(m, "wakealarm", PC, err);
	}
	sleep_ms(NOTHING_MS);
}

static void read_proc(struct member *m)
{
	crowd->in_proc = true;
	if (!crowd->no_proc)
		read_passing(m, PC, "/proc/driver/rtc");
	crowd->in_proc = false;
	read_passing(m, PC, "/proc/sys/dev/rtc/max-user-freq");
	sleep_ms(PAUSE_MS);
}

static void read_folder(struct member *m, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[600];

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_type == DT_DIR)
			read_folder(m, path);
		else
			read_passing(m, EMULATED, path);
	}
	if (dir)
		closedir(dir);
}

static void read_debugfs(struct member *m)
{
	read_folder(m, DEBUG_DIR);
	sleep_ms(PAUSE_MS);
}

/* What is read of the PC's chip is the firmware's: nothing is written there. */
static void use_ram(struct member *m, const char *device)
{
	bool emulated = is_emulated(NVMEM_DIR, device);
	unsigned char bytes[256];
	char path[400];
	int fd;

	snprintf(path, sizeof(path), NVMEM_DIR "/%.255s/nvmem", device);
	fd = open(path, (emulated ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (fd < 0 || pread(fd, bytes, sizeof(bytes), 0) < 0 ||
	    (emulated && pwrite(fd, "x", 1, RAM_BYTE) < 0))
		users_judge(m, "nvmem", emulated ? EMULATED : PC, -errno);
	if (fd >= 0)
		close(fd);
}

static void use_nvmem(struct member *m)
{
	DIR *dir = opendir(NVMEM_DIR);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			use_ram(m, entry->d_name);
	if (dir)
		closedir(dir);
	sleep_ms(PAUSE_MS);
}

void users_join(void)
{
	crowd_add("the PC's clock", use_pc);
	crowd_add("the emulated clock", use_emulated);
	crowd_add("PTP, the PC's clock", read_ptp_pc);
	crowd_add("PTP, the emulated clock", read_ptp_emulated);
	crowd_add("sets by PTP", set_ptp);
	crowd_add("sysfs, the PC's clock", read_sysfs_pc);
	crowd_add("sysfs, the emulated clock", read_sysfs_emulated);
	crowd_add("wakealarm", write_wakealarm);
	crowd_add("procfs", read_proc);
	crowd_add("debugfs", read_debugfs);
	crowd_add("nvmem", use_nvmem);
}
