// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "lib/base/root.h"
#include "lib/rtc/cmos-layout.h"

int cmos_layout_load(struct fadt *fadt)
{
	struct root_path path;

	memset(fadt, 0, sizeof(*fadt));
	return fadt_load(root_path(&path, FADT_PATH), fadt);
}

bool cmos_layout_applies(const struct rtc *rtc)
{
	if (strcmp(rtc->driver, "rtc_cmos") && strcmp(rtc->driver, RTC_OURS))
		return false;
	return !strstr(rtc->name, "emulated");
}

struct reach {
	int64_t seconds;
	const char *words;
};

/* The longest year and month; a driver may refuse the last of it. */
static struct reach find_reach(void)
{
	struct fadt fadt;

	if (cmos_layout_load(&fadt))
		return (struct reach){ INT64_MAX, "?" };
	if (fadt.month_alarm)
		return (struct reach){ 365 * 86400LL, "a year" };
	if (fadt.date_alarm)
		return (struct reach){ 31 * 86400LL, "a month" };
	return (struct reach){ 86400, "a day" };
}

int64_t cmos_layout_reach_s(void)
{
	return find_reach().seconds;
}

const char *cmos_layout_reach(void)
{
	return find_reach().words;
}
