/* SPDX-License-Identifier: GPL-2.0 */
/* Which of the system's clocks drives an emulated one, and what time it begins with. */
#ifndef MC_TIMEBASE_H
#define MC_TIMEBASE_H

#include <linux/types.h>

enum mc_timebase_clock {
	MC_TIMEBASE_RT,		/* CLOCK_BOOTTIME: goes on while the system sleeps */
	MC_TIMEBASE_HOST,	/* CLOCK_REALTIME with its steps */
	MC_TIMEBASE_VM,		/* CLOCK_MONOTONIC: stands still while the system sleeps */
};

enum mc_timebase_begin {
	MC_TIMEBASE_UTC,
	MC_TIMEBASE_LOCALTIME,
	MC_TIMEBASE_DATE,
};

/**
 * struct mc_timebase - as parameters clock= and base= say
 * @clock:	what drives it
 * @begin:	what it begins with
 * @sec:	a date to begin with, seconds since 1970
 */
struct mc_timebase {
	enum mc_timebase_clock clock;
	enum mc_timebase_begin begin;
	s64 sec;
};

int mc_timebase_parse_clock(struct mc_timebase *tb, const char *text);
int mc_timebase_parse_base(struct mc_timebase *tb, const char *text);
s64 mc_timebase_now(const struct mc_timebase *tb);
s64 mc_timebase_stepped(void);
s64 mc_timebase_first(const struct mc_timebase *tb, bool host, u32 *ns);

#endif
