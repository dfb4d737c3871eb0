/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The overlapping Allan deviation of a clock's offsets. */
#ifndef RTCCTL_LIB_DRIFT_ALLAN_H
#define RTCCTL_LIB_DRIFT_ALLAN_H

#include "lib/drift/fit.h"

#define ALLAN_MAX	32

struct allan_point {
	double tau_s;
	double deviation;	/* of the mean rate over tau_s from one to the next; 1: 10^9 ppb */
	double low, high;	/* its 95 % interval */
	int terms;		/* so many differences it is of */
};

/**
 * allan_find() - By intervals that double.
 * @points: fitted
 * @count: how many
 * @fit: what they were found to be: the dominating noise decides how wide the intervals are
 * @interval_s: between two of them, as a rule
 * @allan: filled in
 *
 * Outliers are left out, and no difference is taken across a step. Intervals are those of
 * the chi-squared distribution, its degrees of freedom after NIST's Special Publication 1065
 * (W. Riley, 2008, 5.4.1) for white noise of phase and of frequency and for a random walk of
 * frequency.
 *
 * Return: how many points @allan has; -ENOMEM.
 */
int allan_find(const struct fit_point *points, int count, const struct fit *fit, double interval_s,
	       struct allan_point allan[ALLAN_MAX]);

#endif
