/* SPDX-License-Identifier: GPL-2.0 */
/* A chip in software. It outlives the driver's binding to it, as a chip does. */
#ifndef MC_BACKEND_EMULATED_H
#define MC_BACKEND_EMULATED_H

#include "chip/bus.h"
#include "sim/timebase.h"

struct mc_emulated;

struct mc_emulated *mc_emulated_create(const struct mc_timebase *base, const char *name);
void mc_emulated_destroy(struct mc_emulated *e);
struct mc_backend *mc_emulated_backend(struct mc_emulated *e, struct device *dev);
int mc_emulated_inject(struct mc_emulated *e, const char *text);
int mc_emulated_faults(struct mc_emulated *e, char *buf, size_t size);
u8 mc_emulated_peek(struct mc_emulated *e, u8 reg);
void mc_emulated_poke(struct mc_emulated *e, u8 reg, u8 value);

#endif
