/* SPDX-License-Identifier: GPL-2.0 */
/* The programs that are compared: how each is called and what its answer means. */
#ifndef TOOL_H
#define TOOL_H

#include "../rtc/clock.h"

enum job { JOB_SHOW, JOB_SYSTOHC, JOB_HCTOSYS, JOBS };

/* The clock showed @rtc when CLOCK_REALTIME showed @real, says the tool. */
struct shown {
	s64 rtc, real;
};

/**
 * struct tool - one program
 * @name: in the samples
 * @argv: for each job, without the clock, which comes last
 * @parse: what was shown in the output of JOB_SHOW; @real is that of the end of the run and stays
 *	where the output names no moment. Returns 0 or -EINVAL
 */
struct tool {
	const char *name;
	const char *argv[JOBS][8];
	int (*parse)(const char *output, struct shown *shown);
};

/* The last one has no name. */
extern const struct tool tools[];

#endif
