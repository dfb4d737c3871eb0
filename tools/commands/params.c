// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "commands/commands.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/bits.h"
#include "lib/rtc/param.h"
#include "ui/device.h"
#include "ui/report.h"
#include "ui/table.h"

#define TEXT_SIZE	256

enum {
	NAME,
	VALUE,
	MEANING,
};

static const struct table_column columns[] = {
	[NAME] = { "NAME", "of the parameter" },
	[VALUE] = { "VALUE", "as the driver gives it", .type = TABLE_NUMBER, .right = true },
	[MEANING] = { "MEANING", "what that says, or why it is not known" },
	{}
};

static const char *decode_features(int64_t value, char *text)
{
	return bits_text(bits_features, value, "none", text, TEXT_SIZE);
}

static const char *decode_voltage(int64_t value, char *text)
{
	return bits_text(bits_voltage, value, "good", text, TEXT_SIZE);
}

static const char *decode_correction(int64_t value, char *text)
{
	if (value)
		/* A positive one makes a day longer. */
		snprintf(text, TEXT_SIZE, "the clock is made %lld ppb %s", llabs(value),
			 value < 0 ? "faster" : "slower");
	else
		snprintf(text, TEXT_SIZE, "the clock's rate is not corrected");
	return text;
}

static const char *decode_backup_switch(int64_t value, char *text)
{
	static const char *const modes[] = {
		[RTC_BSM_DISABLED] = "never: the clock stops without main power",
		[RTC_BSM_DIRECT] = "as soon as the battery has more voltage",
		[RTC_BSM_LEVEL] = "when main power is below a threshold",
		[RTC_BSM_STANDBY] = "not before main power was there once",
	};

	if (value >= 0 && value < (int)(sizeof(modes) / sizeof(modes[0])))
		return modes[value];
	snprintf(text, TEXT_SIZE, "a mode this program does not know");
	return text;
}

static const char *decode_rate(int64_t value, char *text)
{
	snprintf(text, TEXT_SIZE, "%" PRId64 " periodic interrupts a second", value);
	return text;
}

static const char *decode_user_rate(int64_t value, char *text)
{
	snprintf(text, TEXT_SIZE, "%" PRId64 " of them at most, without root (CAP_SYS_RESOURCE)", value);
	return text;
}

static int get_param(const struct rtc *rtc, uint64_t id, int64_t *value)
{
	struct param param = { .id = id };
	int err;

	err = param_get(rtc, &param);
	*value = param.value;
	return err;
}

static int get_features(const struct rtc *rtc, int64_t *value)
{
	return get_param(rtc, RTC_PARAM_FEATURES, value);
}

static int get_correction(const struct rtc *rtc, int64_t *value)
{
	return get_param(rtc, RTC_PARAM_CORRECTION, value);
}

static int get_backup_switch(const struct rtc *rtc, int64_t *value)
{
	return get_param(rtc, RTC_PARAM_BACKUP_SWITCH_MODE, value);
}

static int get_voltage(const struct rtc *rtc, int64_t *value)
{
	unsigned int flags;
	int err;

	err = rtc_read_voltage(rtc, &flags);
	*value = flags;
	return err;
}

static int get_rate(const struct rtc *rtc, int64_t *value)
{
	unsigned long rate = 0;
	int ret = ioctl(rtc->fd, RTC_IRQP_READ, &rate);

	*value = rate;
	return ret < 0 ? -errno : 0;
}

static int get_user_rate(const struct rtc *rtc, int64_t *value)
{
	struct root_path path;

	return attribute_read_s64(value, rtc_attribute(rtc, &path, "max_user_freq"));
}

static const struct parameter {
	const char *name;
	int (*get)(const struct rtc *rtc, int64_t *value);
	/* The text is constant, or in @text with room for TEXT_SIZE bytes. */
	const char *(*decode)(int64_t value, char *text);
} parameters[] = {
	{ "features", get_features, decode_features },
	{ "correction", get_correction, decode_correction },
	{ "backup-switch-mode", get_backup_switch, decode_backup_switch },
	{ "voltage", get_voltage, decode_voltage },
	{ "periodic-rate", get_rate, decode_rate },
	{ "max-user-freq", get_user_rate, decode_user_rate },
};

static const char *reason(int err)
{
	if (err == -EINVAL || err == -ENOTTY || err == -EOPNOTSUPP || err == -ENOENT)
		return "not offered by the driver";
	return strerror(-err);
}

static void add_row(struct table *table, const struct rtc *rtc, const struct parameter *parameter)
{
	char text[TEXT_SIZE];
	int64_t value = 0;
	int err;

	table_row(table);
	table_text(table, NAME, parameter->name);
	err = parameter->get(rtc, &value);
	if (err) {
		table_text(table, MEANING, reason(err));
		table_colour(table, MEANING, TABLE_DIM);
		return;
	}
	table_number(table, VALUE, value, NULL);
	table_text(table, MEANING, parameter->decode(value, text));
}

/* Of the first and the last second that the driver can hold, in square brackets. */
static void decode_range(char *text, size_t size)
{
	struct rtc_time first, last;
	long long first_s, last_s;

	if (sscanf(text, "[%lld,%lld]", &first_s, &last_s) == 2 &&
	    !timescale_rtc_s_to_fields(first_s, &first) &&
	    !timescale_rtc_s_to_fields(last_s, &last))
		snprintf(text, size, "%04d-%02d-%02d to %04d-%02d-%02d", first.tm_year + 1900,
			 first.tm_mon + 1, first.tm_mday, last.tm_year + 1900, last.tm_mon + 1,
			 last.tm_mday);
}

static void add_range(struct table *table, const struct rtc *rtc)
{
	struct root_path path;
	char text[128];

	table_row(table);
	table_text(table, NAME, "range");
	if (attribute_read(text, sizeof(text), rtc_attribute(rtc, &path, "range"))) {
		table_text(table, MEANING, "not told by the driver: no date is refused");
		table_colour(table, MEANING, TABLE_DIM);
		return;
	}
	decode_range(text, sizeof(text));
	table_text(table, MEANING, text);
}

static int params(const struct options *options)
{
	struct table *table = table_new("params", "parameters", columns, options);
	struct rtc rtc;

	if (!table)
		return EXIT_FAILURE;
	if (device_open(&rtc, options->device))
		return table_drop(table);
	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		add_row(table, &rtc, &parameters[i]);
	add_range(table, &rtc);
	rtc_close(&rtc);
	return table_print(table);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct options options = {};
	int status;

	status = options_parse(&options, command, argc, argv, OPTIONS_SHORT_DEVICE,
			       options_device_table, 0);
	return status >= 0 ? status : params(&options);
}

const struct command cmd_params = {
	.name = "params",
	.summary = "the driver's parameters, features and voltage, decoded",
	.help = "rtcctl params [OPTION...]\n"
		"\n"
		"Show what the driver tells of itself and of the clock's battery.\n"
		"\n"
		OPTIONS_HELP_TABLE
		OPTIONS_HELP_DEVICE,
	.examples = { "rtcctl params",
		      "rtcctl params --output NAME,VALUE --noheadings" },
	.columns = columns,
	.run = run,
};
