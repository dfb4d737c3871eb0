// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"

#define TUKEY		4.685	/* 95 % efficient where the noise is normal */
#define MAD_TO_SIGMA	1.4826
/* In units of the bounds: what is below is rounding, and no noise. */
#define SCALE_MIN	1e-3
#define ITERATIONS	50
#define SETTLED		1e-9
#define STEPS_MAX	64
/* Of thousands of candidates none exceeds this by chance. */
#define STEP_SCORE	5.0
#define STEP_WINDOW	5
#define STEP_SIGMAS	8.0
/* The share of the points that a slope for the beginning is taken across. */
#define LAG_PART	20

/* A problem being solved. Sums are over its points. */
struct work {
	struct fit_point *points;
	int count;
	double *bound_ns;	/* how noisy a point is against the others */
	double *residual;	/* in units of that */
	double *spare;
	double *sum_w, *sum_wt;	/* by segment */
	int segments;
	double slope;
	double scale;		/* noise in units of the bounds */
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int count)
{
	if (!count)
		return 0;
	qsort(values, count, sizeof(*values), by_value);
	return count % 2 ? values[count / 2] :
			   (values[count / 2 - 1] + values[count / 2]) / 2;
}

double fit_student(double freedom)
{
	static const double exact[] = { 12.706, 4.303, 3.182, 2.776, 2.571 };
	double z = 1.959964, f = freedom;

	if (f < 6)
		return exact[(int)fmax(f, 1) - 1];
	/* Cornish and Fisher's expansion about the normal distribution's */
	return z + (pow(z, 3) + z) / (4 * f) +
	       (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * f * f) +
	       (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / (384 * pow(f, 3));
}

/* Bounds far below the usual ones are no reason to hear one point alone. */
static double take_bounds(struct work *w)
{
	double middle;

	for (int i = 0; i < w->count; i++)
		w->spare[i] = w->points[i].bound_ns;
	middle = median(w->spare, w->count);
	for (int i = 0; i < w->count; i++)
		w->bound_ns[i] = fmax(w->points[i].bound_ns, middle / 4);
	return middle;
}

/* The median of the slopes across a few points: most are across no step. */
static double first_slope(struct work *w)
{
	const struct fit_point *a, *b;
	int lag = w->count / LAG_PART + 1;
	int found = 0;

	for (int i = 0; i + lag < w->count; i++) {
		a = &w->points[i];
		b = &w->points[i + lag];
		if (b->time_s > a->time_s)
			w->spare[found++] = (b->offset_ns - a->offset_ns) / (b->time_s - a->time_s);
	}
	return median(w->spare, found);
}

static double detrended(const struct work *w, int i)
{
	return w->points[i].offset_ns - w->slope * w->points[i].time_s;
}

static double median_around(const struct work *w, int first, int last)
{
	double values[STEP_WINDOW];
	int count = 0;

	for (int i = first; i <= last; i++)
		values[count++] = detrended(w, i);
	return median(values, count);
}

/* Between @i and the next point: how far what follows lies from what was before. */
static double jump_after(const struct work *w, int i)
{
	int first = i - STEP_WINDOW + 1, last = i + STEP_WINDOW;

	return median_around(w, i + 1, last < w->count ? last : w->count - 1) -
	       median_around(w, first > 0 ? first : 0, i);
}

/* What two neighbours differ by, where neither is odd. */
static double neighbour_noise(struct work *w)
{
	for (int i = 0; i + 1 < w->count; i++)
		w->spare[i] = fabs(detrended(w, i + 1) - detrended(w, i));
	return MAD_TO_SIGMA * median(w->spare, w->count - 1) / M_SQRT2;
}

static void split_after(struct work *w, int i)
{
	for (i++; i < w->count; i++)
		w->points[i].segment++;
	w->segments++;
}

static int segment_end(const struct work *w, int first)
{
	int end = first;

	while (end < w->count && w->points[end].segment == w->points[first].segment)
		end++;
	return end;
}

/* A few odd points in a row are outliers, not a clock that was set and set back. */
static void drop_short(struct work *w)
{
	int into = 0;

	for (int first = 0, end; first < w->count; first = end) {
		end = segment_end(w, first);
		if (first && end - first >= STEP_WINDOW)
			into++;
		for (int i = first; i < end; i++)
			w->points[i].segment = into;
	}
	w->segments = into + 1;
}

/* Steps that stand out by themselves: they would mislead everything else. */
static void find_large_steps(struct work *w, double middle_ns)
{
	double limit = STEP_SIGMAS * fmax(neighbour_noise(w), SCALE_MIN * middle_ns);
	double change, best = 0;
	int at = -1;

	for (int i = STEP_WINDOW / 2; i + 1 < w->count && w->segments <= STEPS_MAX; i++) {
		if (i + 1 + STEP_WINDOW / 2 < w->count && fabs(jump_after(w, i)) > limit) {
			/* Medians jump a little before and behind, neighbours just there. */
			change = fabs(detrended(w, i + 1) - detrended(w, i));
			if (change > best)
				at = i;
			best = fmax(best, change);
		} else if (at >= 0) {
			split_after(w, at);
			at = -1;
			best = 0;
		}
	}
}

static double weight_of(const struct work *w, int i)
{
	return w->points[i].weight / (w->bound_ns[i] * w->bound_ns[i]);
}

/* Intercepts are given by the slope: the means of their segments. */
static void sum_segments(struct work *w)
{
	double weight;

	memset(w->sum_w, 0, w->segments * sizeof(*w->sum_w));
	memset(w->sum_wt, 0, w->segments * sizeof(*w->sum_wt));
	for (int i = 0; i < w->count; i++) {
		weight = weight_of(w, i);
		w->sum_w[w->points[i].segment] += weight;
		w->sum_wt[w->points[i].segment] += weight * w->points[i].time_s;
	}
}

/* A point's time from the mean of its segment's; 0 where nothing there counts. */
static double lever(const struct work *w, int i)
{
	int s = w->points[i].segment;

	return w->sum_w[s] ? w->points[i].time_s - w->sum_wt[s] / w->sum_w[s] : 0;
}

static double weighted_slope(const struct work *w)
{
	double up = 0, down = 0, x;

	for (int i = 0; i < w->count; i++) {
		x = lever(w, i);
		up += weight_of(w, i) * x * w->points[i].offset_ns;
		down += weight_of(w, i) * x * x;
	}
	return down ? up / down : w->slope;
}

static void fit_intercepts(struct work *w)
{
	double *sum = w->spare;
	int s;

	memset(sum, 0, w->segments * sizeof(*sum));
	for (int i = 0; i < w->count; i++)
		sum[w->points[i].segment] += weight_of(w, i) * detrended(w, i);
	for (int i = 0; i < w->count; i++) {
		s = w->points[i].segment;
		if (w->sum_w[s])
			w->points[i].fitted_ns = sum[s] / w->sum_w[s] +
						 w->slope * w->points[i].time_s;
	}
	for (int i = 0; i < w->count; i++)
		w->residual[i] = (w->points[i].offset_ns - w->points[i].fitted_ns) /
				 w->bound_ns[i];
}

static void estimate_scale(struct work *w)
{
	double freedom = w->count - w->segments - 1;

	for (int i = 0; i < w->count; i++)
		w->spare[i] = fabs(w->residual[i]);
	w->scale = MAD_TO_SIGMA * median(w->spare, w->count);
	if (freedom > 0)
		w->scale *= sqrt(w->count / freedom);
	w->scale = fmax(w->scale, SCALE_MIN);
}

static void weigh(struct work *w)
{
	double u;

	for (int i = 0; i < w->count; i++) {
		u = w->residual[i] / (TUKEY * w->scale);
		w->points[i].weight = fabs(u) < 1 ? pow(1 - u * u, 2) : 0;
	}
}

/* The first look at residuals must not be led by outliers: medians instead of means. */
static void start(struct work *w)
{
	for (int s = 0; s < w->segments; s++) {
		double middle;
		int count = 0;

		for (int i = 0; i < w->count; i++)
			if (w->points[i].segment == s)
				w->spare[count++] = detrended(w, i);
		middle = median(w->spare, count);
		for (int i = 0; i < w->count; i++)
			if (w->points[i].segment == s)
				w->residual[i] = (detrended(w, i) - middle) / w->bound_ns[i];
	}
	estimate_scale(w);
	weigh(w);
}

static void iterate(struct work *w)
{
	double before;

	for (int i = 0; i < ITERATIONS; i++) {
		before = w->slope;
		sum_segments(w);
		w->slope = weighted_slope(w);
		fit_intercepts(w);
		/* A scale that moves along with the weights need not settle. */
		if (i < ITERATIONS / 4)
			estimate_scale(w);
		weigh(w);
		if (i >= ITERATIONS / 4 && fabs(w->slope - before) < SETTLED * fabs(w->slope))
			break;
	}
	sum_segments(w);
}

/* The influence of a point: its residual as far as it is believed. */
static double psi(const struct work *w, int i)
{
	return w->points[i].weight * w->residual[i];
}

static double psi_slope(const struct work *w, int i)
{
	double u = w->residual[i] / (TUKEY * w->scale);

	return fabs(u) < 1 ? (1 - u * u) * (1 - 5 * u * u) : 0;
}

struct moments {
	double a, at, att, p;
};

static void add_moments(struct moments *m, const struct work *w, int i, double t0)
{
	double a = psi_slope(w, i) / (w->bound_ns[i] * w->bound_ns[i]);
	double t = w->points[i].time_s - t0;

	m->a += a;
	m->at += a * t;
	m->att += a * t * t;
	m->p += psi(w, i) / w->bound_ns[i];
}

/*
 * Whether one more step within a segment would say more than chance: the sum of the
 * influences behind it, against what that varies by once line and intercept are fitted.
 */
static double best_step(const struct work *w, int first, int end, double all_att, int *at)
{
	double variance = 0, best = 0, t0 = w->points[first].time_s;
	struct moments all = {}, head = {};
	double part, slope_part, score;

	for (int i = first; i < end; i++) {
		add_moments(&all, w, i, t0);
		variance += psi(w, i) * psi(w, i);
	}
	if (all.a <= 0 || all_att <= 0)
		return 0;
	variance = fmax(variance / (end - first), SCALE_MIN * SCALE_MIN);
	for (int i = first; i + 1 < end; i++) {
		add_moments(&head, w, i, t0);
		part = head.a * (all.a - head.a) / all.a;
		slope_part = head.at - head.a * all.at / all.a;
		part -= slope_part * slope_part / all_att;
		if (part <= 1e-3 * all.a / (end - first))
			continue;
		score = head.p * head.p / (variance * part);
		if (score > best) {
			best = score;
			*at = i;
		}
	}
	return sqrt(best);
}

static double total_att(const struct work *w)
{
	double sum = 0, x;

	for (int i = 0; i < w->count; i++) {
		x = lever(w, i);
		sum += psi_slope(w, i) / (w->bound_ns[i] * w->bound_ns[i]) * x * x;
	}
	return sum;
}

static bool add_step(struct work *w)
{
	double att = total_att(w), score, best = STEP_SCORE;
	int at = -1, where = 0;

	for (int first = 0, end; first < w->count; first = end) {
		end = segment_end(w, first);
		score = best_step(w, first, end, att, &where);
		if (score > best) {
			best = score;
			at = where;
		}
	}
	if (at < 0 || w->segments > STEPS_MAX)
		return false;
	split_after(w, at);
	return true;
}

/* Two segments that lie on one line are one: the step was none. */
static bool drop_step(struct work *w)
{
	double *sum = w->spare, worst = STEP_SCORE, score;
	int at = -1;

	memset(sum, 0, 2 * w->segments * sizeof(*sum));
	for (int i = 0; i < w->count; i++) {
		sum[2 * w->points[i].segment] += weight_of(w, i) * detrended(w, i);
		sum[2 * w->points[i].segment + 1] += weight_of(w, i);
	}
	for (int s = 0; s + 1 < w->segments; s++) {
		if (!sum[2 * s + 1] || !sum[2 * s + 3])
			continue;
		score = fabs(sum[2 * s] / sum[2 * s + 1] - sum[2 * s + 2] / sum[2 * s + 3]) /
			(w->scale * sqrt(1 / sum[2 * s + 1] + 1 / sum[2 * s + 3]));
		if (score < worst) {
			worst = score;
			at = s;
		}
	}
	if (at < 0)
		return false;
	for (int i = 0; i < w->count; i++)
		w->points[i].segment -= w->points[i].segment > at;
	w->segments--;
	return true;
}

/* Of the slope: the influences as they were found, alone and in blocks. */
static double slope_error(const struct work *w)
{
	int block = cbrt(w->count) + 1;
	double down = total_att(w), single = 0, blocks = 0, sum = 0;
	double x, term, leverage, weight;

	for (int i = 0; i < w->count; i++) {
		x = lever(w, i);
		term = psi(w, i) / w->bound_ns[i] * x;
		sum += term;
		if ((i + 1) % block == 0 || i + 1 == w->count) {
			blocks += sum * sum;
			sum = 0;
		}
		/* A point that draws the line to itself has a small residual. */
		weight = weight_of(w, i);
		leverage = weight ? weight * x * x / down +
				    weight / w->sum_w[w->points[i].segment] : 0;
		term /= fmax(1 - leverage, 0.1);
		single += term * term;
	}
	return down > 0 ? sqrt(fmax(single, blocks)) / down : INFINITY;
}

static int finish(struct work *w, struct fit *fit)
{
	const struct fit_point *last = &w->points[w->count - 1];
	double freedom = -w->segments - 1, margin;

	memset(fit, 0, sizeof(*fit));
	for (int i = 0; i < w->count; i++) {
		fit->outliers += !w->points[i].weight;
		freedom += w->points[i].weight > 0;
		w->spare[i] = w->bound_ns[i];
	}
	if (freedom < 2 || total_att(w) <= 0)
		return -ENODATA;
	margin = fit_student(freedom) * slope_error(w);
	fit->rate_ppb = w->slope;
	fit->low_ppb = w->slope - margin;
	fit->high_ppb = w->slope + margin;
	fit->noise_ns = w->scale * median(w->spare, w->count);
	fit->last_ns = last->fitted_ns;
	fit->span_s = last->time_s - w->points[0].time_s;
	fit->steps = w->segments - 1;
	return 0;
}

static int solve(struct work *w, struct fit *fit)
{
	double middle_ns;

	for (int i = 0; i < w->count; i++)
		w->points[i].segment = 0;
	w->segments = 1;
	middle_ns = take_bounds(w);
	w->slope = first_slope(w);
	find_large_steps(w, middle_ns);
	drop_short(w);
	start(w);
	iterate(w);
	while (add_step(w))
		iterate(w);
	drop_short(w);
	iterate(w);
	while (drop_step(w))
		iterate(w);
	return finish(w, fit);
}

/* Times far from zero would cost the offsets their digits. */
static void shift_time(struct fit_point *points, int count, double by_s)
{
	for (int i = 0; i < count; i++)
		points[i].time_s += by_s;
}

int fit_line(struct fit_point *points, int count, struct fit *fit)
{
	struct work w = { .points = points, .count = count };
	double *room, first_s;
	int err;

	if (count < FIT_POINTS_MIN || points[count - 1].time_s <= points[0].time_s)
		return -ENODATA;
	room = calloc(3 * count + 4 * (STEPS_MAX + 2), sizeof(*room));
	if (!room)
		return -ENOMEM;
	w.bound_ns = room;
	w.residual = room + count;
	w.sum_w = room + 2 * count;
	w.sum_wt = w.sum_w + STEPS_MAX + 2;
	/* Last: also two numbers a segment where there are few points. */
	w.spare = w.sum_wt + STEPS_MAX + 2;
	first_s = points[0].time_s;
	shift_time(points, count, -first_s);
	err = solve(&w, fit);
	shift_time(points, count, first_s);
	free(room);
	return err;
}
