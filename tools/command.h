/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command of rtcctl: one file each, and one line in rtcctl.c. */
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

extern const struct command cmd_show;
extern const struct command cmd_set;
extern const struct command cmd_systohc;
extern const struct command cmd_hctosys;
extern const struct command cmd_follow;
extern const struct command cmd_adjust;
extern const struct command cmd_predict;
extern const struct command cmd_watch;
extern const struct command cmd_info;
extern const struct command cmd_chip;
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
