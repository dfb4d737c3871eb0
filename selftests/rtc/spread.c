// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "ktap.h"
#include "spread.h"

static int compare(const void *a, const void *b)
{
	s64 left = *(const s64 *)a, right = *(const s64 *)b;

	return left < right ? -1 : left > right;
}

s64 spread_median(s64 *values, int n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

void spread_print(const char *what, s64 *values, int n)
{
	s64 median;

	if (!n) {
		ktap_comment("%s: none could be measured", what);
		return;
	}
	median = spread_median(values, n);
	ktap_comment("%s of %d: min %.1f median %.1f max %.1f us", what, n, values[0] / 1e3,
		     median / 1e3, values[n - 1] / 1e3);
}
