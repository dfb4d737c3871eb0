/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing the clock, with all that belongs to it: what `set` and `systohc` share. */
#ifndef RTCCTL_UI_SET_CLOCK_H
#define RTCCTL_UI_SET_CLOCK_H

#include "lib/time/clock.h"
#include "ui/options.h"

struct set_order {
	const char *name;	/* of the command */
	int64_t epoch_ns;	/* the clock shall show this real time at this moment */
	struct moment when;
	bool follow_system;	/* that moment of CLOCK_REALTIME, wherever that is stepped to */
	bool verify;
	bool unless_right;	/* leave a clock alone that is known to be right */
	int64_t drift_ns;	/* what of that is a correction; or 0 */
	bool keeps_calibration;	/* adjusted by the drift factor, which that does not calibrate */
};

#define SET_HELP \
	"     --no-verify     do not wait to see how exact it is\n"

/* The keys of its answer, for sheet_new(). */
extern const char *const set_keys[];

/**
 * set_parse() - The command line: --test, --no-verify, at most @operands operands.
 * Return: the exit status, negative to go on.
 */
int set_parse(struct options *options, struct set_order *order, const struct command *command,
	      int argc, char **argv, int operands);

/** set_clock() - Check, write, save adjtime, verify, report. Return: the exit status. */
int set_clock(struct options *options, const struct set_order *order);

#endif
