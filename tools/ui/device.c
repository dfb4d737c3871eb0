// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/rtc/candidates.h"
#include "lib/rtc/holders.h"
#include "lib/rtc/list.h"
#include "lib/time/clock.h"
#include "ui/device.h"
#include "ui/report.h"

#define BUSY_LIMIT_NS	NSEC_PER_SEC
#define BUSY_STEP_NS	(20 * NSEC_PER_MSEC)
#define HOLDERS_MAX	4

int device_open_patiently(struct rtc *rtc, const char *path)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC) + BUSY_LIMIT_NS;
	int64_t now_ns;
	int err;

	for (;;) {
		err = rtc_open(rtc, path);
		now_ns = clock_now_ns(CLOCK_MONOTONIC);
		if (err != -EBUSY || now_ns >= until_ns)
			return err;
		clock_sleep_until(CLOCK_MONOTONIC, now_ns + BUSY_STEP_NS);
	}
}

static int open_first(struct rtc *rtc, const struct candidates *candidates,
		      void (*trying)(const char *path))
{
	int err = -ENOENT;

	for (int i = 0; i < candidates->count; i++) {
		if (trying)
			trying(candidates->paths[i]);
		err = device_open_patiently(rtc, candidates->paths[i]);
		if (err != -ENOENT && err != -ENODEV && err != -ENXIO)
			return err;
	}
	return err;
}

int device_open_best(struct rtc *rtc)
{
	struct candidates candidates;

	candidates_best(&candidates, false);
	return open_first(rtc, &candidates, NULL);
}

int device_open_usual(struct rtc *rtc, void (*trying)(const char *path))
{
	struct candidates candidates;

	candidates_usual(&candidates);
	return open_first(rtc, &candidates, trying);
}

static void report_busy(const char *path)
{
	struct holder holders[HOLDERS_MAX];
	char list[512];
	size_t hidden;
	int count, len = 0;

	count = holders_find(path, holders, HOLDERS_MAX, &hidden);
	for (int i = 0; i < count; i++)
		len += snprintf(list + len, sizeof(list) - len, "%s%s (pid %d)", i ? ", " : "",
				holders[i].comm, holders[i].pid);
	if (count > 0)
		report("cannot open %s: Device or resource busy: held by %s", path, list);
	else if (hidden)
		report("cannot open %s: Device or resource busy: root is told who holds it", path);
	else
		report("cannot open %s: Device or resource busy", path);
}

void device_report(int err, const char *path)
{
	if (err == -EBUSY)
		report_busy(path);
	else if (err == -ENOTTY)
		report("cannot use %s: not a real-time clock", path);
	else if (err == -EACCES || err == -EPERM)
		report_error(err, "cannot open %s without root", path);
	else
		report_error(err, "cannot open %s", path);
}

void device_report_none(void)
{
	struct candidates candidates;

	candidates_best(&candidates, false);
	if (candidates.clocks)
		report("no clock: the kernel has one, but there is no %s: see 'rtcctl doctor'",
		       candidates.paths[candidates.count - 1]);
	else
		report("no clock: there is no /dev/rtc0, /dev/rtc or /dev/misc/rtc");
}

static int open_named(struct rtc *rtc, const char *path)
{
	int err = device_open_patiently(rtc, path);

	if (err)
		device_report(err, rtc->path);
	return err;
}

static int open_chosen(struct rtc *rtc, bool waking)
{
	struct candidates candidates;
	int err;

	candidates_best(&candidates, waking);
	err = open_first(rtc, &candidates, NULL);
	if (err == -ENOENT)
		device_report_none();
	else if (err)
		device_report(err, rtc->path);
	return err;
}

int device_open(struct rtc *rtc, const char *path)
{
	return path ? open_named(rtc, path) : open_chosen(rtc, false);
}

int device_open_waking(struct rtc *rtc, const char *path)
{
	return path ? open_named(rtc, path) : open_chosen(rtc, true);
}

static bool is_called(const struct rtc *rtc, const char *name)
{
	char path[PATH_MAX];

	rtc_link_path(name, path, sizeof(path));
	return !strcmp(path, rtc->path);
}

static const char *best_there_is(void)
{
	static struct candidates candidates;

	candidates_best(&candidates, false);
	for (int i = 0; i < candidates.count; i++)
		if (!access(candidates.paths[i], F_OK))
			return candidates.paths[i];
	return NULL;
}

int device_describe(struct rtc *rtc, const char *path)
{
	const char *wanted = path ? path : best_there_is();
	struct rtc_list rtcs;

	rtc_list_load(&rtcs);
	for (int i = 0; i < rtcs.count; i++) {
		rtc_describe(rtc, rtcs.numbers[i]);
		if (!wanted || is_called(rtc, wanted))
			return 0;
	}
	if (path)
		report("%s: sysfs knows no clock of this name", path);
	else
		device_report_none();
	return -ENODEV;
}
