// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/clocks/follower.h"
#include "lib/rtc/phase.h"
#include "lib/rtc/take-reading.h"
#include "lib/rtc/tick.h"
#include "lib/time/clock.h"

/* No clock is off by more than a thousandth. */
#define RATE_MAX_PART	1000
#define KEPT		128
#define NEAR_NS		(2 * NSEC_PER_MSEC)

struct follower {
	struct rtc rtc;
	bool phase;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int wanted, done;	/* readings */
	int looks;
	int err;		/* of the latest */
	struct follower_look last;
	struct follower_look kept[KEPT];	/* the latest, in turn */
};

static void note_raw(struct follower_look *look)
{
	int64_t mono_ns = clock_now_ns(CLOCK_MONOTONIC);

	look->raw_ns = clock_now_ns(CLOCK_MONOTONIC_RAW) - (mono_ns - look->reading.at.mono_ns);
}

/* It was set in between: no rate is to be had across that. */
static bool stepped(const struct follower_look *before, const struct follower_look *after)
{
	int64_t raw_ns = after->raw_ns - before->raw_ns;
	int64_t gained_ns = after->reading.rtc_ns - before->reading.rtc_ns - raw_ns;

	return llabs(gained_ns) > raw_ns / RATE_MAX_PART + before->reading.bound_ns +
					  after->reading.bound_ns;
}

static void keep(struct follower *follower, const struct follower_look *look)
{
	if (follower->looks && stepped(&follower->last, look))
		follower->looks = 0;
	follower->last = *look;
	follower->kept[follower->looks++ % KEPT] = *look;
}

/* At the next edge after now, where the latest reading expects it. */
static int read_next_edge(const struct follower *follower, struct reading *reading)
{
	const struct reading *last = &follower->last.reading;
	int64_t since_ns = clock_now_ns(CLOCK_MONOTONIC) + NEAR_NS - last->at.mono_ns;
	int64_t edge_s = clock_floor_s(last->rtc_ns + since_ns) + 1;
	struct tick tick;
	int err;

	err = tick_near(&follower->rtc, last->at.mono_ns + edge_s * NSEC_PER_SEC - last->rtc_ns,
			last->bound_ns, &tick);
	if (!err)
		reading_from_tick(&tick, reading);
	return err;
}

static int read_clock(struct follower *follower, struct reading *reading)
{
	if (follower->phase)
		return phase_read(&follower->rtc, reading);
	if (!follower->looks)
		return reading_take(&follower->rtc, reading);
	return read_next_edge(follower, reading);
}

static void take_look(struct follower *follower)
{
	struct follower_look look;
	int err;

	err = read_clock(follower, &look.reading);
	note_raw(&look);
	pthread_mutex_lock(&follower->lock);
	follower->done++;
	follower->err = err;
	if (!err)
		keep(follower, &look);
	pthread_cond_broadcast(&follower->changed);
	pthread_mutex_unlock(&follower->lock);
}

static void wait_for_work(struct follower *follower)
{
	pthread_mutex_lock(&follower->lock);
	while (follower->done == follower->wanted)
		pthread_cond_wait(&follower->changed, &follower->lock);
	pthread_mutex_unlock(&follower->lock);
}

static void *follow(void *data)
{
	struct follower *follower = data;

	for (;;) {
		wait_for_work(follower);
		take_look(follower);
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

static int start_thread(struct follower *follower)
{
	pthread_t thread;
	int err;

	err = -pthread_create(&thread, NULL, follow, follower);
	if (!err)
		pthread_detach(thread);
	return err;
}

static int begin(struct follower *follower, const char *node)
{
	int err;

	err = open_clock(&follower->rtc, node, &follower->phase);
	if (err)
		return err;
	if (!follower->phase)
		err = reading_second(&follower->rtc, &follower->last.reading);
	if (!err && !follower->phase)
		note_raw(&follower->last);
	if (!err)
		err = start_thread(follower);
	if (err)
		rtc_close(&follower->rtc);
	return err;
}

int follower_start(const char *node, struct follower **follower)
{
	int err;

	*follower = calloc(1, sizeof(**follower));
	if (!*follower)
		return -ENOMEM;
	pthread_mutex_init(&(*follower)->lock, NULL);
	pthread_cond_init(&(*follower)->changed, NULL);
	err = begin(*follower, node);
	if (err) {
		free(*follower);
		*follower = NULL;
	}
	return err;
}

void follower_ask(struct follower *follower)
{
	pthread_mutex_lock(&follower->lock);
	follower->wanted = follower->done + 1;
	pthread_cond_broadcast(&follower->changed);
	pthread_mutex_unlock(&follower->lock);
}

int follower_wait(struct follower *follower, int64_t until_ns)
{
	struct timespec until = clock_timespec(until_ns);
	int err = 0;

	pthread_mutex_lock(&follower->lock);
	while (!err && follower->done != follower->wanted)
		err = -pthread_cond_clockwait(&follower->changed, &follower->lock,
					      CLOCK_MONOTONIC, &until);
	if (!err)
		err = follower->err;
	pthread_mutex_unlock(&follower->lock);
	return err;
}

int follower_last(struct follower *follower, struct follower_look *last)
{
	int looks;

	pthread_mutex_lock(&follower->lock);
	*last = follower->last;
	looks = follower->looks;
	pthread_mutex_unlock(&follower->lock);
	return looks;
}

bool follower_phase(const struct follower *follower)
{
	return follower->phase;
}

static void rate_between(const struct follower_look *first, const struct follower_look *last,
			 struct counter_rate *rate)
{
	double raw_ns = last->raw_ns - first->raw_ns;

	rate->hz = (last->reading.rtc_ns - first->reading.rtc_ns) / raw_ns;
	rate->error_hz = (first->reading.bound_ns + last->reading.bound_ns) / raw_ns;
}

/* From the look that tells most: an early one, or a later one that was narrower. */
int follower_rate(struct follower *follower, struct counter_rate *rate)
{
	const struct follower_look *look;
	struct counter_rate other;
	int err = -EAGAIN;

	pthread_mutex_lock(&follower->lock);
	for (int i = 0; i < follower->looks && i < KEPT; i++) {
		look = &follower->kept[i];
		if (look->raw_ns >= follower->last.raw_ns)
			continue;
		rate_between(look, &follower->last, &other);
		if (err || other.error_hz < rate->error_hz)
			*rate = other;
		err = 0;
	}
	pthread_mutex_unlock(&follower->lock);
	return err;
}
