// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "lib/drift/allan.h"

#define S_PER_DAY	86400.0
#define NS_PER_S	1e9
#define TERMS_MIN	4
/* A record with more empty places than that has no interval. */
#define PLACES_MAX	(64 << 20)

/* The offsets by equal intervals, seconds; where nothing was seen the segment is -1. */
struct grid {
	double *phase_s;
	int *segment;
	int count;
	double interval_s;
};

static void fill(struct grid *grid, const struct fit_point *points, int count)
{
	int at;

	for (int i = 0; i < grid->count; i++)
		grid->segment[i] = -1;
	for (int i = 0; i < count; i++) {
		if (points[i].outlier)
			continue;
		at = lround((points[i].time_s - points[0].time_s) / grid->interval_s);
		grid->phase_s[at] = points[i].offset_ns / NS_PER_S;
		grid->segment[at] = points[i].segment;
	}
}

static bool whole(const struct grid *grid, int i, int m)
{
	return grid->segment[i] >= 0 && grid->segment[i] == grid->segment[i + m] &&
	       grid->segment[i] == grid->segment[i + 2 * m];
}

/* How many numbers that do not depend on each other the terms amount to. */
static double freedom(const struct fit *fit, double tau_s, int m, int terms)
{
	double white = 3 * pow(fit->noise_ns / tau_s, 2);
	double walk = pow(fit->walk_ns, 2) / tau_s;
	double wander = pow(fit->wander_ppb, 2) / S_PER_DAY * tau_s / 3;
	double n = terms + 2 * m;

	if (white >= walk && white >= wander)
		return (n + 1) * (n - 2 * m) / (2 * (n - m));
	if (walk >= wander)
		return (3 * (n - 1) / (2 * m) - 2 * (n - 2) / n) * 4 * m * m / (4.0 * m * m + 5);
	return (n - 2) / m * (pow(n - 1, 2) - 3 * m * (n - 1) + 4.0 * m * m) / pow(n - 3, 2);
}

static bool deviation(const struct grid *grid, int m, const struct fit *fit,
		      struct allan_point *point)
{
	double sum = 0, second, variance, free;

	point->tau_s = m * grid->interval_s;
	point->terms = 0;
	for (int i = 0; i + 2 * m < grid->count; i++) {
		if (!whole(grid, i, m))
			continue;
		second = grid->phase_s[i + 2 * m] - 2 * grid->phase_s[i + m] + grid->phase_s[i];
		sum += second * second;
		point->terms++;
	}
	if (point->terms < TERMS_MIN)
		return false;
	variance = sum / (2 * point->tau_s * point->tau_s * point->terms);
	free = fmax(freedom(fit, point->tau_s, m, point->terms), 1);
	point->deviation = sqrt(variance);
	point->low = sqrt(variance * free / gsl_cdf_chisq_Pinv(0.975, free));
	point->high = sqrt(variance * free / gsl_cdf_chisq_Pinv(0.025, free));
	return true;
}

int allan_find(const struct fit_point *points, int count, const struct fit *fit, double interval_s,
	       struct allan_point allan[ALLAN_MAX])
{
	double span_s = count ? points[count - 1].time_s - points[0].time_s : 0;
	struct grid grid = { .interval_s = interval_s };
	int found = 0;

	if (interval_s <= 0 || span_s / interval_s > PLACES_MAX)
		return 0;
	grid.count = span_s / interval_s + 2;
	grid.phase_s = calloc(grid.count, sizeof(*grid.phase_s));
	grid.segment = calloc(grid.count, sizeof(*grid.segment));
	if (grid.phase_s && grid.segment) {
		fill(&grid, points, count);
		for (int m = 1; found < ALLAN_MAX && 2 * m < grid.count; m *= 2)
			found += deviation(&grid, m, fit, &allan[found]);
	} else {
		found = -ENOMEM;
	}
	free(grid.phase_s);
	free(grid.segment);
	return found;
}
