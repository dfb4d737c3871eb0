// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/driver/driver.h"
#include "ui/report.h"
#include "ui/smartcols.h"

enum {
	OPTION_ROOT = OPTION_OWN,
	OPTION_DRY_RUN,
	OPTION_YES,
	OPTION_UNDO,
};

/* From there on all paths are of that root, and the programs that are run are its own. */
static int enter(const char *root)
{
	/* ... but for the library that answers are made with, which is this system's. */
	if (!smartcols_load())
		return -1;
	if (!chroot(root) && !chdir("/")) {
		unsetenv("RTCCTL_ROOT");
		return 0;
	}
	report_error(-errno, "cannot make %s the root%s", root,
		     errno == EPERM ? " without being root" : "");
	return -1;
}

static int enter_root(const struct driver_options *options)
{
	const char *root = options->root ? options->root : secure_getenv("RTCCTL_ROOT");

	return root && *root ? enter(root) : 0;
}

static int refresh(const struct driver_options *options, const char *file)
{
	static struct driver_kernels kernels;
	enum backup_state state = backup_state();
	int err;

	if (state == BACKUP_NONE)
		return EXIT_SUCCESS;
	err = driver_kernels(&kernels, options->root);
	if (err)
		report_error(err, "cannot list the kernels in /lib/modules");
	else
		err = driver_rewrite(&kernels, state != BACKUP_ENDING, file);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

struct verb {
	const char *name;
	int (*run)(const struct driver_options *options);
	bool table, asks, undoes, dry;
};

static const struct verb verbs[] = {
	{ "status", driver_status, .table = true },
	{ "try", driver_try, .undoes = true, .dry = true },
	{ "enable", driver_enable, .asks = true, .dry = true },
	{ "disable", driver_disable, .asks = true, .dry = true },
	{ .name = "rescue", .run = driver_rescue },
	{ .name = "refresh" },
};

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

static int check_options(const struct verb *verb, const struct driver_options *options)
{
	const struct options_unused unused[] = {
		{ options->common.json && !verb->table, "--json" },
		{ options->common.noheadings && !verb->table, "--noheadings" },
		{ options->common.output && !verb->table, "--output" },
		{ options->yes && !verb->asks, "--yes" },
		{ options->dry_run && !verb->dry, "--dry-run" },
		{ options->undo && !verb->undoes, "--undo" },
		{}
	};
	char part[32];

	snprintf(part, sizeof(part), "driver %s", verb->name);
	return options_unused(part, unused);
}

static int driver_command(const struct driver_options *options, char **words, int count)
{
	const char *name = count ? words[0] : "status";
	const struct verb *verb = find_verb(name);
	int status;

	if (!verb || count > (verb->run ? 1 : 2)) {
		report("driver: '%s' is not what it understands: status, try, enable, disable, refresh or rescue",
		       verb ? words[count - 1] : name);
		return report_try_help("driver");
	}
	status = check_options(verb, options);
	if (status >= 0)
		return status;
	if (enter_root(options))
		return EXIT_FAILURE;
	return verb->run ? verb->run(options) : refresh(options, count > 1 ? words[1] : NULL);
}

/* Return: whether it is an option of this command's own. */
static bool take_own(struct driver_options *options, int c)
{
	switch (c) {
	case OPTION_ROOT:
		options->root = optarg;
		return true;
	case OPTION_DRY_RUN:
		options->dry_run = true;
		return true;
	case OPTION_YES:
		options->yes = true;
		return true;
	case OPTION_UNDO:
		options->undo = true;
		return true;
	default:
		return false;
	}
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG_TABLE,
		{ "json", no_argument, NULL, OPTION_JSON },
		{ "root", required_argument, NULL, OPTION_ROOT },
		{ "dry-run", no_argument, NULL, OPTION_DRY_RUN },
		{ "yes", no_argument, NULL, OPTION_YES },
		{ "undo", no_argument, NULL, OPTION_UNDO },
		{ "help", no_argument, NULL, 'h' },
		{}
	};
	struct driver_options options = {};
	int c, status;

	while ((c = getopt_long(argc, argv, "h", longopts, NULL)) != -1) {
		if (take_own(&options, c))
			continue;
		status = options_take(&options.common, command, c);
		if (status >= 0)
			return status;
	}
	return driver_command(&options, argv + optind, argc - optind);
}

const struct command cmd_driver = {
	.name = "driver",
	.summary = "which driver has the clock; try rtc-mc146818, enable it for every boot",
	.help = "rtcctl driver [status] [OPTION...]\n"
		"       rtcctl driver try [--undo] [--dry-run]\n"
		"       rtcctl driver enable | disable [--dry-run] [--yes] [--root DIR]\n"
		"       rtcctl driver refresh [FILE] [--root DIR]\n"
		"       rtcctl driver rescue\n"
		"\n"
		"Show which driver has which clock, and which one it will be at the next boot;\n"
		"load rtc-mc146818 beside rtc_cmos until then; have it in place of rtc_cmos at\n"
		"every boot of the kernels that have it; take all of that back. What is done is\n"
		"shown first. refresh is for the hooks of enable: it looks again at which kernels\n"
		"have the module, for a grub.cfg or for all that boot loaders read. rescue, for a\n"
		"service: a boot without a clock gets one, or the next one gets rtc_cmos.\n"
		"\n"
		"     --undo          unload what was tried\n"
		"     --dry-run       only show what would be done\n"
		"     --yes           do not ask\n"
		"     --root DIR      the system below this directory, not the one that runs\n"
		OPTIONS_HELP_TABLE
		OPTIONS_HELP_JSON
		OPTIONS_HELP_HELP,
	.examples = { "rtcctl driver try",
		      "rtcctl driver enable --dry-run" },
	.columns = driver_columns,
	.run = run,
};
