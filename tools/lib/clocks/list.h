/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All clocks of the machine, in one list. */
#ifndef RTCCTL_LIB_CLOCKS_LIST_H
#define RTCCTL_LIB_CLOCKS_LIST_H

#include "lib/clocks/source.h"
#include "lib/machine/clocksource.h"
#include "lib/machine/cpuid.h"
#include "lib/machine/fadt.h"
#include "lib/machine/steal.h"

#define CLOCK_LIST_MAX	32

struct clock_list {
	struct source sources[CLOCK_LIST_MAX];
	int count;
	struct cpuid_facts cpu;
	struct clocksource cs;
	struct steal steal_first, steal_last;
	int steal_err;			/* why it is not known; or 0 */
	double gettime_ns;		/* what clock_gettime() takes */
};

/**
 * clock_list_find() - See which clocks there are, and open those that can be read.
 * @list: filled in
 * @rtcs: whether to follow the RTCs too
 *
 * What is hidden is in the list, with the reason. Takes a few milliseconds.
 */
void clock_list_find(struct clock_list *list, bool rtcs);

/** clock_list_look() - Sample them all, and stolen time. */
void clock_list_look(struct clock_list *list);

/** clock_list_wait() - For the RTCs to be read, until @until_ns on CLOCK_MONOTONIC. */
void clock_list_wait(struct clock_list *list, int64_t until_ns);

/** clock_list_tsc_hz() - The TSC's frequency as the kernel has it, or else CPUID; 0: not told. */
double clock_list_tsc_hz(const struct cpuid_facts *cpu, const char *log, const char **learnt);

#endif
