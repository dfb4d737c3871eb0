/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `rtcctl doctor` examines: a check finds nothing, or one thing, or more. */
#ifndef RTCCTL_COMMANDS_DOCTOR_DOCTOR_H
#define RTCCTL_COMMANDS_DOCTOR_DOCTOR_H

#include <stdbool.h>

#include "lib/rtc/list.h"
#include "lib/rtc/reading.h"
#include "lib/rtc/rtc.h"
#include "lib/time/adjtime.h"
#include "ui/options.h"

enum severity {
	SEVERITY_NOTE,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
};

struct finding {
	const char *id;		/* documented in rtcctl(8) */
	enum severity severity;
	char clock[16];		/* "rtc0"; empty where it is about none */
	char text[400];		/* what is wrong, and by which cause */
	char advice[400];	/* what to do */
};

#define DOCTOR_FINDINGS	512

struct doctor {
	const struct options *options;
	struct finding findings[DOCTOR_FINDINGS];
	int count;

	struct rtc_list rtcs;
	struct rtc rtc;		/* the one that is being examined */
	bool system;		/* what is being found is about no clock */
	bool other;		/* that is not the one that rtcctl takes */
	int open_err;		/* why it could not be opened; or 0 */
	struct adjtime adjtime;
	enum timescale scale;
	bool read;		/* and valid: */
	struct reading reading;
};

/** doctor_find() - Note a finding; doctor_advise() then says what to do about it. */
void doctor_find(struct doctor *doctor, enum severity severity, const char *id,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void doctor_advise(struct doctor *doctor, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** doctor_open_other() - The clock rtc@number, beside the one that rtcctl takes. */
void doctor_open_other(struct doctor *doctor, int number);

/* The checks, in this order; each may rely on those before it. */
void doctor_check_adjtime(struct doctor *doctor);
void doctor_check_presence(struct doctor *doctor);
void doctor_check_clock(struct doctor *doctor);
void doctor_check_alarm(struct doctor *doctor);
void doctor_check_offset(struct doctor *doctor);
void doctor_check_system(struct doctor *doctor);

/** doctor_bound_by() - Return: whether a driver has bound one of the clocks. */
bool doctor_bound_by(const struct doctor *doctor, const char *driver);

#endif
