// SPDX-License-Identifier: GPL-2.0-or-later
/* A boot without rtc_cmos gets a clock, or else the next one gets rtc_cmos. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "commands/driver/driver.h"
#include "lib/base/program.h"
#include "lib/boot/module.h"
#include "lib/boot/secure-boot.h"
#include "lib/boot/trial.h"
#include "ui/report.h"

/* As in the initramfs: nothing has set the system's time exactly. */
#define EARLY	"hctosys=on"

/* Return: whether there is a clock now. */
static bool load(const char *program, char *module)
{
	char path[PATH_MAX];
	char *argv[] = { path, module, EARLY, NULL };
	struct rtc rtc;

	if (!program_find(program, path, sizeof(path)))
		report("cannot load %s: there is no %s", module, program);
	else if (!program_run(argv))
		return driver_wait_for_clock(&rtc);
	return false;
}

/* Return: whether there is a clock now. A module that is there and finds none is the last one. */
static bool load_any(const char *kernel)
{
	char copy[PATH_MAX];

	if (module_loaded())
		return false;
	if (load("modprobe", MODULE_NAME)) {
		report("the initramfs brought no clock: its driver was loaded from /lib/modules");
		return true;
	}
	if (module_loaded() || !trial_copy(copy, kernel))
		return false;
	if (load("insmod", copy)) {
		report("neither the initramfs nor /lib/modules brought a clock: its driver was loaded from %s, which was kept of an earlier boot",
		       copy);
		report("install or build " MODULE_NAME " again for %s", kernel);
		return true;
	}
	return false;
}

static void say_why(const char *kernel)
{
	struct module module;
	int err;

	report("there is no clock: rtc_cmos was kept out by " BOOT_WORD);
	if (module_loaded()) {
		report(MODULE_NAME " is loaded, and found no clock that works: dmesg says what it read");
		return;
	}
	err = module_load(&module, kernel);
	if (err == -ENOENT)
		report("%s has no module " MODULE_NAME, kernel);
	else if (err == -ENOEXEC)
		report("the module for %s is damaged, or was built for another kernel", kernel);
	else if (err)
		report_error(err, "cannot read the module for %s", kernel);
	else if (secure_boot_signed_only() && !secure_boot_trusts(&module))
		report("the module is not signed by a key that this machine trusts: see Documentation/secure-boot.rst");
	else
		report("the kernel does not take %s: dmesg says why", module.path);
	if (!err)
		module_free(&module);
}

/*
 * What boot loaders read is as the modules are now.
 * @failed: the kernel that is to have rtc_cmos, whatever is known of its module; or NULL
 */
static int refresh(const char *failed)
{
	static struct driver_kernels kernels;
	int err = driver_kernels(&kernels, false);

	if (err) {
		report_error(err, "cannot list the kernels in /lib/modules");
		return err;
	}
	for (int i = 0; failed && i < kernels.count; i++)
		if (!strcmp(kernels.kernels[i].release, failed))
			kernels.kernels[i].module = -ENODEV;
	return driver_rewrite(&kernels, backup_state() != BACKUP_ENDING, NULL);
}

static void give_back(const char *kernel)
{
	int err;

	if (backup_state() == BACKUP_NONE) {
		report("take " BOOT_WORD " from the command line of %s, and boot it again", kernel);
		return;
	}
	err = trial_fail(kernel);
	if (err)
		report_error(err, "cannot save that %s had no clock", kernel);
	if (!refresh(kernel))
		report("the next boot of %s is with rtc_cmos; 'rtcctl driver enable' has " MODULE_NAME
		       " tried again", kernel);
}

static int rescue(const char *kernel)
{
	bool enabled = backup_state() != BACKUP_NONE;
	struct rtc rtc;
	int err = 0;

	if (module_loaded() && driver_wait_for_clock(&rtc)) {
		err = enabled ? trial_succeeded(kernel) : 0;
		if (err)
			report_error(err, "cannot keep a copy of the module");
		return EXIT_SUCCESS;
	}
	if (!load_any(kernel)) {
		say_why(kernel);
		give_back(kernel);
		return EXIT_FAILURE;
	}
	return enabled && refresh(NULL) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int driver_rescue(const struct driver_options *options)
{
	struct utsname running;

	if (options->root) {
		report("driver rescue is of the system that runs, not of another root");
		return EXIT_USAGE;
	}
	if (!driver_uses_word(DRIVER_COMMAND_LINE))
		return EXIT_SUCCESS;
	uname(&running);
	return rescue(running.release);
}
