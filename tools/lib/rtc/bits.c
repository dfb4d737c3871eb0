// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <linux/rtc.h>

#include "lib/rtc/bits.h"

#define FEATURE(name)	(1ULL << RTC_FEATURE_##name)

const struct bit bits_features[] = {
	{ FEATURE(ALARM), "alarm", "alarm" },
	{ FEATURE(ALARM_RES_MINUTE), "alarm-res-minute", "alarms to the minute" },
	{ FEATURE(NEED_WEEK_DAY), "need-week-day", "alarms need the week day" },
	{ FEATURE(ALARM_RES_2S), "alarm-res-2s", "alarms to two seconds" },
	{ FEATURE(UPDATE_INTERRUPT), "update-interrupt", "update interrupt" },
	{ FEATURE(CORRECTION), "correction", "rate correction" },
	{ FEATURE(BACKUP_SWITCH_MODE), "backup-switch-mode", "backup switch mode" },
	{ FEATURE(ALARM_WAKEUP_ONLY), "alarm-wakeup-only", "alarms only wake" },
	{}
};

const struct bit bits_voltage[] = {
	{ RTC_VL_DATA_INVALID, "data-invalid", "too low, the time is not to be trusted" },
	{ RTC_VL_BACKUP_LOW, "backup-low", "low" },
	{ RTC_VL_BACKUP_EMPTY, "backup-empty", "empty or missing" },
	{ RTC_VL_ACCURACY_LOW, "accuracy-low", "low, the clock is less accurate" },
	{ RTC_VL_BACKUP_SWITCH, "backup-switch", "was in use since last asked" },
	{}
};

const char *bits_text(const struct bit *bits, uint64_t set, const char *none, char *text,
		      size_t size)
{
	int len = 0;

	for (; bits->key; bits++)
		if (set & bits->mask && len < (int)size)
			len += snprintf(text + len, size - len, "%s%s", len ? ", " : "",
					bits->text);
	return len ? text : none;
}
