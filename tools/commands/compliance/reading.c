// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>

#include "commands/compliance/compliance.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/bits.h"
#include "lib/rtc/param.h"
#include "lib/rtc/tick.h"

#define WATCH_NS	(2200 * NSEC_PER_MSEC)
/* Of any clock's rate. */
#define RATE_PPM	1000

static enum compliance_result exclusive(const struct rtc *rtc)
{
	int fd = open(rtc->path, O_RDONLY | O_CLOEXEC);
	int err = errno;

	if (fd >= 0)
		close(fd);
	REQUIRE(fd < 0, "a second process can open it");
	REQUIRE(err == EBUSY, "a second open() fails with %s, not EBUSY", strerrorname_np(err));
	return COMPLIANCE_PASS;
}

static enum compliance_result valid(const struct rtc *rtc)
{
	int64_t rtc_s;
	int err;

	err = rtc_read_s(rtc, &rtc_s);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	return COMPLIANCE_PASS;
}

/* Two edges, each between two readings: the truth cannot be outside. */
static enum compliance_result rate(const struct rtc *rtc)
{
	struct tick first, last;
	int64_t least_ns, most_ns, s;
	int err;

	err = tick_poll(rtc, &first);
	for (int i = 0; !err && i < 2; i++)
		err = tick_poll(rtc, &last);
	REQUIRE(err != -ETIME, "its seconds stay the same");
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	s = last.rtc_s - first.rtc_s;
	least_ns = last.before.mono_ns - first.after.mono_ns;
	most_ns = last.after.mono_ns - first.before.mono_ns;
	REQUIRE(s * (NSEC_PER_SEC + RATE_PPM * 1000) >= least_ns &&
		s * (NSEC_PER_SEC - RATE_PPM * 1000) <= most_ns,
		"%lld s by the clock took %.3f to %.3f s", (long long)s, least_ns / 1e9,
		most_ns / 1e9);
	return COMPLIANCE_PASS;
}

static enum compliance_result steady(const struct rtc *rtc)
{
	int64_t start_ns = clock_now_ns(CLOCK_MONOTONIC), now_ns;
	int64_t first_s, last_s, s;
	int err;

	err = rtc_read_s(rtc, &first_s);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	last_s = first_s;
	do {
		err = rtc_read_s(rtc, &s);
		now_ns = clock_now_ns(CLOCK_MONOTONIC);
		REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
		REQUIRE(s >= last_s, "it went back by %lld s", (long long)(last_s - s));
		REQUIRE((s - first_s - 1) * NSEC_PER_SEC <= now_ns - start_ns,
			"it went ahead by %lld s in %.3f s", (long long)(s - first_s),
			(now_ns - start_ns) / 1e9);
		last_s = s;
	} while (now_ns - start_ns < WATCH_NS);
	return COMPLIANCE_PASS;
}

static enum compliance_result sysfs(const struct rtc *rtc)
{
	struct root_path path;
	int64_t before_s, epoch_s, after_s;
	int err;

	if (!rtc->node[0])
		SKIP("sysfs does not know this device");
	err = rtc_read_s(rtc, &before_s);
	if (!err)
		err = attribute_read_s64(&epoch_s, rtc_attribute(rtc, &path, "since_epoch"));
	if (!err)
		err = rtc_read_s(rtc, &after_s);
	REQUIRE(!err, "%s: %s", path.name, strerror(-err));
	REQUIRE(before_s <= epoch_s && epoch_s <= after_s, "since_epoch is %lld, the clock %lld",
		(long long)epoch_s, (long long)after_s);
	return COMPLIANCE_PASS;
}

static enum compliance_result range(const struct rtc *rtc)
{
	int64_t first_s, last_s, now_s;
	int err;

	err = compliance_range(rtc, &first_s, &last_s);
	REQUIRE(err != -ENOENT, "the driver declares no range: dates it cannot hold are not refused");
	REQUIRE(!err, "sysfs' range: %s", strerror(-err));
	REQUIRE(first_s < last_s, "its range is empty");
	err = rtc_read_s(rtc, &now_s);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	REQUIRE(first_s <= now_s && now_s <= last_s, "its own date is outside its range");
	return COMPLIANCE_PASS;
}

static enum compliance_result features(const struct rtc *rtc)
{
	struct rtc_wkalrm alarm;
	uint64_t features;
	char text[256];
	bool claimed;
	int err;

	err = param_features(rtc, &features);
	if (err == -EINVAL || err == -ENOTTY)
		SKIP("this kernel tells no features");
	REQUIRE(!err, "RTC_PARAM_GET: %s", strerror(-err));
	compliance_comment("features: %s",
			   bits_text(bits_features, features, "none", text, sizeof(text)));
	claimed = features & 1 << RTC_FEATURE_ALARM;
	err = rtc_read_alarm(rtc, &alarm);
	REQUIRE(!claimed || !err, "it claims an alarm, but RTC_WKALM_RD says %s", strerror(-err));
	REQUIRE(claimed || err, "it claims no alarm, but RTC_WKALM_RD reads one");
	return COMPLIANCE_PASS;
}

static enum compliance_result voltage(const struct rtc *rtc)
{
	unsigned int flags;
	char text[256];
	int err;

	err = rtc_read_voltage(rtc, &flags);
	if (err == -EINVAL || err == -ENOTTY)
		SKIP("RTC_VL_READ is not offered");
	REQUIRE(!err, "RTC_VL_READ: %s", strerror(-err));
	compliance_comment("battery: %s",
			   bits_text(bits_voltage, flags, "good", text, sizeof(text)));
	return COMPLIANCE_PASS;
}

static enum compliance_result unknown_ioctl(const struct rtc *rtc)
{
	int ret = ioctl(rtc->fd, _IO('p', 0x7e));

	REQUIRE(ret < 0, "an ioctl that does not exist succeeds");
	REQUIRE(errno == ENOTTY || errno == EINVAL, "an ioctl that does not exist fails with %s",
		strerrorname_np(errno));
	return COMPLIANCE_PASS;
}

const struct compliance_test compliance_reading[] = {
	{ .name = "open-exclusive", .run = exclusive },
	{ .name = "read-valid", .run = valid },
	{ .name = "read-rate", .run = rate },
	{ .name = "read-steady", .run = steady },
	{ .name = "sysfs-agrees", .run = sysfs },
	{ .name = "range-declared", .run = range },
	{ .name = "features", .run = features },
	{ .name = "voltage", .run = voltage },
	{ .name = "unknown-ioctl", .run = unknown_ioctl },
	{}
};
