// SPDX-License-Identifier: GPL-2.0
/*
 * Memory runs out once, at each allocation in turn: the first, the second, and so on, until
 * a pass makes fewer. Whatever was under way succeeds or is undone, the chip is left as it
 * was, and the next try works. What a worker allocates is not among these.
 *
 * It takes selftests/vm/helpers/fail-nth.c. Memory that leaks is not seen by it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "module.h"
#include "phc.h"
#include "ports.h"
#include "sleep.h"

#define FAIL_NTH	"/sys/kernel/debug/fail-nth"
#define PM_ASYNC	"/sys/power/pm_async"
#define PM_TEST		"/sys/power/pm_test"
#define PM_STATE	"/sys/power/state"
#define NEVER		1000000	/* more allocations than anything makes */
#define MOST		3000	/* passes, of which none was without a failure */
#define APPEAR_MS	5000	/* for a clock to be registered */
#define APPEAR_STEP_MS	10
#define FAR_S		3600

static uint8_t reg_a, reg_b;	/* as they were */

/**
 * struct action - what is made to run out of memory
 * @prepare:	before each pass; may be NULL
 * @act:	0 or a negative errno
 * @undo:	after it, with what it returned: the clock is to be open again; may be NULL
 */
struct action {
	int (*prepare)(struct clock *clock);
	int (*act)(struct clock *clock);
	enum ktap_result (*undo)(struct clock *clock, int err);
};

static int fail_nth = -1;	/* opened once: that allocates */

/* 0: none fails. Only this task's allocations count. */
static int arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	return pwrite(fail_nth, text, len, 0) == len ? 0 : -errno;
}

/* How many allocations were still to come before the one that fails; 0 if it came. */
static unsigned int disarm(void)
{
	char text[16] = "";
	unsigned int left;

	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 0)
		return 0;
	left = strtoul(text, NULL, 10);
	arm(0);
	return left;
}

static int prepare_kernel(void)
{
	/* All is suspended by the task that asks for it. */
	file_write(PM_ASYNC, "0");
	fail_nth = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	return fail_nth < 0 ? -errno : 0;
}

static int appear(struct clock *clock)
{
	int waited, err = -ENOENT;

	if (clock->fd >= 0)
		return 0;
	for (waited = 0; err == -ENOENT && waited < APPEAR_MS; waited += APPEAR_STEP_MS) {
		err = clock_open(clock, clock->path);
		if (err == -ENOENT)
			sleep_ms(APPEAR_STEP_MS);
	}
	if (!err && !clock->ours) {
		clock_close(clock);
		err = -ENODEV;
	}
	return err;
}

static enum ktap_result chip_as_it_was(void)
{
	uint8_t a = ports_read(REG_A) & ~A_UIP, b = ports_read(REG_B);

	REQUIRE(a == reg_a, "register A is %#x, and was %#x", a, reg_a);
	REQUIRE(b == reg_b, "register B is %#x, and was %#x", b, reg_b);
	return KTAP_PASS;
}

static enum ktap_result works(struct clock *clock)
{
	int err = appear(clock);
	s64 now;

	REQUIRE(!err, "no clock: %s", strerror(-err));
	err = clock_read(clock, &now);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result pass(struct clock *clock, const struct action *action, unsigned int nth,
			     int *err, bool *hit)
{
	enum ktap_result result = KTAP_PASS;

	*err = action->prepare ? action->prepare(clock) : 0;
	REQUIRE(!*err, "before: %s", strerror(-*err));
	*err = arm(nth);
	REQUIRE(!*err, "%s: %s", FAIL_NTH, strerror(-*err));
	*err = action->act(clock);
	*hit = !disarm();
	if (action->undo)
		result = action->undo(clock, *err);
	if (result == KTAP_PASS)
		result = chip_as_it_was();
	if (result == KTAP_PASS)
		result = works(clock);
	return result;
}

/* From @first on: what comes before is not the driver's. */
static enum ktap_result each_fails(struct clock *clock, const struct action *action,
				   unsigned int first)
{
	unsigned int nth, refused = 0;
	enum ktap_result result;
	bool hit = true;
	int err;

	REQUIRE(!ports_open(clock), "no right to the ports");
	reg_a = ports_read(REG_A) & ~A_UIP;
	reg_b = ports_read(REG_B);
	for (nth = first; hit; nth++) {
		REQUIRE(nth < first + MOST, "%u allocations have failed: no end of them", MOST);
		result = pass(clock, action, nth, &err, &hit);
		if (result != KTAP_PASS)
			ktap_comment("allocation %u failed, the call ended with %d", nth, err);
		if (result != KTAP_PASS)
			return result;
		refused += hit && err;
	}
	REQUIRE(!err, "without a failure: %s", strerror(-err));
	ktap_comment("%u allocations from number %u on, of which %u fail the call", nth - first - 1,
		     first, refused);
	return KTAP_PASS;
}

/* Where nothing fails, all that follows would pass. */
static enum ktap_result an_allocation_fails(struct clock *clock)
{
	int fd, err = arm(1);

	(void)clock;
	REQUIRE(!err, "%s: %s", FAIL_NTH, strerror(-err));
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	err = fd < 0 ? errno : 0;
	REQUIRE(!disarm() && err == ENOMEM, "the first of an open() does not: %s", strerror(err));
	return KTAP_PASS;
}

static int close_it(struct clock *clock)
{
	clock_close(clock);
	return 0;
}

static int open_it(struct clock *clock)
{
	return clock_open(clock, clock->path);
}

static enum ktap_result opening(struct clock *clock)
{
	const struct action action = { .prepare = close_it, .act = open_it };

	return each_fails(clock, &action, 1);
}

static int set_it(struct clock *clock)
{
	struct rtc_time tm = tm_of(now_ns() / SECOND_NS + 2000000000);

	return clock_ioctl(clock, RTC_SET_TIME, &tm);
}

static enum ktap_result setting(struct clock *clock)
{
	const struct action action = { .act = set_it };

	return each_fails(clock, &action, 1);
}

static s64 alarm_s;	/* when the alarm is wanted */

static int choose_alarm(struct clock *clock)
{
	int err = clock_read(clock, &alarm_s);

	alarm_s += FAR_S;
	return err;
}

static int set_alarm(struct clock *clock)
{
	return clock_alarm_set(clock, alarm_s, true);
}

static enum ktap_result alarm_off(struct clock *clock, int err)
{
	(void)err;
	err = clock_ioctl_value(clock, RTC_AIE_OFF, 0);
	REQUIRE(!err, "RTC_AIE_OFF: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result setting_an_alarm(struct clock *clock)
{
	const struct action action = { choose_alarm, set_alarm, alarm_off };

	return each_fails(clock, &action, 1);
}

static int ticks_on(struct clock *clock)
{
	return clock_ioctl_value(clock, RTC_UIE_ON, 0);
}

static enum ktap_result ticks_off(struct clock *clock, int err)
{
	(void)err;
	clock_quiet(clock);
	return KTAP_PASS;
}

static enum ktap_result ticking(struct clock *clock)
{
	const struct action action = { .act = ticks_on, .undo = ticks_off };

	return each_fails(clock, &action, 1);
}

/* A shared clock has no wakealarm. */
static int read_attributes(struct clock *clock)
{
	static const char *const names[] = {
		"phase/now", "phase/state", "since_epoch", "max_user_freq", "wakealarm",
	};
	char text[128];
	int err, first = 0;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		err = clock_attribute(clock, names[i], text, sizeof(text));
		if (!first && err != -ENOENT)
			first = err;
	}
	return first;
}

static int read_ptp(struct clock *clock)
{
	struct answer answer;
	int err, fd = phc_open(clock, 0);

	if (fd < 0)
		return fd;
	err = phc_read(fd, &answer);
	close(fd);
	return err;
}

/* All is read, whatever fails. */
static int read_all(struct clock *clock)
{
	char text[2048];
	int attributes = read_attributes(clock);
	int proc = file_read("/proc/driver/rtc", text, sizeof(text));
	int conduct = clock_conduct(clock, "writes", text, sizeof(text));
	int ptp = read_ptp(clock);

	return attributes ?: proc ?: conduct ?: ptp;
}

static enum ktap_result reading(struct clock *clock)
{
	const struct action action = { .act = read_all };

	return each_fails(clock, &action, 1);
}

static int suspend(struct clock *clock)
{
	(void)clock;
	return file_write(PM_STATE, "mem");
}

static enum ktap_result suspending(struct clock *clock)
{
	const struct action action = { .act = suspend };
	enum ktap_result result;
	int err;

	if (!sleep_playable())
		SKIP("this kernel does not play a sleep");
	file_write("/sys/module/suspend/parameters/pm_test_delay", "0");
	err = file_write(PM_TEST, "devices");
	REQUIRE(!err, "%s: %s", PM_TEST, strerror(-err));
	result = each_fails(clock, &action, 1);
	file_write(PM_TEST, "none");
	return result;
}

static bool is_held(void)
{
	char ports[8192];

	return !file_read("/proc/ioports", ports, sizeof(ports)) && strstr(ports, "rtc-mc146818");
}

static bool is_there(const struct clock *clock)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/rtc/%s/phase", clock->name);
	return !access(path, F_OK);
}

static int let_go(struct clock *clock)
{
	clock_close(clock);
	return clock_unbind(clock);
}

/* Not clock_bind(), which also waits. */
static int bind_it(struct clock *clock)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/bind", clock->driver);
	return file_write(path, clock->device);
}

/* It may be without its device file, which the kernel makes if it can. */
static enum ktap_result bound_for_a_moment(struct clock *clock)
{
	char text[32];
	int err;

	REQUIRE(is_there(clock), "bind says it is bound, but %s is not there", clock->name);
	err = clock_attribute(clock, "since_epoch", text, sizeof(text));
	REQUIRE(!err, "since_epoch: %s", strerror(-err));
	err = let_go(clock);
	REQUIRE(!err, "unbind: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result nothing_is_held(struct clock *clock)
{
	REQUIRE(!is_there(clock), "not bound, but %s is there", clock->name);
	REQUIRE(!is_held(), "not bound, but the ports are held");
	return chip_as_it_was();
}

static enum ktap_result bound_or_not(struct clock *clock, int err)
{
	if (!err && bound_for_a_moment(clock) != KTAP_PASS)
		return KTAP_FAIL;
	if (nothing_is_held(clock) != KTAP_PASS)
		return KTAP_FAIL;
	err = bind_it(clock);
	REQUIRE(!err, "the next bind: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result binding(struct clock *clock)
{
	const struct action action = { let_go, bind_it, bound_or_not };

	return each_fails(clock, &action, 1);
}

static enum ktap_result bound_again(struct clock *clock, int err)
{
	/* The kernel fails to start, or nothing does. */
	if (!is_there(clock))
		err = bind_it(clock);
	else
		err = 0;
	REQUIRE(!err, "the next bind: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result unbinding(struct clock *clock)
{
	const struct action action = { close_it, clock_unbind, bound_again };

	return each_fails(clock, &action, 1);
}

static int remove_module(struct clock *clock)
{
	clock_close(clock);
	return module_unload();
}

static int insert(struct clock *clock)
{
	(void)clock;
	return module_load("");
}

static enum ktap_result loaded_or_not(struct clock *clock, int err)
{
	if (!err) {
		err = module_unload();
		REQUIRE(!err, "rmmod: %s", strerror(-err));
	}
	if (nothing_is_held(clock) != KTAP_PASS)
		return KTAP_FAIL;
	err = module_load("");
	REQUIRE(!err, "the next insmod: %s", strerror(-err));
	return KTAP_PASS;
}

/* A parameter that is refused ends loading when the module has all its memory. */
static int allocations_before_parameters(struct clock *clock, unsigned int *count)
{
	int err = remove_module(clock);

	if (!err)
		err = arm(NEVER);
	if (err)
		return err;
	err = module_load("hctosys=maybe");
	*count = NEVER - disarm();
	return err == -EINVAL ? module_load("") : err ? err : -EEXIST;
}

static enum ktap_result inserting(struct clock *clock)
{
	const struct action action = { remove_module, insert, loaded_or_not };
	unsigned int first;
	int err = allocations_before_parameters(clock, &first);

	REQUIRE(!err, "insmod with a bad parameter, and again: %s", strerror(-err));
	if (works(clock) != KTAP_PASS)
		return KTAP_FAIL;
	return each_fails(clock, &action, first + 1);
}

static const struct ktap_test tests[] = {
	{ "an_allocation_fails", an_allocation_fails },
	{ "opening", opening },
	{ "setting", setting, .sets_time = true },
	{ "setting_an_alarm", setting_an_alarm },
	{ "ticking", ticking },
	{ "reading", reading },
	{ "suspending", suspending },
	{ "unbinding", unbinding },
	{ "binding", binding },
	{ "inserting", inserting },
};

int main(int argc, char **argv)
{
	int err = prepare_kernel();

	if (err) {
		printf("TAP version 13\n1..0 # SKIP %s: %s\n", FAIL_NTH, strerror(-err));
		return 4;
	}
	return ktap_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
