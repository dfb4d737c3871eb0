// SPDX-License-Identifier: GPL-2.0
/* Periodic interrupts: each rate, its count, and who may have how many. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"

#define SYSCTL	"/proc/sys/dev/rtc/max-user-freq"

/* Sum of the counts over a second, within a tenth of what was asked for. */
static enum ktap_result rate(struct clock *clock, unsigned long hz)
{
	unsigned long data, sum = 0, read_back = 0;
	s64 begin, end;
	double expected;
	int err = clock_ioctl_value(clock, RTC_IRQP_SET, hz);

	REQUIRE(!err, "RTC_IRQP_SET %lu: %s", hz, strerror(-err));
	REQUIRE(!clock_ioctl(clock, RTC_IRQP_READ, &read_back), "RTC_IRQP_READ fails");
	REQUIRE(read_back == hz, "set %lu Hz, read %lu", hz, read_back);
	err = clock_ioctl_value(clock, RTC_PIE_ON, 0);
	REQUIRE(!err, "RTC_PIE_ON: %s", strerror(-err));

	/* Whole periods: from one event to another. */
	err = clock_event(clock, 2000, &data);
	for (begin = end = now_ns(); !err && end < begin + SECOND_NS; end = now_ns()) {
		err = clock_event(clock, 2000, &data);
		REQUIRE(err || (data & 0xff) == (RTC_IRQF | RTC_PF), "read() gives %#lx", data);
		sum += data >> 8;
	}
	REQUIRE(!err, "%lu Hz: no event: %s", hz, strerror(-err));
	REQUIRE(!clock_ioctl_value(clock, RTC_PIE_OFF, 0), "RTC_PIE_OFF fails");
	expected = (double)hz * (end - begin) / SECOND_NS;
	REQUIRE(sum >= 0.9 * expected && sum <= 1.1 * expected, "%lu Hz: %lu in %.3f s", hz, sum,
		(end - begin) / 1e9);
	clock_event(clock, 0, &data);
	err = clock_event(clock, 600, &data);
	REQUIRE(err == -ETIMEDOUT, "%lu Hz: goes on after RTC_PIE_OFF", hz);
	return KTAP_PASS;
}

static enum ktap_result slow_rates(struct clock *clock)
{
	enum ktap_result result = KTAP_PASS;
	unsigned long hz;

	for (hz = 2; hz <= 64 && result == KTAP_PASS; hz *= 2)
		result = rate(clock, hz);
	return result;
}

static enum ktap_result fast_rates(struct clock *clock)
{
	enum ktap_result result = KTAP_PASS;
	unsigned long hz;

	for (hz = 128; hz <= RTC_MAX_FREQ && result == KTAP_PASS; hz *= 2)
		result = rate(clock, hz);
	return result;
}

static enum ktap_result no_such_rate_is_refused(struct clock *clock)
{
	int err = clock_ioctl_value(clock, RTC_IRQP_SET, 0);

	REQUIRE(err == -EINVAL, "0 Hz: %s", strerror(-err));
	err = clock_ioctl_value(clock, RTC_IRQP_SET, RTC_MAX_FREQ + 1);
	REQUIRE(err == -EINVAL, "%d Hz: %s", RTC_MAX_FREQ + 1, strerror(-err));
	return KTAP_PASS;
}

static int set_64(struct clock *clock)
{
	return -clock_ioctl_value(clock, RTC_IRQP_SET, 64);
}

static int set_128(struct clock *clock)
{
	return -clock_ioctl_value(clock, RTC_IRQP_SET, 128);
}

static int enable(struct clock *clock)
{
	return -clock_ioctl_value(clock, RTC_PIE_ON, 0);
}

static enum ktap_result nobody_may_have_64_hz(struct clock *clock)
{
	int err;

	REQUIRE(!clock_attribute_write(clock, "max_user_freq", "64"), "max_user_freq: cannot write");
	err = as_nobody(clock, set_64);
	REQUIRE(!err, "64 Hz as nobody: %s", strerror(err));
	err = as_nobody(clock, enable);
	REQUIRE(!err, "RTC_PIE_ON at 64 Hz as nobody: %s", strerror(err));
	REQUIRE(!clock_ioctl_value(clock, RTC_PIE_OFF, 0), "RTC_PIE_OFF fails");
	err = as_nobody(clock, set_128);
	REQUIRE(err == EACCES, "128 Hz as nobody: %s", strerror(err));
	REQUIRE(!clock_ioctl_value(clock, RTC_IRQP_SET, 128), "128 Hz as root fails");
	err = as_nobody(clock, enable);
	REQUIRE(err == EACCES, "RTC_PIE_ON at 128 Hz as nobody: %s", strerror(err));
	return KTAP_PASS;
}

static enum ktap_result both_show(struct clock *clock, const char *value)
{
	char sysfs[32], sysctl[32];

	REQUIRE(!clock_attribute(clock, "max_user_freq", sysfs, sizeof(sysfs)), "no max_user_freq");
	REQUIRE(!file_read(SYSCTL, sysctl, sizeof(sysctl)), SYSCTL ": cannot read");
	REQUIRE(!strcmp(sysfs, value) && !strcmp(sysctl, value), "wanted %s, sysfs %s, sysctl %s",
		value, sysfs, sysctl);
	return KTAP_PASS;
}

static enum ktap_result in_step(struct clock *clock)
{
	enum ktap_result result = both_show(clock, "64");
	int err;

	if (result != KTAP_PASS)
		return result;
	err = file_write(SYSCTL, "1024");
	REQUIRE(!err, SYSCTL ": cannot write: %s", strerror(-err));
	result = both_show(clock, "1024");
	if (result != KTAP_PASS)
		return result;
	err = as_nobody(clock, set_128);
	REQUIRE(!err, "128 of 1024 Hz as nobody: %s", strerror(err));
	err = clock_attribute_write(clock, "max_user_freq", "256");
	REQUIRE(!err, "max_user_freq: cannot write: %s", strerror(-err));
	result = both_show(clock, "256");
	if (result != KTAP_PASS)
		return result;
	err = file_write(SYSCTL, "8193");
	REQUIRE(err == -EINVAL, SYSCTL " 8193: %s", strerror(-err));
	err = file_write(SYSCTL, "0");
	REQUIRE(err == -EINVAL, SYSCTL " 0: %s", strerror(-err));
	return both_show(clock, "256");
}

static enum ktap_result sysctl_and_sysfs_in_step(struct clock *clock)
{
	enum ktap_result result;

	if (!clock->ours)
		SKIP("the sysctl is this project's driver's");
	REQUIRE(!clock_attribute_write(clock, "max_user_freq", "64"), "max_user_freq: cannot write");
	result = in_step(clock);
	clock_attribute_write(clock, "max_user_freq", "64");
	return result;
}

static const struct ktap_test tests[] = {
	{ "slow_rates", slow_rates },
	{ "fast_rates", fast_rates },
	{ "no_such_rate_is_refused", no_such_rate_is_refused },
	{ "nobody_may_have_64_hz", nobody_may_have_64_hz },
	{ "sysctl_and_sysfs_in_step", sysctl_and_sysfs_in_step },
};

KTAP_MAIN(tests)
