/* SPDX-License-Identifier: GPL-2.0 */
/* The PC's own chip, behind ports 0x70 and 0x71. */
#ifndef MC_BUS_CMOS_H
#define MC_BUS_CMOS_H

#include <linux/ioport.h>

#include "chip/bus.h"

void mc_bus_cmos_init(struct mc_bus *b, struct device *dev);
struct mc_bus *mc_bus_cmos_create(struct device *dev, const struct resource *ports, int irq);
struct mc_bus *mc_bus_cmos_share(struct device *dev);

#endif
