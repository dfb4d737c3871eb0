// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/chip/chip.h"
#include "commands/commands.h"
#include "ui/device.h"
#include "ui/options.h"
#include "ui/report.h"

/* A clock that is put back no closer than this is not where it was. */
#define PUT_BACK_NS	(NSEC_PER_SEC * 3 / 4)

enum {
	OPTION_PROVOKE = OPTION_OWN,
	OPTION_YES,
};

static bool agreed(void)
{
	return options_ask("This arms an alarm and disarms it, and sets the clock up to 3.25 s ahead\n"
			   "for some seconds. Both are put back. ",
			   "chip --test sets the clock aside for some seconds: say --yes",
			   "chip --test: nothing was done");
}

static bool is_mc146818(const struct rtc *rtc)
{
	return !strcmp(rtc->driver, "rtc_cmos") || !strcmp(rtc->driver, RTC_OURS);
}

static int provoke(struct options *options, struct chip_evidence *evidence)
{
	int err = options_lock(options);

	if (err)
		return EXIT_FAILURE;
	chip_try(evidence);
	options_unlock(options);
	if (evidence->set_err || llabs(evidence->residual.ns) <= PUT_BACK_NS)
		return EXIT_SUCCESS;
	report("%s: could not be put back to where it was", evidence->rtc.path);
	return EXIT_FAILURE;
}

static int chip(struct options *options, bool test)
{
	struct chip_evidence evidence = {};
	int status = EXIT_SUCCESS, printed;
	struct sheet *sheet;

	if (device_open(&evidence.rtc, options->device))
		return EXIT_FAILURE;
	if (!is_mc146818(&evidence.rtc)) {
		report("%s: its driver knows no MC146818 (%s)", evidence.rtc.path,
		       evidence.rtc.driver[0] ? evidence.rtc.driver : "none is told");
		rtc_close(&evidence.rtc);
		return EXIT_FAILURE;
	}
	chip_look(&evidence);
	if (test)
		status = provoke(options, &evidence);
	sheet = sheet_new("chip", chip_keys);
	chip_sheet(sheet, &evidence);
	rtc_close(&evidence.rtc);
	printed = options_print(options, sheet);
	return printed ? printed : status;
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG_DEVICE,
		{ "test", no_argument, NULL, OPTION_PROVOKE },
		{ "yes", no_argument, NULL, OPTION_YES },
		{}
	};
	struct options options = {};
	bool test = false, yes = false;
	int c, status;

	while ((c = getopt_long(argc, argv, OPTIONS_SHORT_DEVICE, longopts, NULL)) != -1) {
		test |= c == OPTION_PROVOKE;
		yes |= c == OPTION_YES;
		if (c == OPTION_PROVOKE || c == OPTION_YES)
			continue;
		status = options_take(&options, command, c);
		if (status >= 0)
			return status;
	}
	status = options_finish(&options, command, argc, 0);
	if (status < 0 && yes && !test)
		status = options_unused("chip without --test",
					(const struct options_unused[]){ { true, "--yes" }, {} });
	if (status < 0 && test && !yes && !agreed())
		status = EXIT_FAILURE;
	return status >= 0 ? status : chip(&options, test);
}

const struct command cmd_chip = {
	.name = "chip",
	.summary = "what the clock's chip does, from evidence, and whose does the same",
	.help = "rtcctl chip [OPTION...]\n"
		"\n"
		"Show what is known of the chip behind the clock, an MC146818 or what plays one,\n"
		"and which of the known ones do all that was seen. What is not known is said to\n"
		"be unknown, with the reason. Root is told the most.\n"
		"\n"
		"     --test          find out more: watch its updates, arm an alarm and disarm\n"
		"                     it, set the clock up to 3.25 s ahead for some seconds,\n"
		"                     and put it back; asks first\n"
		"     --yes           do not ask\n"
		OPTIONS_HELP_DEVICE,
	.examples = { "rtcctl chip --json",
		      "rtcctl chip --rtc rtc1 --test" },
	.run = run,
};
