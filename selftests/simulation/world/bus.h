/* SPDX-License-Identifier: GPL-2.0 */
/* The driver's way to the chip: accesses that take time, and at which the machine may crash. */
#ifndef SIM_BUS_H
#define SIM_BUS_H

#include <setjmp.h>

#include "chip/bus.h"

extern s64 bus_accesses;	/* since the beginning */

/* The last write that can have set the clock going: when, true ns, and how long it took. */
extern s64 bus_released, bus_release_ns;

/* The most of them under one hold of the lock, with interrupts off; for whoever resets it. */
extern unsigned int bus_longest_hold;

/*
 * Where set: what the driver reads of register @reg while the chip says @value; and whether
 * @value, which it may change, gets to the chip at all.
 */
extern u8 (*bus_misread)(u8 reg, u8 value);
extern bool (*bus_miswrite)(u8 reg, u8 *value);

extern jmp_buf bus_crashed;

struct mc_bus *bus_init(void);
void bus_access_takes(s64 ns, s64 cold);
void bus_crash_after(s64 accesses);
void bus_print_writes(void);

#endif
