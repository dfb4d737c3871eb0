// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/drift/drift.h"

#define NSEC_PER_SEC	1e9
#define S_PER_DAY	86400.0
/* Of all the time that is recorded beside it. */
#define PAUSE_MAX	10

static void choose_clock(const struct record *record, const char *clock, struct drift *drift)
{
	for (size_t i = record->count; !clock && i; i--)
		if (*record->samples[i - 1].clock)
			clock = record->samples[i - 1].clock;
	snprintf(drift->clock, sizeof(drift->clock), "%s", clock ? clock : "");
}

/* Most samples are of the past, unless it is the present that is wrong. */
static int64_t latest_ns(const struct record *record, int64_t now_ns)
{
	size_t past = 0;

	for (size_t i = 0; i < record->count; i++)
		past += record->samples[i].time_ns <= now_ns;
	return 2 * past > record->count ? now_ns : INT64_MAX;
}

/* The most samples in the order of their times: the ends of such rows by their lengths. */
struct rows {
	size_t *end;
	size_t *before;		/* of each sample, or itself */
	size_t count;
};

/* Return: the first row whose end is later. */
static size_t first_later(const struct record *record, const struct rows *rows, int64_t time_ns)
{
	size_t low = 0, high = rows->count, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (record->samples[rows->end[middle]].time_ns > time_ns)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void find_rows(const struct record *record, int64_t latest, struct rows *rows)
{
	size_t row;

	for (size_t i = 0; i < record->count; i++) {
		if (record->samples[i].time_ns > latest)
			continue;
		row = first_later(record, rows, record->samples[i].time_ns);
		rows->before[i] = row ? rows->end[row - 1] : i;
		rows->end[row] = i;
		if (row == rows->count)
			rows->count++;
	}
}

/* What stands out of the order was taken by a system's clock that has been set since. */
static int find_right(const struct record *record, int64_t now_ns, bool *right)
{
	struct rows rows = {
		.end = calloc(record->count + 1, sizeof(size_t)),
		.before = calloc(record->count + 1, sizeof(size_t)),
	};
	int err = rows.end && rows.before ? 0 : -ENOMEM;
	size_t i, before;

	if (!err) {
		find_rows(record, latest_ns(record, now_ns), &rows);
		before = rows.count ? rows.end[rows.count - 1] : 0;
		do {
			i = before;
			right[i] = rows.count;
			before = rows.before[i];
		} while (before != i);
	}
	free(rows.end);
	free(rows.before);
	return err;
}

static void add_point(struct drift *drift, const struct record_sample *sample)
{
	drift->points[drift->count++] = (struct fit_point){
		.time_s = sample->time_ns / NSEC_PER_SEC,
		.offset_ns = sample->offset_ns,
		.bound_ns = sample->bound_ns,
		.synchronised = sample->synchronised,
	};
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void find_gaps(struct drift *drift)
{
	int count = drift->count - 1;
	double *apart;

	if (count < 1)
		return;
	apart = calloc(count, sizeof(*apart));
	if (!apart)
		return;
	for (int i = 0; i < count; i++)
		apart[i] = drift->points[i + 1].time_s - drift->points[i].time_s;
	qsort(apart, count, sizeof(*apart), by_value);
	drift->interval_s = apart[count / 2];
	drift->longest_gap_s = apart[count - 1];
	while (count && apart[count - 1] > DRIFT_GAP * drift->interval_s) {
		drift->gaps++;
		count--;
	}
	free(apart);
}

/* The point that the longest pause is before. */
static int after_longest_pause(const struct drift *drift)
{
	int at = 0;
	double longest = 0, apart;

	for (int i = 1; i < drift->count; i++) {
		apart = drift->points[i].time_s - drift->points[i - 1].time_s;
		if (apart > longest) {
			longest = apart;
			at = i;
		}
	}
	return at;
}

/* What lies further away than the rest is long says nothing of it: the larger part stays. */
static void cut_apart(struct drift *drift)
{
	struct fit_point *p = drift->points;
	double pause_s, rest_s;
	int at, later;

	while ((at = after_longest_pause(drift))) {
		later = drift->count - at;
		pause_s = p[at].time_s - p[at - 1].time_s;
		rest_s = p[drift->count - 1].time_s - p[0].time_s - pause_s;
		if (pause_s < PAUSE_MAX * rest_s || drift->count < FIT_POINTS_MIN)
			break;
		drift->apart += later >= at ? at : later;
		if (later >= at)
			memmove(p, p + at, later * sizeof(*p));
		drift->count = later >= at ? later : at;
	}
}

static void find_steal(const struct record *record, int64_t since_ns, struct drift *drift)
{
	const struct record_sample *a, *b;
	double stolen = 0, total = 0;

	for (size_t i = 1; i < record->count; i++) {
		a = &record->samples[i - 1];
		b = &record->samples[i];
		if (a->time_ns < since_ns || strcmp(a->boot, b->boot) ||
		    b->cpu_ticks < a->cpu_ticks || b->stolen_ticks < a->stolen_ticks)
			continue;
		stolen += b->stolen_ticks - a->stolen_ticks;
		total += b->cpu_ticks - a->cpu_ticks;
	}
	drift->steal_percent = total > 0 ? 100 * stolen / total : -1;
}

static const struct record_counter *counter_of(const struct record_sample *sample,
					       const char *name)
{
	for (int i = 0; i < sample->counters; i++)
		if (!strcmp(sample->counter[i].name, name))
			return &sample->counter[i];
	return NULL;
}

/* From sample to sample, because it may wrap in between; the errors at both ends count. */
static void find_counter(const struct record *record, size_t first, const char *name,
			 struct drift *drift)
{
	const struct record_counter *begin = NULL, *before = NULL, *now;
	double count = 0, elapsed_s, hz;

	for (size_t i = first; i < record->count; i++) {
		now = counter_of(&record->samples[i], name);
		if (!now || !now->nominal_hz)
			continue;
		if (before)
			count += counter_elapsed(&before->sample, &now->sample, now->bits,
						 now->nominal_hz);
		else
			begin = now;
		before = now;
	}
	if (begin == before || count <= 0 || before->sample.raw_ns <= begin->sample.raw_ns)
		return;
	elapsed_s = (before->sample.raw_ns - begin->sample.raw_ns) / NSEC_PER_SEC;
	hz = count / elapsed_s;
	drift->counter[drift->counters] = (struct drift_counter){
		.ppm = counter_ppm(hz, before->nominal_hz),
		.error_ppm = (before->sample.bound_ns + begin->sample.bound_ns) /
				     (elapsed_s * 1e3) + 1e6 / count,
	};
	strcpy(drift->counter[drift->counters++].name, name);
}

/* CLOCK_MONOTONIC_RAW begins anew with each boot, and is another one with another clocksource. */
static void find_counters(const struct record *record, struct drift *drift)
{
	const struct record_sample *last, *sample;
	size_t first;

	if (!record->count)
		return;
	last = &record->samples[record->count - 1];
	for (first = record->count - 1; first; first--) {
		sample = &record->samples[first - 1];
		if (strcmp(sample->boot, last->boot) ||
		    strcmp(sample->clocksource, last->clocksource))
			break;
	}
	for (int i = 0; i < last->counters; i++)
		find_counter(record, first, last->counter[i].name, drift);
}

static void add_points(const struct record *record, int64_t since_ns, const bool *right,
		       struct drift *drift)
{
	const struct record_sample *sample;

	for (size_t i = 0; i < record->count; i++) {
		sample = &record->samples[i];
		if (!*sample->clock || strcmp(sample->clock, drift->clock) ||
		    sample->time_ns < since_ns)
			continue;
		if (right[i])
			add_point(drift, sample);
		else
			drift->astray++;
	}
}

int drift_find(const struct record *record, const char *clock, int64_t since_ns, int64_t now_ns,
	       struct drift *drift)
{
	bool *right;
	int err;

	memset(drift, 0, sizeof(*drift));
	choose_clock(record, clock, drift);
	drift->points = calloc(record->count + 1, sizeof(*drift->points));
	right = calloc(record->count + 1, sizeof(*right));
	err = drift->points && right ? find_right(record, now_ns, right) : -ENOMEM;
	if (!err)
		add_points(record, since_ns, right, drift);
	free(right);
	if (err)
		return err;
	cut_apart(drift);
	drift->count = kernel_writes_cut(drift->points, drift->count, &drift->written);
	for (int i = 0; i < drift->count; i++)
		drift->synchronised += drift->points[i].synchronised;
	find_gaps(drift);
	find_steal(record, since_ns, drift);
	find_counters(record, drift);
	return fit_points(drift->points, drift->count, &drift->fit);
}

void drift_free(struct drift *drift)
{
	free(drift->points);
	drift->points = NULL;
}

double drift_s_per_day(double ppb)
{
	return ppb / NSEC_PER_SEC * S_PER_DAY;
}
