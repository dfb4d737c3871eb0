/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the command clocks does beside its listing. */
#ifndef RTCCTL_COMMANDS_CLOCKS_SURVEY_H
#define RTCCTL_COMMANDS_CLOCKS_SURVEY_H

#include "ui/options.h"

/** clocks_repair() - Put back the clocksource that a survey was killed over, and say so. */
void clocks_repair(void);

/** clocks_use() - Make @name the kernel's clocksource. Return: the exit status. */
int clocks_use(const char *name);

/** clocks_survey() - Measure each clocksource, for @seconds in all. Return: the exit status. */
int clocks_survey(const struct options *options, double seconds);

#endif
