// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "lib/time/date.h"
#include "lib/time/duration.h"
#include "ui/clock-sheet.h"
#include "ui/number.h"

void sheet_device(struct sheet *sheet, const struct rtc *rtc)
{
	char text[sizeof(rtc->path) + sizeof(rtc->driver) + 4];

	snprintf(text, sizeof(text), rtc->driver[0] ? "%s (%s)" : "%s", rtc->path, rtc->driver);
	sheet_string(sheet, NULL, "Clock", text);
	sheet_string(sheet, "device", NULL, rtc->path);
	if (rtc->driver[0])
		sheet_string(sheet, "driver", NULL, rtc->driver);
	else
		sheet_null(sheet, "driver");
}

void sheet_scale(struct sheet *sheet, enum timescale scale)
{
	bool local = scale == TIMESCALE_LOCAL;

	sheet_string(sheet, NULL, "Kept in", local ? "local time" : "UTC");
	sheet_string(sheet, "timescale", NULL, local ? "local" : "utc");
}

void sheet_time(struct sheet *sheet, const char *key, const char *label, int64_t epoch_ns)
{
	char text[DATE_TEXT_SIZE], key_ns[64];

	if (date_format(epoch_ns, text, sizeof(text)))
		return;
	snprintf(key_ns, sizeof(key_ns), "%s_ns", key);
	sheet_string(sheet, key, label, text);
	sheet_int(sheet, key_ns, NULL, epoch_ns);
}

static const char *method_text(const struct reading *reading)
{
	switch (reading->method) {
	case READING_PHASE:
		return "by the driver, which knows its phase";
	case READING_PTP:
		return "by the driver, from its PTP clock";
	case READING_TICK:
		return "at a tick, by update interrupt";
	case READING_SECOND:
		return "by the second that it shows";
	default:
		return "at a tick, by polling";
	}
}

static void sheet_offset(struct sheet *sheet, int64_t offset_ns, int64_t bound_ns)
{
	char offset[DURATION_TEXT_SIZE], bound[DURATION_TEXT_SIZE], text[192];
	const char *meaning = "";

	if (offset_ns > bound_ns)
		meaning = ", the clock is ahead of the system";
	if (offset_ns < -bound_ns)
		meaning = ", the clock is behind the system";
	snprintf(text, sizeof(text), "%s %s %s%s",
		 duration_format_known(offset_ns, bound_ns, offset), number_plus_minus(),
		 duration_format(bound_ns, bound), meaning);
	sheet_string(sheet, NULL, "Offset", text);
	sheet_int(sheet, "offset_ns", NULL, offset_ns);
	sheet_int(sheet, "bound_ns", NULL, bound_ns);
}

/* A driver's state, and what it means for the bound. */
static void sheet_state(struct sheet *sheet, const struct reading *reading)
{
	char age[DURATION_TEXT_SIZE], text[160];

	if (!reading_state_name(reading))
		return;
	sheet_string(sheet, "state", NULL, reading_state_name(reading));
	if (!reading->coasting)
		return;
	if (reading->edge_age_ns >= 0)
		sheet_int(sheet, "edge_age_ns", NULL, reading->edge_age_ns);
	snprintf(text, sizeof(text), "last edge %s ago: a step of less than 1 s since then would not show",
		 reading->edge_age_ns < 0 ? "some time" : duration_format(reading->edge_age_ns, age));
	sheet_string(sheet, NULL, "Coasting", text);
}

int sheet_reading(struct sheet *sheet, const struct reading *reading, enum timescale scale)
{
	int64_t epoch_ns;
	int ret;

	ret = reading_to_epoch(reading, scale, &epoch_ns);
	if (ret < 0)
		return ret;
	sheet_time(sheet, "time", "Time", epoch_ns);
	if (ret)
		sheet_string(sheet, NULL, "Twice",
			     "this local time comes twice: the one nearer to the system's was taken");
	sheet_bool(sheet, "twice", NULL, ret);
	sheet_scale(sheet, scale);
	sheet_time(sheet, "system", "System", reading->at.real_ns);
	sheet_offset(sheet, epoch_ns - reading->at.real_ns, reading->bound_ns);
	sheet_string(sheet, NULL, "Measured", method_text(reading));
	sheet_string(sheet, "method", NULL, reading_method_name(reading->method));
	sheet_state(sheet, reading);
	return 0;
}

void sheet_drift(struct sheet *sheet, int64_t drift_ns)
{
	char text[DURATION_TEXT_SIZE];

	sheet_int(sheet, "drift_ns", NULL, drift_ns);
	if (drift_ns)
		sheet_string(sheet, NULL, "Correction", duration_format_signed(drift_ns, text));
}

void sheet_residual(struct sheet *sheet, const struct residual *residual)
{
	char offset[DURATION_TEXT_SIZE], bound[DURATION_TEXT_SIZE], text[192];

	snprintf(text, sizeof(text), "%s %s %s",
		 duration_format_known(residual->ns, residual->bound_ns, offset),
		 number_plus_minus(), duration_format(residual->bound_ns, bound));
	sheet_string(sheet, NULL, "Residual", text);
	sheet_int(sheet, "residual_ns", NULL, residual->ns);
	sheet_int(sheet, "residual_bound_ns", NULL, residual->bound_ns);
}
