// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drift-command.h"
#include "facts.h"
#include "lib/clock.h"
#include "lib/date.h"
#include "lib/duration.h"
#include "report.h"

/* Beyond this nobody plans. */
#define FAR_S		(100 * 365.25 * 86400)

static const char *const keys[] = {
	"clock", "samples", "span_s", "gaps", "outliers", "steps", "noise_ns", "rate_ppm",
	"low_ppm", "high_ppm", "s_per_day", "second_off_s", "adjtime_factor_s_per_day",
	"synchronised", "steal_percent", "counters", NULL
};

static void facts_span(struct sheet *sheet, const struct drift *drift)
{
	char span[DURATION_TEXT_SIZE], gap[DURATION_TEXT_SIZE], text[192];

	snprintf(text, sizeof(text), "%d over %s", drift->count,
		 duration_format(drift->fit.span_s * NSEC_PER_SEC, span));
	sheet_string(sheet, NULL, "Samples", text);
	sheet_int(sheet, "samples", NULL, drift->count);
	sheet_real(sheet, "span_s", drift->fit.span_s);
	sheet_int(sheet, "gaps", NULL, drift->gaps);
	if (drift->gaps)
		snprintf(text, sizeof(text), "%d, the longest %s", drift->gaps,
			 duration_format(drift->longest_gap_s * NSEC_PER_SEC, gap));
	sheet_string(sheet, NULL, "Gaps", drift->gaps ? text : "none");
	snprintf(text, sizeof(text), "%d (%.1f %%)", drift->fit.outliers,
		 100.0 * drift->fit.outliers / drift->count);
	sheet_string(sheet, NULL, "Outliers", text);
	sheet_int(sheet, "outliers", NULL, drift->fit.outliers);
	sheet_int(sheet, "steps", "Steps", drift->fit.steps);
	sheet_string(sheet, NULL, "Noise", duration_format(drift->fit.noise_ns, span));
	sheet_real(sheet, "noise_ns", drift->fit.noise_ns);
}

static void facts_rate(struct sheet *sheet, const struct fit *fit)
{
	double margin = (fit->high_ppb - fit->low_ppb) / 2;
	char text[192];
	int digits;

	digits = facts_digits(margin / 1e3);
	snprintf(text, sizeof(text), "%+.*f %s %.*f ppm (95 %%)", digits, fit->rate_ppb / 1e3,
		 facts_plus_minus(), digits, facts_round_up(margin / 1e3, digits));
	sheet_string(sheet, NULL, "Rate", text);
	sheet_real(sheet, "rate_ppm", fit->rate_ppb / 1e3);
	sheet_real(sheet, "low_ppm", fit->low_ppb / 1e3);
	sheet_real(sheet, "high_ppm", fit->high_ppb / 1e3);
	digits = facts_digits(drift_s_per_day(margin));
	snprintf(text, sizeof(text), "%+.*f %s %.*f s", digits, drift_s_per_day(fit->rate_ppb),
		 facts_plus_minus(), digits, facts_round_up(drift_s_per_day(margin), digits));
	sheet_string(sheet, NULL, "Per day", text);
	sheet_real(sheet, "s_per_day", drift_s_per_day(fit->rate_ppb));
}

static void facts_second_off(struct sheet *sheet, const struct drift *drift)
{
	const struct fit *fit = &drift->fit;
	double at_s = drift_second_off_s(fit, fit->rate_ppb);
	char date[DATE_TEXT_SIZE], text[128];
	int64_t epoch_ns;

	if (at_s > FAR_S) {
		sheet_null(sheet, "second_off_s");
		sheet_string(sheet, NULL, "One second off", "not within a hundred years");
		return;
	}
	epoch_ns = (drift->points[drift->count - 1].time_s + at_s) * NSEC_PER_SEC;
	sheet_real(sheet, "second_off_s", epoch_ns / (double)NSEC_PER_SEC);
	if (!at_s || date_format(epoch_ns, date, sizeof(date))) {
		sheet_string(sheet, NULL, "One second off", "by now");
		return;
	}
	snprintf(text, sizeof(text), "on %.16s, if nobody sets it", date);
	sheet_string(sheet, NULL, "One second off", text);
}

static void facts_system(struct sheet *sheet, const struct drift *drift)
{
	char text[192];

	sheet_int(sheet, "synchronised", NULL, drift->synchronised);
	if (drift->synchronised < drift->count) {
		snprintf(text, sizeof(text),
			 "not synchronised at %d of %d samples: its own error is in the rate",
			 drift->count - drift->synchronised, drift->count);
		sheet_string(sheet, NULL, "System clock", text);
	}
	if (drift->steal_percent >= 0) {
		snprintf(text, sizeof(text), "%.2f %%", drift->steal_percent);
		sheet_string(sheet, NULL, "Stolen time", text);
		sheet_real(sheet, "steal_percent", drift->steal_percent);
	}
}

static void facts_counters(struct sheet *sheet, const struct drift *drift)
{
	const struct drift_counter *counter;
	char text[192], key[64];
	int digits;

	for (int i = 0; i < drift->counters; i++) {
		counter = &drift->counter[i];
		digits = facts_digits(counter->error_ppm);
		snprintf(text, sizeof(text), "%s: %+.*f %s %.*f ppm against CLOCK_MONOTONIC_RAW",
			 counter->name, digits, counter->ppm, facts_plus_minus(), digits,
			 facts_round_up(counter->error_ppm, digits));
		sheet_string(sheet, NULL, i ? "" : "Counters", text);
		snprintf(key, sizeof(key), "counters.%s_ppm", counter->name);
		sheet_real(sheet, key, counter->ppm);
	}
}

/* hwclock adds this to what the clock shows. */
static double factor_of(const struct drift *drift)
{
	return -drift_s_per_day(drift->fit.rate_ppb);
}

static void facts_factor(struct sheet *sheet, const struct drift *drift)
{
	char text[64];

	snprintf(text, sizeof(text), "%.6f s per day", factor_of(drift));
	sheet_string(sheet, NULL, "Adjtime factor", text);
	sheet_real(sheet, "adjtime_factor_s_per_day", factor_of(drift));
}

/*
 * The factor counts from a moment at which the error was known. That is the line's end
 * where the system's clock was right; else it is the one noted, or, without any, the end.
 */
static int write_factor_locked(struct drift_request *request, const struct drift *drift)
{
	bool right = drift->synchronised == drift->count;
	int64_t end_s = drift->points[drift->count - 1].time_s;
	struct adjtime adjtime;
	int err;

	err = options_adjtime(&request->options, &adjtime);
	if (err)
		return err;
	if (fabs(factor_of(drift)) > ADJTIME_MAX_DRIFT) {
		report("a factor of %.3f s per day is no drift: nothing written",
		       factor_of(drift));
		return -ERANGE;
	}
	adjtime.drift_s_per_day = factor_of(drift);
	adjtime.calibrated_s = end_s;
	if (right || !adjtime.adjusted_s) {
		adjtime.adjusted_s = end_s;
		adjtime.not_adjusted_s = right ? -drift->fit.last_ns / NSEC_PER_SEC : 0;
	}
	if (!right)
		report("the system clock was not synchronised all the time: the factor holds its error too");
	return options_adjtime_save(&request->options, &adjtime);
}

static int write_factor(struct drift_request *request, const struct drift *drift)
{
	int err;

	err = options_lock(&request->options);
	if (!err)
		err = write_factor_locked(request, drift);
	options_unlock(&request->options);
	return err;
}

int drift_show(struct drift_request *request)
{
	struct drift drift;
	struct sheet *sheet;
	int status;

	if (drift_load(request, &drift))
		return EXIT_FAILURE;
	sheet = sheet_new("drift", keys);
	sheet_string(sheet, "clock", "Clock", drift.clock);
	facts_span(sheet, &drift);
	facts_rate(sheet, &drift.fit);
	facts_second_off(sheet, &drift);
	facts_factor(sheet, &drift);
	facts_system(sheet, &drift);
	facts_counters(sheet, &drift);
	status = options_print(&request->options, sheet);
	if (!status && request->write && write_factor(request, &drift))
		status = EXIT_FAILURE;
	drift_free(&drift);
	return status;
}
