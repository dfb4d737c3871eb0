/* SPDX-License-Identifier: GPL-2.0 */
/* One run of a program, and what it cost. */
#ifndef COMMAND_H
#define COMMAND_H

#include "../rtc/clock.h"

struct command_run {
	s64 begin, end;		/* raw ns */
	s64 cpu_ns;
	int status;		/* exit code; -1: killed */
	char output[4096];	/* standard output and error */
};

/* 0 once it has ended, however; or a negative errno. */
int command_run(struct command_run *run, const char *const argv[]);

#endif
