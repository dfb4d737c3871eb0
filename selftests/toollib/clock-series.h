/* SPDX-License-Identifier: GPL-2.0 */
/* Simulated clocks, whose truth is known. */
#ifndef CLOCK_SERIES_H
#define CLOCK_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/drift/fit.h"

#define CLOCK_POINTS	8000
#define CLOCK_STEPS	4

/* What a kind of clock is like: each is drawn between two limits. */
struct clock_kind {
	int points_min, points_max;
	double days_min, days_max;
	double daily_ppb;	/* the rate's swing */
	double wander_ppb;	/* of the rate in a minute, one standard deviation */
	double phase_ns;	/* of the phase's own walk in a minute, likewise */
	double ramp_ppb;	/* what the rate changes by from the first point to the last */
	double outliers;	/* share of the points */
	bool one_sided;		/* outliers are only late */
	bool uneven;		/* a third of the points is ten times as noisy, as their bounds say */
	int gaps_max;
	int steps_min, steps_max;
	double smallest_step;	/* in units of what one look differs by from those before */
};

struct clock_series {
	uint64_t seed;
	struct fit_point points[CLOCK_POINTS];
	int count;
	double noise_ns;
	double step_s[CLOCK_STEPS];
	int steps;
	/* The truth, of the time from the first point to the last. */
	double mean_ppb;
	double now_ppb;
	double second_s;	/* a second off so long after the last point */
};

/** clock_simulate() - Fill in @series; its seed moves on. */
void clock_simulate(const struct clock_kind *kind, struct clock_series *series);

double clock_uniform(struct clock_series *series, double low, double high);
double clock_normal(struct clock_series *series);

#endif
