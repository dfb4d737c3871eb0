/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that a clock's offsets are recorded in, one line of JSON a sample. */
#ifndef RTCCTL_LIB_DRIFT_RECORD_H
#define RTCCTL_LIB_DRIFT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/machine/counter.h"

#define RECORD_DIR	"/var/lib/rtcctl"
#define RECORD_PATH	RECORD_DIR "/drift.jsonl"
#define RECORD_VERSION	1
#define RECORD_COUNTERS	4
#define RECORD_KEEP_MAX	99

struct record_counter {
	char name[24];
	int bits;
	double nominal_hz;	/* 0: not told */
	struct counter_sample sample;
};

struct record_sample {
	int64_t time_ns;		/* CLOCK_REALTIME */
	char boot[40];			/* the kernel's id of this boot, or empty */
	char clock[16];			/* "rtc0"; empty: no clock could be read */
	int64_t offset_ns;		/* the clock minus CLOCK_REALTIME */
	int64_t bound_ns;
	char method[16];		/* as reading_method_name() */
	char clocksource[32];
	int counters;
	struct record_counter counter[RECORD_COUNTERS];
	uint64_t stolen_ticks, cpu_ticks;	/* as struct steal_ticks */
	bool synchronised;		/* the system's clock, by NTP */
	double ntp_ppm;			/* its correction of the kernel's clock */
	int64_t max_error_us;
};

struct record {
	struct record_sample *samples;
	size_t count;
	size_t skipped;		/* lines that are no samples */
};

/** record_format() - A sample as a line with its newline; the caller frees; NULL: no memory. */
char *record_format(const struct record_sample *sample);

/** record_parse() - Return: 0; -EBADMSG; -EPROTO where a newer version has written it. */
int record_parse(const char *line, struct record_sample *sample);

/**
 * record_append() - Append a line, whole or not at all to later readers.
 * @path: the file, made where it is missing
 * @line: with its newline
 * @max: where the file would be larger than this, it becomes @path.1, that
 * @path.2 and so on, and a new one is begun
 * @keep: so many old ones stay
 *
 * Return: 0; -ELOOP for a symbolic link; -errno.
 */
int record_append(const char *path, const char *line, size_t max, int keep);

/** record_load() - The old files and the present one, oldest first. Return: 0 or -errno. */
int record_load(const char *path, struct record *record);

void record_free(struct record *record);

#endif
