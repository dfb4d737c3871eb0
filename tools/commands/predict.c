// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "commands/commands.h"
#include "lib/time/clock.h"
#include "lib/time/date.h"
#include "lib/time/duration.h"
#include "ui/clock-sheet.h"
#include "ui/options.h"
#include "ui/report.h"

static int predict(struct options *options)
{
	char text[DURATION_TEXT_SIZE];
	struct adjtime adjtime;
	int64_t date_ns, drift_ns;
	struct sheet *sheet;
	int err;

	err = date_parse(options->date, clock_now_ns(CLOCK_REALTIME), &date_ns);
	if (err) {
		report_date(err, options->date);
		return EXIT_FAILURE;
	}
	if (options_adjtime(options, &adjtime))
		return EXIT_FAILURE;
	drift_ns = adjtime_correction_s(&adjtime, clock_floor_s(date_ns)) * NSEC_PER_SEC;

	sheet = sheet_new("predict", NULL);
	sheet_time(sheet, "date", "Date", date_ns);
	sheet_time(sheet, "time", "Clock then", date_ns - drift_ns);
	sheet_scale(sheet, options->scale);
	sheet_string(sheet, NULL, "Drift until then", duration_format_signed(-drift_ns, text));
	sheet_int(sheet, "drift_ns", NULL, drift_ns);
	if (!adjtime.adjusted_s)
		report("the adjtime file does not say when the clock was last set: nothing is known of its drift");
	return options_print(options, sheet);
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG_SCALE,
		{ "json", no_argument, NULL, OPTION_JSON },
		{}
	};
	struct options options = {};
	int status;

	argv = options_keep_dates(&argc, argv);
	if (!argv)
		return EXIT_FAILURE;
	status = options_parse(&options, command, argc, argv, OPTIONS_SHORT_SCALE, longopts, argc);
	if (status < 0)
		status = options_date(&options, command, argc, argv);
	return status >= 0 ? status : predict(&options);
}

const struct command cmd_predict = {
	.name = "predict",
	.summary = "what the clock will show at a date, by its drift",
	.help = "rtcctl predict [OPTION...] DATE\n"
		"\n"
		"Tell what the clock will show at DATE when it is not set until then, by the\n"
		"drift factor in the adjtime file. Asks no clock. DATE as for 'rtcctl set'.\n"
		"\n"
		OPTIONS_HELP_JSON
		OPTIONS_HELP_SCALE,
	.examples = { "rtcctl predict tomorrow",
		      "rtcctl predict --json -1w" },
	.run = run,
};
