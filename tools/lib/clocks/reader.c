// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/clocks/reader.h"
#include "lib/rtc/phase.h"
#include "lib/rtc/take-reading.h"
#include "lib/rtc/tick.h"
#include "lib/time/clock.h"

/* No clock is off by more than a thousandth. */
#define RATE_MAX_PART	1000
#define KEPT		128
#define NEAR_NS		(2 * NSEC_PER_MSEC)

struct reader {
	struct rtc rtc;
	bool phase;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int wanted, done;	/* readings */
	int looks;
	int err;		/* of the latest */
	struct reader_look last;
	struct reader_look kept[KEPT];	/* the latest, in turn */
};

static void note_raw(struct reader_look *look)
{
	int64_t mono_ns = clock_now_ns(CLOCK_MONOTONIC);

	look->raw_ns = clock_now_ns(CLOCK_MONOTONIC_RAW) - (mono_ns - look->reading.at.mono_ns);
}

/* It was set in between: no rate is to be had across that. */
static bool stepped(const struct reader_look *before, const struct reader_look *after)
{
	int64_t raw_ns = after->raw_ns - before->raw_ns;
	int64_t gained_ns = after->reading.rtc_ns - before->reading.rtc_ns - raw_ns;

	return llabs(gained_ns) > raw_ns / RATE_MAX_PART + before->reading.bound_ns +
					  after->reading.bound_ns;
}

static void keep(struct reader *reader, const struct reader_look *look)
{
	if (reader->looks && stepped(&reader->last, look))
		reader->looks = 0;
	reader->last = *look;
	reader->kept[reader->looks++ % KEPT] = *look;
}

/* At the next edge after now, where the latest reading expects it. */
static int read_next_edge(const struct reader *reader, struct reading *reading)
{
	const struct reading *last = &reader->last.reading;
	int64_t since_ns = clock_now_ns(CLOCK_MONOTONIC) + NEAR_NS - last->at.mono_ns;
	int64_t edge_s = clock_floor_s(last->rtc_ns + since_ns) + 1;
	struct tick tick;
	int err;

	err = tick_near(&reader->rtc, last->at.mono_ns + edge_s * NSEC_PER_SEC - last->rtc_ns,
			last->bound_ns, &tick);
	if (!err)
		reading_from_tick(&tick, reading);
	return err;
}

static int read_clock(struct reader *reader, struct reading *reading)
{
	if (reader->phase)
		return phase_read(&reader->rtc, reading);
	if (!reader->looks)
		return reading_take(&reader->rtc, reading);
	return read_next_edge(reader, reading);
}

static void take_look(struct reader *reader)
{
	struct reader_look look;
	int err;

	err = read_clock(reader, &look.reading);
	note_raw(&look);
	pthread_mutex_lock(&reader->lock);
	reader->done++;
	reader->err = err;
	if (!err)
		keep(reader, &look);
	pthread_cond_broadcast(&reader->changed);
	pthread_mutex_unlock(&reader->lock);
}

static void wait_for_work(struct reader *reader)
{
	pthread_mutex_lock(&reader->lock);
	while (reader->done == reader->wanted)
		pthread_cond_wait(&reader->changed, &reader->lock);
	pthread_mutex_unlock(&reader->lock);
}

static void *follow(void *data)
{
	struct reader *reader = data;

	for (;;) {
		wait_for_work(reader);
		take_look(reader);
	}
	return NULL;
}

static int open_clock(struct rtc *rtc, const char *node, bool *phase)
{
	struct root_path path;
	char device[NAME_MAX + sizeof("/dev/")];

	memset(rtc, 0, sizeof(*rtc));
	rtc->fd = -1;
	snprintf(rtc->node, sizeof(rtc->node), "%s", node);
	snprintf(device, sizeof(device), "/dev/%s", node);
	snprintf(rtc->path, sizeof(rtc->path), "%s", device);
	/* Such a driver is asked by sysfs, and its device left to others. */
	*phase = !access(rtc_attribute(rtc, &path, "phase/state"), R_OK);
	if (*phase)
		return attribute_read(rtc->name, sizeof(rtc->name),
				      rtc_attribute(rtc, &path, "name"));
	return rtc_open(rtc, device);
}

static int start_thread(struct reader *reader)
{
	pthread_t thread;
	int err;

	err = -pthread_create(&thread, NULL, follow, reader);
	if (!err)
		pthread_detach(thread);
	return err;
}

static int begin(struct reader *reader, const char *node)
{
	int err;

	err = open_clock(&reader->rtc, node, &reader->phase);
	if (err)
		return err;
	if (!reader->phase)
		err = reading_second(&reader->rtc, &reader->last.reading);
	if (!err && !reader->phase)
		note_raw(&reader->last);
	if (!err)
		err = start_thread(reader);
	if (err)
		rtc_close(&reader->rtc);
	return err;
}

int reader_start(const char *node, struct reader **reader)
{
	int err;

	*reader = calloc(1, sizeof(**reader));
	if (!*reader)
		return -ENOMEM;
	pthread_mutex_init(&(*reader)->lock, NULL);
	pthread_cond_init(&(*reader)->changed, NULL);
	err = begin(*reader, node);
	if (err) {
		free(*reader);
		*reader = NULL;
	}
	return err;
}

void reader_ask(struct reader *reader)
{
	pthread_mutex_lock(&reader->lock);
	reader->wanted = reader->done + 1;
	pthread_cond_broadcast(&reader->changed);
	pthread_mutex_unlock(&reader->lock);
}

int reader_wait(struct reader *reader, int64_t until_ns)
{
	struct timespec until = clock_timespec(until_ns);
	int err = 0;

	pthread_mutex_lock(&reader->lock);
	while (!err && reader->done != reader->wanted)
		err = -pthread_cond_clockwait(&reader->changed, &reader->lock,
					      CLOCK_MONOTONIC, &until);
	if (!err)
		err = reader->err;
	pthread_mutex_unlock(&reader->lock);
	return err;
}

int reader_last(struct reader *reader, struct reader_look *last)
{
	int looks;

	pthread_mutex_lock(&reader->lock);
	*last = reader->last;
	looks = reader->looks;
	pthread_mutex_unlock(&reader->lock);
	return looks;
}

bool reader_phase(const struct reader *reader)
{
	return reader->phase;
}

static void rate_between(const struct reader_look *first, const struct reader_look *last,
			 struct counter_rate *rate)
{
	double raw_ns = last->raw_ns - first->raw_ns;

	rate->hz = (last->reading.rtc_ns - first->reading.rtc_ns) / raw_ns;
	rate->error_hz = (first->reading.bound_ns + last->reading.bound_ns) / raw_ns;
}

/* From the look that tells most: an early one, or a later one that was narrower. */
int reader_rate(struct reader *reader, struct counter_rate *rate)
{
	const struct reader_look *look;
	struct counter_rate other;
	int err = -EAGAIN;

	pthread_mutex_lock(&reader->lock);
	for (int i = 0; i < reader->looks && i < KEPT; i++) {
		look = &reader->kept[i];
		if (look->raw_ns >= reader->last.raw_ns)
			continue;
		rate_between(look, &reader->last, &other);
		if (err || other.error_hz < rate->error_hz)
			*rate = other;
		err = 0;
	}
	pthread_mutex_unlock(&reader->lock);
	return err;
}
