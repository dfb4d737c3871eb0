// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Both walks are looked for by the logarithms of their variances. Below a least one a walk
 * does nothing that the record could show, above a greatest one the noise of the looks does
 * nothing: between them each is as probable as any other, before the points are seen.
 */
#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_multimin.h>
#include <math.h>

#include "lib/drift/noise.h"

#define AXES		2
#define BELOW		7.0
/* The first search looks at so many values of each. */
#define COARSE		6
#define SIMPLEX_STEP	1.0
#define SIMPLEX_SIZE	0.02
#define ITERATIONS	80
/* What is less likely by the exponential of this is left out. */
#define UNLIKELY	5.0
/* The lattice of what is likely: its steps by the logarithm, and how far it may reach. */
#define CURVE_STEP	0.3
#define STEP_DEVIATIONS	0.8
#define STEP_MIN	0.02
#define STEP_MAX	1.2
#define REACH		40
#define QUANTILE_STEPS	60

struct range {
	double low, high;	/* logarithms */
};

struct search {
	const struct wander *wander;
	struct range range[AXES];
};

/*
 * A walk that adds three hundredths to the variance of a straight line's slope shows in
 * nothing; that there is none is as probable as BELOW of its logarithm.
 */
static void find_range(const struct wander *wander, struct range range[AXES])
{
	double looks = fmax(wander_used(wander), 2), span_s = 0, apart_s;

	if (wander->count)
		span_s = wander->points[wander->count - 1].time_s - wander->points[0].time_s;
	span_s = fmax(span_s, 1e-3);
	apart_s = span_s / looks;
	range[0].low = log(0.3 / (looks * span_s)) - BELOW;
	range[0].high = log(1e6 / apart_s);
	range[1].low = log(2.5 / (looks * pow(span_s, 3))) - BELOW;
	range[1].high = log(1e6 / pow(apart_s, 3));
}

static struct wander_noise noise_at(const double at[AXES])
{
	return (struct wander_noise){ .phase = exp(at[0]), .rate = exp(at[1]) };
}

static double likelihood_at(const struct search *search, const double at[AXES])
{
	struct wander_noise noise = noise_at(at);
	struct wander_end end;

	wander_filter(search->wander, &noise, &end);
	return end.likelihood;
}

static double clamp(const struct range *range, double value)
{
	return fmin(fmax(value, range->low), range->high);
}

static double unlikelihood(const gsl_vector *vector, void *data)
{
	const struct search *search = data;
	double at[AXES], outside = 0, value;

	for (int i = 0; i < AXES; i++) {
		value = gsl_vector_get(vector, i);
		at[i] = clamp(&search->range[i], value);
		outside += fabs(value - at[i]);
	}
	value = -likelihood_at(search, at);
	return isfinite(value) ? value + outside : 1e300;
}

static void look_coarsely(const struct search *search, double best[AXES])
{
	double most = -INFINITY, likelihood, at[AXES];
	const struct range *range = search->range;

	for (int i = 0; i < COARSE; i++) {
		for (int j = 0; j < COARSE; j++) {
			at[0] = range[0].low + i * (range[0].high - range[0].low) / (COARSE - 1);
			at[1] = range[1].low + j * (range[1].high - range[1].low) / (COARSE - 1);
			likelihood = likelihood_at(search, at);
			if (likelihood > most || !i) {
				most = fmax(most, likelihood);
				best[0] = at[0];
				best[1] = at[1];
			}
		}
	}
}

static int climb(struct search *search, double best[AXES])
{
	gsl_multimin_fminimizer *minimizer = gsl_multimin_fminimizer_alloc(
		gsl_multimin_fminimizer_nmsimplex2, AXES);
	gsl_multimin_function function = { unlikelihood, AXES, search };
	gsl_vector *start = gsl_vector_alloc(AXES), *step = gsl_vector_alloc(AXES);
	int err = minimizer && start && step ? 0 : -ENOMEM;

	if (!err) {
		for (int i = 0; i < AXES; i++)
			gsl_vector_set(start, i, best[i]);
		gsl_vector_set_all(step, SIMPLEX_STEP);
		gsl_multimin_fminimizer_set(minimizer, &function, start, step);
		for (int i = 0; i < ITERATIONS; i++)
			if (gsl_multimin_fminimizer_iterate(minimizer) ||
			    gsl_multimin_fminimizer_size(minimizer) < SIMPLEX_SIZE)
				break;
		for (int i = 0; i < AXES; i++)
			best[i] = clamp(&search->range[i], gsl_vector_get(minimizer->x, i));
	}
	gsl_vector_free(start);
	gsl_vector_free(step);
	if (minimizer)
		gsl_multimin_fminimizer_free(minimizer);
	return err;
}

int noise_estimate(const struct wander *wander, struct wander_noise *noise, bool anew)
{
	struct search search = { .wander = wander };
	double best[AXES];
	int err;

	find_range(wander, search.range);
	if (anew) {
		look_coarsely(&search, best);
	} else {
		best[0] = clamp(&search.range[0], log(noise->phase));
		best[1] = clamp(&search.range[1], log(noise->rate));
	}
	err = climb(&search, best);
	*noise = noise_at(best);
	return err;
}

/* Where a lattice of beliefs lies: its axes are those of the likelihood's curvature. */
struct lattice {
	struct search search;
	double middle[AXES];
	double most;		/* the likelihood there */
	double axis[AXES][AXES];	/* one step along each */
	bool seen[2 * REACH + 1][2 * REACH + 1];
	struct beliefs *beliefs;
};

static double curvature(const struct lattice *lattice, double x, double y)
{
	double plus[AXES] = { lattice->middle[0] + x, lattice->middle[1] + y };
	double minus[AXES] = { lattice->middle[0] - x, lattice->middle[1] - y };

	return (2 * lattice->most - likelihood_at(&lattice->search, plus) -
		likelihood_at(&lattice->search, minus)) / (CURVE_STEP * CURVE_STEP);
}

/* So long that the likelihood has fallen by a little. */
static double step_length(double curvature)
{
	return curvature > 0 ? fmin(fmax(STEP_DEVIATIONS / sqrt(curvature), STEP_MIN), STEP_MAX) :
			       STEP_MAX;
}

static void find_axes(struct lattice *lattice)
{
	double xx = curvature(lattice, CURVE_STEP, 0), yy = curvature(lattice, 0, CURVE_STEP);
	double half = CURVE_STEP / M_SQRT2;
	double xy = (curvature(lattice, half, half) - curvature(lattice, half, -half)) / 2;
	double angle = atan2(2 * xy, xx - yy) / 2;
	double c = cos(angle), s = sin(angle);
	double along = step_length(c * c * xx + 2 * c * s * xy + s * s * yy);
	double across = step_length(s * s * xx - 2 * c * s * xy + c * c * yy);

	lattice->axis[0][0] = c * along;
	lattice->axis[0][1] = s * along;
	lattice->axis[1][0] = -s * across;
	lattice->axis[1][1] = c * across;
}

/* Return: whether it is likely enough to look at what is around it. */
static bool add_belief(struct lattice *lattice, int i, int j)
{
	const struct range *range = lattice->search.range;
	struct beliefs *beliefs = lattice->beliefs;
	struct belief *belief = &beliefs->belief[beliefs->count];
	double at[AXES];

	if (abs(i) > REACH || abs(j) > REACH || lattice->seen[i + REACH][j + REACH] ||
	    beliefs->count == BELIEFS_MAX)
		return false;
	lattice->seen[i + REACH][j + REACH] = true;
	for (int k = 0; k < AXES; k++) {
		at[k] = lattice->middle[k] + i * lattice->axis[0][k] + j * lattice->axis[1][k];
		if ((i || j) && (at[k] < range[k].low || at[k] > range[k].high))
			return false;
	}
	belief->noise = noise_at(at);
	wander_filter(lattice->search.wander, &belief->noise, &belief->end);
	if (!(lattice->most - belief->end.likelihood <= UNLIKELY) && (i || j))
		return false;
	beliefs->count++;
	return true;
}

/* From the most likely one on, as far as the others are likely. */
static void spread(struct lattice *lattice)
{
	static const int ways[][2] = { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } };
	int queue[BELIEFS_MAX][2] = { { 0, 0 } }, waiting = 1;

	add_belief(lattice, 0, 0);
	for (int done = 0; done < waiting; done++) {
		for (int k = 0; k < 4; k++) {
			int i = queue[done][0] + ways[k][0], j = queue[done][1] + ways[k][1];

			if (add_belief(lattice, i, j)) {
				queue[waiting][0] = i;
				queue[waiting++][1] = j;
			}
		}
	}
}

static void weigh(struct beliefs *beliefs)
{
	double most = -INFINITY, sum = 0;

	for (int i = 0; i < beliefs->count; i++)
		most = fmax(most, beliefs->belief[i].end.likelihood);
	for (int i = 0; i < beliefs->count; i++) {
		struct belief *belief = &beliefs->belief[i];

		belief->weight = isfinite(most) ? exp(belief->end.likelihood - most) : 1;
		sum += belief->weight;
	}
	for (int i = 0; i < beliefs->count; i++)
		beliefs->belief[i].weight /= sum;
}

void noise_believe(const struct wander *wander, const struct wander_noise *best,
		   struct beliefs *beliefs)
{
	struct lattice lattice = {
		.search.wander = wander,
		.middle = { log(best->phase), log(best->rate) },
		.beliefs = beliefs,
	};

	beliefs->count = 0;
	find_range(wander, lattice.search.range);
	lattice.most = likelihood_at(&lattice.search, lattice.middle);
	find_axes(&lattice);
	spread(&lattice);
	weigh(beliefs);
}

double beliefs_mean(const struct beliefs *beliefs, const struct estimate *estimates)
{
	double sum = 0;

	for (int i = 0; i < beliefs->count; i++)
		sum += beliefs->belief[i].weight * estimates[i].mean;
	return sum;
}

double beliefs_below(const struct beliefs *beliefs, const struct estimate *estimates, double value)
{
	double sum = 0, far;

	for (int i = 0; i < beliefs->count; i++) {
		const struct belief *belief = &beliefs->belief[i];

		if (belief->weight < 1e-9)
			continue;
		far = value - estimates[i].mean;
		if (estimates[i].deviation > 0)
			sum += belief->weight * gsl_cdf_tdist_P(far / estimates[i].deviation,
								fmax(belief->end.freedom, 1));
		else
			sum += far > 0 ? belief->weight : 0;
	}
	return sum;
}

double beliefs_quantile(const struct beliefs *beliefs, const struct estimate *estimates,
			double share)
{
	double low = INFINITY, high = -INFINITY, middle, reach = 0;

	for (int i = 0; i < beliefs->count; i++) {
		if (beliefs->belief[i].weight < 1e-9)
			continue;
		low = fmin(low, estimates[i].mean);
		high = fmax(high, estimates[i].mean);
		reach = fmax(reach, estimates[i].deviation);
	}
	/* A Student's distribution of one degree of freedom has 2.5 % beyond 12.7. */
	low -= 100 * reach;
	high += 100 * reach;
	for (int i = 0; i < QUANTILE_STEPS; i++) {
		middle = (low + high) / 2;
		if (beliefs_below(beliefs, estimates, middle) < share)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}
