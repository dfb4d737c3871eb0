/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Outliers, and steps that a clock's wander does not explain. */
#ifndef RTCCTL_LIB_DRIFT_JUMPS_H
#define RTCCTL_LIB_DRIFT_JUMPS_H

#include "lib/drift/wander.h"

/* What fewer points show is odd, and no step. */
#define JUMPS_RUN	5
#define JUMPS_STEPS	64

/**
 * jumps_guess() - Mark what stands out by itself, before anything is known of the noise.
 * @least_ns: what is below that is rounding, and no noise
 *
 * Return: 0; -ENOMEM.
 */
int jumps_guess(struct wander *wander, double least_ns);

/**
 * jumps_find() - Mark what the noise does not explain, and unmark what it does.
 * @noise: where to begin; the noise of what is left
 *
 * Return: 0; -ENOMEM.
 */
int jumps_find(struct wander *wander, struct wander_noise *noise);

#endif
