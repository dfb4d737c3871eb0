// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "report.h"

const struct command *const command_quick[] = {
	&cmd_show, &cmd_set, &cmd_systohc, &cmd_hctosys, &cmd_adjust, &cmd_predict,
	&cmd_watch, &cmd_info, &cmd_drift, &cmd_metrics,
	NULL
};

static int print_version(void)
{
	printf("rtcctl from rtc-mc146818 %s\n", VERSION);
	return EXIT_SUCCESS;
}

const struct command *command_find(const struct command *const *list, const char *name)
{
	for (; *list; list++)
		if (!strcmp((*list)->name, name))
			return *list;
	return NULL;
}

int command_run(const struct command *command, int argc, char **argv)
{
	argv[1] = argv[0];
	return command->run(command, argc - 1, argv + 1);
}

static int dispatch(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2)
		return cmd_show.run(&cmd_show, argc, argv);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return print_version();
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return command_rest(argc, argv);
	if (argv[1][0] == '-')
		return cmd_show.run(&cmd_show, argc, argv);
	command = command_find(command_quick, argv[1]);
	return command ? command_run(command, argc, argv) : command_rest(argc, argv);
}

int main(int argc, char **argv)
{
	int status;

	/* getopt_long() says who it is by this. */
	argv[0] = program_invocation_short_name;
	if (!strcmp(program_invocation_short_name, "hwclock"))
		status = hwclock_main(argc, argv);
	else if (!strcmp(program_invocation_short_name, "rtcwake"))
		status = rtcwake_main(argc, argv);
	else
		status = dispatch(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		report_error(-errno, "write error");
		status = EXIT_FAILURE;
	}
	return status;
}
