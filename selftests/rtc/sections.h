/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sections with interrupts off in which a driver has the clock's ports to itself: from the
 * lock to the unlock of the kernel's rtc_lock, by probes on the lock functions. A driver that
 * does more with interrupts off than talk to the chip does not show here.
 */
#ifndef SECTIONS_H
#define SECTIONS_H

#include <stdbool.h>

/**
 * struct sections - of one driver, during one use
 * @count: how many
 * @us: the longest
 * @least_us: the shortest, which is what the probes take
 * @by: the function that took the lock for it
 * @accesses: most accesses in one
 * @accesses_by: the function that took the lock for these
 */
struct sections {
	unsigned int count, accesses;
	double us, least_us;
	char by[80], accesses_by[80];
};

/* 0, or a negative errno where this kernel has no such probes. */
int sections_prepare(void);
/* With @accesses these are counted, which takes so long that the times mean nothing. */
int sections_begin(bool accesses);
/* Adds to @sections. -EOVERFLOW where the trace has lost some. */
int sections_end(struct sections *sections);

#endif
