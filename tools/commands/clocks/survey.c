// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/clocks/survey.h"
#include "lib/clocks/list.h"
#include "lib/machine/clocksource.h"
#include "lib/machine/cpuid.h"
#include "lib/machine/kernel-log.h"
#include "lib/machine/survey.h"
#include "lib/time/clock.h"
#include "lib/time/duration.h"
#include "ui/number.h"
#include "ui/report.h"
#include "ui/table.h"

enum {
	NAME,
	FIRST,
	READ,
	STEP,
	READINGS,
	CPUS,
	WARPS,
	WORST,
	TSC,
	TSC_ERROR,
	RATE,
	ERROR,
};

static const struct table_column columns[] = {
	[NAME] = { "CLOCKSOURCE", "its name" },
	[FIRST] = { "FIRST", "whether it was current before", .type = TABLE_BOOLEAN },
	[READ] = { "READ", "what clock_gettime() takes", .key = "read_ns",
		   .type = TABLE_NUMBER, .right = true },
	[STEP] = { "STEP", "the smallest seen between two readings", .key = "step_ns",
		   .type = TABLE_NUMBER, .right = true },
	[READINGS] = { "READINGS", "made by all processors in turn", .type = TABLE_NUMBER,
		       .right = true },
	[CPUS] = { "CPUS", "processors that took turns", .type = TABLE_NUMBER, .right = true },
	[WARPS] = { "WARPS", "readings earlier than the one before", .type = TABLE_NUMBER,
		    .right = true },
	[WORST] = { "WORST", "... by so much at most", .key = "worst_ns", .type = TABLE_NUMBER,
		    .right = true },
	[TSC] = { "TSC", "the TSC's frequency by this clocksource", .key = "tsc_hz",
		  .type = TABLE_NUMBER, .right = true },
	[TSC_ERROR] = { "TSC-ERROR", "its bound, Hz", .key = "tsc_error_hz",
			.type = TABLE_NUMBER, .right = true, .hidden = true },
	[RATE] = { "RATE", "this clocksource against the TSC at its nominal frequency",
		   .key = "rate_ppm", .type = TABLE_NUMBER, .right = true },
	[ERROR] = { "ERROR", "the rate's bound", .key = "rate_error_ppm",
		    .type = TABLE_NUMBER, .right = true, .hidden = true },
	{}
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* Whatever ends the program ends it after the clocksource was put back. */
static void catch_signals(void)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	static const int unwanted[] = { SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE };

	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaction(ending[i], &(struct sigaction){ .sa_handler = interrupt }, NULL);
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++)
		sigaction(unwanted[i], &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
}

void clocks_repair(void)
{
	char name[CLOCKSOURCE_NAME_SIZE];
	int err = clocksource_repair(name);

	if (err == 1)
		report("a survey was killed: the clocksource %s is put back", name);
	else if (err == -EACCES)
		report("a survey was killed and left another clocksource than %s: 'rtcctl clocks' as root puts that back",
		       name);
	else if (err < 0)
		report_error(err, "a survey was killed: cannot put its clocksource back");
}

/* The kernel's own word where there is one. */
static void report_refusal(const char *name)
{
	char line[256], *log;
	const char *why = NULL;

	if (!kernel_log_read(&log)) {
		why = kernel_log_last(log, "Override clocksource", line, sizeof(line));
		free(log);
	}
	report("the kernel does not use %s%s%s", name, why ? ": " : "", why ? why : "");
}

static void report_use(int err, const char *name)
{
	struct clocksource cs;
	char list[512] = "";
	int len = 0;

	if (err == -EOPNOTSUPP) {
		report_refusal(name);
	} else if (err == -ENODEV) {
		clocksource_load(&cs);
		for (int i = 0; i < cs.count; i++)
			len += snprintf(list + len, sizeof(list) - len, "%s%s", i ? ", " : "",
					cs.names[i]);
		report("the kernel has no clocksource '%s': it offers %s", name, list);
	} else if (err == -EACCES) {
		report("cannot make %s the clocksource: needs root", name);
	} else {
		report_error(err, "cannot make %s the clocksource", name);
	}
}

int clocks_use(const char *name)
{
	int err = clocksource_use(name);

	if (!err)
		return EXIT_SUCCESS;
	report_use(err, name);
	return EXIT_FAILURE;
}

static void fill_rate(struct table *table, const struct survey *survey, double nominal_hz)
{
	double ppm, error_ppm = survey->tsc.error_hz / nominal_hz * 1e6;
	char text[96];

	snprintf(text, sizeof(text), "%.6f MHz", survey->tsc.hz / 1e6);
	table_real(table, TSC, survey->tsc.hz, text);
	table_real(table, TSC_ERROR, survey->tsc.error_hz, NULL);
	if (!nominal_hz)
		return;
	/* A TSC that seems slow is a clocksource that is fast. */
	ppm = counter_ppm(nominal_hz, survey->tsc.hz);
	snprintf(text, sizeof(text), "%+.*f %s %.*f ppm", number_digits(error_ppm), ppm,
		 number_plus_minus(), number_digits(error_ppm),
		 number_round_up(error_ppm, number_digits(error_ppm)));
	table_real(table, RATE, ppm, text);
	table_real(table, ERROR, error_ppm, NULL);
}

static void fill(struct table *table, const char *name, bool first,
		 const struct survey *survey, double nominal_hz)
{
	char text[DURATION_TEXT_SIZE];

	table_row(table);
	table_text(table, NAME, name);
	table_bool(table, FIRST, first, NULL);
	table_real(table, READ, survey->read_ns, duration_format(survey->read_ns + 0.5, text));
	table_number(table, STEP, survey->step_ns, duration_format(survey->step_ns, text));
	table_number(table, READINGS, survey->readings, NULL);
	table_number(table, CPUS, survey->cpus, NULL);
	table_number(table, WARPS, survey->warps, NULL);
	if (survey->warps)
		table_colour(table, WARPS, TABLE_BAD);
	table_number(table, WORST, survey->worst_ns, duration_format(survey->worst_ns, text));
	if (!survey->tsc_err)
		fill_rate(table, survey, nominal_hz);
}

static int measure_one(struct table *table, const char *name, bool first, int64_t ns,
		       double nominal_hz)
{
	struct survey survey;
	int err;

	err = clocksource_use(name);
	if (err) {
		report_use(err, name);
		/* The others can still be measured. */
		return err == -EACCES ? err : 0;
	}
	err = survey_measure(ns, &interrupted, &survey);
	if (!err)
		fill(table, name, first, &survey, nominal_hz);
	else if (err != -EINTR)
		report_error(err, "cannot measure %s", name);
	return err;
}

static int measure_all(struct table *table, const char *first, double seconds)
{
	struct cpuid_facts cpu;
	struct clocksource cs;
	const char *learnt;
	double nominal_hz;
	int err;

	err = clocksource_load(&cs);
	cpuid_facts(&cpu);
	/* What the kernel says of its clocksource tsc is asked before it is put aside. */
	nominal_hz = clock_list_tsc_hz(&cpu, NULL, &learnt);
	for (int i = 0; !err && i < cs.count; i++)
		err = measure_one(table, cs.names[i], !strcmp(cs.names[i], first),
				  seconds * NSEC_PER_SEC / cs.count, nominal_hz);
	return err;
}

static void report_hold(int err)
{
	if (err == -EBUSY)
		report("another survey is running");
	else if (err == -EACCES || err == -EPERM)
		report_error(err, "cannot change the clocksource without root");
	else
		report_error(err, "cannot note the current clocksource in " CLOCKSOURCE_NOTE);
}

int clocks_survey(const struct options *options, double seconds)
{
	struct table *table = table_new("clocks", "survey", columns, options);
	struct clocksource_hold hold;
	int err, back;

	if (!table)
		return EXIT_FAILURE;
	catch_signals();
	err = clocksource_hold(&hold);
	if (err) {
		report_hold(err);
		return EXIT_FAILURE;
	}
	err = measure_all(table, hold.first, seconds);
	back = clocksource_release(&hold);
	if (back)
		report_use(back, hold.first);
	if (err == -EINTR)
		report("interrupted: the clocksource is %s again", hold.first);
	return table_print(table) || err || back ? EXIT_FAILURE : EXIT_SUCCESS;
}
