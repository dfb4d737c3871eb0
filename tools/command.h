/* SPDX-License-Identifier: GPL-2.0 */
/* A command of rtcctl: one file each, listed in rtcctl.c. */
#ifndef RTCCTL_COMMAND_H
#define RTCCTL_COMMAND_H

struct command {
	const char *name;
	const char *summary;	/* for the list of commands */
	const char *help;	/* everything that follows "Usage: " */
	/* argv[0] is the command's name. Returns the exit status. */
	int (*run)(const struct command *command, int argc, char **argv);
};

extern const struct command cmd_show;
extern const struct command cmd_set;
extern const struct command cmd_systohc;
extern const struct command cmd_hctosys;
extern const struct command cmd_watch;
extern const struct command cmd_info;

/* The compatible face: the whole program where it is called by that name. */
int hwclock_main(int argc, char **argv);

#endif
