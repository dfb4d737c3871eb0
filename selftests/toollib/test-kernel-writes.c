// SPDX-License-Identifier: GPL-2.0
/* Clocks that the system sets every 11 minutes, and clocks that nobody sets. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "clock-series.h"
#include "lib/drift/kernel-writes.h"

#define SEED		2463534242ULL
#define COUNT		1000
#define POINTS		500
#define PERIOD_S	660.0

static struct clock_series series;
static struct fit_point points[2 * POINTS];

/*
 * Of a clock that is @ppb off: looks that are @apart_s apart, with a noise of @noise_ns. Each
 * 11 minutes it is set, to within @exact_ns.
 */
static void saw(double ppb, double apart_s, double noise_ns, double exact_ns, int count)
{
	double set_s = clock_uniform(&series, -PERIOD_S, 0), left_ns = 0;

	for (int i = 0; i < count; i++) {
		double time_s = i * apart_s;

		while (time_s >= set_s + PERIOD_S) {
			/* A second or two late, as the kernel's work is. */
			set_s += PERIOD_S + clock_uniform(&series, 0, 2);
			left_ns = exact_ns * clock_normal(&series);
		}
		points[i] = (struct fit_point){
			.time_s = 1.8e9 + time_s,
			.offset_ns = left_ns + ppb * (time_s - set_s) + noise_ns * clock_normal(&series),
			.bound_ns = 3 * noise_ns,
			.synchronised = true,
		};
	}
}

static void test_system_sets(void **state)
{
	struct kernel_writes written;
	int cut = 0;

	(void)state;
	series.seed = SEED;
	for (int i = 0; i < COUNT; i++) {
		double ppb = 1e3 * pow(10, clock_uniform(&series, -2, 2));
		/* Near the period, or twice that, the teeth are seen as slow ones. */
		double apart_s = pow(10, clock_uniform(&series, 1.3, 2.7));
		double noise_ns = pow(10, clock_uniform(&series, 3, 5.5));
		/* The record is of a quarter of a day at least. */
		int count = fmin(POINTS, fmax(48, 21600 / apart_s));

		saw(ppb, fmax(apart_s, 21600.0 / count), noise_ns,
		    pow(10, clock_uniform(&series, 4, 6.5)), count);
		cut += !kernel_writes_cut(points, count, &written) && written.points == count;
	}
	print_message("# %d of %d clocks that the system sets are known for it\n", cut, COUNT);
	assert_true(cut >= 980);
}

/* Those whose rate can be seen at all. */
static void test_own_way(void **state)
{
	static const struct clock_kind kinds[] = {
		{ .points_min = 100, .points_max = 800, .days_min = 0.5, .days_max = 10 },
		{ .points_min = 100, .points_max = 800, .days_min = 0.5, .days_max = 10,
		  .wander_ppb = 4, .daily_ppb = 300 },
		{ .points_min = 300, .points_max = 800, .days_min = 1, .days_max = 10,
		  .outliers = 0.08, .gaps_max = 3, .steps_min = 1, .steps_max = 3,
		  .smallest_step = 10 },
	};
	struct kernel_writes written;
	int cut = 0;

	(void)state;
	series.seed = SEED;
	for (int i = 0; i < COUNT; i++) {
		clock_simulate(&kinds[i % 3], &series);
		for (int j = 0; j < series.count; j++)
			series.points[j].synchronised = true;
		kernel_writes_cut(series.points, series.count, &written);
		cut += written.points > 0;
	}
	print_message("# %d of %d clocks that nobody sets are taken for such\n", cut, COUNT);
	assert_true(cut <= 10);
}

/* Only where NTP kept the system's time, and long enough to tell. */
static void test_parts(void **state)
{
	struct kernel_writes written;
	int left;

	(void)state;
	series.seed = SEED;
	saw(20e3, 60, 1000, 1e4, POINTS);
	for (int i = 0; i < POINTS; i++)
		points[i].synchronised = false;
	assert_int_equal(kernel_writes_cut(points, POINTS, &written), POINTS);
	assert_int_equal(written.points, 0);

	saw(20e3, 60, 1000, 1e4, 60);
	assert_int_equal(kernel_writes_cut(points, 60, &written), 60);

	saw(20e3, 60, 1000, 1e4, POINTS);
	for (int i = 0; i < 100; i++)
		points[i].synchronised = false;
	for (int i = 400; i < POINTS; i++)
		points[i].synchronised = false;
	left = kernel_writes_cut(points, POINTS, &written);
	assert_int_equal(left, 200);
	assert_int_equal(written.points, 300);
	assert_true(fabs(written.total_s - 299 * 60) < 1);
	assert_true(fabs(written.first_s - (1.8e9 + 6000)) < 1);
	assert_true(fabs(written.last_s - (1.8e9 + 399 * 60)) < 1);
	assert_false(points[99].begins);
	assert_true(points[100].begins);
	assert_true(fabs(points[100].time_s - (1.8e9 + 24000)) < 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_system_sets),
		cmocka_unit_test(test_own_way),
		cmocka_unit_test(test_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
