// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "commands/commands.h"
#include "lib/time/clock.h"
#include "ui/set-clock.h"

static int run(const struct command *command, int argc, char **argv)
{
	struct set_order order = {
		.name = command->name,
		.verify = true,
		.unless_right = true,
		.follow_system = true,
	};
	struct options options = {};
	int status;

	status = set_parse(&options, &order, command, argc, argv, 0);
	if (status >= 0)
		return status;
	order.when = clock_moment();
	order.epoch_ns = order.when.real_ns;
	return set_clock(&options, &order);
}

const struct command cmd_systohc = {
	.name = "systohc",
	.summary = "set the clock from the system time",
	.help = "rtcctl systohc [OPTION...]\n"
		"\n"
		"Set the clock from the system time, to the fraction of a second, and see how\n"
		"exact that is. A clock that is known to agree is left alone.\n"
		"\n"
		SET_HELP
		OPTIONS_HELP_TEST
		OPTIONS_HELP,
	.examples = { "rtcctl systohc",
		      "rtcctl systohc --test --utc" },
	.run = run,
};
