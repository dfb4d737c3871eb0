// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/drift/fit.h"
#include "lib/drift/jumps.h"
#include "lib/drift/median.h"
#include "lib/drift/noise.h"

#define S_PER_DAY	86400.0
#define NS_PER_S	1e9
/* In units of the bounds: what is below is rounding, and no noise. */
#define NOISE_MIN	1e-3
#define USUAL_NOISE	(1 / 3.0)
/* The share of the points that a first slope is taken across. */
#define LAG_PART	20
/* A day's swing is looked for in records that are longer than this, ... */
#define DAILY_SPAN_S	(1.5 * S_PER_DAY)
#define DAILY_POINTS	48
/* ... is of the order of this before it was seen, as is a trend from first to last, ... */
#define DAILY_PPB	1000.0
#define TREND_PPB	1000.0
/* ... and believed if all is so much likelier with it, by the logarithm. */
#define LIKELIER	5.0
/* 95 % */
#define LOW_SHARE	0.025
#define HIGH_SHARE	0.975
/* A clock that wanders back has been a second off before. */
#define EARLY_SHARE	0.0175
#define NEAR_S		60.0
#define FAR_S		(1000 * 365.25 * S_PER_DAY)
#define SCAN_FACTOR	1.1
#define SCAN_STEPS	40

/* A problem being solved. */
struct work {
	struct fit_point *points;
	int count;
	struct wander wander;
	struct wander_noise noise;
	struct beliefs beliefs;
	struct estimate estimates[BELIEFS_MAX];
	/* Points that were left out for what they are make the others look better than they are. */
	double widen;
	/* The line that was taken off to keep numbers small. */
	double slope;
	double first_ns;
};

/* The median of the slopes across a few points: most are across no step. */
static double first_slope(const struct work *w, double *spare)
{
	int lag = w->count / LAG_PART + 1, found = 0;
	const struct fit_point *a, *b;

	for (int i = 0; i + lag < w->count; i++) {
		a = &w->points[i];
		b = &w->points[i + lag];
		if (b->time_s > a->time_s)
			spare[found++] = (b->offset_ns - a->offset_ns) / (b->time_s - a->time_s);
	}
	return median(spare, found);
}

static double usual_bound(const struct work *w, double *spare)
{
	for (int i = 0; i < w->count; i++)
		spare[i] = w->points[i].bound_ns;
	return median(spare, w->count);
}

static double line_at(const struct work *w, double time_s)
{
	return w->first_ns + w->slope * time_s;
}

static int prepare(struct work *w)
{
	double *spare = calloc(w->count, sizeof(*spare));
	double bound_ns;

	w->wander.points = calloc(w->count, sizeof(*w->wander.points));
	if (!spare || !w->wander.points) {
		free(spare);
		return -ENOMEM;
	}
	w->wander.count = w->count;
	w->slope = first_slope(w, spare);
	w->first_ns = w->points[0].offset_ns;
	bound_ns = usual_bound(w, spare);
	free(spare);
	for (int i = 0; i < w->count; i++) {
		const struct fit_point *from = &w->points[i];
		/* Bounds far below the usual ones are no reason to hear one point alone. */
		double part = fmax(from->bound_ns / bound_ns, 0.25);
		double time_s = from->time_s - w->points[0].time_s;

		w->wander.points[i] = (struct wander_point){
			.time_s = time_s,
			.offset_ns = from->offset_ns - line_at(w, time_s),
			.variance = part * part,
			.begins = from->begins,
			.told = from->begins,
		};
	}
	w->wander.usual_scale = pow(USUAL_NOISE * bound_ns, 2);
	w->wander.least_scale = pow(NOISE_MIN * bound_ns, 2);
	return 0;
}

static double span_s(const struct work *w)
{
	return w->wander.points[w->count - 1].time_s;
}

/* Whether the points are so much likelier with one more kind of change, which stays then. */
static int try_change(struct work *w, double *variance, double usual, bool *believed)
{
	struct wander_noise noise = w->noise;
	struct wander_end without, with;
	int err;

	wander_filter(&w->wander, &noise, &without);
	*variance = usual * usual / without.scale;
	err = noise_estimate(&w->wander, &noise, true);
	if (err)
		return err;
	wander_filter(&w->wander, &noise, &with);
	*believed = with.likelihood > without.likelihood + LIKELIER;
	if (*believed)
		w->noise = noise;
	else
		*variance = 0;
	return 0;
}

static int look_for_day(struct work *w)
{
	bool believed = false;
	int err;

	if (span_s(w) < DAILY_SPAN_S || wander_used(&w->wander) < DAILY_POINTS)
		return 0;
	err = try_change(w, &w->wander.daily_variance, DAILY_PPB, &believed);
	if (!err && believed)
		err = jumps_find(&w->wander, &w->noise);
	return err;
}

/* The sum of the states, each times its part, beside a known number. */
static struct estimate estimate_of(const struct work *w, const struct wander_state *state,
				   const double part[WANDER_STATES], double beside, double scale)
{
	int states = wander_states(&w->wander);
	double mean = beside, variance = 0;

	for (int i = 0; i < states; i++) {
		mean += part[i] * state->mean[i];
		for (int j = 0; j < states; j++)
			variance += part[i] * part[j] * state->variance[i][j];
	}
	return (struct estimate){ mean, w->widen * sqrt(fmax(variance, 0) * scale) };
}

/* Of a rate, which is the sum of the states, each times its part, and the line's slope. */
static struct fit_interval interval_of(struct work *w, const double part[WANDER_STATES])
{
	struct fit_interval interval;

	for (int i = 0; i < w->beliefs.count; i++) {
		const struct wander_end *end = &w->beliefs.belief[i].end;

		w->estimates[i] = estimate_of(w, &end->state, part, 0, end->scale);
	}
	interval.middle = beliefs_mean(&w->beliefs, w->estimates) + w->slope;
	interval.low = beliefs_quantile(&w->beliefs, w->estimates, LOW_SHARE) + w->slope;
	interval.high = beliefs_quantile(&w->beliefs, w->estimates, HIGH_SHARE) + w->slope;
	return interval;
}

static struct fit_interval mean_rate(struct work *w)
{
	double part[WANDER_STATES];

	wander_look(span_s(w), part);
	part[BEGAN] = 0;
	for (int i = 0; i < WANDER_STATES; i++)
		part[i] /= span_s(w);
	return interval_of(w, part);
}

static struct fit_interval rate_now(struct work *w)
{
	static const double part[WANDER_STATES] = { [RATE] = 1 };

	return interval_of(w, part);
}

/*
 * A trend bends the record, and its mean is better known with it. Nothing says that it goes
 * on: today's rate and what comes are told without it, as a wander.
 */
static int find_bent_mean(struct work *w, struct fit *fit)
{
	struct wander_noise noise = w->noise;
	bool believed = false;
	int err;

	err = try_change(w, &w->wander.trend_variance, TREND_PPB / span_s(w), &believed);
	if (!err && believed) {
		noise_believe(&w->wander, &w->noise, &w->beliefs);
		fit->rate_ppb = mean_rate(w);
	}
	w->wander.trend_variance = 0;
	w->noise = noise;
	return err;
}

/* How probable it is that the clock is a second off @after_s after the last point. */
static double share_off(struct work *w, double after_s)
{
	double time_s = span_s(w) + after_s, line = line_at(w, time_s);
	double look[WANDER_STATES];

	wander_look(time_s, look);
	for (int i = 0; i < w->beliefs.count; i++) {
		const struct belief *belief = &w->beliefs.belief[i];
		struct wander_state state = belief->end.state;

		wander_predict(&state, &belief->noise, after_s, wander_states(&w->wander));
		w->estimates[i] = estimate_of(w, &state, look, line, belief->end.scale);
	}
	return beliefs_below(&w->beliefs, w->estimates, -NS_PER_S) + 1 -
	       beliefs_below(&w->beliefs, w->estimates, NS_PER_S);
}

/* Return: when that is as probable as @share, from @from_s on; INFINITY: never. */
static double when_off(struct work *w, double from_s, double share)
{
	double low = from_s, high = fmax(from_s, NEAR_S), middle;

	if (share_off(w, from_s) >= share)
		return from_s;
	while (share_off(w, high) < share) {
		low = high;
		high *= SCAN_FACTOR;
		if (high > FAR_S)
			return INFINITY;
	}
	for (int i = 0; i < SCAN_STEPS; i++) {
		middle = (low + high) / 2;
		if (share_off(w, middle) < share)
			low = middle;
		else
			high = middle;
	}
	return high;
}

static double daily_swing(const struct work *w)
{
	double sum[2] = { 0, 0 };

	if (!w->wander.daily_variance)
		return 0;
	for (int i = 0; i < w->beliefs.count; i++) {
		const struct belief *belief = &w->beliefs.belief[i];

		sum[0] += belief->weight * belief->end.state.mean[DAY_SIN];
		sum[1] += belief->weight * belief->end.state.mean[DAY_COS];
	}
	return hypot(sum[0], sum[1]);
}

static void give_points(const struct work *w, struct fit *fit)
{
	int segment = 0;

	for (int i = 0; i < w->count; i++) {
		const struct wander_point *point = &w->wander.points[i];

		segment += i && point->begins;
		fit->steps += i && point->begins && !point->told;
		fit->outliers += point->odd;
		w->points[i].fitted_ns = point->fitted_ns + line_at(w, point->time_s);
		w->points[i].outlier = point->odd;
		w->points[i].segment = segment;
	}
	fit->last_ns = w->points[w->count - 1].fitted_ns;
}

static int conclude(struct work *w, struct fit *fit)
{
	struct wander_end end;

	wander_filter(&w->wander, &w->noise, &end);
	if (end.freedom < 2)
		return -ENODATA;
	noise_believe(&w->wander, &w->noise, &w->beliefs);
	w->widen = w->count / (double)wander_used(&w->wander);
	fit->rate_ppb = mean_rate(w);
	fit->now_ppb = rate_now(w);
	fit->noise_ns = sqrt(end.scale);
	fit->walk_ns = sqrt(w->noise.phase * end.scale);
	fit->wander_ppb = sqrt(w->noise.rate * end.scale * S_PER_DAY);
	fit->daily_ppb = daily_swing(w);
	fit->span_s = span_s(w);
	fit->early_s = when_off(w, 0, EARLY_SHARE);
	fit->late_s = isfinite(fit->early_s) ? when_off(w, fit->early_s, HIGH_SHARE) : INFINITY;
	give_points(w, fit);
	return find_bent_mean(w, fit);
}

int fit_points(struct fit_point *points, int count, struct fit *fit)
{
	struct work w = { .points = points, .count = count };
	int err;

	memset(fit, 0, sizeof(*fit));
	if (count < FIT_POINTS_MIN || points[count - 1].time_s <= points[0].time_s)
		return -ENODATA;
	err = prepare(&w);
	if (!err)
		err = jumps_guess(&w.wander, NOISE_MIN);
	if (!err)
		err = jumps_find(&w.wander, &w.noise);
	if (!err)
		err = look_for_day(&w);
	if (!err)
		err = conclude(&w, fit);
	free(w.wander.points);
	return err;
}

double fit_margin(const struct fit_interval *interval)
{
	return fmax(interval->high - interval->middle, interval->middle - interval->low);
}
