// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "commands/commands.h"
#include "lib/time/clock.h"
#include "lib/time/date.h"
#include "ui/report.h"
#include "ui/set-clock.h"

static int set(struct options *options, struct set_order *order)
{
	int err;

	err = date_parse(options->date, order->when.real_ns, &order->epoch_ns);
	if (err) {
		report_date(err, options->date);
		return EXIT_FAILURE;
	}
	return set_clock(options, order);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct set_order order = {
		.name = command->name,
		.when = clock_moment(),
		.verify = true,
	};
	struct options options = {};
	int status;

	argv = options_keep_dates(&argc, argv);
	if (!argv)
		return EXIT_FAILURE;
	status = set_parse(&options, &order, command, argc, argv, argc);
	if (status < 0)
		status = options_date(&options, command, argc, argv);
	return status >= 0 ? status : set(&options, &order);
}

const struct command cmd_set = {
	.name = "set",
	.summary = "set the clock to a date",
	.help = "rtcctl set [OPTION...] DATE\n"
		"\n"
		"Set the clock so that it shows DATE now, to the fraction of a second.\n"
		"DATE is in local time unless it says otherwise:\n"
		"  YYYY-MM-DD[( |T)hh:mm[:ss[.fraction]][Z|+hh:mm]]   YYYYMMDDhhmmss\n"
		"  hh:mm[:ss[.fraction]]   now   (today|tomorrow|yesterday)[ hh:mm[:ss]]\n"
		"  @SECONDS[.fraction]   +N or -N with s, m, h, d, w, month or y (+1h30m)\n"
		"  N UNITS ago   a day of the week may stand before a date\n"
		"\n"
		SET_HELP
		OPTIONS_HELP_TEST
		OPTIONS_HELP,
	.examples = { "rtcctl set '2026-11-29 14:30:05.25'",
		      "rtcctl set --test +1h30m" },
	.run = run,
};
