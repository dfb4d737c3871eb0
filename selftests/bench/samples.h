/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The measurements of a bench, one a line, five fields with tabs between:
 * configuration, driver, tool (or -), row, value.
 */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdio.h>

#include "statistic.h"

struct measurement {
	char *configuration, *driver, *tool, *row;
	double value;
};

struct samples {
	struct measurement *list;
	size_t count;
};

/* What to take; NULL takes any. */
struct filter {
	const char *configuration, *driver, *tool, *row;
};

/* 0, or a negative errno: -EINVAL for a line that is none, whose number is set. */
int samples_read(struct samples *samples, FILE *file, size_t *line);
void samples_free(struct samples *samples);

/* Whether this is the first measurement of its configuration. */
int samples_opens(const struct samples *samples, size_t at);

/* Of what passes @filter; with @magnitude without its sign. */
struct statistic samples_statistic(const struct samples *samples, const struct filter *filter,
				   int magnitude);

#endif
