// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/drift/drift.h"
#include "lib/time/clock.h"
#include "lib/time/date.h"
#include "lib/time/duration.h"
#include "ui/clock-sheet.h"
#include "ui/number.h"
#include "ui/report.h"

/* Beyond this nobody plans. */
#define FAR_S		(100 * 365.25 * 86400)

static const char *const keys[] = {
	"clock", "samples", "span_s", "gaps", "outliers", "steps", "written_samples", "written_s",
	"noise_ns", "rate_ppm", "low_ppm", "high_ppm", "now_ppm", "now_low_ppm", "now_high_ppm",
	"wander_ppm_per_day", "daily_ppm", "s_per_day", "second_off_early_s", "second_off_late_s",
	"adjtime_factor_s_per_day", "synchronised", "steal_percent", "counters", NULL
};

static void sheet_span(struct sheet *sheet, const struct drift *drift)
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

static void sheet_written(struct sheet *sheet, const struct kernel_writes *written)
{
	char span[DURATION_TEXT_SIZE], text[192];

	sheet_int(sheet, "written_samples", NULL, written->points);
	sheet_real(sheet, "written_s", written->total_s);
	if (!written->points)
		return;
	snprintf(text, sizeof(text), "%d samples over %s while NTP kept the time: the clock went nowhere",
		 written->points, duration_format(written->total_s * NSEC_PER_SEC, span));
	sheet_string(sheet, NULL, "Left out", text);
}

/* Rounded, so that what is said holds what is meant. */
static void sheet_interval(struct sheet *sheet, const char *label,
			   const struct fit_interval *interval, const char *key[3])
{
	double margin = fit_margin(interval);
	int digits = number_digits(margin / 1e3);
	char text[192];

	snprintf(text, sizeof(text), "%+.*f %s %.*f ppm (95 %%)", digits, interval->middle / 1e3,
		 number_plus_minus(), digits, number_round_up(margin / 1e3, digits));
	sheet_string(sheet, NULL, label, text);
	sheet_real(sheet, key[0], interval->middle / 1e3);
	sheet_real(sheet, key[1], interval->low / 1e3);
	sheet_real(sheet, key[2], interval->high / 1e3);
}

static void sheet_rate(struct sheet *sheet, const struct fit *fit)
{
	static const char *mean[] = { "rate_ppm", "low_ppm", "high_ppm" };
	static const char *now[] = { "now_ppm", "now_low_ppm", "now_high_ppm" };
	char text[192];

	sheet_interval(sheet, "Mean rate", &fit->rate_ppb, mean);
	sheet_interval(sheet, "Rate now", &fit->now_ppb, now);
	snprintf(text, sizeof(text), "%.2g ppm a day", fit->wander_ppb / 1e3);
	sheet_string(sheet, NULL, "Wander", text);
	sheet_real(sheet, "wander_ppm_per_day", fit->wander_ppb / 1e3);
	sheet_real(sheet, "daily_ppm", fit->daily_ppb / 1e3);
	if (fit->daily_ppb) {
		snprintf(text, sizeof(text), "%s %.2g ppm with the day", number_plus_minus(),
			 fit->daily_ppb / 1e3);
		sheet_string(sheet, NULL, "Swing", text);
	}
}

static void sheet_per_day(struct sheet *sheet, const struct fit_interval *now)
{
	double s = drift_s_per_day(now->middle);
	double margin = drift_s_per_day(fit_margin(now));
	int digits = number_digits(margin);
	char text[192];

	snprintf(text, sizeof(text), "%+.*f %s %.*f s, as it goes now", digits, s,
		 number_plus_minus(), digits, number_round_up(margin, digits));
	sheet_string(sheet, NULL, "Per day", text);
	sheet_real(sheet, "s_per_day", s);
}

static const struct unit *unit_of(double s)
{
	static const struct unit units[] = {
		{ "years", 365.25 * 86400 }, { "days", 86400 }, { "hours", 3600 },
		{ "minutes", 60 }, { "seconds", 1 },
	};

	return drift_unit(units, s);
}

static void sheet_when(struct sheet *sheet, const char *key, const struct drift *drift, double s)
{
	if (s > FAR_S)
		sheet_null(sheet, key);
	else
		sheet_real(sheet, key, drift->points[drift->count - 1].time_s + s);
}

static void sheet_second_off(struct sheet *sheet, const struct drift *drift)
{
	const struct fit *fit = &drift->fit;
	const struct unit *unit = unit_of(fit->early_s);
	double early = fit->early_s / unit->size, late = fit->late_s / unit->size;
	int digits = number_digits((late - early) / 2);
	char text[192];

	sheet_when(sheet, "second_off_early_s", drift, fit->early_s);
	sheet_when(sheet, "second_off_late_s", drift, fit->late_s);
	if (fit->early_s > FAR_S)
		snprintf(text, sizeof(text), "not within a hundred years");
	else if (!fit->early_s)
		snprintf(text, sizeof(text), "by now");
	else if (fit->late_s > FAR_S)
		snprintf(text, sizeof(text), "no sooner than %.1f %s after the last sample",
			 early, unit->name);
	else
		snprintf(text, sizeof(text),
			 "%.*f to %.*f %s after the last sample, if nobody sets it", digits, early,
			 digits, late, unit->name);
	sheet_string(sheet, NULL, "One second off", text);
}

static void sheet_system(struct sheet *sheet, const struct drift *drift)
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

static void sheet_counters(struct sheet *sheet, const struct drift *drift)
{
	const struct drift_counter *counter;
	char text[192], key[64];
	int digits;

	for (int i = 0; i < drift->counters; i++) {
		counter = &drift->counter[i];
		digits = number_digits(counter->error_ppm);
		snprintf(text, sizeof(text), "%s: %+.*f %s %.*f ppm against CLOCK_MONOTONIC_RAW",
			 counter->name, digits, counter->ppm, number_plus_minus(), digits,
			 number_round_up(counter->error_ppm, digits));
		sheet_string(sheet, NULL, i ? "" : "Counters", text);
		snprintf(key, sizeof(key), "counters.%s_ppm", counter->name);
		sheet_real(sheet, key, counter->ppm);
	}
}

/* hwclock adds this to what the clock shows. What comes goes on from the rate as it is now. */
static double factor_of(const struct drift *drift)
{
	return -drift_s_per_day(drift->fit.now_ppb.middle);
}

static void sheet_factor(struct sheet *sheet, const struct drift *drift)
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

	status = drift_load(request, &drift);
	if (status)
		return status;
	sheet = sheet_new("drift", keys);
	sheet_string(sheet, "clock", "Clock", drift.clock);
	sheet_span(sheet, &drift);
	sheet_written(sheet, &drift.written);
	sheet_rate(sheet, &drift.fit);
	sheet_per_day(sheet, &drift.fit.now_ppb);
	sheet_second_off(sheet, &drift);
	sheet_factor(sheet, &drift);
	sheet_system(sheet, &drift);
	sheet_counters(sheet, &drift);
	status = options_print(&request->options, sheet);
	if (!status && request->write && write_factor(request, &drift))
		status = EXIT_FAILURE;
	drift_free(&drift);
	return status;
}
