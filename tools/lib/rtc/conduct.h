/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a clock's chip was seen to do, as the driver tells root in debugfs. */
#ifndef RTCCTL_LIB_RTC_CONDUCT_H
#define RTCCTL_LIB_RTC_CONDUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/bits.h"
#include "lib/rtc/rtc.h"

struct conduct {
	unsigned int release;	/* when the next second begins after a set: what still may be */
	bool confirmed;		/* or something contradicted it */
	char writes[16];	/* kept, dropped, unknown */
	char hours[32];		/* 12 or 24, and how sure that is */
	int64_t access_ns;	/* what one access takes */
};

#define CONDUCT_HALF	(1 << 0)
#define CONDUCT_WHOLE	(1 << 1)
#define CONDUCT_WRITE	(1 << 2)
#define CONDUCT_NONE	(1 << 3)

/* The bits of release. */
extern const struct bit conduct_releases[];

/**
 * conduct_accesses() - How often the driver has accessed the chip.
 *
 * Return: 0; -errno, as where the driver does not count, or this user is not told.
 */
int conduct_accesses(const struct rtc *rtc, int64_t *accesses);

/** conduct_hours_doubtful() - Whether each hour that it shows may mean another one. */
bool conduct_hours_doubtful(const struct conduct *conduct);

/** conduct_keeps_second() - Whether, for all that is known, it keeps its own second. */
bool conduct_keeps_second(const struct conduct *conduct);

/** conduct_read() - Return: 0; -ENOENT where the driver has none to tell; -EACCES; -errno. */
int conduct_read(const struct rtc *rtc, struct conduct *conduct);

#endif
