// SPDX-License-Identifier: GPL-2.0
/*
 * The module is loaded into a system that somebody uses: the system's time stays as it
 * is, however far off the clock is; only one that was never set is set, and exactly.
 * $MODULE is its file, $PARAMS its parameters; the clock comes up as the one that the
 * kernel's hctosys looks at (rtc0). The system's time is put back.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

#define MODULE_NAME	"rtc_mc146818"
#define NEVER_SET	86400			/* a day after the kernel's first */
#define MONTH_NS	(30LL * 86400 * SECOND_NS)
#define UNTOUCHED_NS	100000
#define EXACT_NS	1000000
#define READ_EACH_US	200
#define REGISTERED_MS	5000			/* hctosys may wait for its moment */

static int number, failed;

static void result(const char *name, const char *why)
{
	number++;
	failed |= !!why;
	printf("%sok %d %s%s%s\n", why ? "not " : "", number, name, why ? " # " : "", why ? why : "");
}

static int load(void)
{
	int fd = open(getenv("MODULE"), O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = syscall(SYS_finit_module, fd, getenv("PARAMS") ?: "", 0) ? -errno : 0;
	close(fd);
	return err;
}

static int unload(void)
{
	return syscall(SYS_delete_module, MODULE_NAME, O_NONBLOCK) ? -errno : 0;
}

static int set_system(s64 ns)
{
	struct timespec ts = { ns / SECOND_NS, ns % SECOND_NS };

	return clock_settime(CLOCK_REALTIME, &ts) ? -errno : 0;
}

/* Loads with the system's time so far off; how much that has changed by then. */
static int load_with(s64 off, s64 *changed)
{
	s64 before;
	int err = unload();

	if (!err)
		err = set_system(real_ns() + off);
	before = real_minus_raw(NULL);
	if (!err)
		err = load();
	sleep_ms(REGISTERED_MS);
	*changed = real_minus_raw(NULL) - before;
	return err;
}

static void untouched(const char *name, s64 off)
{
	static char why[128];
	s64 changed;
	int err = load_with(off, &changed);

	printf("# the system's time changed by %lld ns\n", (long long)changed);
	snprintf(why, sizeof(why), "%s, changed by %lld ns", strerror(-err), (long long)changed);
	result(name, err || llabs(changed) > UNTOUCHED_NS ? why : NULL);
}

/* Others read the clock as soon as it is there: hctosys has its own reading all the same. */
static pid_t read_always(void)
{
	pid_t pid = fork();
	char text[32];

	if (pid)
		return pid;
	for (;;) {
		file_read("/sys/class/rtc/rtc0/since_epoch", text, sizeof(text));
		usleep(READ_EACH_US);
	}
}

static s64 offset_ns(void)
{
	char text[32];
	int err = file_read("/sys/class/rtc/rtc0/phase/offset_ns", text, sizeof(text));

	return err ? INT64_MAX : atoll(text);
}

static void set_exactly(void)
{
	static char why[128];
	s64 changed, offset;
	pid_t reader = read_always();
	int err = load_with(NEVER_SET * SECOND_NS - real_ns(), &changed);

	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	offset = offset_ns();
	printf("# the clock leads the system by %lld ns\n", (long long)offset);
	snprintf(why, sizeof(why), "%s, the clock is %lld ns off", strerror(-err), (long long)offset);
	result("a_time_that_was_never_set_is_set", err || llabs(offset) > EXACT_NS ? why : NULL);
}

int main(void)
{
	s64 real_was = real_ns(), raw_was = raw_ns();

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
	if (!getenv("MODULE") || offset_ns() == INT64_MAX) {
		printf("1..0 # SKIP the module is not loaded from a file here, with rtc0 its clock\n");
		return 4;
	}
	printf("1..5\n");
	untouched("a_month_ahead", MONTH_NS);
	untouched("a_month_behind", -2 * MONTH_NS);
	untouched("three_tenths_ahead", MONTH_NS + 300000000);
	untouched("three_tenths_behind", -300000000);
	set_exactly();
	set_system(real_was + raw_ns() - raw_was);
	return failed;
}
