// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "column.h"
#include "lib/root.h"
#include "lib/savefile.h"
#include "options.h"
#include "report.h"

static const char *adjfile(const struct options *options, struct root_path *path)
{
	return options->adjfile ? options->adjfile : root_path(path, ADJTIME_PATH);
}

static int set_scale(struct options *options, const struct command *command, enum timescale scale)
{
	if (options->scale_given && options->scale != scale) {
		report("--utc and --localtime exclude each other");
		return report_try_help(command->name);
	}
	options->scale = scale;
	options->scale_given = true;
	return -1;
}

static int print_help(const struct command *command)
{
	const struct table_column *column = command->columns;

	printf("Usage: %s", command->help);
	if (column)
		puts("\nColumns of --output:");
	for (; column && column->name; column++)
		printf(" %-10s %s\n", column->name, column->help);
	return EXIT_SUCCESS;
}

int options_take(struct options *options, const struct command *command, int c)
{
	switch (c) {
	case 'f':
		options->device = optarg;
		return -1;
	case 'u':
		return set_scale(options, command, TIMESCALE_UTC);
	case 'l':
		return set_scale(options, command, TIMESCALE_LOCAL);
	case OPTION_ADJFILE:
		options->adjfile = optarg;
		return -1;
	case OPTION_NOADJFILE:
		options->noadjfile = true;
		return -1;
	case OPTION_JSON:
		options->json = true;
		return -1;
	case OPTION_TEST:
		options->test = true;
		return -1;
	case OPTION_NOHEADINGS:
		options->noheadings = true;
		return -1;
	case OPTION_OUTPUT:
		options->output = optarg;
		return -1;
	case 'h':
		return print_help(command);
	default:
		return report_try_help(command->name);
	}
}

int options_finish(const struct options *options, const struct command *command, int argc,
		   int operands)
{
	if (argc - optind > operands) {
		report("%s: too many arguments", command->name);
		return report_try_help(command->name);
	}
	if (options->noadjfile && options->adjfile) {
		report("--adjfile and --noadjfile exclude each other");
		return report_try_help(command->name);
	}
	if (options->noadjfile && !options->scale_given) {
		report("--noadjfile needs --utc or --localtime");
		return report_try_help(command->name);
	}
	return -1;
}

int options_parse(struct options *options, const struct command *command, int argc, char **argv,
		  const char *shortopts, const struct option *longopts, int operands)
{
	int c, status;

	while ((c = getopt_long(argc, argv, shortopts, longopts, NULL)) != -1) {
		status = options_take(options, command, c);
		if (status >= 0)
			return status;
	}
	return options_finish(options, command, argc, operands);
}

int options_adjtime(struct options *options, struct adjtime *adjtime)
{
	struct adjtime_fault fault = {};
	struct root_path path;
	const char *file = adjfile(options, &path);
	int err = 0;

	*adjtime = (struct adjtime){};
	if (!options->noadjfile)
		err = adjtime_load(file, adjtime, &fault);
	if (err == -ENOENT)
		err = 0;
	/* An odd third line matters only where it has the say. */
	if (err == -EBADMSG || (!err && fault.line && !options->scale_given)) {
		report("%s: line %d: %s", file, fault.line, fault.reason);
		return -EBADMSG;
	}
	if (err) {
		report_error(err, "cannot read %s", file);
		return err;
	}
	if (!options->scale_given)
		options->scale = adjtime->scale;
	return 0;
}

int options_adjtime_lock(struct options *options)
{
	struct root_path path;
	int err;

	if (options->noadjfile || options->test)
		return 0;
	err = savefile_check(adjfile(options, &path));
	if (!err)
		err = lockfile_take(&options->lock, adjfile(options, &path));
	if (err)
		report_update(err, adjfile(options, &path));
	return err;
}

void options_adjtime_unlock(struct options *options)
{
	lockfile_release(&options->lock);
}

int options_adjtime_save(const struct options *options, struct adjtime *adjtime)
{
	struct root_path path;
	int err;

	if (options->noadjfile)
		return 0;
	adjtime->scale = options->scale;
	err = adjtime_save(adjfile(options, &path), adjtime);
	if (err)
		report_update(err, adjfile(options, &path));
	return err;
}

int options_print(const struct options *options, struct sheet *sheet)
{
	char *text = NULL;
	int err;

	err = options->json ? sheet_json(sheet, &text) : sheet_text(sheet, &text);
	sheet_free(sheet);
	if (!err && fputs(text, stdout) < 0)
		err = -errno;
	free(text);
	if (err)
		report_error(err, "cannot write the answer");
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
