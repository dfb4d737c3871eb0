// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "lib/clock.h"
#include "write.h"

static int run(const struct command *command, int argc, char **argv)
{
	struct write_order order = {
		.name = command->name,
		.verify = true,
		.unless_exact = true,
	};
	struct options options = {};
	int status;

	status = write_parse(&options, &order, command, argc, argv, 0);
	if (status >= 0)
		return status;
	order.real_ns = clock_now_ns(CLOCK_REALTIME);
	order.epoch_ns = order.real_ns;
	return write_clock(&options, &order);
}

const struct command cmd_systohc = {
	.name = "systohc",
	.summary = "set the clock from the system time",
	.help = "rtcctl systohc [OPTION...]\n"
		"\n"
		"Set the clock from the system time, to the fraction of a second. A clock that\n"
		"is known to agree within its bound is left alone.\n"
		"\n"
		WRITE_HELP
		OPTIONS_HELP_TEST
		OPTIONS_HELP,
	.run = run,
};
