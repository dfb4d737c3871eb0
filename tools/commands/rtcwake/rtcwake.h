/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The face that is compatible with util-linux's rtcwake: one call of it. */
#ifndef RTCCTL_COMMANDS_RTCWAKE_RTCWAKE_H
#define RTCCTL_COMMANDS_RTCWAKE_RTCWAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/machine/sleep.h"
#include "lib/rtc/rtc.h"

enum rtcwake_mode {
	RTCWAKE_OFF,
	RTCWAKE_NO,
	RTCWAKE_ON,
	RTCWAKE_DISABLE,
	RTCWAKE_SHOW,
	RTCWAKE_MODES,
	RTCWAKE_SLEEP = RTCWAKE_MODES,	/* one of the kernel's */
};

enum rtcwake_scale {
	RTCWAKE_AUTO,
	RTCWAKE_UTC,
	RTCWAKE_LOCAL,
};

struct rtcwake {
	/* asked for: */
	enum rtcwake_mode mode;
	const char *mode_name;	/* NULL: the usual sleep */
	enum rtcwake_scale scale;
	const char *device;	/* as it was given; NULL: the default one, until that is found */
	const char *adjfile;	/* NULL: the default one */
	int64_t seconds;	/* from now on; or 0 */
	int64_t alarm_s;	/* as real time; or 0 */
	bool dry_run;
	bool verbose;

	/* found out: */
	struct sleep_states states;
	struct rtc rtc;
	int64_t system_s;	/* one moment: the system's time ... */
	int64_t clock_s;	/* ... and the clock's, as real time by its scale */
};

/** rtcwake_mode_name() - The word for a mode that is not one of the kernel's. */
const char *rtcwake_mode_name(enum rtcwake_mode mode);

/** rtcwake_perform() - Do what is asked for. Return: the exit status. */
int rtcwake_perform(struct rtcwake *wake);

#endif
