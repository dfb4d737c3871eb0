/* SPDX-License-Identifier: GPL-2.0 */
/* A life of one chip: its users' acts, its machine's fate. */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include <linux/types.h>

/**
 * struct life - one chip in one format
 * @profile:	the chip
 * @binary:	else BCD
 * @hours_12:	else 24
 * @seed:	of all that is left to chance
 * @readings:	it lasts so long
 * @first_crash: the access of a set at which it crashes first, ...
 * @crash_step:	... and then so many accesses later each time
 */
struct life {
	int profile;
	bool binary, hours_12;
	u64 seed;
	s64 readings;
	s64 first_crash, crash_step;
};

void life_run(const struct life *life);
const char *life_name(const struct life *life);

#endif
