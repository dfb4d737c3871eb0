/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The face that is compatible with util-linux's hwclock: one call of it. */
#ifndef RTCCTL_COMMANDS_HWCLOCK_HWCLOCK_H
#define RTCCTL_COMMANDS_HWCLOCK_HWCLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/rtc.h"
#include "lib/rtc/setting.h"
#include "lib/time/adjtime.h"
#include "lib/time/clock.h"
#include "lib/time/lockfile.h"

enum hwclock_function {
	HWCLOCK_SHOW,
	HWCLOCK_GET,
	HWCLOCK_SET,
	HWCLOCK_HCTOSYS,
	HWCLOCK_SYSTOHC,
	HWCLOCK_SYSTZ,
	HWCLOCK_ADJUST,
	HWCLOCK_PREDICT,
	/* These are about the driver, not about the time: */
	HWCLOCK_PARAM_GET,
	HWCLOCK_PARAM_SET,
	HWCLOCK_VOLTAGE_READ,
	HWCLOCK_VOLTAGE_CLEAR,
};

struct hwclock {
	/* asked for: */
	enum hwclock_function function;
	bool function_given;
	const char *device;	/* NULL: the default one */
	const char *adjfile;	/* NULL: the default one */
	const char *date;
	int64_t date_ns;
	int64_t delay_ns;	/* negative: the driver's */
	const char *param;	/* as it was given, with its value where one is to be set */
	uint32_t param_index;
	bool directisa;
	bool utc;
	bool local;
	bool noadjfile;
	bool update_drift;
	bool test;
	bool verbose;

	/* found out: */
	struct moment start;
	struct rtc rtc;
	int audit_fd;
	struct lockfile lock;
	struct adjtime adjtime;
	enum timescale scale;
	bool dirty;		/* adjtime differs from its file */
	bool clock_read;	/* and valid: */
	int64_t clock_ns;	/* what it showed, as real time, at this moment: */
	struct moment clock_at;
	double correction_s;	/* to add, by the drift factor */
	struct setting setting;
};

extern const char hwclock_help[];

/** hwclock_perform() - Do what is asked for. Return: the exit status. */
int hwclock_perform(struct hwclock *hw);

/** say() - A line where more is asked for. */
void say(const struct hwclock *hw, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** hwclock_open() - Open the clock; 0 or -errno, reported. */
int hwclock_open(struct hwclock *hw);

/** hwclock_driver() - Do what is about the driver. Return: the exit status. */
int hwclock_driver(struct hwclock *hw);

/** hwclock_about_driver() - Whether the function is one of those. */
static inline bool hwclock_about_driver(const struct hwclock *hw)
{
	return hw->function >= HWCLOCK_PARAM_GET;
}

#endif
