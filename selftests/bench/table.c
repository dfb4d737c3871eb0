// SPDX-License-Identifier: GPL-2.0
/* Makes tables of the samples on standard input: both sides, and how they compare. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "samples.h"

enum kind {
	KIND_NS,	/* median / highest, without sign */
	KIND_NUMBER,	/* the same */
	KIND_SHARE,	/* samples are 0 or 1: how many of how many went wrong */
	KIND_PASSED,	/* the same, of what went right */
};

enum role {
	RESULT,
	JUDGED,		/* by the true edges: no better known than these were seen */
	NOISE,		/* what the machine did meanwhile: no ratio */
};

struct row {
	const char *name, *label;
	enum kind kind;
	enum role role;
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
	{ "tick_late_ns", "a tick comes late by", KIND_NS, JUDGED },
	{ "tick_missing", "ticks that never came", KIND_SHARE },
	{ "rtctest_pass", "the kernel's rtctest passes", KIND_PASSED },
	{ "boot_error_ns", "system off after boot's hctosys", KIND_NS, JUDGED },
	{ "phc_wall_ns", "PTP read: wall", KIND_NS },
	{ "phc_failed", "PTP read: not known", KIND_SHARE },
	{ "phc_error_ns", "PTP read: error", KIND_NS, JUDGED },
	{ "phc_bound_ns", "PTP read: bound", KIND_NS },
	{ "phc_outside", "PTP read: truth outside the bound", KIND_SHARE },
	{ "sleep_late_ns", "noise: a sleep of 1 ms ends late by", KIND_NS, NOISE },
	{ "gap_ns", "noise: processor taken away for", KIND_NS, NOISE },
	{ "truth_ns", "noise: true edges seen to within", KIND_NS, NOISE },
	{ "truth_hidden", "noise: edges too blurred to judge by", KIND_SHARE, NOISE },
	{ "empty_wall_ns", "noise: an empty C program: wall", KIND_NS, NOISE },
	{ "empty_cpu_ns", "noise: an empty C program: CPU", KIND_NS, NOISE },
	{ "load", "noise: load average of the host", KIND_NUMBER, NOISE },
};

static const struct row tool_rows[] = {
	{ "show_wall_ns", "show: wall", KIND_NS },
	{ "show_in_a_row_ns", "show: wall, one after the other", KIND_NS },
	{ "show_cpu_ns", "show: CPU", KIND_NS },
	{ "show_error_ns", "show: error", KIND_NS, JUDGED },
	{ "show_failed", "show: failed", KIND_SHARE },
	{ "systohc_wall_ns", "systohc: wall", KIND_NS },
	{ "systohc_again_ns", "systohc: wall, on a right clock", KIND_NS },
	{ "systohc_cpu_ns", "systohc: CPU", KIND_NS },
	{ "systohc_error_ns", "systohc: residual", KIND_NS, JUDGED },
	{ "systohc_second_wrong", "systohc: a second wrong", KIND_SHARE },
	{ "systohc_failed", "systohc: failed", KIND_SHARE },
	{ "hctosys_wall_ns", "hctosys: wall", KIND_NS },
	{ "hctosys_cpu_ns", "hctosys: CPU", KIND_NS },
	{ "hctosys_error_ns", "hctosys: error", KIND_NS, JUDGED },
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
	else if (kind == KIND_SHARE || kind == KIND_PASSED)
		grid_cell(grid, "%.0f of %zu", s->sum, s->count);
	else if (s->count == 1)
		grid_cell(grid, "%s", median);
	else
		grid_cell(grid, "%s / %s", median, highest);
}

static int is_share(const struct row *row)
{
	return row->kind == KIND_SHARE || row->kind == KIND_PASSED;
}

static int has_ratio(const struct row *row)
{
	return !is_share(row) && row->role != NOISE;
}

static void ratio_cell(struct grid *grid, double ratio)
{
	if (!ratio)
		grid_cell(grid, "-");
	else
		grid_cell(grid, ratio < 10 ? "%.2f" : "%.0f", ratio);
}

/* How sharply the true edges were seen there, in the middle; 0: nothing was held against them. */
static double truth_width(const struct samples *samples, const char *configuration, const char *driver)
{
	struct filter filter = { configuration, driver, "-", "truth_ns" };

	return samples_statistic(samples, &filter, 1).median;
}

/* The median, or what it is known to be no more than. */
static double known(const struct samples *samples, const struct row *row, const struct filter *filter,
		    const struct statistic *s)
{
	double width = 0;

	if (row->role == JUDGED && s->count)
		width = truth_width(samples, filter->configuration, filter->driver);
	return s->median > width ? s->median : width;
}

/* One row over all columns; the last two cells are the ratio and how often ours ran. */
static void compare_row(struct grid *grid, const struct samples *samples, const char *configuration,
			const struct row *row, const struct column *columns, size_t count)
{
	struct statistic s = { 0 };
	double theirs = 0, value = 0;

	grid_row(grid, row->label);
	for (size_t i = 0; i < count; i++) {
		struct filter filter = { configuration, columns[i].driver, columns[i].tool, row->name };

		s = samples_statistic(samples, &filter, 1);
		value_cell(grid, row->kind, &s);
		value = known(samples, row, &filter, &s);
		if (!i)
			theirs = value;
	}
	ratio_cell(grid, has_ratio(row) ? statistic_ratio(theirs, value) : 0);
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

/* From the lowest of some values to the highest. */
struct range {
	size_t count;
	double low, high;
};

static void range_take(struct range *range, double value)
{
	if (!range->count || value < range->low)
		range->low = value;
	if (!range->count || value > range->high)
		range->high = value;
	range->count++;
}

/* One row over all configurations: theirs and ours, by their medians in each. */
struct comparison {
	const struct row *row;
	struct range theirs, ours, ratio, width;
	struct statistic all_theirs, all_ours;
	size_t compared, lost;
};

static int is_lost(const struct row *row, const struct statistic *theirs, const struct statistic *ours,
		   double ratio)
{
	double their_share = theirs->sum / theirs->count, our_share = ours->sum / ours->count;

	if (row->kind == KIND_SHARE)
		return our_share > their_share;
	if (row->kind == KIND_PASSED)
		return our_share < their_share;
	return ratio && ratio < 1;
}

static void width_take(struct comparison *c, const struct samples *samples, const struct filter *filter,
		       const struct statistic *s)
{
	double width = truth_width(samples, filter->configuration, filter->driver);

	if (c->row->role == JUDGED && s->count && width > 0)
		range_take(&c->width, width);
}

static void compare_in(struct comparison *c, const struct samples *samples, const struct filter *their,
		       const struct filter *our)
{
	struct statistic theirs = samples_statistic(samples, their, 1);
	struct statistic ours = samples_statistic(samples, our, 1);
	double their_value = known(samples, c->row, their, &theirs);
	double our_value = known(samples, c->row, our, &ours);
	double ratio = has_ratio(c->row) ? statistic_ratio(their_value, our_value) : 0;

	if (theirs.count)
		range_take(&c->theirs, their_value);
	if (ours.count)
		range_take(&c->ours, our_value);
	width_take(c, samples, their, &theirs);
	width_take(c, samples, our, &ours);
	if (ratio)
		range_take(&c->ratio, ratio);
	if (!theirs.count || !ours.count || c->row->role == NOISE)
		return;
	c->compared++;
	c->lost += is_lost(c->row, &theirs, &ours, ratio);
}

static struct comparison compare_all(const struct samples *samples, const struct row *row,
				     const struct column *theirs, const struct column *ours)
{
	struct comparison c = { .row = row };
	struct filter their = { NULL, theirs->driver, theirs->tool, row->name };
	struct filter our = { NULL, ours->driver, ours->tool, row->name };

	c.all_theirs = samples_statistic(samples, &their, 1);
	c.all_ours = samples_statistic(samples, &our, 1);
	for (size_t i = 0; i < samples->count; i++) {
		if (!samples_opens(samples, i))
			continue;
		their.configuration = our.configuration = samples->list[i].configuration;
		compare_in(&c, samples, &their, &our);
	}
	return c;
}

/* Losses first, the greatest before the others; what is won stays in order. */
static int by_loss(const void *a, const void *b)
{
	const struct comparison *left = a, *right = b;

	if (!left->lost != !right->lost)
		return right->lost ? 1 : -1;
	if (left->lost && left->ratio.low != right->ratio.low)
		return left->ratio.low < right->ratio.low ? -1 : 1;
	return (left->row > right->row) - (left->row < right->row);
}

static void range_cell(struct grid *grid, const struct row *row, const struct range *range,
		       const struct statistic *all)
{
	char low[24], high[24];

	format(row->kind, range->low, low, sizeof(low));
	format(row->kind, range->high, high, sizeof(high));
	if (!range->count)
		grid_cell(grid, "-");
	else if (is_share(row))
		grid_cell(grid, "%.0f of %zu", all->sum, all->count);
	else if (!strcmp(low, high))
		grid_cell(grid, "%s", low);
	else
		grid_cell(grid, "%s to %s", low, high);
}

static void ratio_range_cell(struct grid *grid, const struct range *ratio)
{
	if (!ratio->count)
		grid_cell(grid, "-");
	else if (ratio->count == 1)
		grid_cell(grid, "%.2g", ratio->low);
	else
		grid_cell(grid, "%.*f to %.*f", ratio->low < 10 ? 2 : 0, ratio->low,
			  ratio->high < 10 ? 2 : 0, ratio->high);
}

static void summary_row(struct grid *grid, const struct comparison *c)
{
	static const struct row width = { .kind = KIND_NS };

	grid_row(grid, c->row->label);
	range_cell(grid, c->row, &c->theirs, &c->all_theirs);
	range_cell(grid, c->row, &c->ours, &c->all_ours);
	range_cell(grid, &width, &c->width, NULL);
	ratio_range_cell(grid, &c->ratio);
	if (c->compared)
		grid_cell(grid, "%zu of %zu", c->lost, c->compared);
	else
		grid_cell(grid, "-");
	grid_cell(grid, "%zu", c->all_ours.count);
}

static void summary_table(const struct samples *samples, const char *head, const struct row *rows,
			  size_t row_count, const struct column *theirs, const struct column *ours,
			  int noise)
{
	static struct comparison list[GRID_ROWS];
	static struct grid grid;
	size_t count = 0;

	grid = (struct grid){ 0 };
	grid_row(&grid, head);
	grid_cell(&grid, "%s", theirs->head);
	grid_cell(&grid, "%s", ours->head);
	grid_cell(&grid, "truth seen to");
	grid_cell(&grid, "theirs / ours");
	grid_cell(&grid, "ours worse in");
	grid_cell(&grid, "runs");
	for (size_t i = 0; i < row_count; i++)
		if (!noise == (rows[i].role != NOISE) && was_measured(samples, NULL, rows[i].name))
			list[count++] = compare_all(samples, &rows[i], theirs, ours);
	qsort(list, count, sizeof(*list), by_loss);
	for (size_t i = 0; i < count; i++)
		summary_row(&grid, &list[i]);
	if (count) {
		grid_print(&grid, stdout);
		printf("\n");
	}
}

/* One table for each subject, every row that was measured in one of them. */
static void summary(const struct samples *samples)
{
	const struct column *their_driver = &driver_columns[0];
	const struct column *our_driver = &driver_columns[COUNT(driver_columns) - 1];

	summary_table(samples, "the drivers", driver_rows, COUNT(driver_rows), their_driver, our_driver, 0);
	summary_table(samples, "the tools", tool_rows, COUNT(tool_rows), &tool_columns[0],
		      &tool_columns[COUNT(tool_columns) - 1], 0);
	summary_table(samples, "the machine", driver_rows, COUNT(driver_rows), their_driver, our_driver, 1);
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
