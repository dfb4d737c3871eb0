/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What registers A and C show of a chip's updates. */
#ifndef RTCCTL_LIB_RTC_UPDATE_H
#define RTCCTL_LIB_RTC_UPDATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/chips.h"
#include "lib/rtc/registers.h"

/* One look: A, then the seconds. Times of one clock, before and after each. */
struct update_look {
	int64_t before_ns, between_ns, after_ns;
	bool uip;
	uint8_t seconds;
};

/* What was made of the looks so far; all zero at first. */
struct update {
	struct update_look last;
	int64_t began_ns;	/* of the first look */
	int64_t blind_ns;	/* longest time without a look at UIP since the last update */
	int64_t rise_ns;	/* UIP was down last before this run of it ... */
	int64_t up_ns;		/* ... and first seen up then; 0: it is not up */
	int updates;		/* seen */
	int watched;		/* ... of them so closely that UIP could not be missed */
	bool raised;		/* UIP was up, and is down again; it was up for: */
	int64_t uip_min_ns, uip_max_ns;
};

/** update_take() - Take one look into account. */
void update_take(struct update *update, const struct update_look *look);

/** update_uip() - What is known of UIP after that. */
enum seen update_uip(const struct update *update);

/* What update_watch() finds. */
struct update_signs {
	int updates;
	enum seen uip;
	int64_t uip_min_ns, uip_max_ns;
	bool flags_read;	/* no interrupt is enabled; the rest is known only then */
	uint8_t c;		/* flags of an update's time */
	bool rate;		/* a periodic rate was selected */
};

/**
 * update_watch() - Watch the registers for some seconds.
 * @file: where they are
 * @signs: filled in
 *
 * Register C is read, and loses its flags, only while no interrupt is enabled.
 *
 * Return: 0, also where the clock does not tick; -errno.
 */
int update_watch(const struct register_file *file, struct update_signs *signs);

#endif
