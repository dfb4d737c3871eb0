/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A clock that counts, and its rate against CLOCK_MONOTONIC_RAW. */
#ifndef RTCCTL_LIB_MACHINE_COUNTER_H
#define RTCCTL_LIB_MACHINE_COUNTER_H

#include <stdint.h>

struct counter {
	uint64_t (*read)(const struct counter *counter);
	const volatile void *address;	/* where it is memory */
	uint16_t port;			/* where it is a port */
	int bits;			/* it wraps after so many */
};

/* The counter was read between two readings of CLOCK_MONOTONIC_RAW. */
struct counter_sample {
	uint64_t count;
	int64_t raw_ns;		/* the middle between them */
	int64_t bound_ns;	/* half their distance */
};

struct counter_rate {
	double hz;
	double error_hz;	/* the truth is no further away */
};

/** counter_sample() - The narrowest of a few readings; takes up to 5 ms. */
void counter_sample(const struct counter *counter, struct counter_sample *sample);

/**
 * counter_rate() - The counter's frequency between two samples.
 * @bits: it wraps after so many
 * @near_hz: what it is to a part in a thousand, to count the wraps between
 * the samples; 0 where it wraps at most once
 *
 * Return: 0; -ERANGE where the samples are too close or too far apart.
 */
int counter_rate(const struct counter_sample *first, const struct counter_sample *last,
		 int bits, double near_hz, struct counter_rate *rate);

/**
 * counter_elapsed() - What it counted between two samples, wraps included.
 * @bits, @near_hz: as for counter_rate()
 */
double counter_elapsed(const struct counter_sample *first, const struct counter_sample *last,
		       int bits, double near_hz);

/**
 * counter_try() - Whether it can be read, and counts.
 *
 * Return: 0; -EFAULT where reading it faults; -ENODATA where it stands for a millisecond,
 * as a port does that a hypervisor keeps to itself: all its bits read as ones.
 */
int counter_try(const struct counter *counter);

/** counter_cost_ns() - What one reading takes: the quickest of a few runs of readings. */
double counter_cost_ns(const struct counter *counter);

/** counter_ppm() - How far @hz is from @nominal_hz. */
double counter_ppm(double hz, double nominal_hz);

#endif
