// SPDX-License-Identifier: GPL-2.0
/* Changing a clocksource and putting it back, below a root of the test's own. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/machine/clocksource.h"

static char root[] = "/tmp/test-clocksource.XXXXXX";
static char dir[256], note[256];

static void put(const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int begin(void **state)
{
	(void)state;
	put("available_clocksource", "tsc hpet acpi_pm \n");
	put("current_clocksource", "tsc\n");
	unlink(note);
	return 0;
}

static void assert_current(const char *name)
{
	struct clocksource cs;

	assert_int_equal(clocksource_load(&cs), 0);
	assert_string_equal(cs.current, name);
}

static void test_load(void **state)
{
	struct clocksource cs;

	(void)state;
	assert_int_equal(clocksource_load(&cs), 0);
	assert_int_equal(cs.count, 3);
	assert_string_equal(cs.names[2], "acpi_pm");
	assert_true(clocksource_offers(&cs, "hpet"));
	assert_false(clocksource_offers(&cs, "kvm-clock"));
	assert_false(clocksource_offers(&cs, ""));
}

static void test_use(void **state)
{
	(void)state;
	assert_int_equal(clocksource_use("hpet"), 0);
	assert_current("hpet");
	assert_int_equal(clocksource_use("kvm-clock"), -ENODEV);
	assert_current("hpet");
}

static void test_hold(void **state)
{
	struct clocksource_hold hold;
	char name[CLOCKSOURCE_NAME_SIZE];
	pid_t pid;
	int status;

	(void)state;
	assert_int_equal(clocksource_hold(&hold), 0);
	assert_string_equal(hold.first, "tsc");
	assert_int_equal(clocksource_use("acpi_pm"), 0);
	pid = fork();
	if (!pid) {
		struct clocksource_hold other;

		/* Neither another survey nor a repair while that one lives. */
		_exit(clocksource_repair(name) != 0 || clocksource_hold(&other) != -EBUSY);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_current("acpi_pm");
	assert_int_equal(clocksource_release(&hold), 0);
	assert_current("tsc");
	assert_int_equal(access(note, F_OK), -1);
	assert_int_equal(clocksource_repair(name), 0);
}

static void test_killed(void **state)
{
	struct clocksource_hold hold;
	char name[CLOCKSOURCE_NAME_SIZE];
	int status;
	pid_t pid;

	(void)state;
	for (int again = 0; again < 2; again++) {
		pid = fork();
		if (!pid) {
			clocksource_hold(&hold);
			clocksource_use("hpet");
			raise(SIGKILL);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_current("hpet");
		if (again)
			break;
		assert_int_equal(clocksource_repair(name), 1);
		assert_string_equal(name, "tsc");
		assert_current("tsc");
	}
	/* A survey that comes before any repair puts back what the dead one would have. */
	assert_int_equal(clocksource_hold(&hold), 0);
	assert_string_equal(hold.first, "tsc");
	assert_int_equal(clocksource_release(&hold), 0);
	assert_current("tsc");
}

static void test_killed_early(void **state)
{
	char name[CLOCKSOURCE_NAME_SIZE];
	FILE *file = fopen(note, "w");

	(void)state;
	assert_non_null(file);
	fclose(file);
	assert_int_equal(clocksource_repair(name), 0);
	assert_current("tsc");
	assert_int_equal(access(note, F_OK), -1);
}

static void test_link(void **state)
{
	struct clocksource_hold hold;

	(void)state;
	assert_int_equal(symlink("elsewhere", note), 0);
	assert_int_equal(clocksource_hold(&hold), -ELOOP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_load, begin),
		cmocka_unit_test_setup(test_use, begin),
		cmocka_unit_test_setup(test_hold, begin),
		cmocka_unit_test_setup(test_killed, begin),
		cmocka_unit_test_setup(test_killed_early, begin),
		cmocka_unit_test_setup(test_link, begin),
	};
	char command[512];
	int status;

	if (!mkdtemp(root))
		return 1;
	setenv("RTCCTL_ROOT", root, 1);
	snprintf(dir, sizeof(dir), "%s" CLOCKSOURCE_DIR, root);
	snprintf(note, sizeof(note), "%s" CLOCKSOURCE_NOTE, root);
	snprintf(command, sizeof(command), "mkdir -p %s %s/run", dir, root);
	if (system(command))
		return 1;
	status = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || status;
}
