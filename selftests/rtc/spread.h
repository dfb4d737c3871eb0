/* SPDX-License-Identifier: GPL-2.0 */
/* How measured values are spread, for a reader: not to judge by. */
#ifndef SPREAD_H
#define SPREAD_H

#include "clock.h"

/* Sorts the @values (ns); the one in the middle. */
s64 spread_median(s64 *values, int n);
/* As a comment, in us. */
void spread_print(const char *what, s64 *values, int n);

#endif
