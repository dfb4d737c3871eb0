// SPDX-License-Identifier: GPL-2.0
/*
 * Who may do what: as nobody, as root without CAP_SYS_TIME, and as the root of a user namespace
 * that nobody made; with files that root had opened, too. Documentation/security.rst has the
 * table.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>
#include <linux/capability.h>

#include "ktap.h"
#include "phc.h"

#define HOUR_S		3600

static int phc = -1;	/* as root opened it */

static int drop_time(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data))
		return -1;
	data[0].effective &= ~(1U << CAP_SYS_TIME);
	data[0].permitted &= ~(1U << CAP_SYS_TIME);
	data[0].inheritable &= ~(1U << CAP_SYS_TIME);
	return syscall(SYS_capset, &header, data);
}

static int enter_namespace(void)
{
	return become_nobody() || unshare(CLONE_NEWUSER);
}

static const struct person {
	const char *name;
	int (*become)(void);
} people[] = {
	{ "nobody", become_nobody },
	{ "root without CAP_SYS_TIME", drop_time },
	{ "root of a user namespace", enter_namespace },
};

#define PEOPLE	(sizeof(people) / sizeof(people[0]))

static int opens_path(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int opens(const char *pattern, int flags)
{
	glob_t found;
	int err;

	if (glob(pattern, 0, NULL, &found))
		return ENOENT;
	err = opens_path(found.gl_pathv[0], flags);
	globfree(&found);
	return err;
}

static int asks(struct clock *clock, unsigned long request, void *arg)
{
	return -clock_ioctl(clock, request, arg);
}

static int reads_time(struct clock *clock)
{
	s64 sec;

	return -clock_read(clock, &sec);
}

static int sets_time(struct clock *clock)
{
	return -clock_set(clock, HOUR_S);
}

static int clears_battery(struct clock *clock)
{
	return asks(clock, RTC_VL_CLR, NULL);
}

static int reads_ptp(struct clock *clock)
{
	struct timespec ts;

	(void)clock;
	return clock_gettime(FD_TO_CLOCKID(phc), &ts) ? errno : 0;
}

static int sets_ptp(struct clock *clock)
{
	struct timespec ts = { HOUR_S, 0 };

	(void)clock;
	return clock_settime(FD_TO_CLOCKID(phc), &ts) ? errno : 0;
}

static int steps_ptp(struct clock *clock)
{
	struct timex tx = { .modes = ADJ_SETOFFSET, .time = { HOUR_S, 0 } };

	(void)clock;
	return clock_adjtime(FD_TO_CLOCKID(phc), &tx) < 0 ? errno : 0;
}

static int opens_ptp(struct clock *clock)
{
	int fd = phc_open(clock, O_RDWR);

	if (fd < 0)
		return -fd;
	close(fd);
	return 0;
}

static int opens_node(struct clock *clock)
{
	return opens_path(clock->path, O_RDONLY);
}

static int attribute(struct clock *clock, const char *name, int flags)
{
	char path[160];

	snprintf(path, sizeof(path), "/sys/class/rtc/%s/%s", strrchr(clock->path, '/') + 1, name);
	return opens(path, flags);
}

static int reads_phase(struct clock *clock)
{
	char value[64];

	return -clock_attribute(clock, "phase/now", value, sizeof(value));
}

static int opens_wakealarm(struct clock *clock)
{
	return attribute(clock, "wakealarm", O_WRONLY);
}

static int opens_frequency(struct clock *clock)
{
	return attribute(clock, "max_user_freq", O_WRONLY);
}

static int opens_ram(struct clock *clock)
{
	return attribute(clock, "device/*/nvmem", O_RDONLY);
}

static int opens_unbind(struct clock *clock)
{
	return attribute(clock, "device/driver/unbind", O_WRONLY);
}

static int opens_sysctl(struct clock *clock)
{
	(void)clock;
	return opens("/proc/sys/dev/rtc/max-user-freq", O_WRONLY);
}

static int reads_proc(struct clock *clock)
{
	(void)clock;
	return opens("/proc/driver/rtc", O_RDONLY);
}

static int opens_debugfs(struct clock *clock)
{
	char path[160];

	/* Not by a pattern: nobody may list this folder. */
	snprintf(path, sizeof(path), "/sys/kernel/debug/rtc-mc146818/%s/accesses",
		 strrchr(clock->path, '/') + 1);
	return opens_path(path, O_RDONLY);
}

/* What each of the people gets. Where root may, a file is only opened. */
static const struct attempt {
	const char *name;
	int (*try)(struct clock *clock);
	int gives[PEOPLE];
} attempts[] = {
	{ "RTC_RD_TIME", reads_time, { 0, 0, 0 } },
	{ "phase/now", reads_phase, { 0, 0, 0 } },
	{ "/proc/driver/rtc", reads_proc, { 0, 0, 0 } },
	{ "clock_gettime() of the PTP clock", reads_ptp, { 0, 0, 0 } },
	{ "RTC_SET_TIME", sets_time, { EACCES, EACCES, EACCES } },
	{ "RTC_VL_CLR", clears_battery, { EACCES, EACCES, EACCES } },
	{ "clock_settime() of the PTP clock", sets_ptp, { EPERM, EPERM, EPERM } },
	{ "ADJ_SETOFFSET of the PTP clock", steps_ptp, { EPERM, EPERM, EPERM } },
	/* The test has it open, and one may. */
	{ "the RTC's node", opens_node, { EACCES, EBUSY, EACCES } },
	{ "the PTP clock's node", opens_ptp, { EACCES, 0, EACCES } },
	{ "wakealarm", opens_wakealarm, { EACCES, 0, EACCES } },
	{ "max_user_freq", opens_frequency, { EACCES, 0, EACCES } },
	{ "dev/rtc/max-user-freq", opens_sysctl, { EACCES, 0, EACCES } },
	{ "the RAM", opens_ram, { EACCES, 0, EACCES } },
	{ "unbind", opens_unbind, { EACCES, 0, EACCES } },
	{ "debugfs", opens_debugfs, { EACCES, 0, EACCES } },
};

/* An emulated clock wakes nothing, and has no file for that. */
static bool is_there(const struct clock *clock, const struct attempt *attempt)
{
	return attempt->try != opens_wakealarm || !clock_is_emulated(clock);
}

static enum ktap_result check(struct clock *clock, int who)
{
	size_t i;
	int err;

	for (i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		if (!is_there(clock, &attempts[i]))
			continue;
		err = as_person(clock, people[who].become, attempts[i].try);
		REQUIRE(err >= 0, "cannot become %s", people[who].name);
		REQUIRE(err == attempts[i].gives[who], "%s as %s: %s, not %s", attempts[i].name,
			people[who].name, strerror(err), strerror(attempts[i].gives[who]));
	}
	return KTAP_PASS;
}

static enum ktap_result check_unmoved(struct clock *clock, int who)
{
	enum ktap_result result;
	s64 before, after;

	if (phc < 0)
		phc = phc_open(clock, O_RDWR);
	REQUIRE(phc >= 0, "no PTP clock: %s", strerror(-phc));
	REQUIRE(!clock_read(clock, &before), "RTC_RD_TIME fails");
	result = check(clock, who);
	REQUIRE(!clock_read(clock, &after), "RTC_RD_TIME fails");
	REQUIRE(after >= before && after <= before + 60, "changed from %lld to %lld",
		(long long)before, (long long)after);
	return result;
}

static enum ktap_result nobody_may_read(struct clock *clock)
{
	return check_unmoved(clock, 0);
}

static enum ktap_result root_without_time_may_not_set(struct clock *clock)
{
	return check_unmoved(clock, 1);
}

static enum ktap_result root_of_a_namespace_is_nobody(struct clock *clock)
{
	return check_unmoved(clock, 2);
}

static const struct ktap_test tests[] = {
	{ "nobody_may_read", nobody_may_read },
	{ "root_without_time_may_not_set", root_without_time_may_not_set },
	{ "root_of_a_namespace_is_nobody", root_of_a_namespace_is_nobody },
};

KTAP_MAIN(tests)
