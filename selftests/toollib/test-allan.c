// SPDX-License-Identifier: GPL-2.0
/* The Allan deviation of simulated clocks, of which it is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "clock-series.h"
#include "lib/drift/allan.h"

#define SEED		2463534242ULL
#define SERIES		200
#define POINTS		1000
#define APART_S		60.0

static struct clock_series random_numbers = { .seed = SEED };
static struct fit_point points[POINTS];
static struct allan_point allan[ALLAN_MAX];

/* Of @white ns of noise, a walk of phase of @walk ns in a second, one of rate of @wander ppb a day. */
static void simulate(double white, double walk, double wander)
{
	double phase = 0, rate = 0, a, b, change;

	for (int i = 0; i < POINTS; i++) {
		a = clock_normal(&random_numbers);
		b = clock_normal(&random_numbers);
		change = wander / sqrt(86400) * sqrt(APART_S) * a;
		phase += rate * APART_S + change * APART_S / 2 +
			 wander / sqrt(86400) * sqrt(APART_S / 12) * APART_S * b +
			 walk * sqrt(APART_S) * clock_normal(&random_numbers);
		rate += change;
		points[i] = (struct fit_point){
			.time_s = 1.8e9 + i * APART_S,
			.offset_ns = phase + white * clock_normal(&random_numbers),
		};
	}
}

/* What it is, by the definition. */
static double truth(double white, double walk, double wander, double tau_s)
{
	return 1e-9 * sqrt(3 * pow(white / tau_s, 2) + walk * walk / tau_s +
			   wander * wander / 86400 * tau_s / 3);
}

/* The intervals hold the truth as often as they say, short ones and long ones. */
static void cover(double white, double walk, double wander)
{
	struct fit fit = { .noise_ns = white, .walk_ns = walk, .wander_ppb = wander };
	int inside = 0, all = 0, found;

	for (int i = 0; i < SERIES; i++) {
		simulate(white, walk, wander);
		found = allan_find(points, POINTS, &fit, APART_S, allan);
		assert_int_equal(found, 9);
		for (int j = 0; j < found; j++) {
			double is = truth(white, walk, wander, allan[j].tau_s);

			assert_true(allan[j].low < allan[j].deviation);
			assert_true(allan[j].deviation < allan[j].high);
			inside += allan[j].low <= is && is <= allan[j].high;
			all++;
		}
	}
	print_message("# white %.0f ns, walk %.0f ns, wander %.0f ppb: the truth is inside %d of %d\n",
		      white, walk, wander, inside, all);
	assert_in_range(inside, 0.92 * all, 0.98 * all);
}

static void test_intervals(void **state)
{
	(void)state;
	cover(1000, 0, 0);
	cover(0, 100, 0);
	cover(0, 0, 500);
}

/* One that is computed by hand: 0, 0, 1 s, 0 at 1 s apart. */
static void test_by_hand(void **state)
{
	struct fit fit = { .noise_ns = 1 };
	int found;

	(void)state;
	for (int i = 0; i < 8; i++)
		points[i] = (struct fit_point){ .time_s = i, .offset_ns = i == 2 ? 1e9 : 0 };
	found = allan_find(points, 8, &fit, 1, allan);
	/* Second differences of 1, -2, 1 among six; then 1, -2 (from 0 and 2), ... among four. */
	assert_int_equal(found, 2);
	assert_int_equal(allan[0].terms, 6);
	assert_true(fabs(allan[0].deviation - sqrt((1 + 4 + 1) / 12.0)) < 1e-12);
	assert_int_equal(allan[1].terms, 4);
	assert_true(fabs(allan[1].deviation - sqrt((4 + 1) / 32.0)) < 1e-12);
}

/* Nothing is taken across a step, of an outlier, or where nothing was seen. */
static void test_holes(void **state)
{
	struct fit fit = { .noise_ns = 1 };
	int found;

	(void)state;
	for (int i = 0; i < 20; i++)
		points[i] = (struct fit_point){
			.time_s = i + (i >= 15 ? 5 : 0),
			.offset_ns = i >= 10 ? 1e9 : 0,
			.segment = i >= 10,
		};
	points[5].offset_ns = 1e12;
	points[5].outlier = true;
	found = allan_find(points, 20, &fit, 1, allan);
	assert_true(found >= 1);
	for (int i = 0; i < found; i++)
		assert_true(allan[i].deviation == 0);
	/* Of 24 places: 3 before the outlier, 2 behind it, 3 and 3 on either side of the hole. */
	assert_int_equal(allan[0].terms, 3 + 2 + 3 + 3);
	assert_int_equal(allan_find(points, 0, &fit, 1, allan), 0);
	assert_int_equal(allan_find(points, 20, &fit, 0, allan), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_holes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
