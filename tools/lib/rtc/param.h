/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parameters of an RTC driver, by RTC_PARAM_GET and RTC_PARAM_SET. */
#ifndef RTCCTL_LIB_RTC_PARAM_H
#define RTCCTL_LIB_RTC_PARAM_H

#include <stddef.h>
#include <stdint.h>

#include "lib/rtc/rtc.h"

struct param {
	uint64_t id;
	uint32_t index;
	uint64_t value;
};

/** param_number() - Text as a number, hexadecimal behind 0x; -EINVAL. */
int param_number(const char *text, uint64_t *value);

/** param_id() - The id of a name, or of a number; -EINVAL. */
int param_id(const char *text, uint64_t *id);

/** param_get() - Ask for the value. Return: 0 or -errno. */
int param_get(const struct rtc *rtc, struct param *param);

/** param_features() - The features that the driver claims, RTC_FEATURE_*. Return: 0 or -errno. */
int param_features(const struct rtc *rtc, uint64_t *features);

/** param_set() - Set the value. Return: 0 or -errno. */
int param_set(const struct rtc *rtc, const struct param *param);

/** param_text() - What the value means, in words; NULL where that is not known. */
const char *param_text(const struct param *param, char *text, size_t size);

/** param_name() - The name of an id, or NULL. */
const char *param_name(uint64_t id);

#endif
