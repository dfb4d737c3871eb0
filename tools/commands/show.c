// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "commands/commands.h"
#include "lib/rtc/phase.h"
#include "lib/rtc/take-reading.h"
#include "lib/time/clock.h"
#include "ui/clock-sheet.h"
#include "ui/device.h"
#include "ui/options.h"
#include "ui/report.h"

enum {
	OPTION_PRECISE = OPTION_OWN,
};

#define PRECISE_NS		(20 * NSEC_PER_USEC)
#define PRECISE_LIMIT_NS	(3 * NSEC_PER_SEC)

static const char *const keys[] = { SHEET_DEVICE_KEYS, SHEET_READING_KEYS, NULL };

static int sharpen(const struct rtc *rtc, struct reading *reading)
{
	if (reading->method == READING_PHASE || reading->method == READING_PTP)
		return phase_settle(rtc, PRECISE_NS, PRECISE_LIMIT_NS, reading);
	return reading_refine(rtc, reading);
}

static int measure(const struct rtc *rtc, bool precise, struct reading *reading)
{
	int err;

	err = precise ? reading_take(rtc, reading) : reading_soon(rtc, reading);
	if (!err && precise)
		err = sharpen(rtc, reading);
	if (err)
		report_read(err, rtc);
	else
		report_interrupt(reading->interrupt_err, rtc);
	return err;
}

static int show(struct options *options, bool precise)
{
	struct reading reading;
	struct sheet *sheet;
	struct rtc rtc;
	int err;

	options_adjtime_guess(options);
	if (device_open(&rtc, options->device))
		return EXIT_FAILURE;
	err = measure(&rtc, precise, &reading);
	rtc_close(&rtc);
	if (err)
		return EXIT_FAILURE;

	sheet = sheet_new("show", keys);
	sheet_device(sheet, &rtc);
	err = sheet_reading(sheet, &reading, options->scale);
	if (err)
		report_error(err, "%s: its date is beyond what can be shown", rtc.path);
	return options_print(options, sheet) || err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG,
		{ "precise", no_argument, NULL, OPTION_PRECISE },
		{}
	};
	struct options options = {};
	bool precise = false;
	int c, status;

	while ((c = getopt_long(argc, argv, OPTIONS_SHORT, longopts, NULL)) != -1) {
		if (c == OPTION_PRECISE) {
			precise = true;
			continue;
		}
		status = options_take(&options, command, c);
		if (status >= 0)
			return status;
	}
	status = options_finish(&options, command, argc, 0);
	return status >= 0 ? status : show(&options, precise);
}

const struct command cmd_show = {
	.name = "show",
	.summary = "what time the clock has, how far from the system's, and how sure that is",
	.help = "rtcctl show [OPTION...]\n"
		"\n"
		"Show the clock's time to the fraction of a second, and its offset from the\n"
		"system time with a bound: the truth is no further away than that. A driver\n"
		"that has not seen the clock's second begin for some time is coasting: a step\n"
		"of less than a second since then would not show.\n"
		"\n"
		"     --precise       wait for the clock's next second and a narrow bound, for\n"
		"                     3 s at most\n"
		OPTIONS_HELP,
	.examples = { "rtcctl show --precise",
		      "rtcctl show --json --rtc rtc1" },
	.run = run,
};
