/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tests of `rtcctl compliance`: what any driver of the RTC class should do. */
#ifndef RTCCTL_COMMANDS_COMPLIANCE_COMPLIANCE_H
#define RTCCTL_COMMANDS_COMPLIANCE_COMPLIANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/alarm.h"
#include "lib/rtc/reading.h"
#include "lib/rtc/rtc.h"
#include "lib/rtc/setting.h"

enum compliance_result {
	COMPLIANCE_PASS,
	COMPLIANCE_FAIL,
	COMPLIANCE_SKIP,
};

struct compliance_test {
	const char *name;	/* documented in rtcctl(8) */
	enum compliance_result (*run)(const struct rtc *rtc);
	bool sets;		/* the time: its caller puts it back */
};

/* Each list is ended by an empty entry. */
extern const struct compliance_test compliance_reading[];
extern const struct compliance_test compliance_ticks[];
extern const struct compliance_test compliance_alarms[];
extern const struct compliance_test compliance_setting[];

/** compliance_why() - Say why a test does not pass; for the macros below. */
void compliance_why(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** compliance_comment() - A line of the report that is no result. */
void compliance_comment(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define REQUIRE(condition, ...)				\
	do {						\
		if (!(condition)) {			\
			compliance_why(__VA_ARGS__);	\
			return COMPLIANCE_FAIL;		\
		}					\
	} while (0)

#define SKIP(...)					\
	do {						\
		compliance_why(__VA_ARGS__);		\
		return COMPLIANCE_SKIP;			\
	} while (0)

/** compliance_interrupt() - Wait for one, @ms at most. Return: its data, 0 where none came, -errno. */
long compliance_interrupt(const struct rtc *rtc, int ms);

/** compliance_set() - Set the clock to a second, in its own scale. Return: 0 or -errno. */
int compliance_set(const struct rtc *rtc, int64_t rtc_s);

/** compliance_range() - The seconds that the driver says it holds; -ENOENT where it does not say. */
int compliance_range(const struct rtc *rtc, int64_t *first_s, int64_t *last_s);

/* Time and alarm of a clock, to be put back. */
struct compliance_saved {
	int64_t offset_ns;	/* the clock minus CLOCK_REALTIME ... */
	int64_t system_ns;	/* ... when that was CLOCK_MONOTONIC and this */
	struct alarm alarm;
	bool has_alarm;
};

/** compliance_save() - See what they are. Return: 0, or why the time could not be read: -errno. */
int compliance_save(const struct rtc *rtc, struct compliance_saved *saved);

/** compliance_error() - How far the clock is from where it would be. Return: 0 or -errno. */
int compliance_error(const struct rtc *rtc, const struct compliance_saved *saved,
		     struct residual *error);

/**
 * compliance_restore() - Put both back; the clock has gone on meanwhile.
 * @rtc: the clock
 * @saved: by compliance_save()
 * @time: the time as well
 * @missed: set to whether the alarm's time has come meanwhile
 *
 * Return: 0 or -errno.
 */
int compliance_restore(const struct rtc *rtc, const struct compliance_saved *saved, bool time,
		       bool *missed);

#endif
