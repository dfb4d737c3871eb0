/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RTCCTL_LIB_DRIFT_MEDIAN_H
#define RTCCTL_LIB_DRIFT_MEDIAN_H

/** median() - Of @count values, which are put into another order; 0 where there are none. */
double median(double *values, int count);

#endif
