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

#define HALF_NS		(NSEC_PER_SEC / 2)
#define AHEAD_NS	(20 * NSEC_PER_MSEC)	/* what registering takes before the reading */
#define SPIN_NS		(2 * NSEC_PER_MSEC)
#define ROUGH_NS	(25 * NSEC_PER_MSEC)	/* no lock, but not half a second */
#define LOCK_STEP_MS	1

/* How long until the clock is in the middle of a second. */
static int until_half(struct mc_hctosys *h, s64 *ns)
{
	struct mc_answer a = { .bound_ns = S64_MAX };
	s32 nsec;

	mc_tracker_now(h->tracker, ktime_get_raw_ns(), &a);
	if (a.bound_ns > ROUGH_NS)
		return -EAGAIN;
	div_s64_rem(a.rtc_ns, NSEC_PER_SEC, &nsec);
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
static bool lock(struct mc_hctosys *h)
{
	while (!device_trylock(h->dev)) {
		if (READ_ONCE(h->cancelled))
			return false;
		msleep(LOCK_STEP_MS);
	}
	return true;
}

/**
 * mc_hctosys_add - register the clock now
 * @h: filled in but for @work
 *
 * Context: process, may sleep; the device's lock is held.
 * Return: 0 or -errno.
 */
int mc_hctosys_add(struct mc_hctosys *h)
{
	int err;

	WRITE_ONCE(h->reading, current);
	err = h->add(h);
	WRITE_ONCE(h->reading, NULL);
	return err;
}

static void mc_register_late(struct work_struct *work)
{
	struct mc_hctosys *h = container_of(work, struct mc_hctosys, work);
	s64 ns;
	int err;

	mc_tracker_query(h->tracker, MC_NEED_EDGE);
	if (until_half(h, &ns))
		dev_warn(h->dev, "no edge found: hctosys will be off by up to 0.5 s\n");
	else
		sleep_ns(ns - AHEAD_NS);
	if (!lock(h))
		return;
	err = mc_hctosys_add(h);
	device_unlock(h->dev);
	if (err)
		dev_err(h->dev, "not registered: %d\n", err);
}

static void cancel(void *data)
{
	struct mc_hctosys *h = data;

	WRITE_ONCE(h->cancelled, true);
	cancel_work_sync(&h->work);
}

/**
 * mc_hctosys_register - register the clock within the next three seconds
 * @h: filled in but for @work
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int mc_hctosys_register(struct mc_hctosys *h)
{
	int err;

	INIT_WORK(&h->work, mc_register_late);
	err = devm_add_action_or_reset(h->dev, cancel, h);
	/* Nothing can be registered below a device that sleeps. */
	if (!err)
		queue_work(system_freezable_wq, &h->work);
	return err;
}

/**
 * mc_hctosys_wait - where the reading to come is hctosys's, wait for mid-second or decline
 * @h: of the clock
 *
 * Of the readings of a registration, which one task does, hctosys's is the one after the
 * device was added.
 * Context: process, may sleep, up to a second.
 * Return: 0; -ENODATA: declined.
 */
int mc_hctosys_wait(struct mc_hctosys *h)
{
	s64 ns, at;

	if (READ_ONCE(h->reading) != current || !device_is_registered(&h->rtc->dev))
		return 0;
	WRITE_ONCE(h->reading, NULL);
	if (h->declined)
		return -ENODATA;
	if (until_half(h, &ns))
		return 0;
	at = ktime_get_raw_ns() + ns;
	sleep_ns(ns - SPIN_NS);
	while ((s64)ktime_get_raw_ns() < at)
		cpu_relax();
	return 0;
}
