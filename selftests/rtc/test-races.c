// SPDX-License-Identifier: GPL-2.0
/*
 * The clocks come and go, sleep and are disturbed while everybody uses them: RACES_S seconds of
 * each (20). Nobody may hang, no call ends in an error but those that users.c states, and the
 * kernel reports nothing; the PC's clock, which nobody sets, never goes back and is right at
 * the end, and the emulated one works as before.
 *
 * The module has to be loaded with emulated=1, and beside rtc_cmos for a takeover.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"
#include "module.h"
#include "sleep.h"
#include "users.h"

#define SECONDS		20
#define USED_MS		300	/* until what came is taken away again */
#define FREE_S		30	/* for all files to be closed at the same moment */
#define RETRY_MS	5
#define RIGHT_NS	(3 * SECOND_NS / 2)	/* two readings, each of which cuts off what is below a second */
#define ALARM_MS	6000
#define SETTINGS	"/sys/module/rtc_mc146818/parameters/"
#define MAX_USER_FREQ	"/proc/sys/dev/rtc/max-user-freq"
#define INJECT		DEBUG_DIR "/mc146818-emulated.0/inject"
#define REGISTERS	DEBUG_DIR "/mc146818-emulated.0/registers"
#define PM_TEST		"/sys/power/pm_test"
#define PM_STATE	"/sys/power/state"

static struct clock bound[EMULATED + 1];	/* what they are bound to, as it was at first */

static int open_ours(enum which which, struct clock *clock)
{
	char name[32], path[64];
	int err = users_find(which, name, sizeof(name));

	snprintf(path, sizeof(path), "/dev/%s", name);
	return err ?: clock_open(clock, path);
}

/* --- who disturbs ---------------------------------------------------------------- */

/* Where others take the module away too, its files and its devices may not be there. */
static void rebind(struct member *m)
{
	struct clock *clock = &bound[chance(2)];
	char path[300];
	int err = clock_unbind(clock);

	users_judge(m, "unbind", PC, err);
	sleep_ms(chance(USED_MS));
	snprintf(path, sizeof(path), "%s/bind", clock->driver);
	users_judge(m, "bind", PC, file_write(path, clock->device));
	sleep_ms(USED_MS);
}

/* Somebody has a file open: the module stays. */
static void refuse_to_unload(struct member *m)
{
	enum which which = chance(2) ? PC : EMULATED;
	s64 until = now_ns() + FREE_S * SECOND_NS;
	struct clock clock;
	int err;

	crowd->brief = true;
	while ((err = open_ours(which, &clock)) && now_ns() < until)
		sleep_ms(RETRY_MS);
	if (err) {
		member_fails(m, "no file can be opened: %s", strerror(-err));
		return;
	}
	err = module_unload();
	if (err != -EAGAIN)
		member_fails(m, "rmmod with a file open: %s", strerror(-err));
	clock_close(&clock);
}

static int unload(struct member *m)
{
	s64 until = now_ns() + FREE_S * SECOND_NS;
	int err;

	crowd->brief = true;
	while ((err = module_unload()) == -EAGAIN && now_ns() < until)
		sleep_ms(RETRY_MS);
	if (err)
		member_fails(m, "rmmod: %s", strerror(-err));
	return err;
}

static int load(struct member *m, const char *how)
{
	int err = module_load(how);

	if (err)
		member_fails(m, "insmod %s: %s", how, strerror(-err));
	crowd->brief = false;
	sleep_ms(USED_MS);
	return err;
}

static void reload(struct member *m)
{
	refuse_to_unload(m);
	if (!unload(m))
		load(m, "");
}

/*
 * rtc_cmos lets go of rtc0: the core then removes its /proc/driver/rtc with the ops_lock held,
 * and whoever reads that file waits for the ops_lock. No driver can mend that deadlock.
 */
static void take_over(struct member *m)
{
	if (unload(m))
		return;
	crowd->no_proc = true;
	while (crowd->in_proc)
		sleep_ms(1);
	if (load(m, "takeover=1"))
		return;
	crowd->no_proc = false;
	if (!unload(m))
		load(m, "");
}

/* An alarm that is due at once refuses it. Nobody of user space runs meanwhile. */
static void sleep_shortly(struct member *m)
{
	int err = file_write(PM_STATE, "mem");

	if (err && err != -EBUSY)
		member_fails(m, "a played suspend: %s", strerror(-err));
	m->refused += err == -EBUSY;
	sleep_ms(chance(USED_MS));
}

static void inject(struct member *m)
{
	static const char *const faults[] = {
		"step 0.3", "step -70", "rate 200", "rate -200", "stuck-uip", "stuck-set",
		"stopped-divider", "tearing", "vrt-lost", "dead-bus", "drop-writes", "storm 1000",
		"lost-interrupt", "slow 50", "conduct xen", "conduct qemu", "conduct openvmm",
	};
	int fd, err = file_write(INJECT, faults[chance(sizeof(faults) / sizeof(faults[0]))]);

	users_judge(m, "inject", PC, err);
	sleep_ms(chance(USED_MS));
	users_judge(m, "inject none", PC, file_write(INJECT, "none"));
	/* Past the driver: the minutes. */
	fd = open(REGISTERS, O_RDWR | O_CLOEXEC);
	if (fd < 0 || pwrite(fd, "\x12", 1, 2) < 0)
		users_judge(m, "registers", PC, -errno);
	if (fd >= 0)
		close(fd);
	sleep_ms(chance(USED_MS));
}

/* The module's parameters are fixed once it is loaded, root or not. */
static void change_settings(struct member *m)
{
	static const char *const fixed[] = { "share", "takeover", "hctosys", "emulated", "conduct" };
	char path[128], value[16];
	struct clock clock;
	int err;

	snprintf(value, sizeof(value), "%u", 1 + chance(4000));
	users_judge(m, MAX_USER_FREQ, PC, file_write(MAX_USER_FREQ, value));
	if (!users_find(chance(2) ? PC : EMULATED, clock.name, sizeof(clock.name))) {
		err = clock_attribute_write(&clock, "max_user_freq", value);
		users_judge(m, "max_user_freq", PC, err);
	}
	snprintf(path, sizeof(path), SETTINGS "%s", fixed[chance(5)]);
	err = file_write(path, "1");
	if (err != -EACCES && err != -ENOENT)
		member_fails(m, "%s: %s", path, strerror(-err));
	sleep_ms(RETRY_MS);
}

/* --- afterwards ------------------------------------------------------------------- */

static s64 pc_offset;	/* of the PC's clock from CLOCK_BOOTTIME, ns */

static int offset(s64 *ns)
{
	struct timespec now;
	struct clock clock;
	s64 sec;
	int err = open_ours(PC, &clock);

	if (err)
		return err;
	err = clock_read(&clock, &sec);
	clock_gettime(CLOCK_BOOTTIME, &now);
	*ns = sec * SECOND_NS - now.tv_sec * SECOND_NS - now.tv_nsec;
	clock_quiet(&clock);
	clock_close(&clock);
	return err;
}

static enum ktap_result pc_is_right(void)
{
	s64 ns;
	int err = offset(&ns);

	REQUIRE(!err, "the PC's clock cannot be read: %s", strerror(-err));
	REQUIRE(llabs(ns - pc_offset) <= RIGHT_NS, "the PC's clock is off by %lld ms",
		(long long)(ns - pc_offset) / 1000000);
	return KTAP_PASS;
}

static enum ktap_result serves(struct clock *clock)
{
	unsigned long event;
	s64 now = real_ns() / SECOND_NS, sec;
	int err = clock_set(clock, now);

	REQUIRE(!err, "the emulated clock cannot be set: %s", strerror(-err));
	err = clock_settle(clock);
	REQUIRE(!err, "it finds no phase: %s", strerror(-err));
	err = clock_read(clock, &sec);
	REQUIRE(!err, "it cannot be read: %s", strerror(-err));
	now = real_ns() / SECOND_NS - sec;
	REQUIRE(llabs(now) <= 1, "it is %lld s behind", (long long)now);
	clock_quiet(clock);
	err = clock_alarm_set(clock, sec + 3, true);
	REQUIRE(!err, "it takes no alarm: %s", strerror(-err));
	err = clock_event(clock, ALARM_MS, &event);
	REQUIRE(!err, "no alarm comes: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result emulated_serves(void)
{
	enum ktap_result result;
	struct clock clock;
	int err = file_write(INJECT, "none") ?: file_write(INJECT, "conduct qemu");

	REQUIRE(!err, "inject: %s", strerror(-err));
	err = open_ours(EMULATED, &clock);
	REQUIRE(!err, "the emulated clock cannot be opened: %s", strerror(-err));
	result = serves(&clock);
	clock_quiet(&clock);
	clock_close(&clock);
	return result;
}

/* --- the tests ---------------------------------------------------------------------- */

static int seconds(void)
{
	const char *text = getenv("RACES_S");

	return text ? atoi(text) : SECONDS;
}

static enum ktap_result prepare(void)
{
	int which, err = crowd_gather();

	REQUIRE(!err, "no memory that is shared: %s", strerror(-err));
	for (which = PC; which <= EMULATED; which++) {
		err = open_ours(which, &bound[which]);
		REQUIRE(!err, "the clocks are not there: %s", strerror(-err));
		clock_close(&bound[which]);
	}
	err = offset(&pc_offset);
	REQUIRE(!err, "the PC's clock cannot be read: %s", strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result all_against(struct clock *nothing)
{
	enum ktap_result result;

	(void)nothing;
	users_join();
	result = crowd_runs(seconds()) ? KTAP_PASS : KTAP_FAIL;
	/* Who hangs holds what would hang the rest too. */
	if (result == KTAP_PASS)
		result = pc_is_right();
	if (result == KTAP_PASS)
		result = emulated_serves();
	return result;
}

/* For the body of a test: what is needed by all of them. */
#define PREPARE()				\
	do {					\
		if (prepare() != KTAP_PASS)	\
			return KTAP_FAIL;	\
	} while (0)

static enum ktap_result nothing_at_all(struct clock *nothing)
{
	PREPARE();
	crowd->stays = true;
	return all_against(nothing);
}

static enum ktap_result unbind_and_bind(struct clock *nothing)
{
	PREPARE();
	crowd_add("unbind and bind", rebind);
	return all_against(nothing);
}

static enum ktap_result unload_and_load(struct clock *nothing)
{
	PREPARE();
	crowd_add("rmmod and insmod", reload);
	return all_against(nothing);
}

static bool can_take_over(void)
{
	const char *driver = getenv("DRIVER");

	return driver && !strcmp(driver, "shared");
}

static enum ktap_result takeover_and_back(struct clock *nothing)
{
	if (!can_take_over())
		SKIP("rtc_cmos does not hold the clock");
	PREPARE();
	crowd_add("takeover and back", take_over);
	return all_against(nothing);
}

static void play_sleep(bool yes)
{
	file_write("/sys/module/suspend/parameters/pm_test_delay", "0");
	file_write(PM_TEST, yes ? "devices" : "none");
}

static enum ktap_result sleeping(struct clock *nothing)
{
	enum ktap_result result;

	if (!sleep_playable())
		SKIP("this kernel does not play a sleep");
	PREPARE();
	play_sleep(true);
	crowd->stays = true;
	crowd->sleeps = true;
	crowd_add("a played suspend", sleep_shortly);
	result = all_against(nothing);
	play_sleep(false);
	return result;
}

static enum ktap_result faults(struct clock *nothing)
{
	PREPARE();
	crowd->stays = true;
	crowd->faulty = true;
	crowd_add("inject", inject);
	return all_against(nothing);
}

static enum ktap_result settings(struct clock *nothing)
{
	PREPARE();
	crowd->stays = true;
	crowd_add("settings", change_settings);
	return all_against(nothing);
}

static enum ktap_result everything(struct clock *nothing)
{
	bool sleeps = sleep_playable();
	enum ktap_result result;

	PREPARE();
	play_sleep(sleeps);
	crowd->sleeps = sleeps;
	crowd->faulty = true;
	crowd_add("unbind and bind", rebind);
	crowd_add("rmmod and insmod", can_take_over() ? take_over : reload);
	if (sleeps)
		crowd_add("a played suspend", sleep_shortly);
	crowd_add("inject", inject);
	crowd_add("settings", change_settings);
	result = all_against(nothing);
	play_sleep(false);
	return result;
}

static const struct ktap_test tests[] = {
	{ "nothing_at_all", nothing_at_all },
	{ "settings", settings },
	{ "faults", faults },
	{ "sleeping", sleeping },
	{ "unbind_and_bind", unbind_and_bind },
	{ "unload_and_load", unload_and_load },
	{ "everything", everything },
	{ "takeover_and_back", takeover_and_back },
};

/* Of no clock: one that is open stays, and so does its module. */
int main(int argc, char **argv)
{
	char *arguments[] = { argv[0], "/dev/null", argc > 1 ? argv[1] : NULL, NULL };
	struct clock clock;

	if (open_ours(EMULATED, &clock)) {
		printf("TAP version 13\n1..0 # SKIP no emulated clock of ours\n");
		return 4;
	}
	clock_close(&clock);
	return ktap_main(argc > 1 ? 3 : 2, arguments, tests, sizeof(tests) / sizeof(tests[0]));
}
