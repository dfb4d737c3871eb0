/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command of rtcctl: one file each, a line in commands.h and one in rtcctl.c. */
#ifndef RTCCTL_UI_COMMAND_H
#define RTCCTL_UI_COMMAND_H

struct table_column;

struct command {
	const char *name;
	const char *summary;	/* for the list of commands */
	const char *help;	/* everything that follows "Usage: " */
	const char *examples[2];
	const struct table_column *columns;	/* of its table, ended by an empty one; or NULL */
	/* argv[0] is the command's name. Returns the exit status. */
	int (*run)(const struct command *command, int argc, char **argv);
};

#endif
