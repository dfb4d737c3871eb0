/* SPDX-License-Identifier: GPL-2.0 */
/* What an emulated clock can be told to have wrong, in words and in bytes. */
#ifndef MC_FAULTS_H
#define MC_FAULTS_H

#include <linux/types.h>

#include "sim/profiles.h"

enum mc_fault {
	MC_FAULT_DEAD_BUS,
	MC_FAULT_STUCK_UIP,
	MC_FAULT_STOPPED_DIVIDER,
	MC_FAULT_STUCK_SET,
	MC_FAULT_VRT_LOST,
	MC_FAULT_GARBAGE,
	MC_FAULT_NOISE,
	MC_FAULT_TEARING,
	MC_FAULT_LOST_INTERRUPT,
	MC_FAULT_STORM,
	MC_FAULT_RATE,
	MC_FAULT_SLOW,
	MC_FAULT_STEP,
	MC_FAULT_DROP_WRITES,
	MC_FAULT_HOUR_OFF,
	MC_FAULT_WRONG_FORMAT,
	MC_FAULTS
};

/**
 * struct mc_faults - which are on
 * @conduct:	which chip it plays
 * @on:		one bit each, by enum mc_fault
 * @value:	of those with a number: the storm's interrupts per second, the rate in
 *		ppm, slowness in us, the step in ns, the hours that are added, which bits
 *		of the format are inverted, how many bytes are read for one that is random,
 *		the byte of garbage ...
 * @reg:	... and its register
 */
struct mc_faults {
	const struct mc_sim_profile *conduct;
	u32 on;
	s64 value[MC_FAULTS];
	u8 reg;
};

static inline bool mc_faults_has(const struct mc_faults *f, enum mc_fault fault)
{
	return f->on & (1U << fault);
}

int mc_faults_parse(struct mc_faults *f, const char *text);
int mc_faults_print(const struct mc_faults *f, char *buf, size_t size);
u8 mc_faults_read(const struct mc_faults *f, u8 reg, u8 value, u32 chance);
bool mc_faults_drop(const struct mc_faults *f, u8 reg);
u8 mc_faults_write(const struct mc_faults *f, const struct mc_sim_coding *c, u8 reg, u8 value);

#endif
