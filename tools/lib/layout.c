// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "layout.h"
#include "root.h"

int layout_load(struct fadt *fadt)
{
	struct root_path path;

	memset(fadt, 0, sizeof(*fadt));
	return fadt_load(root_path(&path, FADT_PATH), fadt);
}

bool layout_applies(const struct rtc *rtc)
{
	if (strcmp(rtc->driver, "rtc_cmos") && strcmp(rtc->driver, RTC_OURS))
		return false;
	return !strstr(rtc->name, "emulated");
}

const char *layout_reach(void)
{
	struct fadt fadt;

	if (layout_load(&fadt))
		return "?";
	if (fadt.month_alarm)
		return "a year";
	return fadt.date_alarm ? "a month" : "a day";
}
