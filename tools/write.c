// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "device.h"
#include "facts.h"
#include "lib/setting.h"
#include "lib/stepping.h"
#include "report.h"
#include "write.h"

enum {
	OPTION_NO_VERIFY = OPTION_OWN,
};

/* Further off than this, the driver has not set the fraction of the second. */
#define RESIDUAL_SUSPECT_NS	(20 * NSEC_PER_MSEC)

static void report_residual(const struct residual *residual, const struct rtc *rtc)
{
	if (llabs(residual->ns) - residual->bound_ns <= RESIDUAL_SUSPECT_NS)
		return;
	report("%s did not take the fraction of the second: the driver %s keeps the phase of its seconds",
	       rtc->path, rtc->driver[0] ? rtc->driver : "(unknown)");
}

static int verify(const struct rtc *rtc, const struct setting *setting, struct sheet *sheet)
{
	struct residual residual;
	int err;

	err = setting_verify(rtc, setting, &residual);
	if (err) {
		report_read(err, rtc);
		return err;
	}
	facts_residual(sheet, &residual);
	report_residual(&residual, rtc);
	return 0;
}

/* A second at its moment: what every driver can take. */
static int by_second(const struct rtc *rtc, const struct options *options,
		     const struct write_order *order, struct setting *setting,
		     struct sheet *sheet)
{
	int err;

	if (options->test)
		return 0;
	err = setting_apply(rtc, setting);
	if (err) {
		report_set(err, rtc);
		return err;
	}
	return order->verify ? verify(rtc, setting, sheet) : 0;
}

static int finish_steps(const struct rtc *rtc, struct stepping *stepping, struct sheet *sheet)
{
	int err;

	err = stepping_finish(rtc, stepping);
	if (err) {
		report_read(err, rtc);
		return err;
	}
	facts_residual(sheet, &stepping->residual);
	return report_stepping(stepping, rtc);
}

/* By what it is off: -ENODEV where the driver does not know that, or takes no step. */
static int by_steps(const struct rtc *rtc, const struct options *options,
		    const struct write_order *order, struct stepping *stepping,
		    struct sheet *sheet)
{
	int err;

	if (stepping_measure(rtc, stepping))
		return -ENODEV;
	if (order->unless_exact && stepping_right(stepping)) {
		facts_residual(sheet, &stepping->residual);
		return 0;
	}
	if (options->test)
		return 0;
	err = stepping_step(rtc, stepping);
	if (err == -ENODEV || err == -EOPNOTSUPP)
		return -ENODEV;
	if (err) {
		report_set(err, rtc);
		return err;
	}
	return order->verify ? finish_steps(rtc, stepping, sheet) : 0;
}

static void facts_written(struct sheet *sheet, const struct options *options, bool exact,
			  int steps)
{
	char text[32] = "yes";

	if (steps)
		snprintf(text, sizeof(text), "yes, in %d step%s", steps, steps > 1 ? "s" : "");
	if (exact)
		sheet_string(sheet, NULL, "Written", "no: the clock is right");
	else
		sheet_string(sheet, NULL, "Written", options->test ? "no: only a test" : text);
	sheet_bool(sheet, "written", NULL, !exact && !options->test);
	sheet_int(sheet, "steps", NULL, steps);
}

static void note_set(struct adjtime *adjtime, const struct write_order *order)
{
	int64_t calibrated_s = adjtime->calibrated_s;

	adjtime_set_at(adjtime, clock_floor_s(order->epoch_ns));
	if (order->keeps_calibration)
		adjtime->calibrated_s = calibrated_s;
}

static int perform(const struct rtc *rtc, struct options *options, struct adjtime *adjtime,
		   const struct write_order *order, struct sheet *sheet)
{
	struct setting setting = {
		.real_ns = order->real_ns,
		.delay_ns = rtc_set_delay_ns(rtc),
	};
	struct stepping stepping = {};
	bool exact;
	int err;

	err = timescale_to_rtc(options->scale, order->epoch_ns, &setting.rtc_ns);
	if (err) {
		report_set(err, rtc);
		return err;
	}
	stepping.offset_ns = setting.rtc_ns - setting.real_ns;
	err = by_steps(rtc, options, order, &stepping, sheet);
	exact = !err && order->unless_exact && !stepping.steps && stepping_right(&stepping);
	if (err == -ENODEV)
		err = by_second(rtc, options, order, &setting, sheet);
	if (err)
		return err;
	facts_written(sheet, options, exact, stepping.steps);
	if (!exact)
		note_set(adjtime, order);
	return options->test ? 0 : options_adjtime_save(options, adjtime);
}

static int write_locked(struct options *options, const struct write_order *order)
{
	struct adjtime adjtime;
	struct sheet *sheet;
	struct rtc rtc;
	int err;

	if (options_adjtime(options, &adjtime) || device_open(&rtc, options->device))
		return EXIT_FAILURE;

	sheet = sheet_new(order->name);
	facts_device(sheet, &rtc);
	facts_time(sheet, "time", "Set to", order->epoch_ns);
	facts_scale(sheet, options->scale);
	err = perform(&rtc, options, &adjtime, order, sheet);
	rtc_close(&rtc);
	if (err) {
		sheet_free(sheet);
		return EXIT_FAILURE;
	}
	return options_print(options, sheet);
}

int write_parse(struct options *options, struct write_order *order, const struct command *command,
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

int write_clock(struct options *options, const struct write_order *order)
{
	int status = EXIT_FAILURE;

	if (!options_adjtime_lock(options))
		status = write_locked(options, order);
	options_adjtime_unlock(options);
	return status;
}
