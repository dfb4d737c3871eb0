// SPDX-License-Identifier: GPL-2.0
/* A thousand simulated clocks, and how often the truth is where it is said to be. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "fit.h"

#define SERIES		1000
#define POINTS_MAX	1000
#define DAY_S		86400.0

static uint64_t seed;

static double uniform(void)
{
	/* xorshift64* */
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * 0x2545f4914f6cdd1dULL >> 11) / 9007199254740992.0;
}

static double between(double low, double high)
{
	return low + (high - low) * uniform();
}

static double normal(void)
{
	return sqrt(-2 * log(1 - uniform())) * cos(2 * M_PI * uniform());
}

struct series {
	struct fit_point points[POINTS_MAX];
	int count;
	double ppb;
	int steps;
};

struct kind {
	int points_min, points_max;
	double days_min, days_max;
	double outliers;	/* share */
	int steps_max;
	int gaps_max;
	double smallest_step;	/* in units of the noise */
	bool uneven;		/* the noise of some points is ten times larger, as their bounds say */
	bool one_sided;		/* outliers only late */
};

/* Parts of the time in which nothing is recorded. */
static bool in_gap(double t, const double *gaps, int count)
{
	for (int i = 0; i < count; i++)
		if (t > gaps[2 * i] && t < gaps[2 * i + 1])
			return true;
	return false;
}

static void simulate(const struct kind *kind, struct series *s)
{
	int points = between(kind->points_min, kind->points_max + 1);
	double span_s = between(kind->days_min, kind->days_max) * DAY_S;
	double noise_ns = pow(10, between(3, 5.5));
	double at[8], size[8], gaps[16], t, sigma_ns;
	int gap_count = between(0, kind->gaps_max + 1);

	s->ppb = between(-300e3, 300e3);
	s->steps = between(0, kind->steps_max + 1);
	for (int i = 0; i < s->steps; i++) {
		at[i] = between(0.05, 0.95) * span_s;
		size[i] = noise_ns * kind->smallest_step * pow(10, between(0, 4));
		if (uniform() < 0.5)
			size[i] = -size[i];
	}
	for (int i = 0; i < gap_count; i++) {
		gaps[2 * i] = between(0, 0.8) * span_s;
		gaps[2 * i + 1] = gaps[2 * i] + between(0.01, 0.2) * span_s;
	}
	s->count = 0;
	for (int i = 0; i < points; i++) {
		struct fit_point *p = &s->points[s->count];

		t = span_s * i / points;
		if (in_gap(t, gaps, gap_count))
			continue;
		sigma_ns = kind->uneven && uniform() < 0.3 ? 10 * noise_ns : noise_ns;
		*p = (struct fit_point){ .time_s = 1.8e9 + t, .bound_ns = 3 * sigma_ns };
		p->offset_ns = 5e8 + s->ppb * t + sigma_ns * normal();
		for (int j = 0; j < s->steps; j++)
			p->offset_ns += t >= at[j] ? size[j] : 0;
		if (uniform() < kind->outliers)
			p->offset_ns += (kind->one_sided ? fabs(normal()) : normal()) *
					noise_ns * pow(10, between(0.5, 3));
		s->count++;
	}
}

static void cover(const struct kind *kind, const char *name, int wanted)
{
	static struct series s;
	double width = 0;
	struct fit fit;
	int inside = 0, fitted = 0;

	seed = 88172645463325252ULL;
	for (int i = 0; i < SERIES; i++) {
		simulate(kind, &s);
		if (fit_line(s.points, s.count, &fit))
			continue;
		fitted++;
		inside += fit.low_ppb <= s.ppb && s.ppb <= fit.high_ppb;
		width += fit.high_ppb - fit.low_ppb;
	}
	print_message("# %s: the truth is inside %d of %d intervals, %.1f ppb wide\n", name,
		      inside, fitted, width / fitted);
	assert_int_equal(fitted, SERIES);
	assert_true(inside >= wanted);
}

static void test_plain(void **state)
{
	static const struct kind kind = { 50, 500, 0.5, 10, .smallest_step = 10 };

	(void)state;
	cover(&kind, "noise alone", 940);
}

static void test_everything(void **state)
{
	static const struct kind kind = {
		100, 800, 1, 30, .outliers = 0.08, .steps_max = 3, .gaps_max = 3,
		.smallest_step = 10,
	};

	(void)state;
	cover(&kind, "outliers, steps and gaps", 940);
}

static void test_uneven(void **state)
{
	static const struct kind kind = {
		100, 800, 1, 30, .outliers = 0.05, .steps_max = 2, .gaps_max = 2,
		.smallest_step = 10, .uneven = true, .one_sided = true,
	};

	(void)state;
	cover(&kind, "uneven noise, late outliers", 940);
}

static void test_few(void **state)
{
	static const struct kind kind = { 12, 40, 0.1, 2, .outliers = 0.05, .smallest_step = 1 };

	(void)state;
	cover(&kind, "few points", 930);
}

static void test_small_steps(void **state)
{
	static const struct kind kind = {
		300, 600, 1, 30, .outliers = 0.05, .steps_max = 2, .gaps_max = 1,
		.smallest_step = 2,
	};

	(void)state;
	cover(&kind, "steps little above the noise", 930);
}

/* A line without any noise, a step of a second, and one sample that is an hour off. */
static void test_exact(void **state)
{
	struct fit_point points[100];
	struct fit fit;

	(void)state;
	for (int i = 0; i < 100; i++)
		points[i] = (struct fit_point){
			.time_s = 1.8e9 + 60 * i,
			.offset_ns = 12345 * 60.0 * i + (i >= 40 ? 1e9 : 0) + (i == 70 ? 3600e9 : 0),
			.bound_ns = 1000,
		};
	assert_int_equal(fit_line(points, 100, &fit), 0);
	assert_true(fabs(fit.rate_ppb - 12345) < 0.01);
	assert_true(fit.low_ppb <= 12345.001 && fit.high_ppb >= 12344.999);
	assert_int_equal(fit.steps, 1);
	assert_int_equal(fit.outliers, 1);
	assert_int_equal(points[39].segment, 0);
	assert_int_equal(points[40].segment, 1);
	assert_true(points[70].weight == 0);
	assert_true(fabs(fit.last_ns - (12345 * 60.0 * 99 + 1e9)) < 10);
}

static void test_too_little(void **state)
{
	struct fit_point points[FIT_POINTS_MIN] = {};
	struct fit fit;

	(void)state;
	for (int i = 0; i < FIT_POINTS_MIN; i++)
		points[i].bound_ns = 1;
	assert_int_equal(fit_line(points, 0, &fit), -ENODATA);
	assert_int_equal(fit_line(points, FIT_POINTS_MIN - 1, &fit), -ENODATA);
	/* ... all of one moment */
	assert_int_equal(fit_line(points, FIT_POINTS_MIN, &fit), -ENODATA);
}

static void test_student(void **state)
{
	static const struct {
		double freedom, factor;
	} known[] = {
		{ 1, 12.706 }, { 3, 3.182 }, { 6, 2.447 }, { 10, 2.228 }, { 30, 2.042 },
		{ 1e6, 1.960 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_true(fabs(fit_student(known[i].freedom) - known[i].factor) < 2e-3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_uneven),
		cmocka_unit_test(test_few),
		cmocka_unit_test(test_small_steps),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_too_little),
		cmocka_unit_test(test_student),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
