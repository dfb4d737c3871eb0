/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that a clock's offsets are recorded in, one line of JSON a sample. */
#ifndef RTCCTL_LIB_DRIFT_SERIES_H
#define RTCCTL_LIB_DRIFT_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/machine/counter.h"

#define SERIES_DIR	"/var/lib/rtcctl"
#define SERIES_PATH	SERIES_DIR "/drift.jsonl"
#define SERIES_VERSION	1
#define SERIES_COUNTERS	4
#define SERIES_KEEP_MAX	99

struct series_counter {
	char name[24];
	int bits;
	double nominal_hz;	/* 0: not told */
	struct counter_sample sample;
};

struct series_sample {
	int64_t time_ns;		/* CLOCK_REALTIME */
	char boot[40];			/* the kernel's id of this boot, or empty */
	char clock[16];			/* "rtc0"; empty: no clock could be read */
	int64_t offset_ns;		/* the clock minus CLOCK_REALTIME */
	int64_t bound_ns;
	char method[16];		/* as reading_method_name() */
	char clocksource[32];
	int counters;
	struct series_counter counter[SERIES_COUNTERS];
	uint64_t stolen_ticks, cpu_ticks;	/* as struct steal_ticks */
	bool synchronised;		/* the system's clock, by NTP */
	double ntp_ppm;			/* its correction of the kernel's clock */
	int64_t max_error_us;
};

struct series {
	struct series_sample *samples;
	size_t count;
	size_t skipped;		/* lines that are no samples */
};

/** series_format() - A sample as a line with its newline; the caller frees; NULL: no memory. */
char *series_format(const struct series_sample *sample);

/** series_parse() - Return: 0; -EBADMSG; -EPROTO where a newer version has written it. */
int series_parse(const char *line, struct series_sample *sample);

/**
 * series_append() - Append a line, whole or not at all to later readers.
 * @path: the file, made where it is missing
 * @line: with its newline
 * @max: where the file would be larger than this, it becomes @path.1, that
 * @path.2 and so on, and a new one is begun
 * @keep: so many old ones stay
 *
 * Return: 0; -ELOOP for a symbolic link; -errno.
 */
int series_append(const char *path, const char *line, size_t max, int keep);

/** series_load() - The old files and the present one, oldest first. Return: 0 or -errno. */
int series_load(const char *path, struct series *series);

void series_free(struct series *series);

#endif
