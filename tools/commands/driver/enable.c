// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/driver/driver.h"
#include "lib/base/program.h"
#include "lib/base/signals.h"
#include "lib/boot/initramfs.h"
#include "lib/boot/secure-boot.h"
#include "lib/boot/trial.h"
#include "ui/report.h"

#define COMMANDS_MAX	(DRIVER_KERNELS + 2)

struct command_line {
	char path[PATH_MAX];
	const char *words[5];	/* behind the path; ended by NULL */
};

/* What makes the files count. */
struct commands {
	int count;
	struct command_line lines[COMMANDS_MAX];
};

static void add_command(struct commands *commands, const char *program, const char *const *words)
{
	struct command_line *line = &commands->lines[commands->count];

	if (!program_find(program, line->path, sizeof(line->path)))
		return;
	for (int i = 0; words[i]; i++)
		line->words[i] = words[i];
	commands->count++;
}

/* The hooks of Debian's initramfs-tools call kernel-install themselves. */
static void find_commands(struct commands *commands, const struct driver_kernels *kernels)
{
	enum initramfs_maker maker = initramfs_maker();
	const struct driver_kernel *kernel;
	bool grub, entries;

	memset(commands, 0, sizeof(*commands));
	driver_boot_loaders(&grub, &entries);
	if (maker == INITRAMFS_TOOLS)
		add_command(commands, "update-initramfs",
			    (const char *const []){ "-u", "-k", "all", NULL });
	if (maker == INITRAMFS_DRACUT)
		add_command(commands, "dracut",
			    (const char *const []){ "--force", "--regenerate-all", NULL });
	if (grub)
		add_command(commands, "update-grub", (const char *const []){ NULL });
	for (int i = 0; entries && maker == INITRAMFS_DRACUT && i < kernels->count; i++) {
		kernel = &kernels->kernels[i];
		add_command(commands, "kernel-install",
			    (const char *const []){ "add", kernel->release, kernel->image, NULL });
	}
}

static void print_command(const char *verb, const struct command_line *line)
{
	printf("  %-8s %s", verb, line->path);
	for (int i = 0; line->words[i]; i++)
		printf(" %s", line->words[i]);
	putchar('\n');
}

static int run_command(const struct command_line *line)
{
	char *argv[8] = { (char *)line->path };
	int status;

	for (int i = 0; line->words[i]; i++)
		argv[i + 1] = (char *)line->words[i];
	print_command("run", line);
	status = program_run(argv);
	if (status < 0)
		report_error(status, "cannot run %s", line->path);
	else if (status)
		report("%s failed with status %d", line->path, status);
	return status ? -EIO : 0;
}

static int run_commands(const struct commands *commands)
{
	int err = 0;

	for (int i = 0; !err && i < commands->count; i++)
		err = run_command(&commands->lines[i]);
	initramfs_changed();
	return err;
}

/* All of them, whatever comes of one. */
static int run_all(const struct commands *commands)
{
	int err = 0, one;

	for (int i = 0; i < commands->count; i++) {
		one = run_command(&commands->lines[i]);
		err = err ? err : one;
	}
	initramfs_changed();
	return err;
}

static void print_kernels(const struct driver_kernels *kernels)
{
	const struct driver_kernel *kernel;
	const char *why;

	for (int i = 0; i < kernels->count; i++) {
		kernel = &kernels->kernels[i];
		why = driver_why_not(kernel);
		printf("  %-8s %s: %s%s\n", "boot", kernel->release,
		       why ? "with rtc_cmos, as now: " : "with rtc-mc146818", why ? why : "");
	}
}

static void print_plan(const struct driver_kernels *kernels, const struct commands *commands)
{
	for (const struct backup_file *file = driver_files; file->key; file++)
		if (driver_file_text(file))
			printf("  %-8s %s\n", access(file->path, F_OK) ? "write" : "replace",
			       file->path);
	for (int i = 0; i < commands->count; i++)
		print_command("run", &commands->lines[i]);
	print_kernels(kernels);
}

static void print_undoing(const struct commands *commands)
{
	char path[PATH_MAX];

	for (const struct backup_file *file = driver_files; file->key; file++)
		if (backup_now(file) == BACKUP_OURS)
			printf("  %-8s %s\n", backup_kept(file, path) ? "restore" : "remove",
			       file->path);
	for (int i = 0; i < commands->count; i++)
		print_command("run", &commands->lines[i]);
}

/* Return: -1 to go on, else the exit status. */
static int confirm(const struct driver_options *options, const char *verb)
{
	char nobody[96], refused[64];

	if (options->dry_run)
		return EXIT_SUCCESS;
	snprintf(nobody, sizeof(nobody), "driver %s changes how this system boots: say --yes", verb);
	snprintf(refused, sizeof(refused), "driver %s: nothing was done", verb);
	return options->yes || options_ask("", nobody, refused) ? -1 : EXIT_FAILURE;
}

static int usable(const struct driver_kernels *kernels, int err)
{
	int count = 0;

	for (int i = 0; i < kernels->count; i++)
		count += kernels->kernels[i].module == err;
	return count;
}

/* What there is no mechanism for here is for the administrator to do. */
static int check_mechanism(void)
{
	bool grub, entries;
	char path[PATH_MAX];

	driver_boot_loaders(&grub, &entries);
	if (initramfs_maker() != INITRAMFS_NONE &&
	    ((grub && program_find("update-grub", path, sizeof(path))) ||
	     (entries && program_find("kernel-install", path, sizeof(path)))))
		return 0;
	report("driver enable knows GRUB with update-grub, and kernel-install's entries, with initramfs-tools or dracut, and finds none of that here");
	report("do it by hand: have the initramfs load rtc-mc146818 with hctosys=on, and add to the command line of the kernels that have it: " BOOT_WORD);
	return -EOPNOTSUPP;
}

static int check_kernels(const struct driver_kernels *kernels)
{
	if (usable(kernels, 0))
		return 0;
	if (usable(kernels, -EKEYREJECTED)) {
		report("this system loads only modules that are signed by a key it trusts (Secure Boot, lockdown), and rtc-mc146818 is not");
		report("sign it and enroll the key, with DKMS: mokutil --import /var/lib/dkms/mok.pub, and reboot; see Documentation/secure-boot.rst");
		return -EKEYREJECTED;
	}
	if (usable(kernels, -ENOEXEC))
		report("rtc-mc146818 is damaged, or was built for another kernel: build it again (dkms install, or make install)");
	else
		report("no installed kernel has the module rtc-mc146818: install the package rtc-mc146818-dkms, or 'make install'");
	return -ENOENT;
}

static int check_own_word(void)
{
	const char *path = driver_own_word();

	if (!path)
		return 0;
	report("%s has " BOOT_WORD " for every kernel, also one without the module: take it out there first",
	       path);
	return -EEXIST;
}

static int check_tools(void)
{
	if (driver_tools())
		return 0;
	report("driver enable needs rtcctl installed in that system, which looks again whenever an initramfs or a grub.cfg is made: install the package rtcctl, or 'make install'");
	return -ENOENT;
}

static int check(const struct driver_kernels *kernels)
{
	int err = check_mechanism();

	if (!err)
		err = check_tools();
	if (!err)
		err = check_kernels(kernels);
	if (!err)
		err = check_own_word();
	return err;
}

static void report_put(int err, const struct backup_file *file)
{
	if (err == -ELOOP)
		report("cannot save %s: it is a symbolic link", file->path);
	else
		report_error(err, "cannot save %s", file->path);
}

static int put_files(void)
{
	const char *text;
	int err = 0;

	for (const struct backup_file *file = driver_files; !err && file->key; file++) {
		text = driver_file_text(file);
		if (!text)
			continue;
		printf("  %-8s %s\n", "write", file->path);
		err = backup_put(file, text);
		if (err)
			report_put(err, file);
	}
	return err;
}

static void report_changed(const struct backup_file *file)
{
	char kept[PATH_MAX];

	report("%s was changed by somebody since, and is left as it is: remove or repair it, and say 'rtcctl driver disable' again",
	       file->path);
	if (backup_kept(file, kept))
		report("what %s was before is in %s", file->path, kept);
}

/* Return: 0, or the first -errno, reported. */
static int restore_files(void)
{
	int err = 0, one;

	for (const struct backup_file *file = driver_files; file->key; file++) {
		one = backup_restore(file);
		err = err ? err : one;
		if (one == -ESTALE)
			report_changed(file);
		else if (one)
			report_error(one, "cannot restore %s", file->path);
	}
	return err;
}

/* The kernels that can have the driver have it, and no other boots without rtc_cmos. */
static int verify(struct driver_kernels *kernels)
{
	const struct driver_kernel *kernel;
	int err = 0, with = 0;

	driver_look(kernels);
	for (int i = 0; i < kernels->count; i++) {
		kernel = &kernels->kernels[i];
		if (kernel->entries_bare) {
			report("%s would boot without a clock", kernel->release);
			err = -EIO;
		} else if (!kernel->module && kernel->in_initramfs != 1) {
			report("%s: rtc-mc146818 did not get into its initramfs", kernel->release);
		}
		with += kernel->entries_with;
	}
	if (!err && !with) {
		report("no entry of a boot loader got " BOOT_WORD);
		err = -EIO;
	}
	return err;
}

static int take_back(struct driver_kernels *kernels, const struct commands *commands, bool ran)
{
	int err, one;

	backup_set(BACKUP_ENDING);
	/* Before an initramfs is made that does not have the module. */
	err = ran ? driver_rewrite(kernels, false, NULL) : 0;
	if (err)
		return err;
	err = restore_files();
	one = ran ? run_all(commands) : 0;
	err = err ? err : one;
	one = ran ? driver_rewrite(kernels, false, NULL) : 0;
	err = err ? err : one;
	if (!err) {
		trial_end();
		err = backup_end();
		if (err)
			report_error(err, "cannot remove " BACKUP_DIR);
	}
	return err;
}

static int do_enable(struct driver_kernels *kernels, const struct commands *commands)
{
	bool ran = false;
	int err;

	err = put_files();
	if (!err) {
		ran = true;
		err = run_commands(commands);
	}
	if (!err)
		err = driver_rewrite(kernels, true, NULL);
	if (!err)
		err = verify(kernels);
	if (!err)
		err = backup_set(BACKUP_DONE);
	if (!err) {
		puts("Enabled: from the next boot on.");
		return 0;
	}
	report("driver enable failed: taking back what was done");
	if (!take_back(kernels, commands, ran))
		report("everything is as it was before");
	return err;
}

static void report_ledger(int err)
{
	if (err == -EBUSY)
		report("another 'rtcctl driver' is at work");
	else if (err == -EAGAIN)
		report("another 'rtcctl driver' was at work meanwhile: nothing was done");
	else
		report_error(err, "cannot save " BACKUP_DIR);
}

/* The state may have changed while the question stood there. */
static int begin(enum backup_state seen, enum backup_state state)
{
	int err = backup_lock();

	if (!err && backup_state() != seen)
		err = -EAGAIN;
	if (!err)
		err = backup_set(state);
	if (err)
		report_ledger(err);
	if (backup_state() == BACKUP_NONE && err != -EBUSY)
		backup_end();
	return err;
}

/* Return: whether all files are as they were written. */
static bool as_written(void)
{
	bool all = true;

	for (const struct backup_file *file = driver_files; file->key; file++) {
		if (backup_now(file) == BACKUP_CHANGED || backup_now(file) == BACKUP_BEFORE) {
			report("%s was changed by somebody since", file->path);
			all = false;
		}
	}
	return all;
}

/* The kernels that had no clock are tried again. */
static int enable_again(const struct driver_options *options)
{
	static struct driver_kernels kernels;
	int status;

	if (driver_kernels(&kernels, options->root) || !usable(&kernels, -ENODEV)) {
		puts("Enabled already: nothing to do.");
		return EXIT_SUCCESS;
	}
	for (int i = 0; i < kernels.count; i++)
		if (kernels.kernels[i].module == -ENODEV)
			printf("  %-8s %s: with rtc-mc146818 again, which found no clock last time\n",
			       "boot", kernels.kernels[i].release);
	status = confirm(options, "enable");
	if (status >= 0)
		return status;
	trial_again();
	if (driver_kernels(&kernels, options->root) || driver_rewrite(&kernels, true, NULL))
		return EXIT_FAILURE;
	puts("Enabled again: from the next boot on.");
	return EXIT_SUCCESS;
}

static int enabled_already(enum backup_state state, const struct driver_options *options)
{
	if (state != BACKUP_DONE) {
		report("an earlier enable or disable was interrupted: 'rtcctl driver disable' first");
		return EXIT_FAILURE;
	}
	if (!as_written())
		return EXIT_FAILURE;
	return enable_again(options);
}

int driver_enable(const struct driver_options *options)
{
	enum backup_state state = backup_state();
	static struct driver_kernels kernels;
	static struct commands commands;
	sigset_t signals;
	int err, status;

	if (state != BACKUP_NONE)
		return enabled_already(state, options);
	err = driver_kernels(&kernels, options->root);
	if (err) {
		report_error(err, "cannot list the kernels in /lib/modules");
		return EXIT_FAILURE;
	}
	if (check(&kernels))
		return EXIT_FAILURE;
	find_commands(&commands, &kernels);
	puts("To have rtc-mc146818 from the next boot on:");
	print_plan(&kernels, &commands);
	status = confirm(options, "enable");
	if (status >= 0)
		return status;
	signals_hold(&signals);
	err = begin(state, BACKUP_BEGUN);
	if (!err)
		err = do_enable(&kernels, &commands);
	signals_release(&signals);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* It takes the command line that runs for new entries, unless there is one for all. */
static void warn_of_kernel_install(void)
{
	bool grub, entries;

	driver_boot_loaders(&grub, &entries);
	if (entries && driver_uses_word(DRIVER_COMMAND_LINE) &&
	    access("/etc/kernel/cmdline", F_OK) && access("/usr/lib/kernel/cmdline", F_OK))
		report("until the next boot kernel-install gives a new kernel the command line that runs, with " BOOT_WORD ": reboot before one is installed, or it boots without a clock");
}

int driver_disable(const struct driver_options *options)
{
	enum backup_state state = backup_state();
	static struct driver_kernels kernels;
	static struct commands commands;
	sigset_t signals;
	int err, status;

	if (state == BACKUP_NONE) {
		puts("Not enabled: nothing to do.");
		return EXIT_SUCCESS;
	}
	driver_kernels(&kernels, options->root);
	find_commands(&commands, &kernels);
	puts("To have rtc_cmos from the next boot on:");
	print_undoing(&commands);
	status = confirm(options, "disable");
	if (status >= 0)
		return status;
	signals_hold(&signals);
	err = begin(state, BACKUP_ENDING);
	if (!err)
		err = take_back(&kernels, &commands, true);
	signals_release(&signals);
	if (!err) {
		puts("Disabled: rtc_cmos has the clock from the next boot on.");
		warn_of_kernel_install();
	}
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
