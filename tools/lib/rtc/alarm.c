// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/alarm.h"
#include "lib/rtc/cmos-layout.h"
#include "lib/rtc/param.h"

/* The kernel's RTC_FEATURE_ALARM, which older headers lack. */
#define FEATURE_ALARM		(1ULL << 0)
/* Some clocks' alarms have no seconds: the driver then takes the minute. */
#define COARSEST_ALARM_S	60
/* The clock may be set meanwhile: it is looked at again after this. */
#define LONGEST_SLEEP_S		3600
#define LATE_S			2

/* Kernels before 5.16 tell no features. */
static bool lacks_alarm(const struct rtc *rtc)
{
	uint64_t features;

	return !param_features(rtc, &features) && !(features & FEATURE_ALARM);
}

/* A refusal has many numbers, one for each driver. */
static int reason(const struct rtc *rtc, int err)
{
	if (err == -ENOTTY || ((err == -EINVAL || err == -EIO) && lacks_alarm(rtc)))
		return -EOPNOTSUPP;
	if (err == -EINVAL || err == -EDOM)
		return -ERANGE;
	return err;
}

int alarm_read(const struct rtc *rtc, struct alarm *alarm)
{
	struct rtc_wkalrm wake;
	int err;

	memset(alarm, 0, sizeof(*alarm));
	err = rtc_read_alarm(rtc, &wake);
	if (err)
		return reason(rtc, err);
	alarm->enabled = wake.enabled == 1;
	alarm->dated = wake.time.tm_year != -1 &&
		       !timescale_fields_to_rtc_s(&wake.time, &alarm->rtc_s);
	return 0;
}

static int write_alarm(const struct rtc *rtc, int64_t rtc_s, bool enabled)
{
	struct rtc_wkalrm wake = { .enabled = enabled };
	int err;

	err = timescale_rtc_s_to_fields(rtc_s, &wake.time);
	return err ? err : rtc_set_alarm(rtc, &wake);
}

/* An alarm that came meanwhile is armed no more. */
static int check(const struct rtc *rtc, int64_t rtc_s)
{
	struct alarm alarm;
	int64_t now_s;
	int err;

	err = alarm_read(rtc, &alarm);
	if (err)
		return err;
	if (alarm.enabled && alarm.dated && alarm.rtc_s <= rtc_s &&
	    alarm.rtc_s > rtc_s - COARSEST_ALARM_S)
		return 0;
	err = rtc_read_s(rtc, &now_s);
	if (err)
		return err;
	return !alarm.enabled && now_s >= rtc_s ? 0 : -EPROTO;
}

/* Drivers may take yesterday's alarm for one of tomorrow. */
static int look_before(const struct rtc *rtc, int64_t rtc_s, struct alarm *before, int64_t *now_s)
{
	int err;

	err = alarm_read(rtc, before);
	if (!err)
		err = rtc_read_s(rtc, now_s);
	if (err)
		return err;
	return rtc_s <= *now_s ? -ETIME : 0;
}

static bool reaches(const struct rtc *rtc, int64_t rtc_s, int64_t now_s)
{
	return rtc_holds(rtc, rtc_s) &&
	       (!cmos_layout_applies(rtc) || rtc_s - now_s <= cmos_layout_reach_s());
}

int alarm_possible(const struct rtc *rtc, int64_t rtc_s)
{
	struct alarm before;
	int64_t now_s;
	int err = look_before(rtc, rtc_s, &before, &now_s);

	return err || reaches(rtc, rtc_s, now_s) ? err : -ERANGE;
}

int alarm_set(const struct rtc *rtc, int64_t rtc_s)
{
	struct alarm before;
	int64_t now_s;
	int err;

	err = look_before(rtc, rtc_s, &before, &now_s);
	if (err)
		return err;
	err = reason(rtc, write_alarm(rtc, rtc_s, true));
	if (!err)
		err = check(rtc, rtc_s);
	if (err && before.dated)
		write_alarm(rtc, before.rtc_s, before.enabled);
	return err;
}

int alarm_cancel(const struct rtc *rtc)
{
	/* Also where the alarm is said to be off: it reaches the chip in any case. */
	return reason(rtc, rtc_alarm_interrupt(rtc, false));
}

/* How long to sleep for the interrupt, in ms: 0 where it should have come. */
static int patience(const struct rtc *rtc, int64_t rtc_s, int *ms)
{
	int64_t now_s, left_s;
	int err;

	err = rtc_read_s(rtc, &now_s);
	if (err)
		return err;
	left_s = rtc_s + LATE_S - now_s;
	if (left_s < 0)
		left_s = 0;
	*ms = (left_s < LONGEST_SLEEP_S ? left_s : LONGEST_SLEEP_S) * 1000;
	return 0;
}

/* Return: 1 where it was the alarm, 0 where nothing or something else came, -errno. */
static int take_interrupt(const struct rtc *rtc, void (*saw)(unsigned long flags))
{
	unsigned long flags;

	if (read(rtc->fd, &flags, sizeof(flags)) < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (saw)
		saw(flags);
	return !!(flags & RTC_AF);
}

int alarm_wait(const struct rtc *rtc, int64_t rtc_s, void (*saw)(unsigned long flags))
{
	struct pollfd pollfd = { .fd = rtc->fd, .events = POLLIN };
	int ret, ms;

	for (;;) {
		ret = patience(rtc, rtc_s, &ms);
		if (ret)
			return ret;
		if (poll(&pollfd, 1, ms) < 0 && errno != EINTR)
			return -errno;
		ret = take_interrupt(rtc, saw);
		if (ret)
			return ret < 0 ? ret : 0;
		if (!ms)
			return -ETIME;
	}
}

int alarm_wakes(const struct rtc *rtc)
{
	struct root_path path;
	char text[16];
	int err;

	err = attribute_read(text, sizeof(text), rtc_attribute(rtc, &path, "device/power/wakeup"));
	return err ? err : !strcmp(text, "enabled");
}
