/* SPDX-License-Identifier: GPL-2.0 */
/* A chip in software. It outlives the driver's binding to it, as a chip does. */
#ifndef MC_BUS_SIM_H
#define MC_BUS_SIM_H

#include "chip/bus.h"
#include "sim/profiles.h"
#include "sim/timebase.h"

struct mc_sim;

typedef void (*mc_sim_add_files)(struct mc_sim *e, struct dentry *dir);

struct mc_sim *mc_sim_create(const struct mc_timebase *base, const struct mc_sim_profile *conduct,
			     mc_sim_add_files add_files);
void mc_sim_destroy(struct mc_sim *e);
struct mc_bus *mc_sim_bus(struct mc_sim *e, struct device *dev);
int mc_sim_inject(struct mc_sim *e, const char *text);
int mc_sim_faults(struct mc_sim *e, char *buf, size_t size);
u8 mc_sim_peek(struct mc_sim *e, u8 reg);
void mc_sim_poke(struct mc_sim *e, u8 reg, u8 value);

#endif
