// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/compliance/compliance.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/setting.h"
#include "lib/rtc/take-reading.h"

/* A driver that keeps the phase of its seconds is off by half a second at most. */
#define RESTORED_NS	(500 * NSEC_PER_MSEC)
#define RESTORE_TRIES	3
#define LOOKS		8
/* Less is what NTP slews. */
#define STEPPED_NS	NSEC_PER_MSEC

long compliance_interrupt(const struct rtc *rtc, int ms)
{
	struct pollfd pollfd = { .fd = rtc->fd, .events = POLLIN };
	unsigned long data;
	int ret;

	ret = poll(&pollfd, 1, ms);
	if (ret <= 0)
		return ret < 0 ? -errno : 0;
	if (read(rtc->fd, &data, sizeof(data)) != sizeof(data))
		return errno == EAGAIN ? 0 : -errno;
	return data;
}

int compliance_set(const struct rtc *rtc, int64_t rtc_s)
{
	struct rtc_time fields;
	int err;

	err = timescale_rtc_s_to_fields(rtc_s, &fields);
	return err ? err : rtc_set(rtc, &fields);
}

int compliance_range(const struct rtc *rtc, int64_t *first_s, int64_t *last_s)
{
	struct root_path path;
	long long first, last;
	char text[64];
	int err;

	err = attribute_read(text, sizeof(text), rtc_attribute(rtc, &path, "range"));
	if (err)
		return err;
	if (sscanf(text, "[%lld,%lld]", &first, &last) != 2)
		return -EBADMSG;
	*first_s = first;
	*last_s = last;
	return 0;
}

/* CLOCK_REALTIME minus CLOCK_MONOTONIC: the narrowest of a few looks. */
static int64_t system_offset_ns(void)
{
	int64_t before_ns, real_ns, after_ns, width_ns = INT64_MAX, offset_ns = 0;

	for (int i = 0; i < LOOKS; i++) {
		before_ns = clock_now_ns(CLOCK_MONOTONIC);
		real_ns = clock_now_ns(CLOCK_REALTIME);
		after_ns = clock_now_ns(CLOCK_MONOTONIC);
		if (after_ns - before_ns >= width_ns)
			continue;
		width_ns = after_ns - before_ns;
		offset_ns = real_ns - before_ns - width_ns / 2;
	}
	return offset_ns;
}

int compliance_save(const struct rtc *rtc, struct compliance_saved *saved)
{
	struct reading reading;
	int err;

	memset(saved, 0, sizeof(*saved));
	saved->has_alarm = !alarm_read(rtc, &saved->alarm);
	err = reading_take(rtc, &reading);
	if (!err)
		err = reading_refine(rtc, &reading);
	saved->offset_ns = reading.rtc_ns - reading.at.real_ns;
	saved->system_ns = system_offset_ns();
	return err;
}

/* What the clock shall show, minus CLOCK_REALTIME, which may have been stepped as well. */
static int64_t wanted_offset_ns(const struct compliance_saved *saved)
{
	int64_t stepped_ns = system_offset_ns() - saved->system_ns;

	return saved->offset_ns - (llabs(stepped_ns) > STEPPED_NS ? stepped_ns : 0);
}

int compliance_error(const struct rtc *rtc, const struct compliance_saved *saved,
		     struct residual *error)
{
	struct reading reading;
	int err;

	err = reading_take(rtc, &reading);
	if (err)
		return err;
	error->ns = reading.rtc_ns - reading.at.real_ns - wanted_offset_ns(saved);
	error->bound_ns = reading.bound_ns;
	return 0;
}

static int put_time_back(const struct rtc *rtc, const struct compliance_saved *saved)
{
	struct residual error = {};
	int64_t off_ns = 0;
	int err = 0;

	for (int i = 0; !err && i < RESTORE_TRIES; i++) {
		struct setting setting = {
			.when = clock_moment(),
			.follow_system = true,
			.delay_ns = -1,
		};

		off_ns += error.ns;
		setting.rtc_ns = setting.when.real_ns + wanted_offset_ns(saved) - off_ns;
		err = setting_apply(rtc, &setting);
		if (!err && setting.exact)
			return setting_verify(rtc, &setting);
		if (!err)
			err = compliance_error(rtc, saved, &error);
		if (llabs(error.ns) <= RESTORED_NS)
			break;
	}
	return err;
}

static int restore_alarm(const struct rtc *rtc, const struct compliance_saved *saved,
			 bool *missed)
{
	int err;

	*missed = false;
	if (!saved->has_alarm)
		return 0;
	if (!saved->alarm.enabled || !saved->alarm.dated)
		return alarm_cancel(rtc);
	err = alarm_set(rtc, saved->alarm.rtc_s);
	*missed = err == -ETIME;
	return *missed ? alarm_cancel(rtc) : err;
}

int compliance_restore(const struct rtc *rtc, const struct compliance_saved *saved, bool time,
		       bool *missed)
{
	int err = 0;

	if (time)
		err = put_time_back(rtc, saved);
	return restore_alarm(rtc, saved, missed) ?: err;
}
