// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "clock-series.h"

#define DAY_S		86400.0
#define GAPS_MAX	8
/* So many points are good on either side of a step. */
#define CLEAR_POINTS	3
/* Of the rate, by its decimal logarithm. */
#define PPM_LOW		(-0.5)
#define PPM_HIGH	2.5
/* The future is walked in steps of this share of itself. */
#define AHEAD_PART	200
#define AHEAD_MIN_S	1.0
#define AHEAD_MAX_S	(1000 * 365.25 * DAY_S)

/* The clock as it truly is. */
struct truth {
	double phase_ns;	/* from the first point, steps and the day's swing apart */
	double rate_ppb;
	double day_ppb, day_phase;
	double ramp;		/* ppb a second */
	double phase_walk, rate_walk;	/* variances a second */
};

static double uniform(struct clock_series *s)
{
	/* xorshift64* */
	s->seed ^= s->seed >> 12;
	s->seed ^= s->seed << 25;
	s->seed ^= s->seed >> 27;
	return (s->seed * 0x2545f4914f6cdd1dULL >> 11) / 9007199254740992.0;
}

double clock_uniform(struct clock_series *s, double low, double high)
{
	return low + (high - low) * uniform(s);
}

double clock_normal(struct clock_series *s)
{
	double radius = sqrt(-2 * log(1 - uniform(s)));

	return radius * cos(2 * M_PI * uniform(s));
}

/* What the swing has brought since the time 0. */
static double day_ns(const struct truth *t, double time_s)
{
	double omega = 2 * M_PI / DAY_S;

	return t->day_ppb / omega * (cos(t->day_phase) - cos(t->day_phase + omega * time_s));
}

static void walk(struct clock_series *s, struct truth *t, double dt_s)
{
	double a = clock_normal(s), b = clock_normal(s);
	double change = sqrt(t->rate_walk * dt_s) * a;

	/* The integral of a random walk goes along with its end, but for a third. */
	t->phase_ns += (t->rate_ppb + t->ramp * dt_s / 2) * dt_s +
		       change * dt_s / 2 + sqrt(t->rate_walk * dt_s / 12) * dt_s * b +
		       sqrt(t->phase_walk * dt_s) * clock_normal(s);
	t->rate_ppb += t->ramp * dt_s + change;
}

static bool in_gap(double time_s, const double *gaps, int count)
{
	for (int i = 0; i < count; i++)
		if (time_s > gaps[2 * i] && time_s < gaps[2 * i + 1])
			return true;
	return false;
}

/* On from the last point at @time_s, where the clock is @offset_ns off. */
static double when_off(struct clock_series *s, struct truth t, double time_s, double offset_ns)
{
	double after_s = 0, dt_s = 0, was_ns = offset_ns, now_ns = offset_ns;
	double base_ns = offset_ns - t.phase_ns - day_ns(&t, time_s);

	/* A ramp ends with the record: no room warms for ever. */
	t.ramp = 0;
	while (fabs(now_ns) < 1e9) {
		dt_s = fmin(fmax(after_s / AHEAD_PART, AHEAD_MIN_S), 3600);
		was_ns = now_ns;
		walk(s, &t, dt_s);
		after_s += dt_s;
		now_ns = base_ns + t.phase_ns + day_ns(&t, time_s + after_s);
		if (after_s > AHEAD_MAX_S)
			return INFINITY;
	}
	if (!after_s)
		return 0;
	return after_s - dt_s * (fabs(now_ns) - 1e9) / fabs(now_ns - was_ns);
}

static void draw_truth(const struct clock_kind *kind, struct clock_series *s, struct truth *t,
		       double span_s)
{
	/* Some are a second off within the hour, some in months. */
	double ppm = pow(10, clock_uniform(s, PPM_LOW, PPM_HIGH));

	*t = (struct truth){
		.rate_ppb = (uniform(s) < 0.5 ? -1e3 : 1e3) * ppm,
		.day_ppb = kind->daily_ppb,
		.day_phase = clock_uniform(s, 0, 2 * M_PI),
		.ramp = kind->ramp_ppb / span_s,
		.phase_walk = kind->phase_ns * kind->phase_ns / 60,
		.rate_walk = kind->wander_ppb * kind->wander_ppb / 60,
	};
}

/* What a look differs by from what all before it tell. */
static double spread_ns(const struct clock_kind *kind, double noise_ns, double apart_s)
{
	double phase = kind->phase_ns * kind->phase_ns / 60 * apart_s;
	double rate = kind->wander_ppb * kind->wander_ppb / 60 * pow(apart_s, 3);

	return sqrt(noise_ns * noise_ns + phase + rate);
}

/*
 * Whether there are good points on both sides of a step, and no other step: what happens
 * while nobody looks can hardly be told from wander.
 */
static bool is_seen(const struct clock_series *s, int step, double apart_s, const double *gaps,
		    int gap_count, const bool *odd)
{
	double at_s = s->step_s[step];
	int after = ceil(at_s / apart_s);

	for (int i = 0; i < step; i++)
		if (fabs(s->step_s[i] - at_s) < 2 * CLEAR_POINTS * apart_s)
			return false;
	for (int i = after - CLEAR_POINTS; i < after + CLEAR_POINTS; i++)
		if (odd[i] || in_gap(i * apart_s, gaps, gap_count))
			return false;
	return true;
}

void clock_simulate(const struct clock_kind *kind, struct clock_series *s)
{
	int points = clock_uniform(s, kind->points_min, kind->points_max + 1);
	double span_s = clock_uniform(s, kind->days_min, kind->days_max) * DAY_S;
	double size[CLOCK_STEPS], gaps[2 * GAPS_MAX], first_ns = 0, t = 0, before_s = 0;
	double offset_ns = clock_uniform(s, -5e8, 5e8), stepped_ns = 0, true_ns = 0, at_s = 0, sigma_ns;
	int gap_count = clock_uniform(s, 0, kind->gaps_max + 1);
	static bool odd[CLOCK_POINTS];
	double zero_s = 0;
	struct truth truth;

	for (int i = 0; i < points; i++)
		odd[i] = uniform(s) < kind->outliers;
	s->noise_ns = pow(10, clock_uniform(s, 3, 5.5));
	for (int i = 0; i < gap_count; i++) {
		gaps[2 * i] = clock_uniform(s, 0, 0.8) * span_s;
		gaps[2 * i + 1] = gaps[2 * i] + clock_uniform(s, 0.01, 0.2) * span_s;
	}
	s->steps = clock_uniform(s, kind->steps_min, kind->steps_max + 1);
	for (int i = 0; i < s->steps; i++) {
		do
			s->step_s[i] = clock_uniform(s, 0.05, 0.95) * span_s;
		while (!is_seen(s, i, span_s / points, gaps, gap_count, odd));
		size[i] = spread_ns(kind, s->noise_ns, span_s / points) * kind->smallest_step * pow(10, clock_uniform(s, 0, 3));
		if (uniform(s) < 0.5)
			size[i] = -size[i];
	}
	draw_truth(kind, s, &truth, span_s);
	s->count = 0;
	for (int i = 0; i < points; i++) {
		struct fit_point *p = &s->points[s->count];

		t = span_s * i / points;
		walk(s, &truth, t - before_s);
		before_s = t;
		if (in_gap(t, gaps, gap_count))
			continue;
		true_ns = truth.phase_ns + day_ns(&truth, t);
		if (!s->count) {
			first_ns = true_ns;
			zero_s = t;
		}
		at_s = t;
		stepped_ns = 0;
		for (int j = 0; j < s->steps; j++)
			stepped_ns += t >= s->step_s[j] ? size[j] : 0;
		sigma_ns = kind->uneven && uniform(s) < 0.3 ? 10 * s->noise_ns : s->noise_ns;
		*p = (struct fit_point){ .time_s = 1.8e9 + t, .bound_ns = 3 * sigma_ns };
		p->offset_ns = offset_ns + true_ns + stepped_ns + sigma_ns * clock_normal(s);
		if (odd[i]) {
			double far = clock_normal(s);

			p->offset_ns += (kind->one_sided ? fabs(far) : far) * s->noise_ns *
					pow(10, clock_uniform(s, 0.5, 3));
		}
		s->count++;
	}
	/* Recording may end in a gap. */
	s->mean_ppb = (true_ns - first_ns) / (at_s - zero_s);
	s->now_ppb = truth.rate_ppb;
	s->second_s = before_s == at_s ?
		when_off(s, truth, at_s, offset_ns + true_ns + stepped_ns) : NAN;
	for (int i = 0; i < s->steps; i++)
		s->step_s[i] += 1.8e9;
}
