/* SPDX-License-Identifier: GPL-2.0 */
/* Registering where the kernel's hctosys will be exact. */
#ifndef MC_HCTOSYS_H
#define MC_HCTOSYS_H

#include "clock/clock.h"

int mc_late_register(struct mc_clock *c);
void mc_late_wait(struct mc_clock *c);

#endif
