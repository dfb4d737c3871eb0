/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The adjtime file: the clock's drift, when it was last set, and its timescale. */
#ifndef RTCCTL_LIB_TIME_ADJTIME_H
#define RTCCTL_LIB_TIME_ADJTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/time/timescale.h"

#define ADJTIME_PATH	"/etc/adjtime"
/* Seconds per day; more is no drift but a fault. */
#define ADJTIME_MAX_DRIFT	2145.0

/* What the file may hold at most: a number that is not far too much, the year 9999. */
#define ADJTIME_MAX_NUMBER	1e9
#define ADJTIME_MAX_S		253402300799LL

struct adjtime {
	double drift_s_per_day;
	int64_t adjusted_s;		/* epoch seconds of the last adjustment, 0: never */
	double not_adjusted_s;
	int64_t calibrated_s;		/* epoch seconds of the last calibration, 0: never */
	bool scale_known;		/* the file says UTC or LOCAL */
	enum timescale scale;
};

/* Where a file is malformed. */
struct adjtime_fault {
	int line;
	const char *reason;
};

/**
 * adjtime_parse() - Parse the file's text.
 *
 * A malformed line counts as zeros, or as UTC; the first one goes to @fault,
 * whose line is 0 where there is none. Missing lines are not malformed.
 *
 * Return: 0; -EBADMSG where line 1 or 2 is malformed.
 */
int adjtime_parse(const char *text, struct adjtime *adjtime, struct adjtime_fault *fault);

/** adjtime_load() - Read and parse; no file is an empty file, but -ENOENT. */
int adjtime_load(const char *path, struct adjtime *adjtime, struct adjtime_fault *fault);

/** adjtime_format() - The file's text. */
void adjtime_format(const struct adjtime *adjtime, char *text, size_t size);

/** adjtime_save() - Replace the file, atomically; as savefile_write(). */
int adjtime_save(const char *path, const struct adjtime *adjtime);

/**
 * adjtime_correction_s() - What to add to the clock's reading at @epoch_s to correct its drift.
 *
 * Thirty years at most, which is a fault and no drift, but can be reckoned with.
 */
double adjtime_correction_s(const struct adjtime *adjtime, int64_t epoch_s);

/** adjtime_set_at() - Note that the clock was set at @epoch_s. */
void adjtime_set_at(struct adjtime *adjtime, int64_t epoch_s);

#endif
