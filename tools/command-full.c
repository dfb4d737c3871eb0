// SPDX-License-Identifier: GPL-2.0
/* The twin's part of rtcctl: the help, and the commands that are not quick. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "report.h"

static const struct command *const full[] = {
	&cmd_clocks,
	&cmd_alarm,
	&cmd_nvram,
	&cmd_params,
	&cmd_doctor,
	&cmd_compliance,
	&cmd_driver,
	NULL
};

static void print_summaries(const struct command *const *list)
{
	for (; *list; list++)
		printf(" %-10s %s\n", (*list)->name, (*list)->summary);
}

static int print_help(void)
{
	puts("Usage: rtcctl [COMMAND] [OPTION...]\n"
	     "\n"
	     "Read, set and examine real-time clocks.\n"
	     "\n"
	     "Commands:");
	print_summaries(command_quick);
	print_summaries(full);
	puts("\n"
	     "Without a command: show. 'rtcctl COMMAND --help' tells a command's options.\n"
	     "\n"
	     " -h, --help     show this help\n"
	     " -V, --version  show the version");
	return EXIT_SUCCESS;
}

int command_rest(int argc, char **argv)
{
	const struct command *command;

	if (argv[1][0] == '-')
		return print_help();
	command = command_find(full, argv[1]);
	if (command)
		return command_run(command, argc, argv);
	report("unknown command '%s'", argv[1]);
	return report_try_help(NULL);
}
