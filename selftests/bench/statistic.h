/* SPDX-License-Identifier: GPL-2.0 */
/* What a number of measurements come to. */
#ifndef STATISTIC_H
#define STATISTIC_H

#include <stddef.h>

struct statistic {
	size_t count;	/* 0: nothing was measured, and nothing else is set */
	double lowest, quartile1, median, quartile3, highest;
	double sum;
};

/* Sorts @values. */
struct statistic statistic_of(double *values, size_t count);

/* How many times @b goes into @a; 0 where one of them is not above 0. */
double statistic_ratio(double a, double b);

/* A number with three digits that count, and its unit: 1.23 ms. */
void statistic_format_ns(double ns, char *text, size_t size);
/* A whole number without a fraction, any other with one digit of it. */
void statistic_format_number(double number, char *text, size_t size);

#endif
