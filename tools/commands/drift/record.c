// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <sys/stat.h>

#include "commands/drift/drift.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/clocks/list.h"
#include "lib/rtc/phase.h"
#include "lib/rtc/reading.h"
#include "lib/rtc/take-reading.h"
#include "lib/time/clock.h"
#include "lib/time/ntp.h"
#include "ui/device.h"
#include "ui/report.h"

#define BOOT_ID		"/proc/sys/kernel/random/boot_id"

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static void catch_end(void)
{
	struct sigaction action = { .sa_handler = end };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int read_clock(const struct rtc *rtc, struct reading *reading)
{
	int err;

	err = reading_take(rtc, reading);
	if (!err && (reading->method == READING_TICK || reading->method == READING_POLL))
		err = reading_refine(rtc, reading);
	return err;
}

/* A path need not have a directory. */
static const char *name_of(const struct rtc *rtc)
{
	const char *slash = strrchr(rtc->path, '/');

	if (*rtc->node)
		return rtc->node;
	return slash ? slash + 1 : rtc->path;
}

static int add_clock(const struct options *options, struct record_sample *sample)
{
	struct reading reading;
	struct rtc rtc;
	int err;

	err = device_open(&rtc, options->device);
	if (err)
		return err;
	err = read_clock(&rtc, &reading);
	rtc_close(&rtc);
	if (!err)
		err = reading_offset_ns(&reading, options->scale, &sample->offset_ns);
	if (err) {
		report_read(err, &rtc);
		return err;
	}
	sample->time_ns = reading.at.real_ns;
	sample->bound_ns = reading.bound_ns;
	snprintf(sample->method, sizeof(sample->method), "%s",
		 reading_method_name(reading.method));
	snprintf(sample->clock, sizeof(sample->clock), "%.15s", name_of(&rtc));
	return 0;
}

static void add_counters(const struct clock_list *list, struct record_sample *sample)
{
	const struct source *source;
	struct record_counter *counter;

	for (int i = 0; i < list->count && sample->counters < RECORD_COUNTERS; i++) {
		source = &list->sources[i];
		if (!source->counter.read)
			continue;
		counter = &sample->counter[sample->counters++];
		snprintf(counter->name, sizeof(counter->name), "%.23s", source->name);
		counter->bits = source->counter.bits;
		counter->nominal_hz = source->nominal_hz;
		counter->sample = source->last;
	}
}

static void add_system(struct record_sample *sample)
{
	struct root_path path;
	struct ntp ntp;

	attribute_read(sample->boot, sizeof(sample->boot), root_path(&path, BOOT_ID));
	if (!ntp_read(&ntp)) {
		sample->synchronised = ntp.synchronised;
		sample->ntp_ppm = ntp.ppm;
		sample->max_error_us = ntp.max_error_us;
	}
}

/* @saved: 0, or why the file could not be written. Return: 0, or why there is no reading. */
static int record_one(const struct drift_request *request, struct clock_list *list,
		      const char *file, int *saved)
{
	struct record_sample sample = { .time_ns = clock_now_ns(CLOCK_REALTIME) };
	char *line;
	int err;

	/* Where the clock fails now, the counters are worth recording all the same. */
	err = add_clock(&request->options, &sample);
	clock_list_look(list);
	add_counters(list, &sample);
	add_system(&sample);
	snprintf(sample.clocksource, sizeof(sample.clocksource), "%s", list->cs.current);
	sample.stolen_ticks = list->steal_last.all.stolen;
	sample.cpu_ticks = list->steal_last.all.total;

	line = record_format(&sample);
	if (!line)
		return -ENOMEM;
	*saved = record_append(file, line, request->max_size, request->keep);
	free(line);
	if (*saved == -ELOOP)
		report("cannot append to %s: it is a symbolic link", file);
	else if (*saved)
		report_update(*saved, file);
	return err;
}

static void wait_until(int64_t until_ns)
{
	int64_t left_ns;

	while (!ended && (left_ns = until_ns - clock_now_ns(CLOCK_MONOTONIC)) > 0)
		poll(NULL, 0, left_ns < 60 * NSEC_PER_SEC ? left_ns / NSEC_PER_MSEC + 1 : 60000);
}

static int record(const struct drift_request *request, struct clock_list *list,
		  const char *file)
{
	int64_t next_ns = clock_now_ns(CLOCK_MONOTONIC);
	int err, saved = 0;

	for (unsigned long i = 1;; i++) {
		err = record_one(request, list, file, &saved);
		/* A clock that fails now may answer next time; a file that is lost does not. */
		if (saved)
			return saved;
		if (!request->interval_s || i == request->count)
			return err;
		next_ns += (int64_t)(request->interval_s * NSEC_PER_SEC);
		wait_until(next_ns);
		if (ended)
			return 0;
		clocksource_load(&list->cs);
	}
}

/* Only the default one: a directory that was named and is not there is a mistake. */
static void make_directory(const struct drift_request *request)
{
	struct root_path path;

	if (!request->file)
		mkdir(root_path(&path, RECORD_DIR), 0755);
}

int drift_record(struct drift_request *request)
{
	struct clock_list *list = calloc(1, sizeof(*list));
	struct adjtime adjtime;
	struct root_path path;
	int err;

	if (!list || options_adjtime(&request->options, &adjtime))
		return EXIT_FAILURE;
	catch_end();
	make_directory(request);
	clock_list_find(list, false);
	err = record(request, list, drift_path(request, &path));
	free(list);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
