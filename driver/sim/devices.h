/* SPDX-License-Identifier: GPL-2.0 */
/* The emulated clocks of emulated=N: chips, and the devices that stand for them. */
#ifndef MC_SIM_DEVICES_H
#define MC_SIM_DEVICES_H

#include "sim/bus-sim.h"

#define MC_SIM_NAME	"mc146818-emulated"
#define MC_SIM_MAX	8

/**
 * struct mc_sim_devices - what was made of emulated=N
 * @n:		how many
 * @chip:	the chips
 * @pdev:	their devices
 * @dir:	their folders in debugfs
 */
struct mc_sim_devices {
	unsigned int n;
	struct mc_sim *chip[MC_SIM_MAX];
	struct platform_device *pdev[MC_SIM_MAX];
	struct dentry *dir[MC_SIM_MAX];
};

int mc_sim_devices_add(struct mc_sim_devices *em, unsigned int n, const struct mc_timebase *base,
		       const struct mc_sim_profile *conduct);
void mc_sim_devices_remove(struct mc_sim_devices *em);
struct mc_sim *mc_sim_devices_chip(struct device *dev);

#endif
