/* SPDX-License-Identifier: GPL-2.0 */
/* The emulated clocks of emulated=N: chips, and the devices that stand for them. */
#ifndef MC_EMULATION_H
#define MC_EMULATION_H

#include "sim/bus-sim.h"

#define MC_EMULATION_NAME	"mc146818-emulated"
#define MC_EMULATION_MAX	8

/**
 * struct mc_emulation - what was made of emulated=N
 * @n:		how many
 * @chip:	the chips
 * @pdev:	their devices
 */
struct mc_emulation {
	unsigned int n;
	struct mc_emulated *chip[MC_EMULATION_MAX];
	struct platform_device *pdev[MC_EMULATION_MAX];
};

int mc_emulation_add(struct mc_emulation *em, unsigned int n, const struct mc_timebase *base);
void mc_emulation_remove(struct mc_emulation *em);
struct mc_emulated *mc_emulation_chip(struct device *dev);

#endif
