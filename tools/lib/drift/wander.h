/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A clock whose rate wanders, as a state space model: its phase and its rate each do a
 * random walk, its rate may follow the day, and each look at it has noise of its own.
 *
 * All variances are in units of the variance of a typical look's noise, which is estimated
 * beside them (struct wander_end).
 */
#ifndef RTCCTL_LIB_DRIFT_WANDER_H
#define RTCCTL_LIB_DRIFT_WANDER_H

#include <stdbool.h>

/*
 * The states: what the clock gained in ns, its rate in ppb, where it began; what the rate
 * gains each second by a trend; and the day's two.
 */
enum { GAINED, RATE, BEGAN, TREND, DAY_SIN, DAY_COS, WANDER_STATES };

struct wander_point {
	double time_s;		/* from the first point's */
	double offset_ns;
	double variance;	/* of its noise */
	bool begins;		/* the clock was set before: where it began is not known */
	bool told;		/* ... which is known otherwise */
	bool odd;		/* an outlier: nothing is learnt from it */
	/* found by wander_smooth(): */
	double fitted_ns;
	double odd_score;	/* how far it is from what all others say, in standard deviations */
	double step_score;	/* how far a step before it would be from none, likewise */
};

struct wander_noise {
	double phase;		/* variance of the phase's walk, a second */
	double rate;		/* variance of the rate's walk, a second */
};

struct wander {
	struct wander_point *points;
	int count;
	/* Before anything is known: 0 where there is none. */
	double trend_variance;
	double daily_variance;
	double usual_scale;	/* ns^2: what looks with such bounds have, as a rule */
	double least_scale;	/* ns^2: less noise than this is rounding */
};

/* What is known of the clock at a moment. */
struct wander_state {
	double mean[WANDER_STATES];
	double variance[WANDER_STATES][WANDER_STATES];
};

/* What the filter ends with. */
struct wander_end {
	struct wander_state state;	/* at the last point */
	double likelihood;	/* the logarithm of it, for the best scale */
	double scale;		/* ns^2: the variance of a typical look's noise */
	int freedom;		/* looks that say something of the noise */
	double log_variance, squares;	/* of these, in units of @scale: what @likelihood is made of */
};

struct wander_room;

/** wander_room() - What wander_smooth() needs; free() it; NULL: no memory. */
struct wander_room *wander_room(int count);

/** wander_filter() - How likely these points are with that noise, and what they end with. */
void wander_filter(const struct wander *wander, const struct wander_noise *noise,
		   struct wander_end *end);

/** wander_smooth() - wander_filter(), and the found part of each point. */
void wander_smooth(const struct wander *wander, const struct wander_noise *noise,
		   struct wander_room *room, struct wander_end *end);

/** wander_used() - How many points are no outliers. */
int wander_used(const struct wander *wander);

/** wander_states() - How many of the states are in use, from the first on. */
int wander_states(const struct wander *wander);

/** wander_predict() - Take @states states @dt_s into the future. */
void wander_predict(struct wander_state *state, const struct wander_noise *noise, double dt_s,
		    int states);

/** wander_look() - What a look at @time_s shows, in terms of the states. */
void wander_look(double time_s, double look[WANDER_STATES]);

#endif
