/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts about a clock that several commands put on their sheets. */
#ifndef RTCCTL_UI_CLOCK_SHEET_H
#define RTCCTL_UI_CLOCK_SHEET_H

#include "lib/rtc/reading.h"
#include "lib/rtc/rtc.h"
#include "lib/rtc/setting.h"
#include "ui/sheet.h"

/* The keys of sheet_new() that they fill in. */
#define SHEET_DEVICE_KEYS	"device", "driver"
#define SHEET_READING_KEYS	"time", "time_ns", "twice", "timescale", "system", "system_ns", \
				"offset_ns", "bound_ns", "method", "state", "edge_age_ns"
#define SHEET_DRIFT_KEYS	"drift_ns"
#define SHEET_RESIDUAL_KEYS	"residual_ns", "residual_bound_ns"

void sheet_device(struct sheet *sheet, const struct rtc *rtc);
void sheet_scale(struct sheet *sheet, enum timescale scale);

/** sheet_time() - A real time under @key (text) and @key_ns. */
void sheet_time(struct sheet *sheet, const char *key, const char *label, int64_t epoch_ns);

/** sheet_reading() - The clock's time against the system's, and how it was found. */
int sheet_reading(struct sheet *sheet, const struct reading *reading, enum timescale scale);

/** sheet_drift() - What is added to the clock for its drift; people get nothing for zero. */
void sheet_drift(struct sheet *sheet, int64_t drift_ns);

/** sheet_residual() - How well the clock follows what was set. */
void sheet_residual(struct sheet *sheet, const struct residual *residual);

#endif
