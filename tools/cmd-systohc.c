// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "lib/clock.h"
#include "write.h"

enum {
	OPTION_NO_VERIFY = OPTION_OWN,
};

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG,
		{ "test", no_argument, NULL, OPTION_TEST },
		{ "no-verify", no_argument, NULL, OPTION_NO_VERIFY },
		{}
	};
	struct write_order order = {
		.name = command->name,
		.verify = true,
		.unless_exact = true,
	};
	struct options options = {};
	int c, status;

	while ((c = getopt_long(argc, argv, OPTIONS_SHORT, longopts, NULL)) != -1) {
		if (c == OPTION_NO_VERIFY) {
			order.verify = false;
			continue;
		}
		status = options_take(&options, command, c);
		if (status >= 0)
			return status;
	}
	status = options_finish(&options, command, argc, 0);
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
		"     --no-verify     do not wait for the next tick to see how exact it is\n"
		OPTIONS_HELP_TEST
		OPTIONS_HELP,
	.run = run,
};
