/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts about a clock that several commands put on their sheets. */
#ifndef RTCCTL_UI_FACTS_H
#define RTCCTL_UI_FACTS_H

#include "lib/rtc/reading.h"
#include "lib/rtc/rtc.h"
#include "lib/rtc/setting.h"
#include "ui/sheet.h"

/* The keys of sheet_new() that they fill in. */
#define FACTS_DEVICE_KEYS	"device", "driver"
#define FACTS_READING_KEYS	"time", "time_ns", "twice", "timescale", "system", "system_ns", \
				"offset_ns", "bound_ns", "method", "state", "edge_age_ns"
#define FACTS_DRIFT_KEYS	"drift_ns"
#define FACTS_RESIDUAL_KEYS	"residual_ns", "residual_bound_ns"

void facts_device(struct sheet *sheet, const struct rtc *rtc);
void facts_scale(struct sheet *sheet, enum timescale scale);

/** facts_time() - A real time under @key (text) and @key_ns. */
void facts_time(struct sheet *sheet, const char *key, const char *label, int64_t epoch_ns);

/** facts_reading() - The clock's time against the system's, and how it was found. */
int facts_reading(struct sheet *sheet, const struct reading *reading, enum timescale scale);

/** facts_drift() - What is added to the clock for its drift; people get nothing for zero. */
void facts_drift(struct sheet *sheet, int64_t drift_ns);

/** facts_residual() - How well the clock follows what was set. */
void facts_residual(struct sheet *sheet, const struct residual *residual);

#endif
