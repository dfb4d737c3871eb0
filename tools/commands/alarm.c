// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/alarm.h"
#include "lib/rtc/cmos-layout.h"
#include "lib/rtc/list.h"
#include "lib/rtc/param.h"
#include "lib/time/clock.h"
#include "lib/time/date.h"
#include "lib/time/duration.h"
#include "ui/clock-sheet.h"
#include "ui/device.h"
#include "ui/report.h"
#include "ui/table.h"

enum {
	CLOCK,
	DRIVER,
	STATE,
	ALARM,
	ALARM_S,
	LEFT,
	WAKES,
	STEP,
	REACH,
	WHY,
};

static const struct table_column columns[] = {
	[CLOCK] = { "CLOCK", "name of the clock" },
	[DRIVER] = { "DRIVER", "its driver" },
	[STATE] = { "STATE", "armed, off, none (the clock has no alarm) or unknown" },
	[ALARM] = { "ALARM", "when it comes" },
	[ALARM_S] = { "ALARM_S", "the same in seconds since 1970", .type = TABLE_NUMBER,
		      .right = true, .hidden = true },
	[LEFT] = { "LEFT", "how long until then, in JSON in seconds", .key = "left_s",
		   .type = TABLE_NUMBER, .right = true },
	[WAKES] = { "WAKES", "whether the clock may wake the system", .type = TABLE_BOOLEAN },
	[STEP] = { "STEP", "what alarms are rounded to, in JSON in seconds", .key = "step_s",
		   .type = TABLE_NUMBER, .right = true },
	[REACH] = { "REACH", "how far ahead an alarm of the chip may be" },
	[WHY] = { "WHY", "why something is not known" },
	{}
};

/* What is known of a clock's alarm; the device may be another's. */
struct row {
	struct rtc rtc;
	int err;		/* why the device does not tell */
	struct alarm alarm;
	bool none;
};

/* Sysfs tells of an armed alarm, whoever has the device. */
static void ask_sysfs(struct row *row)
{
	struct root_path path;

	row->alarm.dated = !attribute_read_s64(&row->alarm.rtc_s,
					       rtc_attribute(&row->rtc, &path, "wakealarm"));
	row->alarm.enabled = row->alarm.dated;
	if (row->alarm.dated)
		row->err = 0;
}

static void look(struct row *row, int number)
{
	char node[sizeof(row->rtc.path)];
	struct rtc described;

	memset(row, 0, sizeof(*row));
	rtc_describe(&described, number);
	snprintf(node, sizeof(node), "%s", described.path);
	row->err = rtc_open(&row->rtc, node);
	if (row->err) {
		row->rtc = described;
		ask_sysfs(row);
		return;
	}
	row->err = alarm_read(&row->rtc, &row->alarm);
	row->none = row->err == -EOPNOTSUPP;
	if (row->none)
		row->err = 0;
}

static const char *state_of(const struct row *row)
{
	if (row->err)
		return "unknown";
	if (row->none)
		return "none";
	return row->alarm.enabled ? "armed" : "off";
}

static void fill_date(struct table *table, const struct row *row, enum timescale scale)
{
	char text[DATE_TEXT_SIZE], left[DURATION_TEXT_SIZE];
	int64_t epoch_ns, left_ns;

	if (!row->alarm.enabled || !row->alarm.dated ||
	    timescale_to_epoch(scale, row->alarm.rtc_s * NSEC_PER_SEC, &epoch_ns) ||
	    date_format_second(epoch_ns, text, sizeof(text)))
		return;
	left_ns = epoch_ns - clock_now_ns(CLOCK_REALTIME);
	table_text(table, ALARM, text);
	table_number(table, ALARM_S, epoch_ns / NSEC_PER_SEC, NULL);
	table_number(table, LEFT, clock_floor_s(left_ns), duration_format(left_ns, left));
	table_colour(table, LEFT, left_ns < 0 ? TABLE_WARNING : TABLE_PLAIN);
}

/* Return: 0 where the kernel does not tell. */
static int step_of(const struct rtc *rtc)
{
	uint64_t features;

	if (rtc->fd < 0 || param_features(rtc, &features))
		return 0;
	if (features & 1 << RTC_FEATURE_ALARM_RES_MINUTE)
		return 60;
	return features & 1 << RTC_FEATURE_ALARM_RES_2S ? 2 : 1;
}

static void fill_limits(struct table *table, const struct row *row)
{
	int step_s = step_of(&row->rtc);
	char text[DURATION_TEXT_SIZE];
	int wakes = alarm_wakes(&row->rtc);

	if (wakes >= 0)
		table_bool(table, WAKES, wakes, NULL);
	if (step_s) {
		snprintf(text, sizeof(text), "%d s", step_s);
		table_number(table, STEP, step_s, text);
	}
	if (cmos_layout_applies(&row->rtc))
		table_text(table, REACH, cmos_layout_reach());
}

static void add_row(struct table *table, const struct row *row, enum timescale scale)
{
	const char *state = state_of(row);

	table_row(table);
	table_text(table, CLOCK, row->rtc.node);
	table_text(table, DRIVER, row->rtc.driver);
	table_text(table, STATE, state);
	table_colour(table, STATE, row->err ? TABLE_WARNING :
				   row->alarm.enabled ? TABLE_GOOD : TABLE_DIM);
	if (row->err)
		table_text(table, WHY, strerror(-row->err));
	if (row->none)
		return;
	fill_date(table, row, scale);
	fill_limits(table, row);
}

static int list(const struct options *options)
{
	struct rtc wanted;
	struct table *table;
	struct rtc_list rtcs;
	struct row row;
	int err;

	if (options->device && device_describe(&wanted, options->device))
		return EXIT_FAILURE;
	table = table_new("alarm", "alarms", columns, options);
	if (!table)
		return EXIT_FAILURE;
	err = rtc_list_load(&rtcs);
	if (err == -ENOENT || (!err && !rtcs.count)) {
		device_report_none();
		return table_drop(table);
	}
	if (err)
		report_error(err, "cannot list the clocks");
	for (int i = 0; i < rtcs.count; i++) {
		look(&row, rtcs.numbers[i]);
		if (!options->device || !strcmp(wanted.node, row.rtc.node))
			add_row(table, &row, options->scale);
		rtc_close(&row.rtc);
	}
	return table_print(table) || err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void report_alarm(int err, const struct rtc *rtc)
{
	if (err == -EOPNOTSUPP)
		report("%s: the clock has no alarm", rtc->path);
	else if (err == -ETIME)
		report("%s: the alarm's time is past", rtc->path);
	else if (err == -ERANGE && cmos_layout_applies(rtc))
		report("%s: the alarm is too far ahead: the chip's reaches %s", rtc->path,
		       cmos_layout_reach());
	else if (err == -ERANGE)
		report("%s: the alarm is beyond what the clock can hold", rtc->path);
	else if (err == -EPROTO)
		report("%s: the clock took the alarm but reads back another one", rtc->path);
	else
		report_error(err, "cannot set the alarm of %s", rtc->path);
}

static void sheet_wakes(struct sheet *sheet, const struct rtc *rtc)
{
	int wakes = alarm_wakes(rtc);

	if (wakes < 0)
		return;
	sheet_bool(sheet, "wakes", "Wakes the system", wakes);
	if (!wakes)
		report("%s: the alarm will not wake the system: echo enabled > /sys/class/rtc/%s/device/power/wakeup",
		       rtc->path, rtc->node);
}

static void sheet_alarm_date(struct sheet *sheet, const char *key, const char *label,
			     int64_t epoch_ns)
{
	char text[DATE_TEXT_SIZE], key_s[32];

	if (date_format_second(epoch_ns, text, sizeof(text)))
		return;
	snprintf(key_s, sizeof(key_s), "%s_s", key);
	sheet_string(sheet, key, label, text);
	sheet_int(sheet, key_s, NULL, clock_floor_s(epoch_ns));
}

/* The alarm that there is, in real time. Return: whether there is one. */
static bool armed(const struct rtc *rtc, enum timescale scale, int64_t *epoch_ns)
{
	struct alarm alarm;

	return !alarm_read(rtc, &alarm) && alarm.enabled && alarm.dated &&
	       !timescale_to_epoch(scale, alarm.rtc_s * NSEC_PER_SEC, epoch_ns);
}

static int arm(const struct rtc *rtc, const struct options *options, int64_t epoch_ns,
	       struct sheet *sheet)
{
	int64_t rtc_ns, old_ns;
	bool replaces = armed(rtc, options->scale, &old_ns);
	char left[DURATION_TEXT_SIZE];
	int err;

	/* Alarms are to the second, and none comes early. */
	epoch_ns = clock_floor_s(epoch_ns + NSEC_PER_SEC - 1) * NSEC_PER_SEC;
	err = timescale_to_rtc(options->scale, epoch_ns, &rtc_ns);
	if (!err && options->test)
		err = alarm_possible(rtc, clock_floor_s(rtc_ns));
	else if (!err)
		err = alarm_set(rtc, clock_floor_s(rtc_ns));
	if (err) {
		report_alarm(err, rtc);
		return err;
	}
	sheet_alarm_date(sheet, "alarm", "Alarm", epoch_ns);
	sheet_string(sheet, NULL, "In",
		     duration_format(epoch_ns - clock_now_ns(CLOCK_REALTIME), left));
	if (replaces)
		sheet_alarm_date(sheet, "replaced", "In place of", old_ns);
	if (options->test)
		sheet_string(sheet, NULL, "Armed", "no: only a test");
	sheet_bool(sheet, "armed", NULL, !options->test);
	sheet_wakes(sheet, rtc);
	return 0;
}

static int disarm(const struct rtc *rtc, const struct options *options, struct sheet *sheet)
{
	int64_t old_ns;
	bool was = armed(rtc, options->scale, &old_ns);
	int err;

	err = options->test ? 0 : alarm_cancel(rtc);
	if (err) {
		report_alarm(err, rtc);
		return err;
	}
	if (was)
		sheet_alarm_date(sheet, "cancelled", options->test ? "Would cancel" : "Cancelled",
				 old_ns);
	else
		sheet_string(sheet, NULL, options->test ? "Would cancel" : "Cancelled",
			     "nothing: no alarm was set");
	sheet_bool(sheet, "armed", NULL, was && options->test);
	return 0;
}

static const char *const set_keys[] = {
	SHEET_DEVICE_KEYS, "alarm", "alarm_s", "replaced", "replaced_s", "armed", "wakes", NULL
};

static const char *const cancel_keys[] = {
	SHEET_DEVICE_KEYS, "cancelled", "cancelled_s", "armed", NULL
};

/* @epoch_ns: NULL to cancel. */
static int change(const struct options *options, const int64_t *epoch_ns)
{
	struct sheet *sheet;
	struct rtc rtc;
	int err;

	if (device_open_waking(&rtc, options->device))
		return EXIT_FAILURE;
	sheet = sheet_new("alarm", epoch_ns ? set_keys : cancel_keys);
	sheet_device(sheet, &rtc);
	err = epoch_ns ? arm(&rtc, options, *epoch_ns, sheet) : disarm(&rtc, options, sheet);
	rtc_close(&rtc);
	if (err) {
		sheet_free(sheet);
		return EXIT_FAILURE;
	}
	return options_print(options, sheet);
}

static int set_command(const struct options *options, char **words, int count)
{
	char date[DATE_OPERAND_SIZE];
	int status, err;
	int64_t epoch_ns;

	status = options_no_table("alarm set", options);
	if (status >= 0)
		return status;
	if (!count) {
		report("alarm set: no date given");
		return report_try_help("alarm");
	}
	options_join(words, count, date, sizeof(date));
	err = date_parse_next(date, clock_now_ns(CLOCK_REALTIME), &epoch_ns);
	if (!err)
		return change(options, &epoch_ns);
	report_date(err, date);
	return EXIT_FAILURE;
}

static int cancel_command(const struct options *options)
{
	int status = options_no_table("alarm cancel", options);

	return status >= 0 ? status : change(options, NULL);
}

static int list_command(const struct options *options)
{
	const struct options_unused unused[] = { { options->test, "--test" }, {} };
	int status = options_unused("alarm list", unused);

	return status >= 0 ? status : list(options);
}

static int alarm_command(struct options *options, char **words, int count)
{
	const char *verb = count ? words[0] : "list";

	if (!strcmp(verb, "set")) {
		if (options_adjtime(options, &(struct adjtime){}))
			return EXIT_FAILURE;
		return set_command(options, words + 1, count - 1);
	}
	if (count < 2 && (!strcmp(verb, "list") || !strcmp(verb, "cancel"))) {
		options_adjtime_guess(options);
		return *verb == 'l' ? list_command(options) : cancel_command(options);
	}
	report("alarm: '%s' is not what it understands: list, set DATE or cancel",
	       count > 1 ? words[1] : verb);
	return report_try_help("alarm");
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG,
		OPTIONS_LONG_TABLE,
		{ "test", no_argument, NULL, OPTION_TEST },
		{}
	};
	struct options options = {};
	int status;

	argv = options_keep_dates(&argc, argv);
	if (!argv)
		return EXIT_FAILURE;
	status = options_parse(&options, command, argc, argv, OPTIONS_SHORT, longopts, argc);
	return status >= 0 ? status : alarm_command(&options, argv + optind, argc - optind);
}

const struct command cmd_alarm = {
	.name = "alarm",
	.summary = "the alarms of all clocks; set one or cancel it",
	.help = "rtcctl alarm [list] [OPTION...]\n"
		"       rtcctl alarm set DATE [OPTION...]\n"
		"       rtcctl alarm cancel [OPTION...]\n"
		"\n"
		"List the alarms of all clocks with their limits; set a clock's alarm to DATE,\n"
		"read back and verified; or cancel it. DATE as for 'rtcctl set'; a time of the\n"
		"day that is past means tomorrow's, and a fraction of a second the next one.\n"
		"\n"
		OPTIONS_HELP_TEST
		OPTIONS_HELP_TABLE
		OPTIONS_HELP,
	.examples = { "rtcctl alarm set 'tomorrow 06:30'",
		      "rtcctl alarm list --output CLOCK,ALARM,LEFT" },
	.columns = columns,
	.run = run,
};
