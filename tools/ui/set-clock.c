// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/signals.h"
#include "lib/rtc/setting.h"
#include "ui/clock-sheet.h"
#include "ui/device.h"
#include "ui/report.h"
#include "ui/set-clock.h"

enum {
	OPTION_NO_VERIFY = OPTION_OWN,
};

const char *const set_keys[] = {
	SHEET_DEVICE_KEYS, "time", "time_ns", "timescale", SHEET_DRIFT_KEYS, SHEET_RESIDUAL_KEYS,
	"keeps_second", "written", "writes", NULL
};

struct writing {
	const struct set_order *order;
	struct options *options;
	struct adjtime adjtime;
	struct rtc rtc;
	struct sheet *sheet;
	struct setting setting;
	bool unsaved;		/* the adjtime file was not to be had; reported */
};

static void note_set(struct writing *w)
{
	struct adjtime *adjtime = &w->adjtime;
	int64_t calibrated_s = adjtime->calibrated_s;

	adjtime_set_at(adjtime, clock_floor_s(w->order->epoch_ns));
	if (w->order->keeps_calibration)
		adjtime->calibrated_s = calibrated_s;
	options_adjtime_pending(w->options, adjtime, &(struct pending){
		.rtc = &w->rtc,
		.when = w->setting.when,
		.rtc_ns = w->setting.rtc_ns,
		.ahead_ns = w->order->drift_ns,
	});
}

/* What is set and not noted would be corrected again. */
static int set_and_note(struct writing *w)
{
	sigset_t before;
	int err;

	signals_hold(&before);
	note_set(w);
	err = setting_apply(&w->rtc, &w->setting);
	if (err)
		report_set(err, &w->rtc);
	else
		w->unsaved = options_adjtime_save(w->options, &w->adjtime);
	pending_clear(&w->options->lock);
	signals_release(&before);
	return err;
}

/* No set comes closer: what is left is known, and hwclock's file has a place for it. */
static int note_rest(struct writing *w)
{
	char text[96];

	sheet_string(w->sheet, NULL, "Chip", "keeps its own second: no set comes closer");
	if (w->options->noadjfile)
		return 0;
	w->adjtime.not_adjusted_s = -w->setting.residual.ns / 1e9;
	snprintf(text, sizeof(text), "has the rest, %+f s, for hctosys, adjust and hwclock to add",
		 w->adjtime.not_adjusted_s);
	sheet_string(w->sheet, NULL, "Adjtime", text);
	return options_adjtime_save(w->options, &w->adjtime);
}

static int verify(struct writing *w)
{
	int err;

	err = setting_verify(&w->rtc, &w->setting);
	if (err) {
		report_read(err, &w->rtc);
		return err;
	}
	sheet_residual(w->sheet, &w->setting.residual);
	sheet_bool(w->sheet, "keeps_second", NULL, w->setting.keeps_second);
	if (w->setting.keeps_second && w->setting.exact)
		err = note_rest(w);
	return err ? err : report_setting(&w->setting, &w->rtc);
}

static void sheet_written(const struct writing *w, bool right)
{
	bool test = w->options->test;

	sheet_string(w->sheet, NULL, "Written", right ? "no: the clock is right" :
		     test ? "no: only a test" : w->setting.writes > 1 ? "yes, twice" : "yes");
	sheet_bool(w->sheet, "written", NULL, !right && !test);
	sheet_int(w->sheet, "writes", NULL, w->setting.writes);
}

static int perform(struct writing *w)
{
	bool right = w->order->unless_right && setting_right(&w->rtc, &w->setting);
	int err = 0;

	if (right)
		sheet_residual(w->sheet, &w->setting.residual);
	else if (!w->options->test)
		err = set_and_note(w);
	if (!err && !right && !w->options->test && w->order->verify)
		err = verify(w);
	if (!err)
		sheet_written(w, right);
	return err;
}

static int plan(struct writing *w)
{
	int err;

	w->setting.when = w->order->when;
	w->setting.follow_system = w->order->follow_system;
	w->setting.delay_ns = -1;
	err = timescale_to_rtc(w->options->scale, w->order->epoch_ns, &w->setting.rtc_ns);
	/* Without a test the kernel says so itself. */
	if (!err && w->options->test && !rtc_holds(&w->rtc, clock_floor_s(w->setting.rtc_ns)))
		err = -ERANGE;
	if (err)
		report_set(err, &w->rtc);
	return err;
}

static int write_locked(struct options *options, const struct set_order *order)
{
	struct writing w = { .order = order, .options = options };
	int err;

	if (options_adjtime(options, &w.adjtime) || device_open(&w.rtc, options->device))
		return EXIT_FAILURE;

	w.sheet = sheet_new(order->name, set_keys);
	sheet_device(w.sheet, &w.rtc);
	sheet_time(w.sheet, "time", "Set to", order->epoch_ns);
	sheet_scale(w.sheet, options->scale);
	sheet_drift(w.sheet, order->drift_ns);
	err = plan(&w);
	if (!err)
		err = perform(&w);
	rtc_close(&w.rtc);
	if (err) {
		sheet_free(w.sheet);
		return EXIT_FAILURE;
	}
	return options_print(options, w.sheet) || w.unsaved ? EXIT_FAILURE : EXIT_SUCCESS;
}

int set_parse(struct options *options, struct set_order *order, const struct command *command,
	      int argc, char **argv, int operands)
{
	static const struct option longopts[] = {
		OPTIONS_LONG,
		{ "test", no_argument, NULL, OPTION_TEST },
		{ "no-verify", no_argument, NULL, OPTION_NO_VERIFY },
		{}
	};
	int c, status;

	while ((c = getopt_long(argc, argv, OPTIONS_SHORT, longopts, NULL)) != -1) {
		if (c == OPTION_NO_VERIFY) {
			order->verify = false;
			continue;
		}
		status = options_take(options, command, c);
		if (status >= 0)
			return status;
	}
	return options_finish(options, command, argc, operands);
}

int set_clock(struct options *options, const struct set_order *order)
{
	int status = EXIT_FAILURE;

	if (!options_lock(options))
		status = write_locked(options, order);
	options_unlock(options);
	return status;
}
