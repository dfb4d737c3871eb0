// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/alarm.h"
#include "lib/rtc/candidates.h"
#include "lib/rtc/rtc.h"

/* The second word of the name of a clock that is none of the machine's. */
#define EMULATED	"mc146818-emulated"

static void add(struct candidates *candidates, const char *path)
{
	for (int i = 0; i < candidates->count; i++)
		if (!strcmp(candidates->paths[i], path))
			return;
	if (candidates->count < (int)(sizeof(candidates->paths) / sizeof(candidates->paths[0])))
		snprintf(candidates->paths[candidates->count++], CANDIDATE_PATH_SIZE, "%s", path);
}

static void add_those(struct candidates *candidates, const struct rtc_list *rtcs,
		      bool (*fits)(const struct rtc *rtc))
{
	struct rtc rtc;

	for (int i = 0; i < rtcs->count; i++) {
		rtc_describe(&rtc, rtcs->numbers[i]);
		if (fits(&rtc))
			add(candidates, rtc.path);
	}
}

static bool emulated(const struct rtc *rtc)
{
	return strstr(rtc->name, " " EMULATED);
}

static bool wakes(const struct rtc *rtc)
{
	return !emulated(rtc) && alarm_wakes(rtc) == 1;
}

static bool ours(const struct rtc *rtc)
{
	return !strcmp(rtc->driver, RTC_OURS) && !emulated(rtc);
}

static bool set_the_system(const struct rtc *rtc)
{
	struct root_path path;
	int64_t value;

	return !attribute_read_s64(&value, rtc_attribute(rtc, &path, "hctosys")) && value;
}

static bool machines_own(const struct rtc *rtc)
{
	return !emulated(rtc);
}

static bool any(const struct rtc *rtc)
{
	(void)rtc;
	return true;
}

void candidates_best(struct candidates *candidates, bool waking)
{
	char path[CANDIDATE_PATH_SIZE];
	struct rtc_list rtcs;

	memset(candidates, 0, sizeof(*candidates));
	rtc_list_load(&rtcs);
	candidates->clocks = rtcs.count;
	if (waking)
		add_those(candidates, &rtcs, wakes);
	add_those(candidates, &rtcs, ours);
	rtc_link_path("/dev/rtc", path, sizeof(path));
	add(candidates, path);
	add_those(candidates, &rtcs, set_the_system);
	add_those(candidates, &rtcs, machines_own);
	add_those(candidates, &rtcs, any);
	if (!rtcs.count)
		for (const char *const *path = rtc_default_paths; *path; path++)
			add(candidates, *path);
}

bool candidates_only(char *path)
{
	struct rtc_list rtcs;

	rtc_list_load(&rtcs);
	if (rtcs.count == 1)
		snprintf(path, CANDIDATE_PATH_SIZE, "/dev/rtc%d", rtcs.numbers[0]);
	return rtcs.count == 1;
}

void candidates_usual(struct candidates *candidates)
{
	char path[CANDIDATE_PATH_SIZE];

	memset(candidates, 0, sizeof(*candidates));
	for (const char *const *name = rtc_default_paths; *name; name++)
		add(candidates, *name);
	if (candidates_only(path))
		add(candidates, path);
}
