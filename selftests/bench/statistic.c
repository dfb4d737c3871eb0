// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "statistic.h"

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

/* Between two measurements the quantile lies on the line through them. */
static double quantile(const double *sorted, size_t count, double part)
{
	double at = part * (count - 1);
	size_t below = at;

	if (below + 1 == count)
		return sorted[below];
	return sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
}

struct statistic statistic_of(double *values, size_t count)
{
	struct statistic s = { .count = count };

	if (!count)
		return s;
	qsort(values, count, sizeof(*values), compare);
	s.lowest = values[0];
	s.quartile1 = quantile(values, count, 0.25);
	s.median = quantile(values, count, 0.5);
	s.quartile3 = quantile(values, count, 0.75);
	s.highest = values[count - 1];
	for (size_t i = 0; i < count; i++)
		s.sum += values[i];
	return s;
}

double statistic_ratio(double a, double b)
{
	return a > 0 && b > 0 ? a / b : 0;
}

void statistic_format_ns(double ns, char *text, size_t size)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	size_t unit = 0;
	int decimals;

	/* What would be rounded to 1000 goes to the next unit. */
	while (unit < 3 && fabs(ns) >= 999.5) {
		ns /= 1000;
		unit++;
	}
	decimals = !unit || fabs(ns) >= 99.95 ? 0 : fabs(ns) >= 9.995 ? 1 : 2;
	snprintf(text, size, "%.*f %s", decimals, ns, units[unit]);
}

void statistic_format_number(double number, char *text, size_t size)
{
	snprintf(text, size, "%.*f", number != floor(number), number);
}
