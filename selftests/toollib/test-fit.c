// SPDX-License-Identifier: GPL-2.0
/*
 * Simulated clocks, and how often the truth is where it is said to be.
 *
 *	test-fit [COUNT]	series of each kind: 24, or COUNT
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "clock-series.h"
#include "lib/drift/fit.h"

#define SEED	88172645463325252ULL

/* Kinds of clocks. A rate that wanders by 4 ppb in a minute does so by 150 ppb in a day. */
static const struct {
	const char *name;
	struct clock_kind kind;
	/* In a thousand: what is asked for. */
	int mean_min, now_min, second_min;
} kinds[] = {
	{ "white noise alone", { .points_min = 100, .points_max = 800, .days_min = 0.5,
		.days_max = 10 }, 940, 940, 940 },
	{ "a daily swing", { .points_min = 300, .points_max = 800, .days_min = 2,
		.days_max = 10, .daily_ppb = 300 }, 940, 940, 930 },
	{ "a wandering rate", { .points_min = 300, .points_max = 800, .days_min = 1,
		.days_max = 10, .wander_ppb = 4 }, 940, 930, 940 },
	{ "both, and a walk of phase", { .points_min = 300, .points_max = 800, .days_min = 2,
		.days_max = 10, .daily_ppb = 300, .wander_ppb = 4, .phase_ns = 500 }, 930, 930, 940 },
	{ "a ramp of 2 ppm", { .points_min = 300, .points_max = 800, .days_min = 2,
		.days_max = 10, .ramp_ppb = 2000 }, 940, 940, 940 },
	{ "outliers", { .points_min = 100, .points_max = 800, .days_min = 1, .days_max = 10,
		.outliers = 0.08 }, 940, 940, 940 },
	{ "gaps", { .points_min = 100, .points_max = 800, .days_min = 1, .days_max = 10,
		.gaps_max = 3 }, 940, 940, 940 },
	{ "steps", { .points_min = 300, .points_max = 800, .days_min = 1, .days_max = 10,
		.steps_min = 1, .steps_max = 3, .smallest_step = 10 }, 940, 940, 940 },
	{ "a wandering rate, steps", { .points_min = 300, .points_max = 800, .days_min = 1,
		.days_max = 10, .wander_ppb = 4, .steps_min = 1, .steps_max = 3,
		.smallest_step = 10 }, 930, 930, 940 },
	{ "a wandering rate, outliers", { .points_min = 300, .points_max = 800, .days_min = 1,
		.days_max = 10, .wander_ppb = 4, .outliers = 0.08 }, 920, 920, 940 },
	{ "uneven noise, late outliers, steps", { .points_min = 100, .points_max = 800,
		.days_min = 1, .days_max = 30, .outliers = 0.05, .steps_max = 2, .gaps_max = 2,
		.smallest_step = 10, .uneven = true, .one_sided = true }, 930, 940, 940 },
	{ "few points", { .points_min = 12, .points_max = 40, .days_min = 0.1, .days_max = 2,
		.outliers = 0.05 }, 930, 930, 930 },
	{ "all of it at once", { .points_min = 300, .points_max = 800, .days_min = 2,
		.days_max = 10, .daily_ppb = 300, .wander_ppb = 4, .phase_ns = 500,
		.outliers = 0.08, .gaps_max = 3, .steps_min = 1, .steps_max = 3,
		.smallest_step = 10 }, 820, 920, 930 },
};

static int record_count = 24;
static struct clock_series series;

/* What was found of all series of a kind. */
struct tally {
	int fitted;
	int mean, now;
	int second, seconds;
	int invented;		/* series with more steps than there are */
	int found, steps;
	double width_ppb;
};

static bool step_found(const struct clock_series *s, double step_s)
{
	for (int i = 1; i < s->count; i++) {
		double apart_s = s->points[i].time_s - s->points[i - 1].time_s;

		if (s->points[i].segment > s->points[i - 1].segment &&
		    s->points[i].time_s >= step_s - 2 * apart_s &&
		    s->points[i - 1].time_s <= step_s + 2 * apart_s)
			return true;
	}
	return false;
}

static bool inside(const struct fit_interval *interval, double truth)
{
	return interval->low <= truth && truth <= interval->high;
}

static void count_fit(const struct clock_series *s, const struct fit *fit, struct tally *tally)
{
	tally->fitted++;
	tally->mean += inside(&fit->rate_ppb, s->mean_ppb);
	tally->now += inside(&fit->now_ppb, s->now_ppb);
	tally->width_ppb += fit->rate_ppb.high - fit->rate_ppb.low;
	if (!isnan(s->second_s)) {
		tally->seconds++;
		tally->second += fit->early_s <= s->second_s && s->second_s <= fit->late_s;
	}
	tally->invented += fit->steps > s->steps;
	tally->steps += s->steps;
	for (int i = 0; i < s->steps; i++)
		tally->found += step_found(s, s->step_s[i]);
}

static double percent(int part, int all)
{
	return all ? 100.0 * part / all : 100;
}

/* So many of @all that fewer come about by chance in one of ten thousand runs at most. */
static int least(int in_thousand, int all)
{
	double share = in_thousand / 1000.0;

	return floor(all * share - 3.9 * sqrt(all * share * (1 - share)));
}

static void test_kind(void **state)
{
	size_t i = (size_t)*state;
	struct tally tally = {};
	struct fit fit;

	series.seed = SEED + i;
	for (int j = 0; j < record_count; j++) {
		clock_simulate(&kinds[i].kind, &series);
		if (!fit_points(series.points, series.count, &fit))
			count_fit(&series, &fit, &tally);
	}
	print_message("# %s: of %d series the mean rate is inside in %.1f %% (%.2f ppb wide), the rate now in %.1f %%, the second off in %.1f %%; %d of %d steps found, %.1f %% of the series have more\n",
		      kinds[i].name, tally.fitted, percent(tally.mean, tally.fitted),
		      tally.width_ppb / tally.fitted, percent(tally.now, tally.fitted),
		      percent(tally.second, tally.seconds), tally.found, tally.steps,
		      percent(tally.invented, tally.fitted));
	assert_int_equal(tally.fitted, record_count);
	assert_true(tally.mean >= least(kinds[i].mean_min, tally.fitted));
	assert_true(tally.now >= least(kinds[i].now_min, tally.fitted));
	assert_true(tally.second >= least(kinds[i].second_min, tally.seconds));
	assert_true(tally.found >= least(930, tally.steps));
	assert_true(tally.invented <= tally.fitted - least(980, tally.fitted));
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
	assert_int_equal(fit_points(points, 100, &fit), 0);
	assert_true(fabs(fit.rate_ppb.middle - 12345) < 0.01);
	assert_true(fit.rate_ppb.low <= 12345.001 && fit.rate_ppb.high >= 12344.999);
	assert_int_equal(fit.steps, 1);
	assert_int_equal(fit.outliers, 1);
	assert_int_equal(points[39].segment, 0);
	assert_int_equal(points[40].segment, 1);
	assert_true(points[70].outlier);
	assert_true(fabs(fit.last_ns - (12345 * 60.0 * 99 + 1e9)) < 10);
}

/* That it was set is known: no rate is seen across it, and no step is counted. */
static void test_begins(void **state)
{
	struct fit_point points[100];
	struct fit fit;

	(void)state;
	series.seed = SEED;
	for (int i = 0; i < 100; i++)
		points[i] = (struct fit_point){
			.time_s = 60 * i + (i >= 50 ? 86400 : 0),
			.bound_ns = 300,
			.begins = i == 50,
		};
	for (int i = 0; i < 100; i++)
		points[i].offset_ns = 1000 * points[i].time_s + 100 * clock_normal(&series) -
				      (i >= 50 ? 1000 * 86400.0 : 0);
	assert_int_equal(fit_points(points, 100, &fit), 0);
	assert_int_equal(fit.steps, 0);
	assert_int_equal(points[49].segment, 0);
	assert_int_equal(points[50].segment, 1);
	assert_true(fit.rate_ppb.low <= 1000 && fit.rate_ppb.high >= 1000);
	assert_true(fit.rate_ppb.high - fit.rate_ppb.low < 10);
}

/* A first point decades before all others, and two at the same time, are numbers like others. */
static void test_far(void **state)
{
	struct fit_point points[100];
	struct fit fit;

	(void)state;
	series.seed = SEED;
	for (int i = 0; i < 100; i++)
		points[i] = (struct fit_point){
			.time_s = 60 * i - (i ? 0 : 1.7e9) - (i == 50 ? 60 : 0),
			.offset_ns = 300 * clock_normal(&series),
			.bound_ns = 900,
		};
	assert_int_equal(fit_points(points, 100, &fit), 0);
	assert_true(isfinite(fit.rate_ppb.low) && isfinite(fit.rate_ppb.high));
	assert_true(fit.rate_ppb.low <= fit.rate_ppb.middle &&
		    fit.rate_ppb.middle <= fit.rate_ppb.high);
	assert_true(fit.now_ppb.low <= 0 && fit.now_ppb.high >= 0);
}

static void test_too_little(void **state)
{
	struct fit_point points[FIT_POINTS_MIN] = {};
	struct fit fit;

	(void)state;
	for (int i = 0; i < FIT_POINTS_MIN; i++)
		points[i].bound_ns = 1;
	assert_int_equal(fit_points(points, 0, &fit), -ENODATA);
	assert_int_equal(fit_points(points, FIT_POINTS_MIN - 1, &fit), -ENODATA);
	/* ... all of one moment */
	assert_int_equal(fit_points(points, FIT_POINTS_MIN, &fit), -ENODATA);
}

#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

int main(int argc, char **argv)
{
	struct CMUnitTest tests[KINDS + 4] = {
		[KINDS] = cmocka_unit_test(test_exact),
		cmocka_unit_test(test_begins),
		cmocka_unit_test(test_far),
		cmocka_unit_test(test_too_little),
	};

	if (argc > 1)
		record_count = atoi(argv[1]);
	for (size_t i = 0; i < KINDS; i++)
		tests[i] = (struct CMUnitTest){
			.name = kinds[i].name, .test_func = test_kind, .initial_state = (void *)i,
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
