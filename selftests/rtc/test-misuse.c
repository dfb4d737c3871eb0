// SPDX-License-Identifier: GPL-2.0
/* Wrong use is refused with the right error, and the clock goes on. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ktap.h"

#define NOWHERE	((void *)16)

static enum ktap_result gives(struct clock *clock, const char *what, unsigned long request, void *arg,
			      int error)
{
	int err = clock_ioctl(clock, request, arg);
	s64 sec;

	REQUIRE(err == -error, "%s: %s, not %s", what, strerror(-err), strerror(error));
	err = clock_read(clock, &sec);
	REQUIRE(!err, "after %s the clock cannot be read: %s", what, strerror(-err));
	return KTAP_PASS;
}

#define GIVES(request, arg, error)						\
	do {									\
		enum ktap_result result = gives(clock, #request, request, arg, error); \
		if (result != KTAP_PASS)					\
			return result;						\
	} while (0)

static enum ktap_result unknown_requests(struct clock *clock)
{
	unsigned long value;
	struct rtc_pll_info pll = { 0 };

	GIVES(_IO('p', 0x7f), NULL, ENOTTY);
	GIVES(_IO('x', 0x01), NULL, ENOTTY);
	GIVES(RTC_WIE_ON, NULL, ENOTTY);
	GIVES(RTC_WIE_OFF, NULL, ENOTTY);
	GIVES(RTC_EPOCH_READ, &value, ENOTTY);
	GIVES(RTC_PLL_GET, &pll, ENOTTY);
	return KTAP_PASS;
}

static enum ktap_result bad_pointers(struct clock *clock)
{
	GIVES(RTC_RD_TIME, NOWHERE, EFAULT);
	GIVES(RTC_SET_TIME, NOWHERE, EFAULT);
	GIVES(RTC_ALM_READ, NOWHERE, EFAULT);
	GIVES(RTC_ALM_SET, NOWHERE, EFAULT);
	GIVES(RTC_WKALM_RD, NOWHERE, EFAULT);
	GIVES(RTC_WKALM_SET, NOWHERE, EFAULT);
	GIVES(RTC_IRQP_READ, NOWHERE, EFAULT);
	GIVES(RTC_VL_READ, NOWHERE, EFAULT);
	return KTAP_PASS;
}

static enum ktap_result bad_alarms(struct clock *clock)
{
	struct rtc_wkalrm alarm = { .enabled = 1, .time = tm_of(0) };
	bool enabled;
	s64 sec;

	alarm.time.tm_mday = 0;
	GIVES(RTC_WKALM_SET, &alarm, EINVAL);
	alarm.time = tm_of(0);
	alarm.time.tm_sec = 60;
	GIVES(RTC_WKALM_SET, &alarm, EINVAL);
	GIVES(RTC_ALM_SET, &alarm.time, EINVAL);
	alarm.time = tm_of(0);
	alarm.time.tm_year = 69;
	GIVES(RTC_WKALM_SET, &alarm, EINVAL);
	REQUIRE(!clock_alarm_read(clock, &sec, &enabled), "RTC_WKALM_RD fails");
	REQUIRE(!enabled, "an alarm is enabled");
	return KTAP_PASS;
}

static enum ktap_result reads_of_odd_sizes(struct clock *clock)
{
	char buffer[sizeof(unsigned long)];
	size_t size;

	for (size = 0; size < sizeof(buffer); size++) {
		if (size == sizeof(unsigned int))
			continue;
		REQUIRE(read(clock->fd, buffer, size) < 0, "read of %zu bytes succeeds", size);
		REQUIRE(errno == EINVAL, "read of %zu bytes: %s", size, strerror(errno));
	}
	return KTAP_PASS;
}

static enum ktap_result write_and_seek(struct clock *clock)
{
	int fd;

	REQUIRE(write(clock->fd, "", 1) < 0 && errno == EBADF, "write: %s", strerror(errno));
	REQUIRE(lseek(clock->fd, 0, SEEK_SET) < 0 && errno == ESPIPE, "lseek: %s", strerror(errno));
	clock_close(clock);
	fd = open(clock->path, O_RDWR);
	REQUIRE(fd >= 0, "open for writing: %s", strerror(errno));
	clock->fd = fd;
	REQUIRE(write(clock->fd, "", 1) < 0 && errno == EINVAL, "write: %s", strerror(errno));
	return KTAP_PASS;
}

static enum ktap_result off_without_on(struct clock *clock)
{
	GIVES(RTC_UIE_OFF, NULL, 0);
	GIVES(RTC_AIE_OFF, NULL, 0);
	GIVES(RTC_PIE_OFF, NULL, 0);
	return KTAP_PASS;
}

static enum ktap_result bad_attributes(struct clock *clock)
{
	int err = clock_attribute_write(clock, "wakealarm", "soon");

	/* A clock that wakes nothing has none. */
	REQUIRE(err == (clock_is_emulated(clock) ? -ENOENT : -EINVAL), "wakealarm soon: %s", strerror(-err));
	err = clock_attribute_write(clock, "max_user_freq", "many");
	REQUIRE(err == -EINVAL, "max_user_freq many: %s", strerror(-err));
	err = clock_attribute_write(clock, "max_user_freq", "0");
	REQUIRE(err == -EINVAL, "max_user_freq 0: %s", strerror(-err));
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "unknown_requests", unknown_requests },
	{ "bad_pointers", bad_pointers },
	{ "bad_alarms", bad_alarms },
	{ "reads_of_odd_sizes", reads_of_odd_sizes },
	{ "write_and_seek", write_and_seek },
	{ "off_without_on", off_without_on },
	{ "bad_attributes", bad_attributes },
};

KTAP_MAIN(tests)
