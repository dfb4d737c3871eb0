/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A command of rtcctl: one file each. Those that shall answer fast are listed in
 * rtcctl.c. All others, and all that make tables, are listed in command-full.c and
 * linked into the twin, rtcctl-full, that rtcctl runs in its place for them.
 */
#ifndef RTCCTL_COMMAND_H
#define RTCCTL_COMMAND_H

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

/* Ended by NULL. */
extern const struct command *const command_quick[];

/**
 * command_rest() - What is left to do: rtcctl's own help, and the commands that are not quick.
 *
 * In rtcctl by running its twin with the same arguments, in the twin itself by
 * doing it. Return: the exit status.
 */
int command_rest(int argc, char **argv);

/** command_find() - In a list that ends with NULL. Return: NULL where it is not there. */
const struct command *command_find(const struct command *const *list, const char *name);

/** command_run() - With argv[1] as the command's name. Return: the exit status. */
int command_run(const struct command *command, int argc, char **argv);

extern const struct command cmd_show;
extern const struct command cmd_set;
extern const struct command cmd_systohc;
extern const struct command cmd_hctosys;
extern const struct command cmd_follow;
extern const struct command cmd_adjust;
extern const struct command cmd_predict;
extern const struct command cmd_watch;
extern const struct command cmd_info;
extern const struct command cmd_alarm;
extern const struct command cmd_nvram;
extern const struct command cmd_params;
extern const struct command cmd_doctor;
extern const struct command cmd_compliance;
extern const struct command cmd_driver;
extern const struct command cmd_clocks;
extern const struct command cmd_drift;
extern const struct command cmd_metrics;

/* The compatible faces: the whole program where it is called by that name. */
int hwclock_main(int argc, char **argv);
int rtcwake_main(int argc, char **argv);

#endif
