/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set that is noted before it is done.
 *
 * Between a set and its note in the adjtime file a program may be killed, and the
 * correction would be made again. So what that note will be stands in the lock's file
 * first; who has the lock next sees by the clock whether the set was done. With a reboot
 * that is forgotten.
 */
#ifndef RTCCTL_LIB_RTC_PENDING_H
#define RTCCTL_LIB_RTC_PENDING_H

#include <stdint.h>

#include "lib/rtc/rtc.h"
#include "lib/time/adjtime.h"
#include "lib/time/clock.h"
#include "lib/time/lockfile.h"

struct pending {
	const struct rtc *rtc;
	const char *file;		/* the adjtime file */
	const struct adjtime *adjtime;	/* what it shall hold then */
	struct moment when;		/* at this moment ... */
	int64_t rtc_ns;			/* ... the clock shows this, if it is done ... */
	int64_t ahead_ns;		/* ... which is so much more than before; 0: not known */
};

/** pending_note() - Before the set. Nothing where the lock is not held. */
void pending_note(const struct lockfile *lock, const struct pending *pending);

/** pending_clear() - The set failed, or the adjtime file has it. */
void pending_clear(const struct lockfile *lock);

/**
 * pending_settle() - Write what the clock says was done into the adjtime file.
 * @rtc: a clock that is open, or NULL
 *
 * Where the clock of the note cannot be read, that waits for the next one.
 */
void pending_settle(const struct lockfile *lock, const struct rtc *rtc);

#endif
