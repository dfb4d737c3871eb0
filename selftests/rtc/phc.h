/* SPDX-License-Identifier: GPL-2.0 */
/* The clock's time with its nanoseconds: the PTP clock, and the phase/ folder. */
#ifndef PHC_H
#define PHC_H

#include "clock.h"

/* The clock said @rtc at the system's @real, give or take @bound (all ns). */
struct answer {
	s64 real, rtc, bound;
	bool coasting;	/* no edge was seen since the clock was idle: a step may have been missed */
};

#define FD_TO_CLOCKID(fd)	((~(clockid_t)(fd) << 3) | 3)

/* /dev/ptpN below the clock's parent. */
int phc_open(struct clock *clock, int flags);
/* The PTP clock alone: its bound is what the call took, and none of the clock. */
int phc_read(int fd, struct answer *a);
/* The PTP clock; its bound is the wider of phase/'s just before and after. */
int phc_ask(struct clock *clock, int fd, struct answer *a);

/* phase/now; -EAGAIN while it does not say "locked". */
int phase_ask(struct clock *clock, struct answer *a);
/* The same, and while it coasts. */
int phase_ask_any(struct clock *clock, struct answer *a);
/* Sets it to so many ns since 1970, now. */
int phc_set(int fd, s64 ns);
/*
 * A set that tells all conducts apart: known edges are moved by a quarter of a second, and
 * neither half a second nor a second after the write. The conduct is known afterwards.
 */
int phc_learn_conduct(struct clock *clock);

/* A number of phase/; -1 where there is none. */
s64 phase_value(struct clock *clock, const char *name);

#endif
