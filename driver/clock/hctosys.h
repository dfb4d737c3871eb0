/* SPDX-License-Identifier: GPL-2.0 */
/* Registering where the kernel's hctosys will be exact. */
#ifndef MC_HCTOSYS_H
#define MC_HCTOSYS_H

#include <linux/device.h>
#include <linux/rtc.h>
#include <linux/workqueue.h>

#include "phase/tracker.h"

/**
 * struct mc_hctosys - registering where the kernel's hctosys will be exact
 * @dev:	the device that the clock is bound to
 * @rtc:	the clock, to be registered
 * @tracker:	what follows its phase
 * @add:	registers it
 * @work:	waits for the edge, then calls @add
 * @cancelled:	no more
 * @reading:	the task whose next reading is hctosys's
 * @declined:	hctosys must not set the system's time by this clock
 */
struct mc_hctosys {
	struct device *dev;
	struct rtc_device *rtc;
	struct mc_tracker *tracker;
	int (*add)(struct mc_hctosys *h);
	struct work_struct work;
	bool cancelled;
	struct task_struct *reading;
	bool declined;
};

int mc_hctosys_register(struct mc_hctosys *h);
int mc_hctosys_add(struct mc_hctosys *h);
int mc_hctosys_wait(struct mc_hctosys *h);

#endif
