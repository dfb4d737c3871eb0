// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "ui/report.h"

static const struct command *const commands[] = {
	&cmd_show, &cmd_set, &cmd_systohc, &cmd_hctosys, &cmd_follow, &cmd_adjust,
	&cmd_predict, &cmd_watch, &cmd_info, &cmd_chip, &cmd_drift, &cmd_metrics, &cmd_clocks,
	&cmd_alarm, &cmd_nvram, &cmd_params, &cmd_doctor, &cmd_compliance, &cmd_driver,
	NULL
};

static int print_version(void)
{
	printf("rtcctl from rtc-mc146818 %s\n", VERSION);
	return EXIT_SUCCESS;
}

static int print_help(void)
{
	puts("Usage: rtcctl [COMMAND] [OPTION...]\n"
	     "\n"
	     "Read, set and examine real-time clocks.\n"
	     "\n"
	     "Commands:");
	for (const struct command *const *c = commands; *c; c++)
		printf(" %-10s %s\n", (*c)->name, (*c)->summary);
	puts("\n"
	     "Without a command: show. 'rtcctl COMMAND --help' tells a command's options.\n"
	     "\n"
	     " -h, --help     show this help\n"
	     " -V, --version  show the version");
	return EXIT_SUCCESS;
}

static const struct command *find_command(const char *name)
{
	const struct command *const *c = commands;

	while (*c && strcmp((*c)->name, name))
		c++;
	return *c;
}

/* The command is named by argv[1]. */
static int run_named(int argc, char **argv)
{
	const struct command *command = find_command(argv[1]);

	if (!command) {
		report("unknown command '%s'", argv[1]);
		return report_try_help(NULL);
	}
	argv[1] = argv[0];
	return command->run(command, argc - 1, argv + 1);
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
static int find_place(int argc, char **argv)
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
	if (argc == 2)
		return print_help();
	argv[1] = argv[2];
	argv[2] = "--help";
	return run_named(3, argv);
}

static int dispatch(int argc, char **argv)
{
	int place = find_place(argc, argv);

	if (argc > 1 && (!strcmp(argv[1], "-V") || means(argv[1], "--version")))
		return print_version();
	if (argc > 1 && place == argc && (!strcmp(argv[1], "-h") || means(argv[1], "--help")))
		return print_help();
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
