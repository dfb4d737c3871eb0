// SPDX-License-Identifier: GPL-2.0
/* Rates of simulated counters, read between two readings of a simulated system clock. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/machine/counter.h"

#define NSEC_PER_SEC	1000000000LL

/* Somewhere inside a bracket as wide as @width_ns the counter of @hz was read. */
static void sample(double hz, int bits, int64_t raw_ns, int64_t width_ns,
		   struct counter_sample *s)
{
	int64_t at_ns = raw_ns + (width_ns ? rand() % width_ns : 0);
	uint64_t count = (uint64_t)((long double)hz * at_ns / NSEC_PER_SEC);

	s->count = bits < 64 ? count & ((1ULL << bits) - 1) : count;
	s->raw_ns = raw_ns + width_ns / 2;
	s->bound_ns = width_ns / 2 + 1;
}

static void check(double hz, double near_hz, int bits, int64_t apart_ns, int64_t width_ns)
{
	struct counter_sample first, last;
	struct counter_rate rate;

	for (int i = 0; i < 1000; i++) {
		sample(hz, bits, 5 * NSEC_PER_SEC + rand(), width_ns, &first);
		sample(hz, bits, first.raw_ns + apart_ns, width_ns, &last);
		assert_int_equal(counter_rate(&first, &last, bits, near_hz, &rate), 0);
		assert_true(fabs(rate.hz - hz) <= rate.error_hz);
		/* ... and the bound is no wider than what is not known */
		assert_true(rate.error_hz < 1.1 * hz * (width_ns + 4) / apart_ns +
				    2.0 * NSEC_PER_SEC / apart_ns);
	}
}

static void test_bounds_hold(void **state)
{
	(void)state;
	check(2099976992, 2100e6, 64, NSEC_PER_SEC / 5, 120);
	check(2099976992, 0, 64, 10 * NSEC_PER_SEC, 120);
	check(100e6 * (1 + 40e-6), 100e6, 32, 30 * NSEC_PER_SEC, 3000);
	check(3579545 * (1 - 300e-6), 3579545, 24, NSEC_PER_SEC / 5, 8000);
}

static void test_many_wraps(void **state)
{
	(void)state;
	/* 4.69 s each: 213 of them, also where the counter is off by a part in a thousand */
	check(3579545 * 1.001, 3579545, 24, 1000 * NSEC_PER_SEC, 8000);
	check(3579545 * 0.999, 3579545, 24, 1000 * NSEC_PER_SEC, 8000);
}

static void test_refused(void **state)
{
	struct counter_sample first, last;
	struct counter_rate rate;

	(void)state;
	sample(1e6, 64, NSEC_PER_SEC, 1000, &first);
	assert_int_equal(counter_rate(&first, &first, 64, 1e6, &rate), -ERANGE);
	sample(1e6, 64, NSEC_PER_SEC + 900, 1000, &last);
	assert_int_equal(counter_rate(&first, &last, 64, 1e6, &rate), -ERANGE);
	/* Who can tell how often it has wrapped in a day? */
	sample(3579545, 24, NSEC_PER_SEC, 1000, &first);
	sample(3579545, 24, 86400 * NSEC_PER_SEC, 1000, &last);
	assert_int_equal(counter_rate(&first, &last, 24, 3579545, &rate), -ERANGE);
}

static void test_ppm(void **state)
{
	(void)state;
	assert_true(fabs(counter_ppm(1000300, 1e6) - 300) < 1e-6);
	assert_true(fabs(counter_ppm(999700, 1e6) + 300) < 1e-6);
}

static uint64_t reads;

static uint64_t read_fake(const struct counter *counter)
{
	(void)counter;
	return ++reads;
}

static void test_sampling(void **state)
{
	const struct counter fake = { .read = read_fake, .bits = 64 };
	struct counter_sample first, last;

	(void)state;
	counter_sample(&fake, &first);
	counter_sample(&fake, &last);
	assert_true(first.count >= 1 && last.count > first.count && last.count <= reads);
	assert_true(first.bound_ns > 0 && last.raw_ns > first.raw_ns);
	assert_true(counter_cost_ns(&fake) >= 0);
}

static uint64_t read_faulting(const struct counter *counter)
{
	kill(getpid(), *(const volatile int *)counter->address);
	return 0;
}

static uint64_t read_standing(const struct counter *counter)
{
	(void)counter;
	return UINT32_MAX;
}

static uint64_t read_counting(const struct counter *counter)
{
	volatile int *reads = (volatile int *)counter->address;

	return ++*reads;
}

static void handle(int signal)
{
	(void)signal;
}

/* What is tried may fault, and handlers of faults are as before afterwards. */
static void test_trial(void **state)
{
	int sig = SIGSEGV, reads = 0;
	struct counter faulting = { .read = read_faulting, .address = &sig };
	struct counter standing = { .read = read_standing };
	struct counter counting = { .read = read_counting, .address = &reads };
	struct sigaction before, after;

	(void)state;
	signal(SIGBUS, handle);
	sigaction(SIGBUS, NULL, &before);
	assert_int_equal(counter_try(&faulting), -EFAULT);
	sig = SIGBUS;
	assert_int_equal(counter_try(&faulting), -EFAULT);
	assert_int_equal(counter_try(&standing), -ENODATA);
	assert_int_equal(counter_try(&counting), 0);
	sigaction(SIGBUS, NULL, &after);
	assert_ptr_equal(after.sa_handler, before.sa_handler);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds_hold),
		cmocka_unit_test(test_many_wraps),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_ppm),
		cmocka_unit_test(test_sampling),
		cmocka_unit_test(test_trial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
