/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the flags of a clock mean. */
#ifndef RTCCTL_LIB_RTC_BITS_H
#define RTCCTL_LIB_RTC_BITS_H

#include <stddef.h>
#include <stdint.h>

struct bit {
	uint64_t mask;
	const char *key;	/* for programs */
	const char *text;	/* for people */
};

/* Each ended by an entry without key. */
extern const struct bit bits_features[];	/* RTC_PARAM_FEATURES */
extern const struct bit bits_voltage[];		/* RTC_VL_READ */

/** bits_text() - The texts of the bits that are @set, separated by commas; or @none. */
const char *bits_text(const struct bit *bits, uint64_t set, const char *none, char *text,
		      size_t size);

#endif
