// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "device.h"
#include "facts.h"
#include "lib/ptp.h"
#include "lib/setting.h"
#include "report.h"
#include "write.h"

/* Further off than this, the driver has not set the fraction of the second. */
#define RESIDUAL_SUSPECT_NS	(20 * NSEC_PER_MSEC)

/* Only the driver's own measurement is quick and good enough to tell. */
static bool agrees(const struct rtc *rtc, const struct setting *setting)
{
	struct ptp_sample sample;
	int64_t error_ns;

	if (ptp_sample(rtc, &sample))
		return false;
	error_ns = sample.rtc_ns - setting->rtc_ns - (sample.at.real_ns - setting->real_ns);
	return llabs(error_ns) <= sample.bound_ns;
}

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

static int apply(const struct rtc *rtc, const struct options *options,
		 const struct write_order *order, struct setting *setting, struct sheet *sheet)
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

static int perform(const struct rtc *rtc, struct options *options, struct adjtime *adjtime,
		   const struct write_order *order, struct sheet *sheet)
{
	struct setting setting = {
		.real_ns = order->real_ns,
		.delay_ns = rtc_set_delay_ns(rtc),
	};
	bool exact;
	int err;

	err = timescale_to_rtc(options->scale, order->epoch_ns, &setting.rtc_ns);
	if (err) {
		report_set(err, rtc);
		return err;
	}
	exact = order->unless_exact && agrees(rtc, &setting);
	if (!exact) {
		err = apply(rtc, options, order, &setting, sheet);
		adjtime_set_at(adjtime, clock_floor_s(order->epoch_ns));
	}
	sheet_bool(sheet, "written", NULL, !exact && !options->test && !err);
	if (!err && !options->test)
		err = options_adjtime_save(options, adjtime);
	if (options->test)
		sheet_string(sheet, NULL, "Written", "no: only a test");
	else
		sheet_string(sheet, NULL, "Written",
			     exact ? "no: the clock agrees within its bound" : "yes");
	return err;
}

int write_clock(struct options *options, const struct write_order *order)
{
	struct adjtime adjtime;
	struct sheet *sheet;
	struct rtc rtc;
	int err;

	if (options_adjtime(options, &adjtime) ||
	    (!options->test && options_adjtime_writable(options)) ||
	    device_open(&rtc, options->device))
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
