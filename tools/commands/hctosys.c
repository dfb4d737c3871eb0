// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "commands/commands.h"
#include "lib/rtc/reading.h"
#include "lib/rtc/system-follow.h"
#include "lib/rtc/take-reading.h"
#include "lib/time/system.h"
#include "ui/clock-sheet.h"
#include "ui/device.h"
#include "ui/options.h"
#include "ui/report.h"

static const char *const keys[] = {
	SHEET_DEVICE_KEYS, SHEET_READING_KEYS, SHEET_DRIFT_KEYS, SHEET_RESIDUAL_KEYS, "stepped", NULL
};

static int step(const struct rtc *rtc, const struct reading *reading, enum timescale scale,
		int64_t drift_ns, struct residual *remains)
{
	int64_t epoch_ns;
	int err;

	err = system_follow(rtc, scale, drift_ns, remains);
	if (err != -ENODEV)
		return err;
	remains->bound_ns = -1;
	err = reading_to_epoch(reading, scale, &epoch_ns);
	return err < 0 ? err : system_set_time(epoch_ns + drift_ns, reading->at.mono_ns);
}

/* The kernel learns of the clock's timescale first: its first call decides about that. */
static int set_system(const struct rtc *rtc, const struct reading *reading,
		      enum timescale scale, int64_t epoch_ns, int64_t drift_ns,
		      struct residual *remains)
{
	int minutes_west, err;

	minutes_west = system_minutes_west(clock_floor_s(epoch_ns + drift_ns));
	err = system_set_timezone(scale, minutes_west);
	if (!err)
		err = step(rtc, reading, scale, drift_ns, remains);
	if (err == -EPERM)
		report_error(err, "cannot set the system time without root (CAP_SYS_TIME)");
	else if (err)
		report_error(err, "cannot set the system time");
	return err;
}

static int fill_sheet(struct sheet *sheet, const struct rtc *rtc, const struct options *options,
		      const struct adjtime *adjtime, struct reading *reading)
{
	struct residual remains = { .bound_ns = -1 };
	int64_t epoch_ns, drift_ns;
	int err;

	err = sheet_reading(sheet, reading, options->scale);
	if (!err)
		err = reading_to_epoch(reading, options->scale, &epoch_ns);
	if (err < 0) {
		report_error(err, "the clock's date is beyond what the system can take");
		return err;
	}
	drift_ns = adjtime_correction_s(adjtime, clock_floor_s(epoch_ns)) * NSEC_PER_SEC;
	sheet_int(sheet, "drift_ns", NULL, drift_ns);
	err = 0;
	if (!options->test)
		err = set_system(rtc, reading, options->scale, epoch_ns, drift_ns, &remains);
	if (!err && remains.bound_ns >= 0)
		sheet_residual(sheet, &remains);
	sheet_bool(sheet, "stepped", NULL, !options->test && !err);
	sheet_string(sheet, NULL, "System time", options->test ? "not set: only a test" : "set");
	return err;
}

static int hctosys(struct options *options)
{
	struct reading reading;
	struct adjtime adjtime;
	struct sheet *sheet;
	struct rtc rtc;
	int err;

	if (options_adjtime(options, &adjtime) || device_open(&rtc, options->device))
		return EXIT_FAILURE;
	err = reading_take(&rtc, &reading);
	if (err) {
		report_read(err, &rtc);
		rtc_close(&rtc);
		return EXIT_FAILURE;
	}
	report_interrupt(reading.interrupt_err, &rtc);

	sheet = sheet_new("hctosys", keys);
	sheet_device(sheet, &rtc);
	err = fill_sheet(sheet, &rtc, options, &adjtime, &reading);
	rtc_close(&rtc);
	if (err) {
		sheet_free(sheet);
		return EXIT_FAILURE;
	}
	return options_print(options, sheet);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct options options = {};
	int status;

	status = options_parse(&options, command, argc, argv, OPTIONS_SHORT, options_test, 0);
	return status >= 0 ? status : hctosys(&options);
}

const struct command cmd_hctosys = {
	.name = "hctosys",
	.summary = "set the system time from the clock",
	.help = "rtcctl hctosys [OPTION...]\n"
		"\n"
		"Set the system time from the clock, to the fraction of a second, corrected by\n"
		"the drift that the adjtime file knows, and the kernel's timezone.\n"
		"\n"
		OPTIONS_HELP_TEST
		OPTIONS_HELP,
	.examples = { "rtcctl hctosys",
		      "rtcctl hctosys --test" },
	.run = run,
};
