// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kalman's filter, with an exact beginning where nothing is known of the phase, and the
 * smoother of de Jong (1989): one pass back gives each point's score as an outlier and as
 * the first after a step (de Jong and Penzer, 1998), given all others.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/drift/wander.h"

#define S_PER_DAY	86400.0
/* Of the noise of looks, by its logarithm: half of all are within this of the usual. */
#define USUAL_SPREAD	0.4

/* The way forward, at a point that was taken in. */
struct filter {
	struct wander_state state;
	/* What a rate that is not known yet would add to the states, each ppb. */
	double loose[WANDER_STATES];
	double look[WANDER_STATES];
	double gain[WANDER_STATES];
	double innovation;
	double variance;		/* of that */
	double dt_s;			/* from the point before */
	enum { LEFT_OUT, BEFORE, SETTLED, TAKEN } how;
	bool fresh;			/* where it begins is not known */
	int n;				/* states */
	/* The sums over all that were taken in. */
	double log_variance;
	double squares;
	int looks;
};

struct wander_room {
	struct filter at;
};

struct wander_room *wander_room(int count)
{
	return calloc(count, sizeof(struct wander_room));
}

int wander_used(const struct wander *wander)
{
	int count = 0;

	for (int i = 0; i < wander->count; i++)
		count += !wander->points[i].odd;
	return count;
}

int wander_states(const struct wander *wander)
{
	return wander->daily_variance ? WANDER_STATES : wander->trend_variance ? DAY_SIN : TREND;
}

void wander_look(double time_s, double look[WANDER_STATES])
{
	double omega = 2 * M_PI / S_PER_DAY;

	look[GAINED] = 1;
	look[RATE] = 0;
	look[BEGAN] = 1;
	look[TREND] = time_s * time_s / 2;
	/* The phase that a rate of sin and of cos leaves, from the first point on. */
	look[DAY_SIN] = (1 - cos(omega * time_s)) / omega;
	look[DAY_COS] = sin(omega * time_s) / omega;
}

void wander_predict(struct wander_state *state, const struct wander_noise *noise, double dt_s,
		    int states)
{
	double (*p)[WANDER_STATES] = state->variance;

	state->mean[GAINED] += state->mean[RATE] * dt_s;
	p[GAINED][GAINED] += dt_s * (2 * p[GAINED][RATE] + dt_s * p[RATE][RATE]) +
			     dt_s * (noise->phase + dt_s * dt_s / 3 * noise->rate);
	p[GAINED][RATE] += dt_s * (p[RATE][RATE] + dt_s / 2 * noise->rate);
	p[RATE][GAINED] = p[GAINED][RATE];
	for (int i = BEGAN; i < states; i++) {
		p[GAINED][i] += dt_s * p[RATE][i];
		p[i][GAINED] = p[GAINED][i];
	}
	p[RATE][RATE] += dt_s * noise->rate;
}

/*
 * A point that something is known from at all, and nothing else: @gain of what it shows
 * beyond the states goes to them, and they are as unsure as the point is.
 */
static void settle(struct filter *filter, const struct wander_point *point)
{
	double (*p)[WANDER_STATES] = filter->state.variance;
	double *gain = filter->gain, *look = filter->look;
	double with[WANDER_STATES], shown = 0, variance = point->variance, unknown = 0;
	int n = filter->n;

	for (int i = 0; i < n; i++) {
		with[i] = 0;
		for (int j = 0; j < n; j++)
			with[i] += p[i][j] * look[j];
		shown += look[i] * filter->state.mean[i];
		unknown += look[i] * filter->loose[i];
		variance += look[i] * with[i];
	}
	for (int i = 0; i < n; i++) {
		filter->state.mean[i] += gain[i] * (point->offset_ns - shown);
		filter->loose[i] -= gain[i] * unknown;
		for (int j = 0; j < n; j++)
			p[i][j] += gain[i] * gain[j] * variance - gain[i] * with[j] -
				   with[i] * gain[j];
	}
}

/* Where it begins is not known before. */
static void settle_beginning(struct filter *filter, const struct wander_point *point)
{
	memset(filter->gain, 0, sizeof(filter->gain));
	filter->gain[BEGAN] = 1;
	settle(filter, point);
}

/* Nor is the rate, before two points. Return: whether it is now. */
static bool settle_rate(struct filter *filter, const struct wander_point *point)
{
	double unknown = 0;

	for (int i = 0; i < filter->n; i++)
		unknown += filter->look[i] * filter->loose[i];
	if (!unknown)
		return false;
	for (int i = 0; i < filter->n; i++)
		filter->gain[i] = filter->loose[i] / unknown;
	settle(filter, point);
	memset(filter->loose, 0, sizeof(filter->loose));
	return true;
}

static void take_in(struct filter *filter, const struct wander_point *point)
{
	double (*p)[WANDER_STATES] = filter->state.variance;
	double *gain = filter->gain, *look = filter->look;
	double variance = point->variance, shown = 0;
	int n = filter->n;

	for (int i = 0; i < n; i++) {
		gain[i] = 0;
		for (int j = 0; j < n; j++)
			gain[i] += p[i][j] * look[j];
		variance += look[i] * gain[i];
		shown += look[i] * filter->state.mean[i];
	}
	filter->innovation = point->offset_ns - shown;
	filter->variance = variance;
	for (int i = 0; i < n; i++) {
		filter->state.mean[i] += gain[i] / variance * filter->innovation;
		for (int j = i; j < n; j++)
			p[j][i] = p[i][j] -= gain[i] * gain[j] / variance;
	}
	for (int i = 0; i < n; i++)
		gain[i] /= variance;
	filter->log_variance += log(variance);
	filter->squares += filter->innovation * filter->innovation / variance;
	filter->looks++;
}

static void finish(const struct wander *wander, const struct filter *filter,
		   struct wander_end *end)
{
	double unusual;

	end->state = filter->state;
	end->freedom = filter->looks;
	end->log_variance = filter->log_variance;
	end->squares = filter->squares;
	end->scale = wander->least_scale;
	end->likelihood = -INFINITY;
	if (end->freedom < 1)
		return;
	end->scale = fmax(end->squares / end->freedom, wander->least_scale);
	end->likelihood = -(end->log_variance + end->freedom * log(end->scale) +
			    end->squares / end->scale) / 2;
	/* Where the walks could explain all there is, looks are still no better than usual. */
	unusual = log(end->scale / wander->usual_scale) / (2 * USUAL_SPREAD);
	end->likelihood -= 2 * log1p(unusual * unusual / 3);
}

static void start(const struct wander *wander, struct filter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->n = wander_states(wander);
	filter->fresh = true;
	filter->loose[RATE] = 1;
	filter->state.variance[TREND][TREND] = wander->trend_variance;
	filter->state.variance[DAY_SIN][DAY_SIN] = wander->daily_variance;
	filter->state.variance[DAY_COS][DAY_COS] = wander->daily_variance;
	wander_look(0, filter->look);
}

static void go_on(struct filter *filter, const struct wander_noise *noise, double dt_s)
{
	filter->dt_s = dt_s;
	if (!dt_s)
		return;
	wander_predict(&filter->state, noise, dt_s, filter->n);
	filter->loose[GAINED] += filter->loose[RATE] * dt_s;
}

static void pass(struct filter *filter, const struct wander_point *point)
{
	filter->fresh |= point->begins;
	if (point->odd) {
		filter->how = filter->fresh ? BEFORE : LEFT_OUT;
	} else if (filter->fresh) {
		settle_beginning(filter, point);
		filter->fresh = false;
		filter->how = SETTLED;
	} else if (filter->loose[RATE] && settle_rate(filter, point)) {
		filter->how = SETTLED;
	} else {
		take_in(filter, point);
		filter->how = TAKEN;
	}
}

static void forward(const struct wander *wander, const struct wander_noise *noise,
		    struct wander_room *room, struct wander_end *end)
{
	const struct wander_point *point = wander->points;
	struct filter filter;

	start(wander, &filter);
	for (int i = 0; i < wander->count; i++, point++) {
		go_on(&filter, noise, i ? point->time_s - point[-1].time_s : 0);
		if (filter.n > TREND)
			wander_look(point->time_s, filter.look);
		pass(&filter, point);
		if (room)
			room[i].at = filter;
	}
	finish(wander, &filter, end);
}

void wander_filter(const struct wander *wander, const struct wander_noise *noise,
		   struct wander_end *end)
{
	forward(wander, noise, NULL, end);
}

/* What all later points say of the states, and how much they know. */
struct later {
	double says[WANDER_STATES];
	double knows[WANDER_STATES][WANDER_STATES];
};

static double score(double says, double knows, double scale)
{
	return knows > 0 && scale > 0 ? says / sqrt(knows * scale) : 0;
}

/* What all points say of the one at hand. */
struct smoothed {
	double time_s;
	double offset_ns, offset_variance;
	double rate, rate_variance;
};

static double variance_of(const double with[], const struct later *later, double variance, int n)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			variance -= with[i] * later->knows[i][j] * with[j];
	return fmax(variance, 0);
}

static void smooth_point(const struct filter *at, const struct later *later, double time_s,
			 struct smoothed *smoothed, int n)
{
	const struct wander_state *state = &at->state;
	double with[WANDER_STATES], variance = 0;

	*smoothed = (struct smoothed){ .time_s = time_s, .rate = state->mean[RATE] };
	for (int i = 0; i < n; i++) {
		with[i] = 0;
		for (int j = 0; j < n; j++)
			with[i] += state->variance[i][j] * at->look[j];
	}
	for (int i = 0; i < n; i++) {
		smoothed->offset_ns += at->look[i] * state->mean[i] + with[i] * later->says[i];
		smoothed->rate += state->variance[RATE][i] * later->says[i];
		variance += at->look[i] * with[i];
	}
	smoothed->offset_variance = variance_of(with, later, variance, n);
	smoothed->rate_variance = variance_of(state->variance[RATE], later,
					      state->variance[RATE][RATE], n);
}

/* A point before the one that its beginning is known from: back along the rate there. */
static void smooth_before(const struct wander_noise *noise, double time_s,
			  struct smoothed *smoothed)
{
	double dt_s = smoothed->time_s - time_s;

	smoothed->time_s = time_s;
	smoothed->offset_ns -= smoothed->rate * dt_s;
	smoothed->offset_variance += dt_s * (noise->phase + dt_s * (smoothed->rate_variance +
								    dt_s / 3 * noise->rate));
	smoothed->rate_variance += dt_s * noise->rate;
}

/*
 * What later points say of the states, back across one that says and knows something itself:
 * nothing where something is known from it at all.
 */
static void back_across(struct wander_point *point, const struct filter *at, struct later *later,
			double scale)
{
	bool taken = at->how == TAKEN;
	double known[WANDER_STATES], says = taken ? at->innovation / at->variance : 0;
	double knows = taken ? 1 / at->variance : 0;

	for (int i = 0; i < at->n; i++) {
		known[i] = 0;
		for (int j = 0; j < at->n; j++)
			known[i] += later->knows[i][j] * at->gain[j];
		says -= at->gain[i] * later->says[i];
		knows += at->gain[i] * known[i];
	}
	point->odd_score = score(says, knows, scale);
	for (int i = 0; i < at->n; i++) {
		later->says[i] += at->look[i] * says;
		for (int j = 0; j < at->n; j++)
			later->knows[i][j] += at->look[i] * at->look[j] * knows -
					      at->look[i] * known[j] - known[i] * at->look[j];
	}
}

static void back_in_time(struct later *later, double dt_s, int n)
{
	double (*k)[WANDER_STATES] = later->knows;

	later->says[RATE] += dt_s * later->says[GAINED];
	k[RATE][RATE] += dt_s * (2 * k[GAINED][RATE] + dt_s * k[GAINED][GAINED]);
	for (int i = 0; i < n; i++) {
		if (i == RATE)
			continue;
		k[RATE][i] += dt_s * k[GAINED][i];
		k[i][RATE] = k[RATE][i];
	}
}

void wander_smooth(const struct wander *wander, const struct wander_noise *noise,
		   struct wander_room *room, struct wander_end *end)
{
	struct smoothed smoothed = {};
	int n = wander_states(wander);
	struct wander_point *point;
	const struct filter *at;
	struct later later = {};

	forward(wander, noise, room, end);
	for (int i = wander->count - 1; i >= 0; i--) {
		point = &wander->points[i];
		at = &room[i].at;
		if (at->how == BEFORE)
			smooth_before(noise, point->time_s, &smoothed);
		else
			smooth_point(at, &later, point->time_s, &smoothed, n);
		point->fitted_ns = smoothed.offset_ns;
		if (at->how == TAKEN || at->how == SETTLED)
			back_across(point, at, &later, end->scale);
		else
			point->odd_score = score(point->offset_ns - point->fitted_ns,
						 smoothed.offset_variance + point->variance,
						 end->scale);
		point->step_score = score(later.says[BEGAN], later.knows[BEGAN][BEGAN],
					  end->scale);
		back_in_time(&later, at->dt_s, n);
	}
}
