/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The judgement of `rtcctl follow`: whether the system's time is to be set from the clock. */
#ifndef RTCCTL_COMMANDS_FOLLOW_VERDICT_H
#define RTCCTL_COMMANDS_FOLLOW_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/rtc.h"
#include "lib/time/adjtime.h"
#include "lib/time/clock.h"
#include "ui/options.h"

enum follow_verdict {
	FOLLOW_RIGHT,	/* the two agree */
	FOLLOW_SET,	/* the system's time was set, or would have been */
	FOLLOW_LEFT,	/* to NTP */
	FOLLOW_REFUSED,	/* the clock is not to be believed just now */
	FOLLOW_FAILED,	/* and will not do better */
};

/* What the looks took. */
struct follow_cost {
	int64_t begun_ns;	/* CLOCK_MONOTONIC */
	uint64_t looks;
	int64_t accesses;	/* to the chip; negative: not told */
	int64_t counted;	/* the driver's counter, up to which they are counted */
	int64_t until_ns;	/* so long the driver goes on after a close look, for us */
};

/* What the clock is kept in, as far as that has shown. */
struct follow_zone {
	enum timescale scale;
	bool other;		/* it agreed with the system's time in the other timescale alone */
	bool known;		/* the two have agreed, */
	int64_t ahead_ns;	/* when the clock was so far ahead of UTC */
};

struct follow {
	struct options *options;
	int64_t threshold_ns;
	bool always;
	struct rtc rtc;		/* described, never kept open */
	struct adjtime adjtime;
	struct follow_zone zone;
	struct moment begun;	/* the latest close look */
	int told;		/* what was last said, so that it is said once */
	struct follow_cost cost;
};

/** follow_begin() - Find the clock. Return: 0 or -errno, reported. */
int follow_begin(struct follow *follow);

/**
 * follow_look() - Compare the clock with the system's time, and set that where it is due.
 * @follow: as follow_begin() left it
 * @closely: inside the second; else a glance has to show a need for that
 * Says what it does, and why not; but not again as long as nothing changes.
 */
enum follow_verdict follow_look(struct follow *follow, bool closely);

/** follow_next_ns() - When CLOCK_REALTIME is about @after_ns on, and a glance tells most. */
int64_t follow_next_ns(const struct follow *follow, int64_t after_ns);

/** follow_gone() - Say that there is no such clock any more. */
enum follow_verdict follow_gone(const struct follow *follow);

/** follow_report_cost() - How many looks and accesses there were. */
void follow_report_cost(const struct follow *follow);

#endif
