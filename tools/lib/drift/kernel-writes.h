/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of a record in which the kernel wrote the system's time into the clock: it does so
 * every 11 minutes while NTP keeps that right.
 */
#ifndef RTCCTL_LIB_DRIFT_KERNEL_WRITES_H
#define RTCCTL_LIB_DRIFT_KERNEL_WRITES_H

#include "lib/drift/fit.h"

struct kernel_writes {
	int points;		/* so many were taken out */
	double total_s;		/* of so long a time */
	double first_s, last_s;	/* the first and the last of them */
};

/**
 * kernel_writes_cut() - Take out the points between which the clock was written.
 * @points: by time; what is left is moved together, and begins anew behind what was cut
 * @count: how many
 * @written: filled in
 *
 * Return: how many are left.
 */
int kernel_writes_cut(struct fit_point *points, int count, struct kernel_writes *written);

#endif
