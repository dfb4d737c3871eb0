// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tests run in a child. Whatever becomes of that, be it a signal, this process
 * is left to put time and alarm back.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/compliance/compliance.h"
#include "ui/device.h"
#include "ui/options.h"
#include "ui/progress.h"
#include "ui/report.h"

#define EXIT_UNUSABLE	2

enum {
	OPTION_YES = OPTION_OWN,
	OPTION_NO_SET,
};

static const struct compliance_test *const groups[] = {
	compliance_reading, compliance_ticks, compliance_alarms, compliance_setting, NULL
};

static char why[256];
static pid_t child;

void compliance_why(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
}

void compliance_comment(const char *fmt, ...)
{
	va_list ap;

	progress_end();
	printf("# ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static void print_result(enum compliance_result result, int number, const char *name)
{
	switch (result) {
	case COMPLIANCE_PASS:
		printf("ok %d %s\n", number, name);
		break;
	case COMPLIANCE_FAIL:
		printf("not ok %d %s # %s\n", number, name, why);
		break;
	case COMPLIANCE_SKIP:
		printf("ok %d %s # SKIP %s\n", number, name, why);
		break;
	}
}

static int count_tests(bool set)
{
	int count = 0;

	for (int g = 0; groups[g]; g++)
		for (const struct compliance_test *test = groups[g]; test->name; test++)
			count += set || !test->sets;
	return count;
}

/* Each test has the device for itself: closing it ends what it has left enabled. */
static enum compliance_result run_test(const struct compliance_test *test, const char *path)
{
	enum compliance_result result;
	struct rtc rtc;
	int err;

	why[0] = '\0';
	err = device_open_patiently(&rtc, path);
	REQUIRE(!err, "cannot open %s: %s", path, strerror(-err));
	result = test->run(&rtc);
	rtc_close(&rtc);
	return result;
}

/* Return: the exit status. */
static int run_tests(const char *path, bool set)
{
	int results[COMPLIANCE_SKIP + 1] = {};
	enum compliance_result result;
	int number = 0;

	printf("1..%d\n", count_tests(set));
	for (int g = 0; groups[g]; g++) {
		for (const struct compliance_test *test = groups[g]; test->name; test++) {
			if (test->sets && !set)
				continue;
			progress("%d of %d: %s", ++number, count_tests(set), test->name);
			result = run_test(test, path);
			progress_end();
			results[result]++;
			print_result(result, number, test->name);
		}
	}
	printf("# %d passed, %d failed, %d skipped\n", results[COMPLIANCE_PASS],
	       results[COMPLIANCE_FAIL], results[COMPLIANCE_SKIP]);
	return results[COMPLIANCE_FAIL] ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void pass_on(int signal)
{
	(void)signal;
	if (child > 0)
		kill(child, SIGKILL);
}

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, 0 };

static void handle_signals(void (*handler)(int signal))
{
	struct sigaction action = { .sa_handler = handler };

	for (int i = 0; signals[i]; i++)
		sigaction(signals[i], &action, NULL);
}

static void block_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; signals[i]; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(how, &set, NULL);
}

/* Return: the child's exit status, or -1 where it did not come to its end. */
static int run_in_child(const char *path, bool set)
{
	int status;

	fflush(NULL);
	/* None may come between the fork and the knowledge of it. */
	block_signals(SIG_BLOCK);
	child = fork();
	if (child < 0) {
		block_signals(SIG_UNBLOCK);
		report_error(-errno, "cannot start the tests");
		return -1;
	}
	if (!child) {
		handle_signals(SIG_DFL);
		block_signals(SIG_UNBLOCK);
		status = run_tests(path, set);
		exit(fflush(stdout) ? EXIT_FAILURE : status);
	}
	handle_signals(pass_on);
	block_signals(SIG_UNBLOCK);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	/* What comes now has to wait until all is put back. */
	handle_signals(SIG_IGN);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void comment_on_time(const struct rtc *rtc, const struct compliance_saved *saved)
{
	struct residual error;

	if (!compliance_error(rtc, saved, &error))
		compliance_comment("the time is put back, %+.6f s off, +/- %.6f s",
				   error.ns / 1e9, error.bound_ns / 1e9);
}

static int put_back(const char *path, const struct compliance_saved *saved, bool set)
{
	struct rtc rtc;
	bool missed;
	int err;

	progress("putting time and alarm back");
	err = device_open_patiently(&rtc, path);
	if (!err) {
		err = compliance_restore(&rtc, saved, set, &missed);
		if (!err && set)
			comment_on_time(&rtc, saved);
		rtc_close(&rtc);
	}
	progress_end();
	if (err)
		report_error(err, "cannot put time and alarm of %s back: check both, and set them", path);
	else if (missed)
		report("%s: the alarm that was set has come meanwhile", path);
	return err;
}

/* The clock's own device node may be called otherwise. */
static int save(char *path, size_t size, const char *device, struct compliance_saved *saved)
{
	struct rtc rtc;
	int err;

	err = device_open(&rtc, device);
	if (err)
		return err;
	snprintf(path, size, "%s", rtc.path);
	printf("KTAP version 1\n# %s (%s)\n", rtc.path, rtc.driver[0] ? rtc.driver : "unknown");
	err = compliance_save(&rtc, saved);
	rtc_close(&rtc);
	if (err)
		report_error(err, "%s: cannot read what would have to be put back", path);
	return err;
}

static int comply(const char *device, bool set)
{
	struct compliance_saved saved;
	char path[PATH_MAX];
	int status, err;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (save(path, sizeof(path), device, &saved))
		return EXIT_UNUSABLE;
	status = run_in_child(path, set);
	err = put_back(path, &saved, set);
	if (status < 0)
		report("interrupted: %s", err ? "not all was put back" :
		       "time and alarm are put back");
	return err || status < 0 ? EXIT_UNUSABLE : status;
}

static bool agreed(void)
{
	return options_ask("This sets the clock to other dates for about a minute, and its alarm, and puts both\n"
			   "back. Whatever reads the clock meanwhile gets a wrong date. ",
			   "compliance sets the clock to other dates for about a minute: say --yes, or --no-set to leave that out",
			   NULL);
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		{ "rtc", required_argument, NULL, 'f' },
		{ "yes", no_argument, NULL, OPTION_YES },
		{ "no-set", no_argument, NULL, OPTION_NO_SET },
		{ "help", no_argument, NULL, 'h' },
		{}
	};
	struct options options = {};
	bool yes = false, set = true;
	int c, status;

	while ((c = getopt_long(argc, argv, OPTIONS_SHORT_DEVICE, longopts, NULL)) != -1) {
		status = -1;
		if (c == OPTION_YES)
			yes = true;
		else if (c == OPTION_NO_SET)
			set = false;
		else
			status = options_take(&options, command, c);
		if (status >= 0)
			return status;
	}
	status = options_finish(&options, command, argc, 0);
	if (status >= 0)
		return status;
	if (set && !yes && !agreed())
		return EXIT_UNUSABLE;
	return comply(options.device, set);
}

const struct command cmd_compliance = {
	.name = "compliance",
	.summary = "test a clock and its driver, whichever it is; prints KTAP",
	.help = "rtcctl compliance [OPTION...]\n"
		"\n"
		"Test whether a clock does what the RTC class promises: its ioctls, ticks,\n"
		"alarms, ranges and roll-overs, and how exactly it is set. Prints KTAP. Sets the\n"
		"clock and its alarm, and puts both back, also when interrupted; asks first. Exit\n"
		"status: 0 all passed or skipped, 1 something failed, 2 not all could be done.\n"
		"\n"
		"     --yes           do not ask\n"
		"     --no-set        leave out what sets the time\n"
		" -f, --rtc FILE      use this clock: rtc1, /dev/rtc1 (default: the best one)\n"
		" -h, --help          show this help\n",
	.examples = { "rtcctl compliance --rtc rtc1 --no-set",
		      "rtcctl compliance --yes" },
	.run = run,
};
