// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "report.h"

static const struct command *const commands[] = {
	&cmd_show, &cmd_set, &cmd_systohc, &cmd_hctosys, &cmd_watch, &cmd_info,
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static int print_help(void)
{
	puts("Usage: rtcctl [COMMAND] [OPTION...]\n"
	     "\n"
	     "Read, set and examine real-time clocks.\n"
	     "\n"
	     "Commands:");
	for (size_t i = 0; i < COMMANDS; i++)
		printf(" %-9s %s\n", commands[i]->name, commands[i]->summary);
	puts("\n"
	     "Without a command: show. 'rtcctl COMMAND --help' tells a command's options.\n"
	     "\n"
	     " -h, --help     show this help\n"
	     " -V, --version  show the version");
	return EXIT_SUCCESS;
}

static int print_version(void)
{
	printf("rtcctl from rtc-mc146818 %s\n", VERSION);
	return EXIT_SUCCESS;
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static int dispatch(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2)
		return cmd_show.run(&cmd_show, argc, argv);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return print_help();
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return print_version();
	if (argv[1][0] == '-')
		return cmd_show.run(&cmd_show, argc, argv);

	command = find(argv[1]);
	if (!command) {
		report("unknown command '%s'", argv[1]);
		return report_try_help(NULL);
	}
	argv[1] = argv[0];
	return command->run(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	int status;

	/* getopt_long() says who it is by this. */
	argv[0] = program_invocation_short_name;
	if (!strcmp(program_invocation_short_name, "hwclock"))
		status = hwclock_main(argc, argv);
	else
		status = dispatch(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		report_error(-errno, "write error");
		status = EXIT_FAILURE;
	}
	return status;
}
