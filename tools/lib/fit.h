/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A clock's rate from its offsets over days: one line's slope, though some
 * samples are far off, the clock was set in between, and days are missing.
 */
#ifndef RTCCTL_FIT_H
#define RTCCTL_FIT_H

#define FIT_POINTS_MIN	8

struct fit_point {
	double time_s;
	double offset_ns;
	double bound_ns;	/* more than 0: weighs the point against the others */
	/* found: */
	double fitted_ns;
	double weight;		/* 0: an outlier, 1: in full */
	int segment;		/* from 0, one more after each step */
};

struct fit {
	double rate_ppb;	/* ns per s */
	double low_ppb;		/* its 95 % confidence interval */
	double high_ppb;
	double noise_ns;	/* of a typical point */
	double last_ns;		/* the line at the last point */
	double span_s;
	int outliers;
	int steps;
};

/**
 * fit_line() - One slope, and an intercept between any two steps.
 * @points: by time; their found part is filled in
 * @count: how many
 * @fit: filled in
 *
 * The slope is Tukey's M-estimate. Its interval comes from the residuals as
 * they are (a sandwich), one by one and in blocks, whichever is wider, so that
 * points that are noisier than others, or than their neighbours, widen it.
 *
 * Return: 0; -ENODATA where too few points or too little time tell nothing; -ENOMEM.
 */
int fit_line(struct fit_point *points, int count, struct fit *fit);

/** fit_student() - The factor of a 95 % interval with @freedom degrees of freedom, 1 or more. */
double fit_student(double freedom);

#endif
