/* SPDX-License-Identifier: GPL-2.0 */
/* The face that is compatible with util-linux's hwclock: one call of it. */
#ifndef RTCCTL_HWCLOCK_H
#define RTCCTL_HWCLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/adjtime.h"
#include "lib/clock.h"
#include "lib/rtc.h"

enum hwclock_function {
	HWCLOCK_SHOW,
	HWCLOCK_GET,
	HWCLOCK_SET,
	HWCLOCK_HCTOSYS,
	HWCLOCK_SYSTOHC,
	HWCLOCK_SYSTZ,
	HWCLOCK_ADJUST,
	HWCLOCK_PREDICT,
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
	bool utc;
	bool local;
	bool noadjfile;
	bool update_drift;
	bool test;
	bool verbose;

	/* found out: */
	struct moment start;
	struct rtc rtc;
	struct adjtime adjtime;
	enum timescale scale;
	bool dirty;		/* adjtime differs from its file */
	bool clock_read;	/* and valid: */
	int64_t clock_ns;	/* what it showed, as real time, at this moment: */
	struct moment clock_at;
	double correction_s;	/* to add, by the drift factor */
};

extern const char hwclock_help[];

/** hwclock_perform() - Do what is asked for. Return: the exit status. */
int hwclock_perform(struct hwclock *hw);

#endif
