// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/drift/kernel-writes.h"
#include "lib/drift/median.h"

#define PERIOD_S	660.0
/* What is shorter looks the same, written or not. */
#define SPAN_MIN_S	5400.0
/* A clock that goes its own way is so much further from where it was after a part of the time. */
#define FAR_RATIO	1.5
/* Medians of few differ by chance. */
#define FEW		4
/* A saw's teeth hide at whole periods. */
#define PARTS		4

/* The median of how far points are from those that come @lag_s later, or @lag points. */
static double median_change(const struct fit_point *points, int count, double lag_s, int lag,
			    double *spare)
{
	int later = 0, found = 0;

	for (int i = 0; i < count; i++) {
		if (later < i + lag)
			later = i + lag;
		while (later < count && points[later].time_s - points[i].time_s < lag_s)
			later++;
		if (later >= count)
			break;
		spare[found++] = fabs(points[later].offset_ns - points[i].offset_ns);
	}
	return median(spare, found);
}

/* Synchronised all the time: does the clock go anywhere in it? */
static bool goes_nowhere(const struct fit_point *points, int count, double *spare)
{
	double near = 0, far = 0;

	/* A first or last one may be years away. */
	if (count < FIT_POINTS_MIN ||
	    points[3 * count / 4].time_s - points[count / 4].time_s < SPAN_MIN_S / 2)
		return false;
	for (int i = 0; i < PARTS; i++)
		near = fmax(near, median_change(points, count, PERIOD_S * (1 + (double)i / PARTS),
						0, spare));
	/* At more than one distance: a step may hide what was gained until then. */
	for (int i = 2; i <= PARTS; i++)
		far = fmax(far, median_change(points, count, 0, count / i, spare));
	return far <= FAR_RATIO * (1 + FEW / sqrt(count)) * near;
}

static int stretch_end(const struct fit_point *points, int first, int count)
{
	int end = first + 1;

	while (end < count && points[end].synchronised == points[first].synchronised)
		end++;
	return end;
}

static void note(struct kernel_writes *written, const struct fit_point *points, int first, int end)
{
	if (!written->points)
		written->first_s = points[first].time_s;
	written->last_s = points[end - 1].time_s;
	written->points += end - first;
	written->total_s += points[end - 1].time_s - points[first].time_s;
}

int kernel_writes_cut(struct fit_point *points, int count, struct kernel_writes *written)
{
	double *spare = calloc(count + 1, sizeof(*spare));
	int left = 0, end;
	bool begins = false;

	memset(written, 0, sizeof(*written));
	for (int first = 0; spare && first < count; first = end) {
		end = stretch_end(points, first, count);
		if (points[first].synchronised &&
		    goes_nowhere(points + first, end - first, spare)) {
			note(written, points, first, end);
			begins = true;
			continue;
		}
		points[first].begins |= begins && left;
		begins = false;
		memmove(points + left, points + first, (end - first) * sizeof(*points));
		left += end - first;
	}
	free(spare);
	return spare ? left : count;
}
