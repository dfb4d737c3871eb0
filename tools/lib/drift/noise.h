/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How noisy a clock and the looks at it are, and how sure that is. */
#ifndef RTCCTL_LIB_DRIFT_NOISE_H
#define RTCCTL_LIB_DRIFT_NOISE_H

#include "lib/drift/wander.h"

#define BELIEFS_MAX	300

/* One amount of noise, and what the clock is like if it is that. */
struct belief {
	struct wander_noise noise;
	struct wander_end end;
	double weight;		/* how probable it is; all together: 1 */
};

struct beliefs {
	struct belief belief[BELIEFS_MAX];
	int count;
};

/* A quantity as a belief has it. */
struct estimate {
	double mean;
	double deviation;
};

/**
 * noise_estimate() - The noise with which the points are most likely.
 * @noise: filled in; also where to begin, unless @anew
 *
 * Return: 0; -ENOMEM.
 */
int noise_estimate(const struct wander *wander, struct wander_noise *noise, bool anew);

/** noise_believe() - What else it could be, about the most likely one. */
void noise_believe(const struct wander *wander, const struct wander_noise *best,
		   struct beliefs *beliefs);

/** beliefs_mean() - Of @estimates, one for each belief. */
double beliefs_mean(const struct beliefs *beliefs, const struct estimate *estimates);

/** beliefs_below() - The probability that the quantity is below @value. */
double beliefs_below(const struct beliefs *beliefs, const struct estimate *estimates, double value);

/** beliefs_quantile() - The value that the quantity is below with probability @share. */
double beliefs_quantile(const struct beliefs *beliefs, const struct estimate *estimates,
			double share);

#endif
