// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#include "command.h"
#include "line.h"
#include "sample.h"
#include "series.h"
#include "tool.h"

#define PAUSE_MS	1000
#define OFF_NS		(SECOND_NS / 2)			/* the system is put off by as much at random ... */
#define SECOND_WRONG_NS	(SECOND_NS * 3 / 4)		/* ... so this cannot be what a phase leaves */

static const char *const jobs[JOBS] = { "show", "systohc", "hctosys" };

static void job_sample(enum job job, const char *what, const struct tool *tool, s64 value)
{
	char row[64];

	snprintf(row, sizeof(row), "%s_%s", jobs[job], what);
	sample(row, tool->name, value);
}

/* A job that fails is a result, too; what it took counts, its answer does not. */
static int run_job(const struct tool *tool, enum job job, const char *device,
		   struct command_run *run)
{
	const char *argv[10] = { NULL };
	int n = 0, err;

	while (tool->argv[job][n]) {
		argv[n] = tool->argv[job][n];
		n++;
	}
	argv[n] = device;
	err = command_run(run, argv);
	if (!err && run->status)
		fprintf(stderr, "%s %s: exit code %d: %s\n", tool->name, jobs[job], run->status,
			run->output);
	return err;
}

static void print_cost(const struct tool *tool, enum job job, const struct command_run *run)
{
	job_sample(job, "failed", tool, run->status != 0);
	job_sample(job, "wall_ns", tool, run->end - run->begin);
	job_sample(job, "cpu_ns", tool, run->cpu_ns);
}

/* What one tool did at a raw time, to be judged when the line has its end. */
struct event {
	const struct tool *tool;
	s64 raw;
	s64 rtc;	/* the clock, according to the tool or to the system that it set */
};

struct events {
	struct line line;
	struct event *list;
	int count;
};

static int events_begin(struct events *events, int runs)
{
	int n = 0;

	while (tools[n].name)
		n++;
	events->count = 0;
	events->list = calloc(runs * n, sizeof(*events->list));
	return events->list ? line_begin(&events->line) : -ENOMEM;
}

static int events_end(struct events *events, int err, enum job job)
{
	bool judged;

	if (!err)
		err = line_end(&events->line);
	judged = !err && line_judges(&events->line);
	for (int i = 0; judged && i < events->count; i++) {
		const struct event *e = &events->list[i];

		job_sample(job, "error_ns", e->tool, e->rtc - line_at(&events->line, e->raw));
	}
	free(events->list);
	return err;
}

static void add_event(struct events *events, const struct tool *tool, s64 raw, s64 rtc)
{
	events->list[events->count++] = (struct event){ tool, raw, rtc };
}

static int show_once(struct events *events, const struct tool *tool, const char *device)
{
	struct command_run run;
	struct shown shown;
	s64 to_real = real_minus_raw(NULL);
	int err;

	err = run_job(tool, JOB_SHOW, device, &run);
	if (err)
		return err;
	print_cost(tool, JOB_SHOW, &run);
	if (run.status)
		return 0;
	shown.real = run.end + to_real;
	err = tool->parse(run.output, &shown);
	if (!err)
		add_event(events, tool, shown.real - to_real, shown.rtc);
	return err;
}

int series_show(const char *device, int count)
{
	struct events events;
	int err = events_begin(&events, count);

	for (int i = 0; !err && i < count; i++)
		for (const struct tool *tool = tools; !err && tool->name; tool++) {
			pause_at_random(PAUSE_MS);
			err = show_once(&events, tool, device);
		}
	return events_end(&events, err, JOB_SHOW);
}

int series_show_in_a_row(const char *device, int count)
{
	struct command_run run;
	int err = 0;

	for (const struct tool *tool = tools; !err && tool->name; tool++) {
		/* The first one starts anywhere in the second, the others where it ended. */
		err = run_job(tool, JOB_SHOW, device, &run);
		for (int i = 0; !err && i < count; i++) {
			err = run_job(tool, JOB_SHOW, device, &run);
			if (!err)
				job_sample(JOB_SHOW, "in_a_row_ns", tool, run.end - run.begin);
		}
	}
	return err;
}

static int put_system_off(void)
{
	s64 by = (s64)(drand48() * 2 * OFF_NS) - OFF_NS;
	struct timex tx = { .modes = ADJ_SETOFFSET | ADJ_NANO };

	tx.time.tv_sec = by < 0 ? -1 : 0;
	tx.time.tv_usec = by < 0 ? by + SECOND_NS : by;
	return clock_adjtime(CLOCK_REALTIME, &tx) < 0 ? -errno : 0;
}

static int systohc_once(const struct tool *tool, const char *device)
{
	struct command_run run;
	struct mark mark;
	s64 off;
	int err = put_system_off();

	if (!err)
		err = run_job(tool, JOB_SYSTOHC, device, &run);
	if (err)
		return err;
	print_cost(tool, JOB_SYSTOHC, &run);
	if (run.status)
		return 0;
	err = line_mark(&mark);
	if (err)
		return err;
	off = mark_offset(&mark);
	if (mark_judges(&mark))
		job_sample(JOB_SYSTOHC, "error_ns", tool, off);
	job_sample(JOB_SYSTOHC, "second_wrong", tool, llabs(off) > SECOND_WRONG_NS);
	return 0;
}

/* On a clock that is right already. */
static int systohc_again(const struct tool *tool, const char *device)
{
	struct command_run run;
	int err = run_job(tool, JOB_SYSTOHC, device, &run);

	if (!err)
		job_sample(JOB_SYSTOHC, "again_ns", tool, run.end - run.begin);
	return err;
}

int series_systohc(const char *device, int count)
{
	int err = 0;

	srand48(raw_ns());
	for (int i = 0; !err && i < count; i++)
		for (const struct tool *tool = tools; !err && tool->name; tool++) {
			err = systohc_once(tool, device);
			if (!err && !i)
				err = systohc_again(tool, device);
		}
	return err;
}

/* The first set after a boot, by the driver's own tool: what the chip does is not known yet. */
int series_systohc_first(const char *device, int count)
{
	const struct tool *tool = tools;
	struct command_run run;
	int err = put_system_off();

	(void)count;
	while (tool->name && strcmp(tool->name, "rtcctl"))
		tool++;
	if (!err)
		err = tool->name ? run_job(tool, JOB_SYSTOHC, device, &run) : -ENOENT;
	if (!err)
		job_sample(JOB_SYSTOHC, "first_ns", tool, run.end - run.begin);
	return err;
}

static int hctosys_once(struct events *events, const struct tool *tool, const char *device)
{
	struct command_run run;
	s64 now;
	int err = put_system_off();

	if (!err)
		err = run_job(tool, JOB_HCTOSYS, device, &run);
	if (err)
		return err;
	print_cost(tool, JOB_HCTOSYS, &run);
	now = raw_ns();
	if (!run.status)
		add_event(events, tool, now, now + real_minus_raw(NULL));
	return 0;
}

int series_hctosys(const char *device, int count)
{
	struct events events;
	int err = events_begin(&events, count);

	srand48(raw_ns());
	for (int i = 0; !err && i < count; i++)
		for (const struct tool *tool = tools; !err && tool->name; tool++) {
			pause_at_random(PAUSE_MS);
			err = hctosys_once(&events, tool, device);
		}
	return events_end(&events, err, JOB_HCTOSYS);
}
