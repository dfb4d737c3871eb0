// SPDX-License-Identifier: GPL-2.0
/* Makes tables of the samples on standard input: both sides, and how they compare. */
#include <stdio.h>
#include <string.h>

#include "grid.h"
#include "samples.h"

enum kind {
	KIND_NS,	/* median / highest, without sign */
	KIND_NUMBER,	/* the same */
	KIND_SHARE,	/* samples are 0 or 1: how many of how many */
};

struct row {
	const char *name, *label;
	enum kind kind;
	int condition;	/* of the machine, not a result: no ratio */
};

static const struct row driver_rows[] = {
	{ "access_read", "accesses: RTC_RD_TIME", KIND_NUMBER },
	{ "access_set", "accesses: RTC_SET_TIME", KIND_NUMBER },
	{ "access_alarm", "accesses: RTC_WKALM_SET", KIND_NUMBER },
	{ "access_aie_off", "accesses: RTC_AIE_OFF", KIND_NUMBER },
	{ "access_aie_on", "accesses: RTC_AIE_ON", KIND_NUMBER },
	{ "access_uie_on", "accesses: RTC_UIE_ON", KIND_NUMBER },
	{ "access_uie_off", "accesses: RTC_UIE_OFF", KIND_NUMBER },
	{ "access_uie_second", "accesses: one second of ticks", KIND_NUMBER },
	{ "interrupts_uie_second", "interrupts: one second of ticks", KIND_NUMBER },
	{ "access_idle", "accesses: ten seconds of idling", KIND_NUMBER },
	{ "tick_late_ns", "a tick comes late by", KIND_NS },
	{ "tick_missing", "ticks that never came", KIND_SHARE },
	{ "rtctest_pass", "the kernel's rtctest passes", KIND_SHARE },
	{ "boot_error_ns", "system off after boot's hctosys", KIND_NS },
	{ "phc_wall_ns", "PTP read: wall", KIND_NS },
	{ "phc_failed", "PTP read: not known", KIND_SHARE },
	{ "phc_error_ns", "PTP read: error", KIND_NS },
	{ "phc_bound_ns", "PTP read: bound", KIND_NS },
	{ "phc_outside", "PTP read: truth outside the bound", KIND_SHARE },
	{ "sleep_late_ns", "noise: a sleep of 1 ms ends late by", KIND_NS, 1 },
	{ "gap_ns", "noise: processor taken away for", KIND_NS, 1 },
	{ "truth_ns", "noise: true edges seen to within", KIND_NS, 1 },
	{ "truth_hidden", "noise: edges too blurred to judge by", KIND_SHARE, 1 },
	{ "empty_wall_ns", "noise: an empty C program: wall", KIND_NS, 1 },
	{ "empty_cpu_ns", "noise: an empty C program: CPU", KIND_NS, 1 },
	{ "load", "noise: load average of the host", KIND_NUMBER, 1 },
};

static const struct row tool_rows[] = {
	{ "show_wall_ns", "show: wall", KIND_NS },
	{ "show_in_a_row_ns", "show: wall, one after the other", KIND_NS },
	{ "show_cpu_ns", "show: CPU", KIND_NS },
	{ "show_error_ns", "show: error", KIND_NS },
	{ "show_failed", "show: failed", KIND_SHARE },
	{ "systohc_wall_ns", "systohc: wall", KIND_NS },
	{ "systohc_again_ns", "systohc: wall, on a right clock", KIND_NS },
	{ "systohc_cpu_ns", "systohc: CPU", KIND_NS },
	{ "systohc_error_ns", "systohc: residual", KIND_NS },
	{ "systohc_second_wrong", "systohc: a second wrong", KIND_SHARE },
	{ "systohc_failed", "systohc: failed", KIND_SHARE },
	{ "hctosys_wall_ns", "hctosys: wall", KIND_NS },
	{ "hctosys_cpu_ns", "hctosys: CPU", KIND_NS },
	{ "hctosys_error_ns", "hctosys: error", KIND_NS },
	{ "hctosys_failed", "hctosys: failed", KIND_SHARE },
};

struct column {
	const char *head, *driver, *tool;
};

/* Compared are the first, theirs, and the last, ours. */
static const struct column driver_columns[] = {
	{ "rtc_cmos", "rtc_cmos", "-" },
	{ "rtc-mc146818", "ours", "-" },
};

static const struct column tool_columns[] = {
	{ "hwclock on rtc_cmos", "rtc_cmos", "hwclock" },
	{ "busybox on rtc_cmos", "rtc_cmos", "busybox" },
	{ "rtcctl on rtc_cmos", "rtc_cmos", "rtcctl" },
	{ "hwclock on ours", "ours", "hwclock" },
	{ "rtcctl on ours", "ours", "rtcctl" },
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static void format(enum kind kind, double value, char *text, size_t size)
{
	if (kind == KIND_NS)
		statistic_format_ns(value, text, size);
	else
		statistic_format_number(value, text, size);
}

static void value_cell(struct grid *grid, enum kind kind, const struct statistic *s)
{
	char median[24], highest[24];

	format(kind, s->median, median, sizeof(median));
	format(kind, s->highest, highest, sizeof(highest));
	if (!s->count)
		grid_cell(grid, "-");
	else if (kind == KIND_SHARE)
		grid_cell(grid, "%.0f of %zu", s->sum, s->count);
	else if (s->count == 1)
		grid_cell(grid, "%s", median);
	else
		grid_cell(grid, "%s / %s", median, highest);
}

static void ratio_cell(struct grid *grid, double ratio)
{
	if (!ratio)
		grid_cell(grid, "-");
	else
		grid_cell(grid, ratio < 10 ? "%.2f" : "%.0f", ratio);
}

/* One row over all columns; the last two cells are the ratio and how often ours ran. */
static void compare_row(struct grid *grid, const struct samples *samples, const char *configuration,
			const struct row *row, const struct column *columns, size_t count)
{
	struct statistic s = { 0 };
	double theirs = 0;

	grid_row(grid, row->label);
	for (size_t i = 0; i < count; i++) {
		struct filter filter = { configuration, columns[i].driver, columns[i].tool, row->name };

		s = samples_statistic(samples, &filter, 1);
		value_cell(grid, row->kind, &s);
		if (!i)
			theirs = s.median;
	}
	if (row->kind == KIND_SHARE || row->condition)
		theirs = 0;
	ratio_cell(grid, statistic_ratio(theirs, s.median));
	grid_cell(grid, "%zu", s.count);
}

static int was_measured(const struct samples *samples, const char *configuration, const char *row)
{
	struct filter filter = { configuration, NULL, NULL, row };

	return samples_statistic(samples, &filter, 0).count > 0;
}

static void compare(const struct samples *samples, const char *configuration, const char *head,
		    const struct row *rows, size_t row_count, const struct column *columns, size_t count)
{
	static struct grid grid;

	grid = (struct grid){ 0 };
	grid_row(&grid, head);
	for (size_t i = 0; i < count; i++)
		grid_cell(&grid, "%s", columns[i].head);
	grid_cell(&grid, "ratio");
	grid_cell(&grid, "runs");
	for (size_t i = 0; i < row_count; i++)
		if (was_measured(samples, configuration, rows[i].name))
			compare_row(&grid, samples, configuration, &rows[i], columns, count);
	if (grid.rows > 1)
		grid_print(&grid, stdout);
}

static void configuration_tables(const struct samples *samples, const char *configuration)
{
	printf("### Linux %s\n\n", configuration);
	compare(samples, configuration, "the drivers", driver_rows, COUNT(driver_rows), driver_columns,
		COUNT(driver_columns));
	printf("\n");
	compare(samples, configuration, "the tools", tool_rows, COUNT(tool_rows), tool_columns,
		COUNT(tool_columns));
	printf("\n");
}

/* Columns of the summary: rtc_cmos with hwclock against ours with rtcctl. */
static const struct {
	const char *head, *row, *their_tool, *our_tool;
	enum kind kind;
} topics[] = {
	{ "accesses a second of ticks", "access_uie_second", "-", "-", KIND_NUMBER },
	{ "tick late", "tick_late_ns", "-", "-", KIND_NS },
	{ "boot off", "boot_error_ns", "-", "-", KIND_NS },
	{ "show takes", "show_wall_ns", "hwclock", "rtcctl", KIND_NS },
	{ "show off", "show_error_ns", "hwclock", "rtcctl", KIND_NS },
	{ "systohc off", "systohc_error_ns", "hwclock", "rtcctl", KIND_NS },
	{ "systohc CPU", "systohc_cpu_ns", "hwclock", "rtcctl", KIND_NS },
	{ "hctosys off", "hctosys_error_ns", "hwclock", "rtcctl", KIND_NS },
};

struct pair {
	struct statistic theirs, ours;
};

static struct pair topic_pair(const struct samples *samples, const char *configuration, size_t topic)
{
	struct filter theirs = { configuration, "rtc_cmos", topics[topic].their_tool, topics[topic].row };
	struct filter ours = { configuration, "ours", topics[topic].our_tool, topics[topic].row };

	return (struct pair){ samples_statistic(samples, &theirs, 1),
			      samples_statistic(samples, &ours, 1) };
}

static void median_text(enum kind kind, const struct statistic *s, char *text, size_t size)
{
	if (s->count)
		format(kind, s->median, text, size);
	else
		snprintf(text, size, "-");
}

static void summary_row(struct grid *grid, const struct samples *samples, const char *configuration,
			const char *label)
{
	char theirs[24], ours[24];

	grid_row(grid, label);
	for (size_t i = 0; i < COUNT(topics); i++) {
		struct pair pair = topic_pair(samples, configuration, i);

		median_text(topics[i].kind, &pair.theirs, theirs, sizeof(theirs));
		median_text(topics[i].kind, &pair.ours, ours, sizeof(ours));
		grid_cell(grid, "%s -> %s", theirs, ours);
	}
}

static void summary_ratios(struct grid *grid, const struct samples *samples)
{
	grid_row(grid, "ratio over all");
	for (size_t i = 0; i < COUNT(topics); i++) {
		struct pair pair = topic_pair(samples, NULL, i);

		ratio_cell(grid, statistic_ratio(pair.theirs.median, pair.ours.median));
	}
	grid_row(grid, "runs of each over all");
	for (size_t i = 0; i < COUNT(topics); i++)
		grid_cell(grid, "%zu", topic_pair(samples, NULL, i).ours.count);
}

static void summary(const struct samples *samples)
{
	static struct grid grid;

	grid_row(&grid, "medians, rtc_cmos and hwclock -> ours");
	for (size_t i = 0; i < COUNT(topics); i++)
		grid_cell(&grid, "%s", topics[i].head);
	for (size_t i = 0; i < samples->count; i++)
		if (samples_opens(samples, i))
			summary_row(&grid, samples, samples->list[i].configuration,
				    samples->list[i].configuration);
	summary_row(&grid, samples, NULL, "all together");
	summary_ratios(&grid, samples);
	grid_print(&grid, stdout);
}

static void print_statistic(const struct samples *samples, const struct filter *filter)
{
	struct statistic s = samples_statistic(samples, filter, 0);
	struct statistic off = samples_statistic(samples, filter, 1);

	if (s.count)
		printf("%s\t%s\t%s\t%s\t%zu\t%.15g\t%.15g\t%.15g\t%.15g\t%.15g\t%.15g\t%.15g\n",
		       filter->configuration, filter->driver, filter->tool, filter->row, s.count,
		       s.lowest, s.quartile1, s.median, s.quartile3, s.highest, off.median, off.highest);
}

static void statistics_of(const struct samples *samples, const char *configuration,
			  const struct row *rows, size_t row_count, const struct column *columns,
			  size_t count)
{
	for (size_t r = 0; r < row_count; r++)
		for (size_t c = 0; c < count; c++)
			print_statistic(samples, &(struct filter){ configuration, columns[c].driver,
								   columns[c].tool, rows[r].name });
}

static void statistics(const struct samples *samples)
{
	printf("configuration\tdriver\ttool\trow\tcount\tlowest\tquartile1\tmedian\tquartile3\thighest\tmedian_magnitude\thighest_magnitude\n");
	for (size_t i = 0; i < samples->count; i++) {
		const char *configuration = samples->list[i].configuration;

		if (!samples_opens(samples, i))
			continue;
		statistics_of(samples, configuration, driver_rows, COUNT(driver_rows), driver_columns,
			      COUNT(driver_columns));
		statistics_of(samples, configuration, tool_rows, COUNT(tool_rows), tool_columns,
			      COUNT(tool_columns));
	}
}

static void tables(const struct samples *samples)
{
	for (size_t i = 0; i < samples->count; i++)
		if (samples_opens(samples, i))
			configuration_tables(samples, samples->list[i].configuration);
}

static const struct {
	const char *name;
	void (*print)(const struct samples *samples);
} views[] = {
	{ "summary", summary },
	{ "tables", tables },
	{ "statistics", statistics },
};

static int usage(void)
{
	fprintf(stderr, "Usage: table summary|tables|statistics <samples.tsv\n");
	return 1;
}

int main(int argc, char **argv)
{
	struct samples samples;
	size_t line, view = 0;
	int err;

	while (argc == 2 && view < COUNT(views) && strcmp(argv[1], views[view].name))
		view++;
	if (argc != 2 || view == COUNT(views))
		return usage();
	err = samples_read(&samples, stdin, &line);
	if (err)
		fprintf(stderr, "table: line %zu: %s\n", line, strerror(-err));
	else
		views[view].print(&samples);
	samples_free(&samples);
	return err || ferror(stdout);
}
