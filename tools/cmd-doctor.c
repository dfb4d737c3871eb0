// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "doctor.h"
#include "progress.h"
#include "report.h"
#include "table.h"

#define EXIT_WARNINGS	1
#define EXIT_ERRORS	2

/* With the other columns this fills a line of 80. */
#define TEXT_WIDTH	50

enum {
	SEVERITY,
	ID,
	FINDING,
	ADVICE,
};

static const struct table_column columns[] = {
	[SEVERITY] = { "SEVERITY", "warning or error" },
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
	bool error = finding->severity == SEVERITY_ERROR;
	char text[sizeof(finding->text) + sizeof(finding->advice) + 4];

	snprintf(text, sizeof(text), for_people ? "%s\n> %s" : "%s", finding->text,
		 finding->advice);
	if (for_people)
		break_lines(text, TEXT_WIDTH);
	table_row(table);
	table_text(table, SEVERITY, error ? "error" : "warning");
	table_colour(table, SEVERITY, error ? TABLE_BAD : TABLE_WARNING);
	table_text(table, ID, finding->id);
	table_text(table, FINDING, text);
	table_text(table, ADVICE, finding->advice);
}

static int errors(const struct doctor *doctor)
{
	int count = 0;

	for (int i = 0; i < doctor->count; i++)
		count += doctor->findings[i].severity == SEVERITY_ERROR;
	return count;
}

/* Which one it was, where there are others. */
static void print_clock(const struct doctor *doctor)
{
	const char *separator = "; not ";
	struct rtc other;

	printf("%s (%s", doctor->rtc.path, doctor->rtc.driver);
	for (int i = 0; i < doctor->roster.count && !doctor->options->device; i++) {
		rtc_describe(&other, doctor->roster.numbers[i]);
		if (!strcmp(other.node, doctor->rtc.node))
			continue;
		printf("%s%s, %s", separator, other.path, other.driver);
		separator = "; ";
	}
	printf("): ");
}

static void print_summary(const struct doctor *doctor)
{
	int bad = errors(doctor), odd = doctor->count - bad;

	if (!doctor->open_err)
		print_clock(doctor);
	if (doctor->count)
		printf("%d error%s, %d warning%s\n", bad, bad == 1 ? "" : "s", odd,
		       odd == 1 ? "" : "s");
	else
		puts("nothing found that is wrong");
}

static int print_findings(const struct doctor *doctor)
{
	const struct options *options = doctor->options;
	bool plain = !options->json && !options->output && !options->noheadings;
	struct table *table = table_new("doctor", columns, options);
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

static int examine(const struct options *options)
{
	struct doctor doctor = { .options = options };
	int status;

	doctor.rtc.fd = -1;
	progress("examining the clock");
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i](&doctor);
	progress_end();
	if (doctor.rtc.fd >= 0)
		rtc_close(&doctor.rtc);
	status = print_findings(&doctor);
	if (status)
		return status;
	if (errors(&doctor))
		return EXIT_ERRORS;
	return doctor.count ? EXIT_WARNINGS : EXIT_SUCCESS;
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
		return status ? EXIT_ERRORS : status;
	return examine(&options);
}

const struct command cmd_doctor = {
	.name = "doctor",
	.summary = "find what is wrong with the clock, and say what to do",
	.help = "rtcctl doctor [OPTION...]\n"
		"\n"
		"Examine the clock and what depends on it, and list what is wrong, by which\n"
		"cause, and what to do. Changes nothing. Exit status: 0 healthy, 1 warnings,\n"
		"2 errors.\n"
		"\n"
		OPTIONS_HELP_TABLE
		OPTIONS_HELP,
	.columns = columns,
	.run = run,
};
