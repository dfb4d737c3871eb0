/* SPDX-License-Identifier: GPL-2.0 */
/* Writing the clock, with all that belongs to it: what `set` and `systohc` share. */
#ifndef RTCCTL_WRITE_H
#define RTCCTL_WRITE_H

#include "options.h"

struct write_order {
	const char *name;	/* of the command */
	int64_t epoch_ns;	/* the clock shall show this real time */
	int64_t real_ns;	/* when CLOCK_REALTIME shows this */
	bool verify;
	bool unless_exact;	/* leave a clock alone that is right within its bound */
	bool keeps_calibration;	/* adjusted by the drift factor, which that does not calibrate */
};

#define WRITE_HELP \
	"     --no-verify     do not wait for the next tick to see how exact it is\n"

/**
 * write_parse() - The command line: --test, --no-verify, at most @operands operands.
 * Return: the exit status, negative to go on.
 */
int write_parse(struct options *options, struct write_order *order, const struct command *command,
		int argc, char **argv, int operands);

/** write_clock() - Check, wait, write, verify, save adjtime, report. Return: the exit status. */
int write_clock(struct options *options, const struct write_order *order);

#endif
