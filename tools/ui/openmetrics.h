/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in OpenMetrics' format, which Prometheus' node exporter reads from files. */
#ifndef RTCCTL_UI_OPENMETRICS_H
#define RTCCTL_UI_OPENMETRICS_H

#include <stdarg.h>

struct openmetrics;

/** openmetrics_new() - No text yet. NULL: no memory. */
struct openmetrics *openmetrics_new(void);

/**
 * openmetrics_family() - Begin a family: what follows are its samples.
 * @name: without a counter's _total, with its unit
 * @type: "gauge" or "counter"
 * @unit: the last word of its name, or NULL
 * @help: one line
 */
void openmetrics_family(struct openmetrics *om, const char *name, const char *type,
			const char *unit, const char *help);

/**
 * openmetrics_sample() - One value of the family.
 * @value: written as "1.5e-06"
 * @...: labels: pairs of name and text, then NULL
 */
void openmetrics_sample(struct openmetrics *om, double value, ...)
	__attribute__((sentinel));

/** openmetrics_finish() - The text, which the caller frees, and free the rest. NULL: no memory. */
char *openmetrics_finish(struct openmetrics *om);

#endif
