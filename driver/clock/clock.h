/* SPDX-License-Identifier: GPL-2.0 */
/* One clock: everything else hangs off it. */
#ifndef MC_CLOCK_H
#define MC_CLOCK_H

#include <linux/atomic.h>
#include <linux/kthread.h>
#include <linux/rtc.h>

#include "chip/chip.h"
#include "clock/alarm.h"
#include "clock/hctosys.h"
#include "clock/reader.h"
#include "clock/set.h"
#include "phase/tracker.h"

#define MC_NAME "rtc-mc146818"

/**
 * struct mc_options - how to register a clock
 * @shared:	another driver has the chip's interrupt, its alarm and what wakes the system:
 *		these are not touched
 * @ptp:	make it a PTP clock too
 * @wake_first:	let it wake the system before it is registered, so that alarmtimer uses it
 *		(and pins the module)
 * @hctosys:	time the registration so that the kernel's hctosys is exact; else hctosys
 *		must not set the system's time by this clock
 */
struct mc_options {
	bool shared;
	bool ptp;
	bool wake_first;
	bool hctosys;
};

/**
 * enum mc_life - whether what is begun can be seen through
 * @MC_AWAKE:	it can
 * @MC_ASLEEP:	not before the system has slept
 * @MC_DOWN:	never: the system goes down
 */
enum mc_life { MC_AWAKE, MC_ASLEEP, MC_DOWN };

/**
 * struct mc_clock - one clock
 * @dev:	the device that it is bound to
 * @options:	how to register it
 * @rtc:	its face towards the core
 * @worker:	does what needs the ports at a given moment
 * @chip:	its registers
 * @tracker:	its phase
 * @reader:	its readings
 * @set:	a set under way
 * @alarm:	its ticks and alarms
 * @hctosys:	its registration
 * @interrupts:	of the chip's own line
 * @spurious:	interrupts that the chip knew nothing of
 * @life:	under the rtc's ops_lock, as is
 * @irq_wakes:	the interrupt line was armed for the sleep
 */
struct mc_clock {
	struct device *dev;
	struct mc_options options;
	struct rtc_device *rtc;
	struct kthread_worker *worker;
	struct mc_chip chip;
	struct mc_tracker tracker;
	struct mc_reader reader;
	struct mc_set set;
	struct mc_alarm alarm;
	struct mc_hctosys hctosys;
	atomic64_t interrupts, spurious;
	enum mc_life life;
	bool irq_wakes;
};

int mc_clock_probe(struct mc_bus *bus, const struct mc_options *options);
int mc_clock_suspend(struct device *dev);
int mc_clock_resume(struct device *dev);
void mc_clock_shutdown(struct device *dev);
int mc_clock_set_at(struct mc_clock *c, s64 rtc_ns, s64 raw);

#endif
