// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "report.h"

const struct command *const command_quick[] = {
	&cmd_show, &cmd_set, &cmd_systohc, &cmd_hctosys, &cmd_follow, &cmd_adjust,
	&cmd_predict, &cmd_watch, &cmd_info, &cmd_drift, &cmd_metrics,
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

static int run_named(int argc, char **argv)
{
	const struct command *command = command_find(command_quick, argv[1]);

	return command ? command_run(command, argc, argv) : command_rest(argc, argv);
}

/* The least that getopt_long() would take for it. */
static bool means(const char *arg, const char *option)
{
	size_t len = strlen(arg);

	return len > 2 && !strncmp(arg, option, len);
}

static bool takes_value(const char *arg)
{
	return !strcmp(arg, "-f") || means(arg, "--rtc") || means(arg, "--adjfile") ||
	       means(arg, "--output");
}

/* Options may stand before the command, too. Return: its place; @argc: there is none. */
static int find_command(int argc, char **argv)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-')
		i += takes_value(argv[i]) ? 2 : 1;
	return i < argc ? i : argc;
}

static void move_to_front(char **argv, int i)
{
	char *name = argv[i];

	for (; i > 1; i--)
		argv[i] = argv[i - 1];
	argv[1] = name;
}

/* "help", or "help COMMAND" as "COMMAND --help". */
static int help(int argc, char **argv)
{
	if (argc == 2) {
		argv[1] = "--help";
		return command_rest(argc, argv);
	}
	argv[1] = argv[2];
	argv[2] = "--help";
	return run_named(3, argv);
}

static int dispatch(int argc, char **argv)
{
	int place = find_command(argc, argv);

	if (argc > 1 && (!strcmp(argv[1], "-V") || means(argv[1], "--version")))
		return print_version();
	if (argc > 1 && place == argc && (!strcmp(argv[1], "-h") || means(argv[1], "--help")))
		return command_rest(argc, argv);
	if (place == argc)
		return cmd_show.run(&cmd_show, argc, argv);
	move_to_front(argv, place);
	if (!strcmp(argv[1], "version") && argc == 2)
		return print_version();
	return !strcmp(argv[1], "help") ? help(argc, argv) : run_named(argc, argv);
}

/*
 * What is opened must not take the place of a closed stream. Standard output is made one
 * that fails, so that it is told.
 */
static void open_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR);
}

int main(int argc, char **argv)
{
	int status;

	open_streams();
	/* Where it is ignored, as some services start their programs, no child can be waited for. */
	signal(SIGCHLD, SIG_DFL);

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
