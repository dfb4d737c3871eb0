/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time that the hypervisor gave to others while this VM wanted to run. */
#ifndef RTCCTL_LIB_MACHINE_STEAL_H
#define RTCCTL_LIB_MACHINE_STEAL_H

#include <stdint.h>

#define STEAL_PATH	"/proc/stat"
#define STEAL_CPUS	256	/* more are counted in all, but not each */

/* Ticks of 1/sysconf(_SC_CLK_TCK) s since boot. */
struct steal_ticks {
	int cpu;		/* its number; -1: all together */
	uint64_t stolen;
	uint64_t total;		/* of all kinds, each once */
};

struct steal {
	struct steal_ticks all;
	struct steal_ticks cpus[STEAL_CPUS];
	int count;		/* entries in cpus */
};

/** steal_parse() - From the text of /proc/stat. Return: 0, or -EBADMSG. */
int steal_parse(const char *text, struct steal *steal);

/** steal_load() - From the file @path. Return: 0 or -errno. */
int steal_load(const char *path, struct steal *steal);

/** steal_percent() - The stolen share of the time between two looks; 0 where none passed. */
double steal_percent(const struct steal_ticks *first, const struct steal_ticks *last);

/** steal_cpu() - The entry of processor @cpu; NULL where it is offline. */
const struct steal_ticks *steal_cpu(const struct steal *steal, int cpu);

#endif
