/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All clocks of the machine, in one list. */
#ifndef RTCCTL_LIB_CLOCKS_INVENTORY_H
#define RTCCTL_LIB_CLOCKS_INVENTORY_H

#include "lib/clocks/source.h"
#include "lib/machine/clocksource.h"
#include "lib/machine/cpuid.h"
#include "lib/machine/fadt.h"
#include "lib/machine/steal.h"

#define INVENTORY_MAX	32

struct inventory {
	struct source sources[INVENTORY_MAX];
	int count;
	struct cpuid_facts cpu;
	struct clocksource cs;
	struct steal steal_first, steal_last;
	int steal_err;			/* why it is not known; or 0 */
	double gettime_ns;		/* what clock_gettime() takes */
};

/**
 * inventory_find() - See which clocks there are, and open those that can be read.
 * @inventory: filled in
 * @rtcs: whether to follow the RTCs too
 *
 * What is hidden is in the list, with the reason. Takes a few milliseconds.
 */
void inventory_find(struct inventory *inventory, bool rtcs);

/** inventory_look() - Sample them all, and stolen time. */
void inventory_look(struct inventory *inventory);

/** inventory_wait() - For the RTCs to be read, until @until_ns on CLOCK_MONOTONIC. */
void inventory_wait(struct inventory *inventory, int64_t until_ns);

/** inventory_tsc_hz() - The TSC's frequency as the kernel has it, or else CPUID; 0: not told. */
double inventory_tsc_hz(const struct cpuid_facts *cpu, const char *log, const char **learnt);

#endif
