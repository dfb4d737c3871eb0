// SPDX-License-Identifier: GPL-2.0-or-later
#include <gsl/gsl_statistics_double.h>

#include "lib/drift/median.h"

double median(double *values, int count)
{
	return count ? gsl_stats_median(values, 1, count) : 0;
}
