// SPDX-License-Identifier: GPL-2.0
/* Reads the (K)TAP that a test prints and holds it against its exit code. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>

#include "init.h"

#define EXIT_SKIP	4	/* as in kselftest */

static const char *skip_reason(const char *line)
{
	const char *mark = strcasestr(line, "# SKIP");

	if (!mark)
		return NULL;
	mark += strlen("# SKIP");
	return mark + strspn(mark, " :");
}

static void plan_line(struct tap *tap, const char *line)
{
	const char *reason = skip_reason(line);

	tap->plan = strtol(line + strlen("1.."), NULL, 10);
	if (!tap->plan && reason)
		snprintf(tap->skip_all, sizeof(tap->skip_all), "%s", *reason ? reason : "no reason given");
}

void tap_line(struct tap *tap, const char *line)
{
	if (*line)
		snprintf(tap->last, sizeof(tap->last), "%s", line + strspn(line, "# "));
	if (!strncmp(line, "1..", 3))
		plan_line(tap, line);
	else if (!strncmp(line, "not ok ", 7))
		tap->fail++;
	else if (!strncmp(line, "ok ", 3) && skip_reason(line))
		tap->skip++;
	else if (!strncmp(line, "ok ", 3))
		tap->pass++;
}

static void fail(struct outcome *outcome, const char *what, long number)
{
	outcome->pass = false;
	snprintf(outcome->why, sizeof(outcome->why), "%s %ld", what, number);
}

static void skip(struct outcome *outcome, const char *why)
{
	outcome->pass = true;
	outcome->skip = true;
	snprintf(outcome->why, sizeof(outcome->why), "%s", *why ? why : "no reason given");
}

static void judge_results(const struct tap *tap, struct outcome *outcome)
{
	long results = (long)tap->pass + tap->fail + tap->skip;

	outcome->pass = true;
	if (tap->fail)
		fail(outcome, "failed results:", tap->fail);
	else if (results && tap->plan < 0)
		fail(outcome, "no plan for the results:", results);
	else if (tap->plan >= 0 && results != tap->plan)
		fail(outcome, "results differ from the plan, missing:", tap->plan - results);
	else if (tap->skip_all[0])
		skip(outcome, tap->skip_all);
	else if (!tap->plan)
		fail(outcome, "an empty plan:", tap->plan);
	else if (results && !tap->pass)
		skip(outcome, "every result skipped");
}

void tap_judge(const struct tap *tap, int wait_status, struct outcome *outcome)
{
	if (WIFSIGNALED(wait_status))
		fail(outcome, "killed by signal", WTERMSIG(wait_status));
	else if (WEXITSTATUS(wait_status) == EXIT_SKIP && !tap->fail && !tap->pass)
		skip(outcome, tap->skip_all[0] ? tap->skip_all : tap->last);
	else if (WEXITSTATUS(wait_status))
		fail(outcome, "exit code", WEXITSTATUS(wait_status));
	else
		judge_results(tap, outcome);
}
