// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>

#include "lib/machine/counter.h"
#include "lib/machine/trial.h"
#include "lib/time/clock.h"

/* Farther apart than this a part in a thousand is half a wrap. */
#define WRAPS_MAX	400
/* A few are disturbed, and in a VM each may take microseconds. */
#define SAMPLES		200
#define SAMPLE_NS	(5 * NSEC_PER_MSEC)
#define STANDS_NS	NSEC_PER_MSEC
#define COST_RUNS	5
#define COST_READINGS	20

static void read_it(const void *counter)
{
	const struct counter *c = counter;

	c->read(c);
}

int counter_try(const struct counter *counter)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC_RAW) + STANDS_NS;
	uint64_t first;

	if (trial(read_it, counter))
		return -EFAULT;
	first = counter->read(counter);
	do {
		if (counter->read(counter) != first)
			return 0;
	} while (clock_now_ns(CLOCK_MONOTONIC_RAW) < until_ns);
	return -ENODATA;
}

void counter_sample(const struct counter *counter, struct counter_sample *sample)
{
	int64_t before_ns, after_ns = clock_now_ns(CLOCK_MONOTONIC_RAW);
	int64_t until_ns = after_ns + SAMPLE_NS;
	int64_t best_ns = INT64_MAX;
	uint64_t count;

	for (int i = 0; i < SAMPLES && (!i || after_ns < until_ns); i++) {
		before_ns = clock_now_ns(CLOCK_MONOTONIC_RAW);
		count = counter->read(counter);
		after_ns = clock_now_ns(CLOCK_MONOTONIC_RAW);
		if (after_ns - before_ns >= best_ns)
			continue;
		best_ns = after_ns - before_ns;
		sample->count = count;
		sample->raw_ns = before_ns + best_ns / 2;
	}
	/* The system's clock itself shows whole nanoseconds. */
	sample->bound_ns = best_ns / 2 + 1;
}

double counter_elapsed(const struct counter_sample *first, const struct counter_sample *last,
		       int bits, double near_hz)
{
	uint64_t mask = bits < 64 ? (1ULL << bits) - 1 : UINT64_MAX;
	double count = (last->count - first->count) & mask;
	double elapsed_s = (double)(last->raw_ns - first->raw_ns) / NSEC_PER_SEC;
	double wrap = ldexp(1, bits);

	if (near_hz && bits < 64)
		count += round((elapsed_s * near_hz - count) / wrap) * wrap;
	return count;
}

int counter_rate(const struct counter_sample *first, const struct counter_sample *last,
		 int bits, double near_hz, struct counter_rate *rate)
{
	int64_t elapsed_ns = last->raw_ns - first->raw_ns;
	int64_t bound_ns = first->bound_ns + last->bound_ns;
	double elapsed_s = (double)elapsed_ns / NSEC_PER_SEC;
	double count;

	if (elapsed_ns <= bound_ns)
		return -ERANGE;
	if (elapsed_s * near_hz > ldexp(WRAPS_MAX, bits))
		return -ERANGE;
	count = counter_elapsed(first, last, bits, near_hz);
	rate->hz = count / elapsed_s;
	/* Either end is known to a count besides. */
	rate->error_hz = (count + 1) / (elapsed_s - (double)bound_ns / NSEC_PER_SEC) - rate->hz;
	return 0;
}

static int64_t run_ns(const struct counter *counter)
{
	int64_t start_ns = clock_now_ns(CLOCK_MONOTONIC_RAW);

	for (int i = 0; i < COST_READINGS; i++)
		counter->read(counter);
	return clock_now_ns(CLOCK_MONOTONIC_RAW) - start_ns;
}

double counter_cost_ns(const struct counter *counter)
{
	int64_t best_ns = INT64_MAX, ns;

	for (int i = 0; i < COST_RUNS; i++) {
		ns = run_ns(counter);
		best_ns = ns < best_ns ? ns : best_ns;
	}
	return (double)best_ns / COST_READINGS;
}

double counter_ppm(double hz, double nominal_hz)
{
	return (hz / nominal_hz - 1) * 1e6;
}
