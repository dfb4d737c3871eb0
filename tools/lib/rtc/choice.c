// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/alarm.h"
#include "lib/rtc/choice.h"
#include "lib/rtc/rtc.h"

/* The second word of the name of a clock that is none of the machine's. */
#define EMULATED	"mc146818-emulated"

static void add(struct choice *choice, const char *path)
{
	for (int i = 0; i < choice->count; i++)
		if (!strcmp(choice->paths[i], path))
			return;
	if (choice->count < (int)(sizeof(choice->paths) / sizeof(choice->paths[0])))
		snprintf(choice->paths[choice->count++], CHOICE_PATH_SIZE, "%s", path);
}

static void add_those(struct choice *choice, const struct rtc_list *rtcs,
		      bool (*fits)(const struct rtc *rtc))
{
	struct rtc rtc;

	for (int i = 0; i < rtcs->count; i++) {
		rtc_describe(&rtc, rtcs->numbers[i]);
		if (fits(&rtc))
			add(choice, rtc.path);
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

void choice_best(struct choice *choice, bool waking)
{
	char path[CHOICE_PATH_SIZE];
	struct rtc_list rtcs;

	memset(choice, 0, sizeof(*choice));
	rtc_list_load(&rtcs);
	choice->clocks = rtcs.count;
	if (waking)
		add_those(choice, &rtcs, wakes);
	add_those(choice, &rtcs, ours);
	rtc_link_path("/dev/rtc", path, sizeof(path));
	add(choice, path);
	add_those(choice, &rtcs, set_the_system);
	add_those(choice, &rtcs, machines_own);
	add_those(choice, &rtcs, any);
	if (!rtcs.count)
		for (const char *const *path = rtc_default_paths; *path; path++)
			add(choice, *path);
}

bool choice_only(char *path)
{
	struct rtc_list rtcs;

	rtc_list_load(&rtcs);
	if (rtcs.count == 1)
		snprintf(path, CHOICE_PATH_SIZE, "/dev/rtc%d", rtcs.numbers[0]);
	return rtcs.count == 1;
}

void choice_usual(struct choice *choice)
{
	char path[CHOICE_PATH_SIZE];

	memset(choice, 0, sizeof(*choice));
	for (const char *const *name = rtc_default_paths; *name; name++)
		add(choice, *name);
	if (choice_only(path))
		add(choice, path);
}
