// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/drift/drift.h"
#include "lib/base/root.h"
#include "lib/time/clock.h"
#include "lib/time/date.h"
#include "ui/report.h"

enum {
	OPTION_FILE = OPTION_OWN,
	OPTION_INTERVAL,
	OPTION_COUNT,
	OPTION_MAX_SIZE,
	OPTION_KEEP,
	OPTION_CLOCK,
	OPTION_SINCE,
	OPTION_WRITE,
	OPTION_ALLAN,
};

/* Nothing can be measured while the system sets the clock. */
#define EXIT_WRITTEN	3
#define MAX_SIZE	(4 << 20)
#define MAX_SIZE_MIN	4096
#define MAX_SIZE_MAX	(256 << 20)
#define KEEP		8
#define INTERVAL_MAX_S	86400
/* What is that much later than now was taken at another time. */
#define AHEAD_NS	(3600 * NSEC_PER_SEC)

const char *drift_path(const struct drift_request *request, struct root_path *path)
{
	return request->file ? request->file : root_path(path, RECORD_PATH);
}

const struct unit *drift_unit(const struct unit *units, double value)
{
	while (units->size > 1 && value < 2 * units->size)
		units++;
	return units;
}

static void report_load(int err, const char *file)
{
	if (err == -ENOENT)
		report("nothing is recorded in %s: 'rtcctl drift record' begins", file);
	else if (err == -EPROTO)
		report("cannot read %s: a newer version has written it", file);
	else
		report_error(err, "cannot read %s", file);
}

static int report_find(int err, const struct drift *drift, const char *file)
{
	if (err != -ENODATA) {
		report_error(err, "cannot analyse %s", file);
		return EXIT_FAILURE;
	}
	if (drift->written.points) {
		report("no drift shows: %s goes nowhere at %d of the samples in %s, where NTP keeps the system's time and the kernel sets clocks from it every 11 minutes: stop that for a day, by 'timedatectl set-ntp false' or by taking rtcsync from chrony.conf",
		       drift->clock, drift->written.points, file);
		return EXIT_WRITTEN;
	}
	report("%s: %d samples of %s tell no rate yet: it takes %d, and time between them",
	       file, drift->count, *drift->clock ? drift->clock : "any clock", FIT_POINTS_MIN);
	return EXIT_FAILURE;
}

int drift_load(const struct drift_request *request, struct drift *drift)
{
	struct root_path path;
	const char *file = drift_path(request, &path);
	struct record record;
	int err, status;

	err = record_load(file, &record);
	if (err) {
		record_free(&record);
		report_load(err, file);
		return EXIT_FAILURE;
	}
	if (record.skipped)
		report("%s: left out %zu lines that are no samples", file, record.skipped);
	err = drift_find(&record, request->clock, request->since_ns,
			 clock_now_ns(CLOCK_REALTIME) + AHEAD_NS, drift);
	record_free(&record);
	if (drift->astray)
		report("%s: left out %d sample%s of %s: the system's clock was wrong there",
		       file, drift->astray, drift->astray == 1 ? "" : "s", drift->clock);
	if (drift->apart)
		report("%s: left out %d sample%s of %s: a pause ten times as long as all else parts them from the rest",
		       file, drift->apart, drift->apart == 1 ? "" : "s", drift->clock);
	if (!err)
		return EXIT_SUCCESS;
	status = report_find(err, drift, file);
	drift_free(drift);
	return status;
}

static int take_whole(const char *text, double min, double max, const char *what,
		      unsigned long *value)
{
	double number = 0;
	int status = options_number(&cmd_drift, text, min, max, what, &number);

	if (status < 0 && number != floor(number)) {
		report("drift: invalid %s '%s'", what, text);
		return EXIT_USAGE;
	}
	*value = number;
	return status;
}

static int take_since(const char *text, int64_t *since_ns)
{
	int err = date_parse(text, clock_now_ns(CLOCK_REALTIME), since_ns);

	if (!err)
		return -1;
	report_date(err, text);
	return EXIT_FAILURE;
}

static int take(struct drift_request *request, const struct command *command, int c)
{
	unsigned long whole = 0;
	int status = -1;

	switch (c) {
	case OPTION_FILE:
		request->file = optarg;
		return -1;
	case OPTION_INTERVAL:
		return options_number(&cmd_drift, optarg, 1, INTERVAL_MAX_S, "interval",
				      &request->interval_s);
	case OPTION_COUNT:
		return take_whole(optarg, 1, 1e9, "count", &request->count);
	case OPTION_MAX_SIZE:
		status = take_whole(optarg, MAX_SIZE_MIN, MAX_SIZE_MAX, "size", &whole);
		request->max_size = whole;
		return status;
	case OPTION_KEEP:
		status = take_whole(optarg, 0, RECORD_KEEP_MAX, "number of old files", &whole);
		request->keep = whole;
		return status;
	case OPTION_CLOCK:
		request->clock = optarg;
		return -1;
	case OPTION_SINCE:
		return take_since(optarg, &request->since_ns);
	case OPTION_WRITE:
		request->write = true;
		return -1;
	case OPTION_ALLAN:
		request->allan = true;
		return -1;
	case 'o':
		request->output = optarg;
		return -1;
	default:
		return options_take(&request->options, command, c);
	}
}

static int record(struct drift_request *request)
{
	const struct options_unused unused[] = {
		{ request->clock, "--clock" }, { request->since_ns, "--since" },
		{ request->write, "--write" }, { request->output, "--into" },
		{ request->allan, "--allan" },
		{ request->options.json, "--json" }, {}
	};
	int status = options_unused("drift record", unused);

	if (!request->max_size)
		request->max_size = MAX_SIZE;
	if (request->keep < 0)
		request->keep = KEEP;
	return status >= 0 ? status : drift_record(request);
}

/* What is for recording alone. */
static int only_recorded(const struct drift_request *request, const char *part)
{
	const struct options_unused unused[] = {
		{ request->interval_s, "--interval" }, { request->count, "--count" },
		{ request->max_size, "--max-size" }, { request->keep >= 0, "--keep" },
		{ request->options.device, "--rtc" }, {}
	};

	return options_unused(part, unused);
}

static int show(struct drift_request *request)
{
	const struct options_unused unused[] = {
		{ request->output, "--into" }, { request->allan, "--allan" }, {}
	};
	int status = only_recorded(request, "drift show");

	if (status < 0)
		status = options_unused("drift show", unused);
	return status >= 0 ? status : drift_show(request);
}

static int plot(struct drift_request *request)
{
	const struct options_unused unused[] = {
		{ request->write, "--write" }, { request->options.json, "--json" }, {}
	};
	int status = only_recorded(request, "drift plot");

	if (status < 0)
		status = options_unused("drift plot", unused);
	return status >= 0 ? status : drift_plot(request);
}

static int perform(struct drift_request *request, const struct command *command, int argc,
		   char **argv)
{
	const char *verb = optind == argc ? "show" : argv[optind];

	if (!strcmp(verb, "record"))
		return record(request);
	if (!strcmp(verb, "show"))
		return show(request);
	if (!strcmp(verb, "plot"))
		return plot(request);
	report("drift: unknown '%s': record, show or plot", verb);
	return report_try_help(command->name);
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG,
		{ "file", required_argument, NULL, OPTION_FILE },
		{ "interval", required_argument, NULL, OPTION_INTERVAL },
		{ "count", required_argument, NULL, OPTION_COUNT },
		{ "max-size", required_argument, NULL, OPTION_MAX_SIZE },
		{ "keep", required_argument, NULL, OPTION_KEEP },
		{ "clock", required_argument, NULL, OPTION_CLOCK },
		{ "since", required_argument, NULL, OPTION_SINCE },
		{ "write", no_argument, NULL, OPTION_WRITE },
		{ "allan", no_argument, NULL, OPTION_ALLAN },
		{ "into", required_argument, NULL, 'o' },
		{}
	};
	struct drift_request request = { .keep = -1 };
	int c, status = -1;

	while (status < 0 && (c = getopt_long(argc, argv, OPTIONS_SHORT "o:", longopts, NULL)) != -1)
		status = take(&request, command, c);
	if (status < 0)
		status = options_finish(&request.options, command, argc, 1);
	if (status < 0 && request.count && !request.interval_s) {
		report("drift: --count needs --interval");
		status = EXIT_USAGE;
	}
	return status >= 0 ? status : perform(&request, command, argc, argv);
}

const struct command cmd_drift = {
	.name = "drift",
	.summary = "record a clock's offset over days; its rate from that; pictures",
	.help = "rtcctl drift [show|record|plot] [OPTION...]\n"
		"\n"
		"Record the clock's offset; tell its rate from that, and when it is a second off.\n"
		"\n"
		"     --file FILE     default: " RECORD_PATH "\n"
		"     --interval N    record each N seconds until ended\n"
		"     --count N       ... so many times\n"
		"     --max-size N    put a file of N bytes aside and begin a new one (4 MiB)\n"
		"     --keep N        keep N such files (8)\n"
		"     --clock NAME    of the recorded clocks this one (the latest)\n"
		"     --since DATE    leave out what is older\n"
		"     --write         write the factor into the adjtime file\n"
		"     --allan         draw the Allan deviation\n"
		" -o, --into FILE     draw into FILE.png or FILE.svg (the terminal)\n"
		OPTIONS_HELP,
	.examples = { "rtcctl drift record --interval 60",
		      "rtcctl drift plot --since yesterday" },
	.run = run,
};
