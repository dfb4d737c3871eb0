/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A clock's rate from its offsets over days, though the rate wanders, some samples are
 * far off, the clock was set in between, and days are missing.
 */
#ifndef RTCCTL_LIB_DRIFT_FIT_H
#define RTCCTL_LIB_DRIFT_FIT_H

#include <stdbool.h>

#define FIT_POINTS_MIN	8

struct fit_point {
	double time_s;
	double offset_ns;
	double bound_ns;	/* more than 0: weighs the point against the others */
	bool begins;		/* it is known that the clock was set before it */
	bool synchronised;	/* NTP kept the system's clock, which the offset is from */
	/* found: */
	double fitted_ns;
	bool outlier;
	int segment;		/* from 0, one more after each step */
};

/* What is known of a quantity: it is between @low and @high with 95 %. */
struct fit_interval {
	double middle;
	double low;
	double high;
};

struct fit {
	struct fit_interval rate_ppb;	/* ns per s: the mean of all the time */
	struct fit_interval now_ppb;	/* at the last point, the day's swing apart */
	double daily_ppb;	/* the rate's swing with the day, one way; 0: none seen */
	double wander_ppb;	/* what the rate changes by in a day, one standard deviation */
	double walk_ns;		/* what the phase walks in a second beside that, likewise */
	double noise_ns;	/* of a typical point, likewise */
	double last_ns;		/* the clock's offset at the last point */
	double span_s;
	double early_s;		/* a second off, after the last point: no sooner than this ... */
	double late_s;		/* ... and no later; INFINITY: nobody knows */
	int outliers;
	int steps;
};

/**
 * fit_points() - Find a clock's rate, and what else its offsets tell.
 * @points: by time; their found part is filled in
 * @count: how many
 * @fit: filled in
 *
 * How much the looks and the clock's own wander scatter is estimated from the points, and
 * each interval is as wide as all amounts that fit them allow.
 *
 * Return: 0; -ENODATA where too few points or too little time tell nothing; -ENOMEM.
 */
int fit_points(struct fit_point *points, int count, struct fit *fit);

/** fit_margin() - How far its farther end is from the middle. */
double fit_margin(const struct fit_interval *interval);

#endif
