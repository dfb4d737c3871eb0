/* SPDX-License-Identifier: GPL-2.0 */
/* A life of one chip: its users' acts, its machine's fate. */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include <linux/types.h>

/* One chip in one format. */
struct life {
	int profile;
	bool binary, hours_12;
	u64 seed;
	s64 readings;
};

void life_run(const struct life *life);
const char *life_name(const struct life *life);

#endif
