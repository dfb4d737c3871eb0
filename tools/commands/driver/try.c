// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "commands/driver/driver.h"
#include "lib/base/program.h"
#include "lib/boot/module.h"
#include "lib/boot/secure-boot.h"
#include "lib/rtc/list.h"
#include "lib/rtc/rtc.h"
#include "ui/report.h"

#define WAIT_MS		3000	/* a clock appears up to two seconds after the module */
#define STEP_MS		50

static int run_modprobe(char *option, bool dry_run)
{
	char path[PATH_MAX];
	char *argv[] = { path, option ? option : MODULE_NAME, option ? MODULE_NAME : NULL, NULL };
	int status;

	if (!program_find("modprobe", path, sizeof(path))) {
		report("cannot load or unload modules: there is no modprobe");
		return -ENOENT;
	}
	if (dry_run) {
		printf("  run      %s%s%s " MODULE_NAME "\n", path, option ? " " : "",
		       option ? option : "");
		return 0;
	}
	status = program_run(argv);
	if (status < 0)
		report_error(status, "cannot run %s", path);
	else if (status)
		report("%s failed with status %d: see dmesg", path, status);
	return status ? -EIO : 0;
}

/* The machine's own: an emulated one says nothing of that. */
static bool find_clock(struct rtc *rtc)
{
	struct rtc_list rtcs;

	if (rtc_list_load(&rtcs))
		return false;
	for (int i = 0; i < rtcs.count; i++) {
		rtc_describe(rtc, rtcs.numbers[i]);
		if (!strcmp(rtc->driver, RTC_OURS) && !strstr(rtc->name, "emulated"))
			return true;
	}
	return false;
}

bool driver_wait_for_clock(struct rtc *rtc)
{
	for (int ms = 0; ms < WAIT_MS; ms += STEP_MS) {
		if (find_clock(rtc))
			return true;
		usleep(STEP_MS * 1000);
	}
	return false;
}

static int wait_for_clock(void)
{
	struct rtc rtc;

	if (driver_wait_for_clock(&rtc)) {
		printf("The clock is %s now, until the next boot or 'rtcctl driver try --undo'.\n",
		       rtc.path);
		return 0;
	}
	report(MODULE_NAME " is loaded, but no clock came of it: dmesg says why");
	return -ENODEV;
}

static int check_module(void)
{
	struct utsname running;
	struct module module;
	int err;

	uname(&running);
	err = module_load(&module, running.release);
	if (err == -ENOENT) {
		report("the running kernel %s has no module " MODULE_NAME ": install the package rtc-mc146818-dkms, or 'make install'",
		       running.release);
		return err;
	}
	if (err == -ENOEXEC) {
		report("the module for %s is damaged, or was built for another kernel",
		       running.release);
		return err;
	}
	if (err)
		return 0;
	if (secure_boot_signed_only() && !secure_boot_trusts(&module)) {
		report("this system loads only modules that are signed by a key it trusts: see Documentation/secure-boot.rst");
		err = -EKEYREJECTED;
	}
	module_free(&module);
	return err;
}

static int undo(const struct driver_options *options)
{
	if (!module_loaded()) {
		puts(MODULE_NAME " is not loaded: nothing to do.");
		return EXIT_SUCCESS;
	}
	return run_modprobe("-r", options->dry_run) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int driver_try(const struct driver_options *options)
{
	if (options->root) {
		report("driver try is of the system that runs, not of another root");
		return EXIT_USAGE;
	}
	if (options->undo)
		return undo(options);
	if (!module_loaded()) {
		if (check_module() || run_modprobe(NULL, options->dry_run))
			return EXIT_FAILURE;
	}
	if (options->dry_run)
		return EXIT_SUCCESS;
	return wait_for_clock() ? EXIT_FAILURE : EXIT_SUCCESS;
}
