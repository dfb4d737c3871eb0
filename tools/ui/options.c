// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/root.h"
#include "lib/base/savefile.h"
#include "ui/column.h"
#include "ui/options.h"
#include "ui/report.h"
#include "ui/terminal.h"

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
	printf("Usage: %s", command->help);
	printf("\nExamples: %s\n          %s\n", command->examples[0], command->examples[1]);
	return EXIT_SUCCESS;
}

static int print_columns(const struct command *command)
{
	puts("Columns of --output:");
	for (const struct table_column *column = command->columns; column->name; column++)
		printf(" %-14s %s\n", column->name, column->help);
	return EXIT_SUCCESS;
}

bool options_ask(const char *question, const char *nobody, const char *refused)
{
	char answer[16];

	if (!isatty(STDIN_FILENO)) {
		report("%s", nobody);
		return false;
	}
	fflush(stdout);
	fprintf(stderr, "%sGo on? [y/N] ", question);
	if (fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
		return true;
	if (refused)
		report("%s", refused);
	return false;
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
		return strcmp(optarg, "help") ? -1 : print_columns(command);
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

const struct option options_test[] = {
	OPTIONS_LONG,
	{ "test", no_argument, NULL, OPTION_TEST },
	{}
};

const struct option options_device_table[] = {
	OPTIONS_LONG_DEVICE,
	OPTIONS_LONG_TABLE,
	{}
};

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

int options_unused(const char *part, const struct options_unused *unused)
{
	int status = -1;

	for (; unused->option; unused++) {
		if (!unused->given)
			continue;
		report("%s has no use for %s", part, unused->option);
		status = EXIT_USAGE;
	}
	return status;
}

int options_no_table(const char *part, const struct options *options)
{
	const struct options_unused unused[] = {
		{ options->noheadings, "--noheadings" }, { options->output, "--output" }, {}
	};

	return options_unused(part, unused);
}

static bool negative(const char *arg)
{
	return arg[0] == '-' && arg[1] >= '0' && arg[1] <= '9';
}

char **options_keep_dates(int *argc, char **argv)
{
	char **args = calloc(*argc + 2, sizeof(*args));
	int count = 0;

	if (!args)
		return NULL;
	for (int i = 1; i < *argc; i++)
		if (!strcmp(argv[i], "--"))
			return memcpy(args, argv, *argc * sizeof(*args));
	for (int i = 0; i < *argc; i++)
		if (!negative(argv[i]))
			args[count++] = argv[i];
	if (count < *argc)
		args[count++] = "--";
	for (int i = 0; i < *argc; i++)
		if (negative(argv[i]))
			args[count++] = argv[i];
	*argc = count;
	return args;
}

int options_number(const struct command *command, const char *text, double min, double max,
		   const char *what, double *value)
{
	char *end;

	errno = 0;
	*value = strtod(text, &end);
	if (end != text && !*end && !errno && *value >= min && *value <= max)
		return -1;
	report("%s: invalid %s '%s'", command->name, what, text);
	return EXIT_USAGE;
}

const char *options_join(char **operands, int count, char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
	for (int i = 0; i < count && len < size; i++)
		len += snprintf(text + len, size - len, "%s%s", i ? " " : "", operands[i]);
	return text;
}

int options_date(struct options *options, const struct command *command, int argc, char **argv)
{
	if (argc - optind < 1) {
		report("%s: no date given", command->name);
		return report_try_help(command->name);
	}
	options_join(argv + optind, argc - optind, options->date, sizeof(options->date));
	return -1;
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

void options_adjtime_guess(struct options *options)
{
	struct adjtime adjtime;

	if (options->scale_given)
		return;
	if (options_adjtime(options, &adjtime))
		report("the clock is taken to be kept in %s",
		       adjtime.scale == TIMESCALE_LOCAL ? "local time" : "UTC");
	options->scale = adjtime.scale;
}

int options_lock(struct options *options)
{
	int err;

	err = options->test ? 0 : lockfile_take(&options->lock);
	if (err)
		report_lock(err);
	else
		pending_settle(&options->lock, NULL);
	return err;
}

void options_unlock(struct options *options)
{
	lockfile_release(&options->lock);
}

int options_adjtime_check(const struct options *options)
{
	struct root_path path;
	int err;

	err = options->test ? 0 : savefile_check(adjfile(options, &path));
	if (err)
		report_update(err, adjfile(options, &path));
	return err;
}

void options_adjtime_pending(const struct options *options, struct adjtime *adjtime,
			     struct pending *pending)
{
	struct root_path path;

	if (options->noadjfile)
		return;
	adjtime->scale = options->scale;
	pending->adjtime = adjtime;
	pending->file = adjfile(options, &path);
	pending_note(&options->lock, pending);
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

	err = options->json ? sheet_json(sheet, &text) : sheet_text(sheet, terminal_width(), &text);
	sheet_free(sheet);
	if (!err && fputs(text, stdout) < 0)
		err = -errno;
	free(text);
	if (err)
		report_error(err, "cannot write the answer");
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
