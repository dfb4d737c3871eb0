/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All commands of rtcctl. */
#ifndef RTCCTL_COMMANDS_COMMANDS_H
#define RTCCTL_COMMANDS_COMMANDS_H

#include "ui/command.h"

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
