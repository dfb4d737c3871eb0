// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "commands/commands.h"
#include "lib/rtc/reading.h"
#include "lib/rtc/take-reading.h"
#include "lib/time/clock.h"
#include "ui/clock-sheet.h"
#include "ui/device.h"
#include "ui/report.h"
#include "ui/set-clock.h"

/* As hwclock has it: less is not worth a set. */
#define WORTH_NS	NSEC_PER_SEC

struct correction {
	struct rtc rtc;		/* closed again */
	struct reading reading;
	int64_t clock_ns;	/* what it showed, as real time */
	int64_t ns;		/* to add to that */
};

static int not_usable(const struct adjtime *adjtime)
{
	if (!adjtime->adjusted_s)
		report("cannot adjust: the adjtime file does not say when the clock was last set: set it by systohc, then teach its drift by 'hwclock --systohc --update-drift'");
	else if (fabs(adjtime->drift_s_per_day) > ADJTIME_MAX_DRIFT)
		report("cannot adjust: a drift factor of %f s/day is no drift but a fault: correct the adjtime file",
		       adjtime->drift_s_per_day);
	else
		return 0;
	return -EINVAL;
}

static int measure(struct correction *correction, const struct options *options,
		   const struct adjtime *adjtime)
{
	struct rtc *rtc = &correction->rtc;
	int err;

	if (device_open(rtc, options->device))
		return -ENODEV;
	err = reading_take(rtc, &correction->reading);
	if (!err)
		report_interrupt(correction->reading.interrupt_err, rtc);
	if (!err)
		err = reading_to_epoch(&correction->reading, options->scale, &correction->clock_ns);
	if (err < 0)
		report_read(err, rtc);
	rtc_close(rtc);
	if (err < 0)
		return err;
	correction->ns = adjtime_correction_s(adjtime, clock_floor_s(correction->clock_ns)) *
			 NSEC_PER_SEC;
	return 0;
}

static int leave_alone(const struct options *options, const struct correction *correction)
{
	struct sheet *sheet = sheet_new("adjust", set_keys);

	sheet_device(sheet, &correction->rtc);
	sheet_time(sheet, "time", "Time", correction->clock_ns);
	sheet_scale(sheet, options->scale);
	sheet_drift(sheet, correction->ns);
	sheet_string(sheet, NULL, "Written", "no: less than a second is left alone");
	sheet_bool(sheet, "written", NULL, false);
	sheet_int(sheet, "writes", NULL, 0);
	return options_print(options, sheet);
}

/* What was read must not be corrected by another one before it is used here. */
static int adjust_locked(struct options *options)
{
	struct correction correction;
	struct adjtime adjtime;

	if (options_adjtime(options, &adjtime) || not_usable(&adjtime) ||
	    measure(&correction, options, &adjtime))
		return EXIT_FAILURE;
	if (llabs(correction.ns) < WORTH_NS)
		return leave_alone(options, &correction);
	/* What cannot be noted would be corrected again. */
	if (options_adjtime_check(options))
		return EXIT_FAILURE;

	return set_clock(options, &(struct set_order){
		.name = "adjust",
		.epoch_ns = correction.clock_ns + correction.ns,
		.when = correction.reading.at,
		.verify = true,
		.drift_ns = correction.ns,
		.keeps_calibration = true,
	});
}

static int adjust(struct options *options)
{
	int status = EXIT_FAILURE;

	if (!options_lock(options))
		status = adjust_locked(options);
	options_unlock(options);
	return status;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct options options = {};
	int status;

	status = options_parse(&options, command, argc, argv, OPTIONS_SHORT, options_test, 0);
	if (status >= 0)
		return status;
	if (options.noadjfile) {
		report("adjust: the drift stands in the adjtime file: --noadjfile leaves nothing to do");
		return report_try_help(command->name);
	}
	return adjust(&options);
}

const struct command cmd_adjust = {
	.name = "adjust",
	.summary = "set the clock by the drift that the adjtime file knows",
	.help = "rtcctl adjust [OPTION...]\n"
		"\n"
		"Correct the clock by what it has drifted since it was last set or adjusted,\n"
		"as the drift factor in the adjtime file has it. Less than a second is left\n"
		"alone.\n"
		"\n"
		OPTIONS_HELP_TEST
		OPTIONS_HELP,
	.examples = { "rtcctl adjust --test",
		      "rtcctl adjust --adjfile /mnt/etc/adjtime" },
	.run = run,
};
