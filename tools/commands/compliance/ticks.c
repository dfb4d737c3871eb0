// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>

#include "commands/compliance/compliance.h"

#define TICKS		3
#define TICK_MS		2200
#define QUIET_MS	1300
#define PERIODIC_HZ	64

static int enable(const struct rtc *rtc, unsigned long request)
{
	return ioctl(rtc->fd, request, 0) < 0 ? -errno : 0;
}

static bool lacking(int err)
{
	return err == -EINVAL || err == -ENOTTY || err == -EOPNOTSUPP;
}

static enum compliance_result quiet_read(const struct rtc *rtc)
{
	unsigned long data;
	ssize_t len = read(rtc->fd, &data, sizeof(data));

	REQUIRE(len < 0, "read() returns an interrupt, though none is enabled");
	REQUIRE(errno == EAGAIN, "read() without an interrupt fails with %s, not EAGAIN",
		strerrorname_np(errno));
	return COMPLIANCE_PASS;
}

/* Return: how many ticks the interrupts stood for, or the result of the test. */
static enum compliance_result count_ticks(const struct rtc *rtc, int64_t *count)
{
	long data;

	*count = 0;
	for (int i = 0; i < TICKS; i++) {
		data = compliance_interrupt(rtc, TICK_MS);
		REQUIRE(data >= 0, "read(): %s", strerror(-data));
		REQUIRE(data, "enabled without complaint, then none comes within %d ms", TICK_MS);
		REQUIRE(data & RTC_UF, "the interrupt is not marked RTC_UF: 0x%lx", data);
		REQUIRE(data >> 8, "the interrupt counts for none: 0x%lx", data);
		*count += data >> 8;
	}
	return COMPLIANCE_PASS;
}

static enum compliance_result ticks(const struct rtc *rtc)
{
	enum compliance_result result;
	int64_t before_s, after_s, count;
	int err;

	err = rtc_read_s(rtc, &before_s);
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	err = enable(rtc, RTC_UIE_ON);
	if (lacking(err))
		SKIP("no update interrupt: %s", strerror(-err));
	REQUIRE(!err, "RTC_UIE_ON: %s", strerror(-err));
	result = count_ticks(rtc, &count);
	err = rtc_read_s(rtc, &after_s);
	enable(rtc, RTC_UIE_OFF);
	if (result != COMPLIANCE_PASS)
		return result;
	REQUIRE(!err, "RTC_RD_TIME: %s", strerror(-err));
	/* The last ones may still be under way; the first second may have begun before. */
	REQUIRE(count <= after_s - before_s + 1, "%lld ticks in %lld s of the clock",
		(long long)count, (long long)(after_s - before_s));
	return COMPLIANCE_PASS;
}

static enum compliance_result ticks_off(const struct rtc *rtc)
{
	int err = enable(rtc, RTC_UIE_ON);
	long data;

	if (lacking(err))
		SKIP("no update interrupt: %s", strerror(-err));
	err = enable(rtc, RTC_UIE_OFF);
	REQUIRE(!err, "RTC_UIE_OFF: %s", strerror(-err));
	/* One may have come before. */
	compliance_interrupt(rtc, 0);
	data = compliance_interrupt(rtc, QUIET_MS);
	REQUIRE(!data, "a tick comes after RTC_UIE_OFF: 0x%lx", data);
	return COMPLIANCE_PASS;
}

/* Interrupts that one read() stands for are counted in it, however late it is. */
static enum compliance_result count_periodic(const struct rtc *rtc)
{
	int64_t start_ns = clock_now_ns(CLOCK_MONOTONIC), passed_ns;
	int64_t count = 0;
	double expected;
	long data;

	do {
		data = compliance_interrupt(rtc, TICK_MS);
		REQUIRE(data >= 0, "read(): %s", strerror(-data));
		REQUIRE(data, "none comes");
		REQUIRE(data & RTC_PF, "the interrupt is not marked RTC_PF: 0x%lx", data);
		count += data >> 8;
		passed_ns = clock_now_ns(CLOCK_MONOTONIC) - start_ns;
	} while (count < PERIODIC_HZ && passed_ns < 4 * NSEC_PER_SEC);
	expected = passed_ns / 1e9 * PERIODIC_HZ;
	REQUIRE(count <= expected * 1.05 + 2, "%lld interrupts in %.3f s, at %d Hz",
		(long long)count, passed_ns / 1e9, PERIODIC_HZ);
	REQUIRE(count >= PERIODIC_HZ, "only %lld interrupts in %.3f s, at %d Hz",
		(long long)count, passed_ns / 1e9, PERIODIC_HZ);
	return COMPLIANCE_PASS;
}

static enum compliance_result periodic(const struct rtc *rtc)
{
	enum compliance_result result;
	unsigned long rate = 0;
	int err;

	if (ioctl(rtc->fd, RTC_IRQP_READ, &rate) < 0)
		SKIP("no periodic interrupt: RTC_IRQP_READ: %s", strerror(errno));
	if (ioctl(rtc->fd, RTC_IRQP_SET, PERIODIC_HZ) < 0)
		SKIP("no periodic interrupt of %d Hz: %s", PERIODIC_HZ, strerror(errno));
	err = enable(rtc, RTC_PIE_ON);
	result = err ? COMPLIANCE_FAIL : count_periodic(rtc);
	enable(rtc, RTC_PIE_OFF);
	ioctl(rtc->fd, RTC_IRQP_SET, rate);
	REQUIRE(!err, "RTC_PIE_ON: %s", strerror(-err));
	return result;
}

const struct compliance_test compliance_ticks[] = {
	{ .name = "read-would-block", .run = quiet_read },
	{ .name = "update-interrupt", .run = ticks },
	{ .name = "update-interrupt-off", .run = ticks_off },
	{ .name = "periodic-interrupt", .run = periodic },
	{}
};
