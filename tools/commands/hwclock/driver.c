// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What hwclock does with the driver's parameters and its voltage flags.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "commands/hwclock/hwclock.h"
#include "lib/rtc/param.h"
#include "ui/report.h"

#define TEXT_SIZE	256

/* The kernel's own words for its flags, which util-linux since 2.39 prints. */
static const struct {
	unsigned int mask;
	const char *text;
} voltages[] = {
	{ RTC_VL_DATA_INVALID, "Voltage too low, RTC data is invalid" },
	{ RTC_VL_BACKUP_LOW, "Backup voltage is low" },
	{ RTC_VL_BACKUP_EMPTY, "Backup empty or not present" },
	{ RTC_VL_ACCURACY_LOW, "Voltage is low, RTC accuracy is reduced" },
	{ RTC_VL_BACKUP_SWITCH, "Backup switchover happened" },
};

static int parse_id(const char *name, struct param *param)
{
	int err = param_id(name, &param->id);

	if (err)
		report("could not convert parameter name to number");
	return err;
}

/* NAME=VALUE */
static int parse_assignment(const char *text, struct param *param)
{
	const char *equals = strchr(text, '=');
	char *name;
	int err;

	if (equals == text || (equals && !equals[1])) {
		report("expected <param>=<value>");
		return -EINVAL;
	}
	name = equals ? strndup(text, equals - text) : strdup(text);
	if (!name)
		return -ENOMEM;
	err = parse_id(name, param);
	free(name);
	if (err)
		return err;
	if (!equals) {
		report("expected <param>=<value>");
		return -EINVAL;
	}
	err = param_number(equals + 1, &param->value);
	if (err)
		report("could not convert parameter value to number");
	return err;
}

static int finish(const struct hwclock *hw, int err, const char *call)
{
	if (err)
		report_error(err, "ioctl(%d, %s) to %s failed", hw->rtc.fd, call, hw->rtc.path);
	else
		say(hw, "ioctl(%d, %s) to %s succeeded.", hw->rtc.fd, call, hw->rtc.path);
	return err;
}

static void print_param(const struct hwclock *hw, const struct param *param)
{
	const char *name = param_name(param->id);
	char buffer[TEXT_SIZE];
	const char *text = param_text(param, buffer, sizeof(buffer));

	printf("The RTC parameter 0x%llx is set to 0x%llx.\n", (unsigned long long)param->id,
	       (unsigned long long)param->value);
	if (name && text)
		say(hw, "%s: %s", name, text);
}

static int get(struct hwclock *hw)
{
	struct param param = { .index = hw->param_index };
	int err;

	err = parse_id(hw->param, &param);
	if (!err)
		err = hwclock_open(hw);
	if (!err)
		err = finish(hw, param_get(&hw->rtc, &param), "RTC_PARAM_GET, param");
	if (err) {
		report("unable to read the RTC parameter %s", hw->param);
		return EXIT_FAILURE;
	}
	print_param(hw, &param);
	return EXIT_SUCCESS;
}

static int set(struct hwclock *hw)
{
	struct param param = { .index = hw->param_index };

	if (parse_assignment(hw->param, &param))
		return EXIT_FAILURE;
	if (hw->test)
		return EXIT_SUCCESS;
	if (hwclock_open(hw))
		return EXIT_FAILURE;
	return finish(hw, param_set(&hw->rtc, &param), "RTC_PARAM_SET, param") ? EXIT_FAILURE
									       : EXIT_SUCCESS;
}

static int read_voltage(struct hwclock *hw)
{
	unsigned int flags;
	int err;

	if (hwclock_open(hw))
		return EXIT_FAILURE;
	err = rtc_read_voltage(&hw->rtc, &flags);
	if (err) {
		report_error(err, "ioctl(%d, RTC_VL_READ) on %s failed", hw->rtc.fd, hw->rtc.path);
		return EXIT_FAILURE;
	}
	say(hw, "ioctl(%d, RTC_VL_READ) on %s returned 0x%x", hw->rtc.fd, hw->rtc.path,
		    flags);
	for (size_t i = 0; i < sizeof(voltages) / sizeof(voltages[0]); i++)
		if (flags & voltages[i].mask)
			printf("0x%02x - %s\n", voltages[i].mask, voltages[i].text);
	return EXIT_SUCCESS;
}

static int clear_voltage(struct hwclock *hw)
{
	int err;

	if (hwclock_open(hw))
		return EXIT_FAILURE;
	if (hw->test)
		return EXIT_SUCCESS;
	err = rtc_clear_voltage(&hw->rtc);
	if (err)
		report_error(err, "ioctl(%d, RTC_VL_CLEAR) on %s failed", hw->rtc.fd, hw->rtc.path);
	else
		say(hw, "ioctl(%d, RTC_VL_CLEAR) on %s succeeded.", hw->rtc.fd,
			    hw->rtc.path);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int hwclock_driver(struct hwclock *hw)
{
	switch (hw->function) {
	case HWCLOCK_PARAM_GET:
		return get(hw);
	case HWCLOCK_PARAM_SET:
		return set(hw);
	case HWCLOCK_VOLTAGE_READ:
		return read_voltage(hw);
	case HWCLOCK_VOLTAGE_CLEAR:
		return clear_voltage(hw);
	default:
		return EXIT_FAILURE;
	}
}
