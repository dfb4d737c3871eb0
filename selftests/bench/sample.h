/* SPDX-License-Identifier: GPL-2.0 */
/* What is measured leaves the VM as lines `sample ROW TOOL VALUE`, one a measurement. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "../rtc/clock.h"

/* For a row that is about the driver, not about a tool. */
#define NO_TOOL	"-"

void sample(const char *row, const char *tool, s64 value);

/* Says on standard error what failed and why; returns 1, for main() to exit with. */
int failed(const char *what, int err);

#endif
