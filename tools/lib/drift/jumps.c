// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "lib/drift/jumps.h"
#include "lib/drift/median.h"
#include "lib/drift/noise.h"

#define MAD_TO_SIGMA	1.4826
/* To stand out by itself. */
#define GUESS_SIGMAS	8.0
/* Points on either side that tell the rate there. */
#define GUESS_AROUND	10
/* Of thousands of points none exceeds this by chance. */
#define ODD_SCORE	4.5
#define GOOD_SCORE	3.5
#define STEP_SCORE	6.0
/* A step that was found stays while it is worth as much. */
#define STEP_KEPT	5.0
/* So many odd points beside each other may look like a step. */
#define NEIGHBOURS	2
/* By the logarithm of the likelihood. */
#define PRICE		4.0
#define PASSES		12

/* What lies between each point and the next one. */
struct between {
	const struct wander *wander;
	int count;
	double *rate;
	double *jump;		/* what the rate around does not explain, in units of the noise */
	double limit;		/* of @jump */
};

static bool parted(const struct between *between, int i)
{
	return between->wander->points[i + 1].begins || fabs(between->jump[i]) > between->limit;
}

static void find_rates(struct between *between)
{
	const struct wander_point *p = between->wander->points;
	double dt_s;

	for (int i = 0; i < between->count; i++) {
		dt_s = p[i + 1].time_s - p[i].time_s;
		between->rate[i] = dt_s > 0 ? (p[i + 1].offset_ns - p[i].offset_ns) / dt_s : 0;
	}
}

/* The median of the rates between @first and @last, neither across what parts them. */
static double rate_of(const struct between *between, int first, int last, bool whole)
{
	double rates[2 * GUESS_AROUND + 1];
	int count = 0;

	for (int i = first < 0 ? 0 : first;
	     i <= last && i < between->count && count <= 2 * GUESS_AROUND; i++)
		if (!between->wander->points[i + 1].begins && (whole || !parted(between, i)))
			rates[count++] = between->rate[i];
	return median(rates, count);
}

static void find_jumps(struct between *between)
{
	const struct wander_point *p = between->wander->points;
	double rate;

	for (int i = 0; i < between->count; i++) {
		rate = rate_of(between, i - GUESS_AROUND, i + GUESS_AROUND, true);
		between->jump[i] = (p[i + 1].offset_ns - p[i].offset_ns -
				    rate * (p[i + 1].time_s - p[i].time_s)) /
				   sqrt(p[i].variance + p[i + 1].variance);
		if (p[i + 1].begins)
			between->jump[i] = 0;
	}
}

static double usual_jump(const struct between *between, double *spare)
{
	for (int i = 0; i < between->count; i++)
		spare[i] = fabs(between->jump[i]);
	return MAD_TO_SIGMA * median(spare, between->count);
}

static int run_end(const struct between *between, int first)
{
	while (first < between->count && !parted(between, first))
		first++;
	return first + 1;
}

/* The offset that the points nearest to @time_s on one side of it tell for it. */
static double level_at(const struct between *between, int first, int end, double time_s,
		       double rate)
{
	const struct wander_point *p = between->wander->points;
	double levels[JUMPS_RUN];
	int count = 0;

	for (int i = first; i < end; i++)
		levels[count++] = p[i].offset_ns + rate * (time_s - p[i].time_s);
	return median(levels, count);
}

/* Between a run that ends before @end and the next one, from @first on. */
static bool stepped(const struct between *between, int end, int first)
{
	double time_s = between->wander->points[first].time_s;
	double rate = rate_of(between, end - GUESS_AROUND, first + GUESS_AROUND, false);

	return fabs(level_at(between, end - JUMPS_RUN, end, time_s, rate) -
		    level_at(between, first, first + JUMPS_RUN, time_s, rate)) > between->limit;
}

static int longest_run(const struct between *between)
{
	int longest = 0;

	for (int first = 0, end; first <= between->count; first = end) {
		end = run_end(between, first);
		longest = end - first > longest ? end - first : longest;
	}
	return longest;
}

static void mark_runs(const struct between *between)
{
	struct wander_point *points = between->wander->points;
	int before = 0, steps = 0;
	bool told = false;

	if (longest_run(between) < JUMPS_RUN)
		return;
	for (int first = 0, end; first <= between->count; first = end) {
		end = run_end(between, first);
		told |= points[first].begins;
		if (end - first < JUMPS_RUN) {
			for (int i = first; i < end; i++)
				points[i].odd = true;
			continue;
		}
		if (before && !told && steps < JUMPS_STEPS && stepped(between, before, first)) {
			points[first].begins = true;
			steps++;
		}
		before = end;
		told = false;
	}
}

int jumps_guess(struct wander *wander, double least_ns)
{
	struct between between = { .wander = wander, .count = wander->count - 1 };
	double *room;

	if (between.count < JUMPS_RUN)
		return 0;
	room = calloc(3 * wander->count, sizeof(*room));
	if (!room)
		return -ENOMEM;
	between.rate = room;
	between.jump = room + wander->count;
	find_rates(&between);
	find_jumps(&between);
	between.limit = GUESS_SIGMAS * fmax(usual_jump(&between, room + 2 * wander->count), least_ns);
	mark_runs(&between);
	free(room);
	return 0;
}

static bool unmark_odd(struct wander *wander)
{
	bool changed = false;

	for (int i = 0; i < wander->count; i++) {
		if (wander->points[i].odd && fabs(wander->points[i].odd_score) < GOOD_SCORE) {
			wander->points[i].odd = false;
			changed = true;
		}
	}
	return changed;
}

/* So many points on either side are of one kind each. */
static bool step_shows(const struct wander *wander, int at)
{
	int before = 0, after = 0;

	for (int i = at - 1; i >= 0 && before < JUMPS_RUN; i--) {
		before += !wander->points[i].odd;
		if (wander->points[i].begins)
			break;
	}
	for (int i = at; i < wander->count && after < JUMPS_RUN; i++) {
		if (i > at && wander->points[i].begins)
			break;
		after += !wander->points[i].odd;
	}
	return before == JUMPS_RUN && after == JUMPS_RUN;
}

static int count_steps(const struct wander *wander)
{
	int steps = 0;

	for (int i = 0; i < wander->count; i++)
		steps += wander->points[i].begins && !wander->points[i].told;
	return steps;
}

struct candidate {
	int at;
	double score;
	bool step;
};

static bool is_candidate(const struct wander *wander, int i, struct candidate *candidate)
{
	const struct wander_point *p = &wander->points[i];
	double odd = p->odd ? 0 : fabs(p->odd_score), step = fabs(p->step_score);

	*candidate = (struct candidate){ .at = i, .score = odd };
	if (step > STEP_SCORE && step > odd && step_shows(wander, i)) {
		candidate->step = true;
		candidate->score = step;
		return true;
	}
	return odd > ODD_SCORE;
}

static int by_score(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return (x->score < y->score) - (x->score > y->score);
}

static bool is_near(const struct candidate *taken, int count, int at)
{
	for (int i = 0; i < count; i++)
		if (abs(taken[i].at - at) <= JUMPS_RUN)
			return true;
	return false;
}

/* The greatest ones; what is near them is looked at once more without them. */
static bool mark(struct wander *wander, struct candidate *candidates)
{
	int found = 0, taken = 0, steps = count_steps(wander);
	struct wander_point *point;

	for (int i = 0; i < wander->count; i++)
		found += is_candidate(wander, i, &candidates[found]);
	qsort(candidates, found, sizeof(*candidates), by_score);
	for (int i = 0; i < found; i++) {
		point = &wander->points[candidates[i].at];
		if (is_near(candidates, taken, candidates[i].at) ||
		    (candidates[i].step && steps >= JUMPS_STEPS))
			continue;
		if (candidates[i].step) {
			point->begins = true;
			steps++;
		} else {
			point->odd = true;
		}
		candidates[taken++] = candidates[i];
	}
	return taken;
}

/* What the points from @i on tell for a time before them. */
static double told_for(const struct wander *wander, int i, double time_s)
{
	const struct wander_point *p = &wander->points[i], *next = p;
	double rate = 0;

	while (next + 1 < wander->points + wander->count && !next[1].begins &&
	       next - p < JUMPS_RUN)
		next++;
	if (next->time_s > p->time_s)
		rate = (next->fitted_ns - p->fitted_ns) / (next->time_s - p->time_s);
	return p->fitted_ns - rate * (p->time_s - time_s);
}

/* A step is before the first of the outliers ahead of it that it explains. */
static bool move_steps(struct wander *wander, double scale)
{
	struct wander_point *p = wander->points;
	bool moved = false;
	double far_ns;
	int first;

	for (int i = 1; i < wander->count; i++) {
		if (!p[i].begins || p[i].told)
			continue;
		first = i;
		for (int j = i - 1; j >= 0 && p[j].odd && !p[j + 1].told; j--) {
			far_ns = fabs(p[j].offset_ns - told_for(wander, i, p[j].time_s));
			if (far_ns < GOOD_SCORE * sqrt(p[j].variance * scale))
				first = j;
		}
		if (first < i) {
			p[i].begins = false;
			p[first].begins = true;
			moved = true;
		}
	}
	return moved;
}

/* How likely the points are where the noise is known, each that is left out at a price. */
static double likelihood_of(const struct wander *wander, const struct wander_noise *noise,
			    double scale)
{
	struct wander_end end;

	wander_filter(wander, noise, &end);
	return -(end.log_variance + end.squares / scale + end.freedom * log(scale)) / 2 +
	       end.freedom * PRICE;
}

/* Take some points for odd, or take that back. */
static void take_odd(struct wander *wander, int first, int last, bool odd[NEIGHBOURS], bool back)
{
	for (int i = first; i <= last; i++) {
		if (back) {
			wander->points[i].odd = odd[i - first];
		} else {
			odd[i - first] = wander->points[i].odd;
			wander->points[i].odd = true;
		}
	}
}

/* Whether one or two odd points beside where a step was are likelier than that. They stay so. */
static bool odd_beside(struct wander *wander, const struct wander_noise *noise, double scale,
		       int at, double stepped)
{
	static const int beside[][2] = { { -1, -1 }, { 0, 0 }, { -2, -1 }, { 0, 1 }, { -1, 0 } };
	bool odd[NEIGHBOURS];
	int first, last;

	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		first = at + beside[i][0];
		last = at + beside[i][1];
		if (first < 0 || last >= wander->count)
			continue;
		take_odd(wander, first, last, odd, false);
		if (likelihood_of(wander, noise, scale) > stepped)
			return true;
		take_odd(wander, first, last, odd, true);
	}
	return false;
}

static bool drop_steps(struct wander *wander, const struct wander_noise *noise,
		       struct wander_room *room, double scale)
{
	bool dropped = false;
	struct wander_end end;
	double stepped;

	for (int i = 0; i < wander->count; i++) {
		struct wander_point *point = &wander->points[i];

		if (!point->begins || point->told)
			continue;
		stepped = likelihood_of(wander, noise, scale);
		point->begins = false;
		wander_smooth(wander, noise, room, &end);
		if (fabs(point->step_score) < STEP_KEPT ||
		    odd_beside(wander, noise, scale, i, stepped))
			dropped = true;
		else
			point->begins = true;
	}
	return dropped;
}

int jumps_find(struct wander *wander, struct wander_noise *noise)
{
	struct wander_room *room = wander_room(wander->count);
	struct candidate *candidates = calloc(wander->count + 1, sizeof(*candidates));
	int err = room && candidates ? 0 : -ENOMEM;
	struct wander_end end;
	bool changed = true;

	for (int i = 0; !err && changed && i < PASSES; i++) {
		err = noise_estimate(wander, noise, !i);
		if (err)
			break;
		wander_smooth(wander, noise, room, &end);
		changed = move_steps(wander, end.scale);
		changed |= unmark_odd(wander);
		changed |= mark(wander, candidates);
		if (!changed)
			changed = drop_steps(wander, noise, room, end.scale);
	}
	if (!err) {
		if (changed)
			err = noise_estimate(wander, noise, false);
		wander_smooth(wander, noise, room, &end);
	}
	free(room);
	free(candidates);
	return err;
}
