/* SPDX-License-Identifier: GPL-2.0 */
/* What a bus offers: the registers of one MC146818, one byte at a time. */
#ifndef MC_BUS_H
#define MC_BUS_H

#include <linux/dcache.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/spinlock.h>

#include "chip/registers.h"

struct mc_bus;

/**
 * struct mc_bus_ops - access to one chip
 * @read:	one byte of register @reg; called with the lock held. From 128 on it is RAM,
 *		which some chips have in a second bank
 * @write:	the same the other way
 * @wake:	lets the chip's alarm wake the sleeping system, or not; may sleep;
 *		NULL where there is nothing to do
 * @connect:	has the chip's interrupt call a handler, in hard interrupt context and
 *		without the lock; NULL where it comes by a number, or not at all
 * @disconnect:	no more, and none is under way on return; may sleep
 * @add_files:	adds what the bus has for the clock's folder in debugfs, or NULL
 */
struct mc_bus_ops {
	u8 (*read)(struct mc_bus *bus, u8 reg);
	void (*write)(struct mc_bus *bus, u8 reg, u8 value);
	void (*wake)(struct mc_bus *bus, bool enable);
	void (*connect)(struct mc_bus *bus, irq_handler_t handler, void *data);
	void (*disconnect)(struct mc_bus *bus);
	void (*add_files)(struct mc_bus *bus, struct dentry *dir);
};

/**
 * struct mc_bus - one chip, as a bus hands it to mc_clock_probe()
 * @ops:	its accesses
 * @lock:	held around each access, interrupts off; shared with whoever else
 *		uses the same ports
 * @dev:	the device it stands for
 * @irq:	its interrupt line where that is really delivered, else 0
 * @ram_size:	bytes of RAM behind register D; 0 where they are not ours to offer
 * @can_wake:	its alarm wakes a sleeping system
 * @divider_reserved: the divider bits of register A may mean something else here and are
 *	never written
 * @traced:	pm_trace keeps its notes in its time registers
 * @format:	which optional bytes exist; reg_b is filled in by the probe
 * @century:	register of the century byte, where format says there is one
 * @date_alarm:	of the date alarm
 * @month_alarm: of the month alarm
 */
struct mc_bus {
	const struct mc_bus_ops *ops;
	spinlock_t *lock; /* see above */
	struct device *dev;
	int irq;
	unsigned int ram_size;
	bool can_wake;
	bool divider_reserved;
	bool traced;
	struct mc146818_format format;
	u8 century, date_alarm, month_alarm;
};

#endif
