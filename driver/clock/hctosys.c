// SPDX-License-Identifier: GPL-2.0
/*
 * Registering where the kernel's hctosys will be exact.
 *
 * When the hctosys device is registered the core reads its time and takes the middle
 * of that second for now (drivers/rtc/class.c, rtc_hctosys()). That is right half a
 * second after an edge: so the edge is looked for first, the clock is registered
 * shortly before such a moment, and the core's reading waits for it.
 */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "clock/hctosys.h"
#include "phase/tracker.h"

#define HALF_NS		(NSEC_PER_SEC / 2)
#define AHEAD_NS	(20 * NSEC_PER_MSEC)	/* what registering takes before the reading */
#define SPIN_NS		(2 * NSEC_PER_MSEC)
#define ROUGH_NS	(25 * NSEC_PER_MSEC)	/* no lock, but not half a second */
#define LOCK_STEP_MS	1
#define EDGES		2	/* while booting, the first may be seen too widely */

/* How long until the clock is in the middle of a second. */
static int until_half(struct mc_clock *c, s64 *ns)
{
	s64 raw = ktime_get_raw_ns();
	s64 rtc, bound = S64_MAX;
	s32 nsec;

	mc_tracker_now(c, raw, &rtc, &bound);
	if (bound > ROUGH_NS)
		return -EAGAIN;
	div_s64_rem(rtc, NSEC_PER_SEC, &nsec);
	*ns = nsec < HALF_NS ? HALF_NS - nsec : HALF_NS + NSEC_PER_SEC - nsec;
	return 0;
}

static void sleep_ns(s64 ns)
{
	unsigned long us = div_s64(ns, NSEC_PER_USEC);

	if (ns > 0)
		usleep_range(us, us + 100);
}

/* Unbinding holds the device's lock while it waits for us. */
static bool lock(struct mc_late *late, struct device *dev)
{
	while (!device_trylock(dev)) {
		if (READ_ONCE(late->cancelled))
			return false;
		msleep(LOCK_STEP_MS);
	}
	return true;
}

static void find_edge(struct mc_clock *c)
{
	int i;

	for (i = 0; i < EDGES; i++)
		if (!mc_tracker_query(c))
			return;
}

static void register_late(struct work_struct *work)
{
	struct mc_late *late = container_of(work, struct mc_late, work);
	struct mc_clock *c = container_of(late, struct mc_clock, late);
	s64 ns;
	int err;

	find_edge(c);
	if (until_half(c, &ns))
		dev_warn(c->bus->dev, "no edge found: hctosys will be off by up to 0.5 s\n");
	else
		sleep_ns(ns - AHEAD_NS);
	if (!lock(late, c->bus->dev))
		return;
	WRITE_ONCE(late->reading, true);
	err = mc_clock_register(c);
	WRITE_ONCE(late->reading, false);
	device_unlock(c->bus->dev);
	if (err)
		dev_err(c->bus->dev, "not registered: %d\n", err);
}

static void cancel(void *data)
{
	struct mc_late *late = data;

	WRITE_ONCE(late->cancelled, true);
	cancel_work_sync(&late->work);
}

/**
 * mc_late_register - register the clock within the next three seconds
 * @c: the clock, prepared
 *
 * Context: a driver's probe.
 * Return: 0 or -ENOMEM.
 */
int mc_late_register(struct mc_clock *c)
{
	int err;

	INIT_WORK(&c->late.work, register_late);
	err = devm_add_action_or_reset(c->bus->dev, cancel, &c->late);
	if (!err)
		schedule_work(&c->late.work);
	return err;
}

/**
 * mc_late_wait - where the reading to come is hctosys's, wait for mid-second
 * @c: the clock
 *
 * Of the readings of a registration hctosys's is the one after the device was added.
 * Context: may sleep, up to a second.
 */
void mc_late_wait(struct mc_clock *c)
{
	s64 ns, at;

	if (!READ_ONCE(c->late.reading) || !device_is_registered(&c->rtc->dev))
		return;
	WRITE_ONCE(c->late.reading, false);
	if (until_half(c, &ns))
		return;
	at = ktime_get_raw_ns() + ns;
	sleep_ns(ns - SPIN_NS);
	while ((s64)ktime_get_raw_ns() < at)
		cpu_relax();
}
