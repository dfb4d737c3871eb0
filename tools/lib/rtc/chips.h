/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the known makes of the MC146818 do, so far as a guest can see it, and which of
 * them could do what was seen. Pure.
 */
#ifndef RTCCTL_LIB_RTC_CHIPS_H
#define RTCCTL_LIB_RTC_CHIPS_H

#include <stdbool.h>
#include <stdint.h>

#define CHIPS_MAX	32

enum seen {
	NOT_SEEN,	/* whether it does is not known */
	SEEN_NO,
	SEEN_YES,
};

/* What was seen of one chip. All zero: nothing. */
struct chip_traits {
	unsigned int release;	/* bits of conduct_releases that still may be; 0: all */
	enum seen keeps;	/* a time that is written */
	enum seen uip;		/* UIP is ever up; where it is, it is up for so long: */
	int64_t uip_min_ns, uip_max_ns;
	enum seen update_flag;	/* UF rises where UIE is off */
	enum seen periodic_flag; /* PF rises where PIE is off */
	enum seen hides_24;	/* B says 12 hours, and they are 24 */
};

struct chip {
	const char *key;	/* for programs: as the driver's emulated clocks are called */
	const char *text;	/* for people */
	struct chip_traits traits;
};

/* Ended by one without a key. */
extern const struct chip chips[];

/** chips_that_fit() - Fill in those that could do what was seen. Return: how many. */
int chips_that_fit(const struct chip_traits *seen, const struct chip *fit[CHIPS_MAX]);

#endif
