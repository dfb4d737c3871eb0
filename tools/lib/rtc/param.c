// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "lib/rtc/bits.h"
#include "lib/rtc/param.h"

static const char *const names[] = {
	[RTC_PARAM_FEATURES] = "features",
	[RTC_PARAM_CORRECTION] = "correction",
	[RTC_PARAM_BACKUP_SWITCH_MODE] = "bsm",
};

#define NAMES	(sizeof(names) / sizeof(names[0]))

static const char *const switch_modes[] = {
	[RTC_BSM_DISABLED] = "disabled",
	[RTC_BSM_DIRECT] = "direct",
	[RTC_BSM_LEVEL] = "level",
	[RTC_BSM_STANDBY] = "standby",
};

#define SWITCH_MODES	(sizeof(switch_modes) / sizeof(switch_modes[0]))

int param_number(const char *text, uint64_t *value)
{
	bool hexadecimal = !strncasecmp(text, "0x", 2);
	const char *digits = hexadecimal ? text + 2 : text;
	char *end;

	if (!isxdigit((unsigned char)*digits))
		return -EINVAL;
	errno = 0;
	*value = strtoull(digits, &end, hexadecimal ? 16 : 10);
	return errno || *end || end == digits ? -EINVAL : 0;
}

int param_id(const char *text, uint64_t *id)
{
	for (*id = 0; *id < NAMES; (*id)++)
		if (!strcmp(text, names[*id]))
			return 0;
	return param_number(text, id);
}

const char *param_name(uint64_t id)
{
	return id < NAMES ? names[id] : NULL;
}

int param_get(const struct rtc *rtc, struct param *param)
{
	struct rtc_param p = { .param = param->id, .index = param->index };

	if (ioctl(rtc->fd, RTC_PARAM_GET, &p) < 0)
		return -errno;
	param->value = p.uvalue;
	return 0;
}

int param_features(const struct rtc *rtc, uint64_t *features)
{
	struct param param = { .id = RTC_PARAM_FEATURES };
	int err;

	err = param_get(rtc, &param);
	*features = param.value;
	return err;
}

int param_set(const struct rtc *rtc, const struct param *param)
{
	struct rtc_param p = {
		.param = param->id,
		.index = param->index,
		.uvalue = param->value,
	};

	return ioctl(rtc->fd, RTC_PARAM_SET, &p) < 0 ? -errno : 0;
}

const char *param_text(const struct param *param, char *text, size_t size)
{
	switch (param->id) {
	case RTC_PARAM_FEATURES:
		return bits_text(bits_features, param->value, "none", text, size);
	case RTC_PARAM_CORRECTION:
		snprintf(text, size, "%lld ppb", (long long)param->value);
		return text;
	case RTC_PARAM_BACKUP_SWITCH_MODE:
		return param->value < SWITCH_MODES ? switch_modes[param->value] : NULL;
	default:
		return NULL;
	}
}
