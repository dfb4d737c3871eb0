// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/doctor/doctor.h"
#include "ui/device.h"
#include "ui/progress.h"
#include "ui/report.h"
#include "ui/table.h"

#define EXIT_WARNINGS	1
#define EXIT_ERRORS	2

/* With the other columns this fills a line of 80. */
#define TEXT_WIDTH	50

enum {
	SEVERITY,
	CLOCK,
	ID,
	FINDING,
	ADVICE,
};

static const struct table_column columns[] = {
	[SEVERITY] = { "SEVERITY", "note, warning or error" },
	[CLOCK] = { "CLOCK", "the one that it is about", .hidden = true },
	[ID] = { "ID", "of the finding, as rtcctl(8) explains it" },
	[FINDING] = { "FINDING", "what is wrong, and why", .lines = true },
	[ADVICE] = { "ADVICE", "what to do; otherwise it follows the finding", .lines = true,
		     .hidden = true },
	{}
};

static void (*const checks[])(struct doctor *doctor) = {
	doctor_check_adjtime,
	doctor_check_presence,
	doctor_check_clock,
	doctor_check_alarm,
	doctor_check_offset,
	doctor_check_system,
};

static void (*const checks_other[])(struct doctor *doctor) = {
	doctor_check_clock,
	doctor_check_alarm,
	doctor_check_offset,
};

void doctor_find(struct doctor *doctor, enum severity severity, const char *id,
		 const char *fmt, ...)
{
	struct finding *finding = &doctor->findings[doctor->count];
	va_list ap;

	if (doctor->count == DOCTOR_FINDINGS)
		abort();
	doctor->count++;
	finding->id = id;
	finding->severity = severity;
	snprintf(finding->clock, sizeof(finding->clock), "%.15s",
		 doctor->system ? "" : doctor->rtc.node);
	va_start(ap, fmt);
	vsnprintf(finding->text, sizeof(finding->text), fmt, ap);
	va_end(ap);
}

void doctor_advise(struct doctor *doctor, const char *fmt, ...)
{
	struct finding *finding = &doctor->findings[doctor->count - 1];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(finding->advice, sizeof(finding->advice), fmt, ap);
	va_end(ap);
}

/* Breaks @text at blanks, in place. */
static void break_lines(char *text, size_t width)
{
	char *begin = text, *blank = NULL;

	for (char *c = text; *c; c++) {
		if (*c == '\n') {
			begin = c + 1;
			blank = NULL;
		}
		if (*c == ' ')
			blank = c;
		if (blank && (size_t)(c - begin) >= width) {
			*blank = '\n';
			begin = blank + 1;
			blank = NULL;
		}
	}
}

static void add_finding(struct table *table, const struct finding *finding, bool for_people)
{
	static const struct {
		const char *name;
		enum table_colour colour;
	} looks[] = {
		[SEVERITY_NOTE] = { "note", TABLE_DIM },
		[SEVERITY_WARNING] = { "warning", TABLE_WARNING },
		[SEVERITY_ERROR] = { "error", TABLE_BAD },
	};
	char text[sizeof(finding->text) + sizeof(finding->advice) + 4];

	snprintf(text, sizeof(text), for_people ? "%s\n> %s" : "%s", finding->text,
		 finding->advice);
	if (for_people)
		break_lines(text, TEXT_WIDTH);
	table_row(table);
	table_text(table, SEVERITY, looks[finding->severity].name);
	table_colour(table, SEVERITY, looks[finding->severity].colour);
	if (*finding->clock)
		table_text(table, CLOCK, finding->clock);
	table_text(table, ID, finding->id);
	table_text(table, FINDING, text);
	table_text(table, ADVICE, finding->advice);
}

static int count_of(const struct doctor *doctor, enum severity severity)
{
	int count = 0;

	for (int i = 0; i < doctor->count; i++)
		count += doctor->findings[i].severity == severity;
	return count;
}

/* All that were examined, the one that rtcctl takes first. */
static void print_clocks(const struct doctor *doctor)
{
	struct rtc other;

	printf("%s (%s)", doctor->rtc.path, doctor->rtc.driver);
	for (int i = 0; i < doctor->rtcs.count && !doctor->options->device; i++) {
		rtc_describe(&other, doctor->rtcs.numbers[i]);
		if (strcmp(other.node, doctor->rtc.node))
			printf(", %s (%s)", other.path, other.driver);
	}
	fputs(": ", stdout);
}

static void print_counts(const struct doctor *doctor)
{
	static const struct {
		const char *name;
		enum severity severity;
	} kinds[] = {
		{ "error", SEVERITY_ERROR }, { "warning", SEVERITY_WARNING },
		{ "note", SEVERITY_NOTE },
	};
	const char *separator = "";
	int count;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		count = count_of(doctor, kinds[i].severity);
		/* Notes are named where there are some. */
		if (!count && kinds[i].severity == SEVERITY_NOTE)
			continue;
		printf("%s%d %s%s", separator, count, kinds[i].name, count == 1 ? "" : "s");
		separator = ", ";
	}
	putchar('\n');
}

static void print_summary(const struct doctor *doctor)
{
	if (!doctor->open_err)
		print_clocks(doctor);
	if (doctor->count)
		print_counts(doctor);
	else
		puts("nothing found that is wrong");
}

static int print_findings(const struct doctor *doctor)
{
	const struct options *options = doctor->options;
	bool plain = !options->json && !options->output && !options->noheadings;
	struct table *table = table_new("doctor", "findings", columns, options);
	int status;

	if (!table)
		return EXIT_FAILURE;
	for (int i = 0; i < doctor->count; i++)
		add_finding(table, &doctor->findings[i], plain);
	if (plain && !doctor->count)
		status = table_drop(table) && EXIT_SUCCESS;
	else
		status = table_print(table);
	if (plain)
		print_summary(doctor);
	return status;
}

static void close_clock(struct doctor *doctor)
{
	if (doctor->rtc.fd >= 0)
		rtc_close(&doctor->rtc);
}

/* What is the system's has been looked at. */
static void examine_others(struct doctor *doctor)
{
	struct rtc first = doctor->rtc;

	for (int i = 0; i < doctor->rtcs.count; i++) {
		doctor_open_other(doctor, doctor->rtcs.numbers[i]);
		if (!strcmp(doctor->rtc.node, first.node))
			continue;
		for (size_t j = 0; j < sizeof(checks_other) / sizeof(checks_other[0]); j++)
			checks_other[j](doctor);
		close_clock(doctor);
	}
	doctor->rtc = first;
}

static int status_of(const struct doctor *doctor)
{
	if (count_of(doctor, SEVERITY_ERROR))
		return EXIT_ERRORS;
	return count_of(doctor, SEVERITY_WARNING) ? EXIT_WARNINGS : EXIT_SUCCESS;
}

static int examine(const struct options *options)
{
	struct doctor doctor = { .options = options };
	int status;

	doctor.rtc.fd = -1;
	progress("examining the clock");
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i](&doctor);
	close_clock(&doctor);
	if (!options->device && !doctor.open_err)
		examine_others(&doctor);
	progress_end();
	status = print_findings(&doctor);
	return status ? status : status_of(&doctor);
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG,
		OPTIONS_LONG_TABLE,
		{}
	};
	struct options options = {};
	int status;

	status = options_parse(&options, command, argc, argv, OPTIONS_SHORT, longopts, 0);
	if (status >= 0)
		return status;
	return examine(&options);
}

const struct command cmd_doctor = {
	.name = "doctor",
	.summary = "find what is wrong with the clock, and say what to do",
	.help = "rtcctl doctor [OPTION...]\n"
		"\n"
		"Examine the clocks and what depends on them, and list what is wrong, by which\n"
		"cause, and what to do; with --rtc that clock alone. Changes nothing. Exit\n"
		"status: 0 healthy (there may be notes), 1 warnings, 2 errors.\n"
		"\n"
		OPTIONS_HELP_TABLE
		OPTIONS_HELP,
	.examples = { "rtcctl doctor",
		      "rtcctl doctor --rtc rtc0 --json" },
	.columns = columns,
	.run = run,
};
