// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>

#include "commands/clocks/survey.h"
#include "commands/commands.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/clocks/list.h"
#include "lib/clocks/reader.h"
#include "lib/time/clock.h"
#include "lib/time/duration.h"
#include "ui/number.h"
#include "ui/options.h"
#include "ui/report.h"
#include "ui/table.h"

enum {
	OPTION_SECONDS = OPTION_OWN,
	OPTION_SURVEY,
	OPTION_USE,
};

/* Terminals that have room for the frequency, for the remarks, and for all of it. */
#define NARROW	100
#define MIDDLE	120
#define WIDE	170

enum {
	CLOCK,
	KIND,
	PRESENT,
	AVAILABLE,
	CURRENT,
	SOURCE,
	FREQUENCY,
	LEARNT,
	MEASURED,
	MEASURED_ERROR,
	RESOLUTION,
	READ,
	OFFSET,
	BOUND,
	RATE,
	ERROR,
	HIDDEN,
	REMARKS,
};

static const struct table_column columns[] = {
	[CLOCK] = { "CLOCK", "its name" },
	[KIND] = { "KIND", "ticks (and interrupts) or counts", .from_width = WIDE },
	[PRESENT] = { "PRESENT", "whether the machine has it", .type = TABLE_BOOLEAN,
		      .from_width = WIDE },
	[AVAILABLE] = { "AVAILABLE", "whether the kernel offers it as clocksource",
			.type = TABLE_BOOLEAN, .hidden = true },
	[CURRENT] = { "CURRENT", "whether it is the kernel's clocksource",
		      .type = TABLE_BOOLEAN, .hidden = true },
	[SOURCE] = { "SOURCE", "what it is to the kernel, as clocksource" },
	[FREQUENCY] = { "FREQUENCY", "nominal", .key = "frequency_hz", .type = TABLE_NUMBER,
			.right = true, .from_width = NARROW },
	[LEARNT] = { "FROM", "where the frequency was learnt", .key = "frequency_from",
		     .from_width = WIDE },
	[MEASURED] = { "MEASURED", "frequency against CLOCK_MONOTONIC_RAW, Hz",
		       .key = "measured_hz", .type = TABLE_NUMBER, .right = true, .hidden = true },
	[MEASURED_ERROR] = { "MEASURED-ERROR", "its bound, Hz", .key = "measured_error_hz",
			     .type = TABLE_NUMBER, .right = true, .hidden = true },
	[RESOLUTION] = { "STEP", "resolution", .key = "resolution_ns", .type = TABLE_NUMBER,
			 .right = true, .from_width = WIDE },
	[READ] = { "READ", "what one reading takes", .key = "read_ns", .type = TABLE_NUMBER,
		   .right = true, .from_width = WIDE },
	[OFFSET] = { "OFFSET", "minus CLOCK_REALTIME", .key = "offset_ns", .type = TABLE_NUMBER,
		     .right = true },
	[BOUND] = { "BOUND", "the offset's bound", .key = "bound_ns", .type = TABLE_NUMBER,
		    .right = true, .hidden = true },
	[RATE] = { "RATE", "against CLOCK_MONOTONIC_RAW", .key = "rate_ppm",
		   .type = TABLE_NUMBER, .right = true },
	[ERROR] = { "ERROR", "the rate's bound", .key = "rate_error_ppm", .type = TABLE_NUMBER,
		    .right = true, .hidden = true },
	[HIDDEN] = { "HIDDEN", "why it cannot be read", .hidden = true },
	[REMARKS] = { "REMARKS", "what else there is to know", .folds = true,
		      .from_width = MIDDLE },
	{}
};

#define SECONDS_DEFAULT		0.2
#define SECONDS_MAX		86400.0
/* From here on there is time to wait for ticks. */
#define SECONDS_TICKS		2.0
#define TICKS_NS		(1300 * NSEC_PER_MSEC)
#define PHASE_NS		(20 * NSEC_PER_MSEC)

/* Where nobody tells it, what was measured. */
static void fill_frequency(struct table *table, const struct source *source)
{
	const char *learnt = source->learnt;
	struct counter_rate rate;
	double hz = source->nominal_hz;
	char text[48];

	if (!hz && !source_rate(source, &rate)) {
		hz = rate.hz;
		learnt = "measured";
	}
	if (!hz)
		return;
	if (hz >= 1e6)
		snprintf(text, sizeof(text), "%.6f MHz", hz / 1e6);
	else
		snprintf(text, sizeof(text), "%.0f Hz", hz);
	table_real(table, FREQUENCY, hz, text);
	table_text(table, LEARNT, learnt);
}

static void fill_cost(struct table *table, const struct source *source)
{
	char text[DURATION_TEXT_SIZE];

	if (source->resolution_ns >= 1)
		table_real(table, RESOLUTION, source->resolution_ns,
			   duration_format(source->resolution_ns + 0.5, text));
	else if (source->resolution_ns)
		table_real(table, RESOLUTION, source->resolution_ns, "< 1 ns");
	if (source->cost_ns)
		table_real(table, READ, source->cost_ns,
			   duration_format(source->cost_ns + 0.5, text));
}

static void fill_offset(struct table *table, const struct source *source, enum timescale scale)
{
	char offset[DURATION_TEXT_SIZE], bound[DURATION_TEXT_SIZE], text[128];
	int64_t offset_ns, bound_ns;

	if (source_offset(source, scale, &offset_ns, &bound_ns))
		return;
	snprintf(text, sizeof(text), "%s %s %s", duration_format_known(offset_ns, bound_ns, offset),
		 number_plus_minus(), duration_format(bound_ns, bound));
	table_number(table, OFFSET, offset_ns, text);
	table_number(table, BOUND, bound_ns, NULL);
}

static void fill_rate(struct table *table, const struct source *source)
{
	struct counter_rate rate;
	double ppm, error_ppm;
	char text[96];

	if (source_rate(source, &rate))
		return;
	table_real(table, MEASURED, rate.hz, NULL);
	table_real(table, MEASURED_ERROR, rate.error_hz, NULL);
	if (!source->nominal_hz)
		return;
	ppm = counter_ppm(rate.hz, source->nominal_hz);
	error_ppm = rate.error_hz / source->nominal_hz * 1e6;
	snprintf(text, sizeof(text), "%+.*f %s %.*f ppm", number_digits(error_ppm), ppm,
		 number_plus_minus(), number_digits(error_ppm),
		 number_round_up(error_ppm, number_digits(error_ppm)));
	table_real(table, RATE, ppm, text);
	table_real(table, ERROR, error_ppm, NULL);
}

/* What an RTC's row lacks where there was no time for more. */
static void remark_rtc(struct source *source, bool ticks)
{
	struct reader_look last;
	struct root_path path;
	int64_t freq_ppb;
	int looks;

	if (!source->reader)
		return;
	looks = reader_last(source->reader, &last);
	if (!reader_phase(source->reader)) {
		if (!looks && !ticks)
			source_remark(source, "read to the second: --seconds 3 finds its tick");
		else if (!looks)
			source_remark(source, "does not tick");
		return;
	}
	if (looks && last.reading.coasting)
		source_remark(source, "coasting: a step of less than a second would not show");
	if (!looks)
		source_remark(source, "its phase is being found: ask again in a second");
	else if (!attribute_read_s64(&freq_ppb, root_path(&path, "/sys/class/rtc/%s/phase/freq_ppb",
							  source->name)) && freq_ppb)
		source_remark(source, "%+.3f ppm by the driver", freq_ppb / 1e3);
}

static void fill(struct table *table, const struct source *source, enum timescale scale)
{
	char text[sizeof(source->hidden) + sizeof(source->remarks) + 4];

	table_row(table);
	table_text(table, CLOCK, source->name);
	table_text(table, KIND, source_kind_name(source->kind));
	table_bool(table, PRESENT, source->present, NULL);
	table_bool(table, AVAILABLE, source->offered, NULL);
	table_bool(table, CURRENT, source->current, NULL);
	table_text(table, SOURCE, source->current ? "current" :
				  source->offered ? "available" : "");
	fill_frequency(table, source);
	fill_cost(table, source);
	fill_offset(table, source, scale);
	fill_rate(table, source);
	if (*source->hidden)
		table_text(table, HIDDEN, source->hidden);
	snprintf(text, sizeof(text), "%s%s%s", source->hidden,
		 *source->hidden && *source->remarks ? "; " : "", source->remarks);
	table_text(table, REMARKS, text);
	if (!source->present || *source->hidden)
		table_colour(table, REMARKS, TABLE_DIM);
	if (source->current)
		table_colour(table, CLOCK, TABLE_GOOD);
}

static struct json_object *json_steal(const struct clock_list *list)
{
	const struct steal *first = &list->steal_first, *last = &list->steal_last;
	struct json_object *steal = json_object_new_object();
	struct json_object *cpus = json_object_new_object();
	const struct steal_ticks *before;
	char name[32];

	for (int i = 0; i < last->count; i++) {
		before = steal_cpu(first, last->cpus[i].cpu);
		if (!before)
			continue;
		snprintf(name, sizeof(name), "cpu%d", last->cpus[i].cpu);
		json_object_object_add(cpus, name, json_object_new_double(
					       steal_percent(before, &last->cpus[i])));
	}
	json_object_object_add(steal, "percent", json_object_new_double(
				       steal_percent(&first->all, &last->all)));
	json_object_object_add(steal, "cpus", cpus);
	return steal;
}

static int print_json(struct table *table, const struct clock_list *list)
{
	struct json_object *top = table_json(table);
	const struct cpuid_facts *cpu = &list->cpu;

	if (!top)
		return EXIT_FAILURE;
	json_object_object_add(top, "hypervisor", cpu->hypervisor ?
			       json_object_new_string(cpu->hypervisor_name) : NULL);
	json_object_object_add(top, "steal",
			       list->steal_err ? NULL : json_steal(list));
	return table_print_json("clocks", top);
}

static void print_steal(const struct clock_list *list, double seconds)
{
	const struct steal *first = &list->steal_first, *last = &list->steal_last;
	const struct steal_ticks *before;
	const char *mark = " (";

	if (list->steal_err) {
		printf("Stolen time: /proc/stat: %s\n", strerror(-list->steal_err));
		return;
	}
	printf("Stolen: %.1f %% of %.1f s", steal_percent(&first->all, &last->all), seconds);
	for (int i = 0; i < last->count && i < 8; i++) {
		before = steal_cpu(first, last->cpus[i].cpu);
		if (!before)
			continue;
		printf("%scpu%d %.1f %%", mark, last->cpus[i].cpu,
		       steal_percent(before, &last->cpus[i]));
		mark = ", ";
	}
	puts(last->count ? ")" : "");
}

static int print_text(struct table *table, const struct clock_list *list, double seconds)
{
	const struct cpuid_facts *cpu = &list->cpu;
	int status;

	printf("Hypervisor: %s\n", cpu->hypervisor ? cpu->hypervisor_name : "none");
	status = table_print(table);
	print_steal(list, seconds);
	return status;
}

static void measure(struct clock_list *list, double seconds)
{
	int64_t start_ns = clock_now_ns(CLOCK_MONOTONIC);
	int64_t end_ns = start_ns + (int64_t)(seconds * NSEC_PER_SEC);
	int64_t next_ns = start_ns;

	clock_list_find(list, true);
	clock_list_look(list);
	while (next_ns + 2 * NSEC_PER_SEC < end_ns) {
		next_ns += NSEC_PER_SEC;
		clock_sleep_until(CLOCK_MONOTONIC, next_ns);
		clock_list_look(list);
	}
	clock_sleep_until(CLOCK_MONOTONIC, end_ns);
	clock_list_look(list);
	clock_list_wait(list, end_ns + (seconds < SECONDS_TICKS ? PHASE_NS : TICKS_NS));
}

static int show(struct options *options, double seconds)
{
	struct clock_list *list = calloc(1, sizeof(*list));
	struct table *table;
	int status;

	if (!list)
		return EXIT_FAILURE;
	options_adjtime_guess(options);
	table = table_new("clocks", "clocks", columns, options);
	if (!table)
		return EXIT_FAILURE;
	measure(list, seconds);
	for (int i = 0; i < list->count; i++) {
		remark_rtc(&list->sources[i], seconds >= SECONDS_TICKS);
		fill(table, &list->sources[i], options->scale);
	}
	status = options->json ? print_json(table, list) :
				 print_text(table, list, seconds);
	free(list);
	return status;
}

static int take_seconds(const char *text, double min, double *seconds)
{
	return options_number(&cmd_clocks, text, min, SECONDS_MAX, "number of seconds", seconds);
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG,
		OPTIONS_LONG_TABLE,
		{ "seconds", required_argument, NULL, OPTION_SECONDS },
		{ "survey", required_argument, NULL, OPTION_SURVEY },
		{ "use", required_argument, NULL, OPTION_USE },
		{}
	};
	double seconds = SECONDS_DEFAULT, survey = 0;
	struct options options = {};
	const char *use = NULL;
	int c, status = -1;

	while (status < 0 && (c = getopt_long(argc, argv, OPTIONS_SHORT, longopts, NULL)) != -1) {
		if (c == OPTION_SECONDS)
			status = take_seconds(optarg, 0.05, &seconds);
		else if (c == OPTION_SURVEY)
			status = take_seconds(optarg, 1, &survey);
		else if (c == OPTION_USE)
			use = optarg;
		else
			status = options_take(&options, command, c);
	}
	if (status < 0)
		status = options_finish(&options, command, argc, 0);
	if (status >= 0)
		return status;
	clocks_repair();
	if (use)
		return clocks_use(use);
	return survey ? clocks_survey(&options, survey) : show(&options, seconds);
}

const struct command cmd_clocks = {
	.name = "clocks",
	.summary = "all clocks of the machine, how they disagree, and stolen time",
	.help = "rtcctl clocks [OPTION...]\n"
		"\n"
		"Show the clocks that tick and the clocks that count: which the kernel offers and\n"
		"uses as its clocksource, their frequencies, what a reading takes, an RTC's\n"
		"offset from the system time, rates against CLOCK_MONOTONIC_RAW with bounds, and\n"
		"the share of time that the hypervisor gave to others.\n"
		"\n"
		"     --seconds N      measure for N seconds (default 0.2); rates are known\n"
		"                      the better the longer, ticks are waited for from 2 on\n"
		"     --survey N       make each clocksource current in turn, for N seconds in\n"
		"                      all, measure it, and put the first one back; root\n"
		"     --use NAME       make a clocksource current; root\n"
		OPTIONS_HELP_TABLE
		OPTIONS_HELP,
	.examples = { "rtcctl clocks --seconds 10",
		      "rtcctl clocks --output CLOCK,RATE,ERROR" },
	.columns = columns,
	.run = run,
};
