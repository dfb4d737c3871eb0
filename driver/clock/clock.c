// SPDX-License-Identifier: GPL-2.0
/* A clock's life: probe, sleep, shutdown. */
#include <linux/interrupt.h>
#include <linux/pm.h>
#include <linux/slab.h>

#include "clock/alarm.h"
#include "chip/chip.h"
#include "clock/class.h"
#include "clock/clock.h"
#include "compat.h"
#include "face/debugfs.h"
#include "clock/set.h"
#include "clock/hctosys.h"
#include "face/nvmem.h"
#include "face/phc.h"
#include "face/procfs.h"
#include "face/sysctl.h"
#include "face/sysfs.h"
#include "phase/tracker.h"

static irqreturn_t interrupt(int irq, void *data)
{
	struct mc_clock *c = data;

	if (!(mc_chip_acknowledge(c) & MC146818_C_IRQF)) {
		atomic64_inc(&c->count.spurious);
		return IRQ_NONE;
	}
	atomic64_inc(&c->count.interrupts);
	rtc_update_irq(c->rtc, 1, RTC_IRQF | RTC_AF);
	return IRQ_HANDLED;
}

static void disconnect(void *data)
{
	struct mc_bus *b = data;

	b->ops->disconnect(b);
}

/* Served where it is delivered; nothing depends on it. */
static int request_interrupt(struct mc_clock *c)
{
	struct mc_bus *b = c->bus;

	if (b->ops->connect) {
		b->ops->connect(b, interrupt, c);
		return devm_add_action_or_reset(b->dev, disconnect, b);
	}
	if (b->irq && devm_request_irq(b->dev, b->irq, interrupt, 0, dev_name(&c->rtc->dev), c)) {
		dev_info(b->dev, "interrupt %d is taken; not needed\n", b->irq);
		b->irq = 0;
	}
	return 0;
}

static void stop(void *data)
{
	struct mc_clock *c = data;

	mc_hold_finish(c);
	mc_tracker_stop(c);
	mc_alarm_stop(c);
	cancel_work_sync(&c->tracker.step);
	mc_chip_disable_irqs(c, MC146818_B_IRQ_ENABLES);
	kthread_destroy_worker(c->worker);
}

/* A short poll at a given moment is worth nothing where it comes late. */
static int start_worker(struct mc_clock *c)
{
	c->worker = kthread_run_worker(0, "mc146818/%s", dev_name(&c->rtc->dev));
	if (IS_ERR(c->worker))
		return PTR_ERR(c->worker);
	sched_set_fifo(c->worker->task);
	return devm_add_action_or_reset(c->bus->dev, stop, c);
}

/* Whoever sleeps in read() or poll() learns that the clock is gone: ioctls say ENODEV. */
static void wake_readers(void *data)
{
	struct rtc_device *rtc = data;

	spin_lock_irq(&rtc->irq_lock);
	rtc->irq_data |= RTC_IRQF;
	spin_unlock_irq(&rtc->irq_lock);
	wake_up_interruptible(&rtc->irq_queue);
}

static void wakeup_off(void *dev)
{
	device_init_wakeup(dev, false);
}

/*
 * sysfs shows wakealarm for a device that can wake the system; alarmtimer takes
 * for good a clock that also may when it is registered.
 */
static int init_wakeup(struct mc_clock *c, bool wake_first)
{
	struct device *dev = c->bus->dev;

	if (!c->bus->can_wake)
		return 0;
	device_init_wakeup(dev, wake_first);
	device_set_wakeup_capable(dev, true);
	return devm_add_action_or_reset(dev, wakeup_off, dev);
}

/* An alarm that the chip held before us is in the core's queue now. */
static void adopt_alarm(struct mc_clock *c)
{
	mutex_lock(&c->rtc->ops_lock);
	mc_alarm_sync(c);
	mutex_unlock(&c->rtc->ops_lock);
}

static int allocate_rtc(struct mc_clock *c)
{
	struct rtc_device *rtc = devm_rtc_allocate_device(c->bus->dev);
	s64 min, max;

	if (IS_ERR(rtc))
		return PTR_ERR(rtc);
	c->rtc = rtc;
	rtc->ops = &mc_class_ops;
	mc146818_range(&c->format, &min, &max);
	rtc->range_min = min;
	rtc->range_max = max;
	/* A set means "it is T.000 now": the next second comes one second later. */
	rtc->set_offset_nsec = NSEC_PER_SEC;
	rtc->irq_freq = 1024;
	return devm_add_action_or_reset(c->bus->dev, wake_readers, rtc);
}

static const char *alarm_reach(const struct mc146818_format *f)
{
	if (f->date_alarm && f->month_alarm)
		return "a year";
	return f->date_alarm ? "a month" : "a day";
}

static void announce(struct mc_clock *c)
{
	bool interrupts = c->bus->irq || c->bus->ops->connect;

	dev_info(c->bus->dev,
		 "%s, %s, %s-hour%s, alarms up to %s, %u bytes of NVRAM, ticks by timer%s%s\n",
		 dev_name(&c->rtc->dev), c->format.reg_b & MC146818_B_DM ? "binary" : "BCD",
		 mc146818_counts_24(&c->format) ? "24" : "12",
		 c->format.century ? ", century" : "", alarm_reach(&c->format),
		 c->bus->ram_size, interrupts ? " and interrupt" : "",
		 c->bus->divider_reserved ? ", phase cannot be set" : "");
}

/**
 * mc_clock_register - make the clock known
 * @c: the clock, prepared
 *
 * Context: may sleep; the device's lock is held.
 * Return: 0 or -errno.
 */
int mc_clock_register(struct mc_clock *c)
{
	int err = mc_sysfs_add(c);

	if (!err)
		err = devm_rtc_register_device(c->rtc);
	if (!err)
		err = mc_phc_register(c);
	if (err)
		return err;
	if (!c->options.wake_first && c->bus->can_wake)
		device_wakeup_enable(c->bus->dev);
	adopt_alarm(c);
	err = mc_proc_create(c);
	if (err)
		return err;
	if (mc_nvram_register(c))
		dev_info(c->bus->dev, "no NVRAM device\n");
	announce(c);
	return 0;
}

static int prepare(struct mc_clock *c)
{
	int err = allocate_rtc(c);

	if (!err)
		err = start_worker(c);
	if (!err)
		err = mc_debugfs_create(c);
	if (!err)
		err = mc_sysctl_register(c);
	if (!err)
		err = init_wakeup(c, c->options.wake_first);
	return err;
}

/**
 * mc_clock_probe - make a clock of a chip
 * @bus: the chip; lives as long as its device is bound
 * @options: how to register it
 *
 * Context: a driver's probe.
 * Return: 0; -ENODEV where there is no chip; another -errno.
 */
int mc_clock_probe(struct mc_bus *bus, const struct mc_options *options)
{
	struct mc_clock *c = devm_kzalloc(bus->dev, sizeof(*c), GFP_KERNEL);
	int err;

	if (!c)
		return -ENOMEM;
	c->bus = bus;
	c->options = *options;
	dev_set_drvdata(bus->dev, c);
	mc_tracker_init(c);
	mc_alarm_init(c);
	mc_hold_init(c);
	err = mc_chip_identify(c);
	if (err)
		return err;
	err = prepare(c);
	if (err)
		return err;
	mc_rtc_set_alarm_reach(c->rtc, mc146818_alarm_reach(&c->format, 0));
	mc_chip_disable_irqs(c, MC146818_B_PIE | MC146818_B_UIE);
	mc_chip_acknowledge(c);
	err = request_interrupt(c);
	if (err)
		return err;
	return options->hctosys ? mc_late_register(c) : mc_clock_register(c);
}

/* Whatever is pending goes to the chip; then nothing of ours runs. */
static void quiesce(struct mc_clock *c)
{
	struct mc_reading r;

	mc_hold_finish(c);
	mutex_lock(&c->rtc->ops_lock);
	if (!mc_class_read(c, &r))
		mc_alarm_sync(c);
	mutex_unlock(&c->rtc->ops_lock);
	mc_tracker_stop(c);
	hrtimer_cancel(&c->alarm.timer);
}

/* An interrupt line that cannot wake leaves that to the firmware. */
static void set_irq_wake(struct mc_clock *c, bool on)
{
	int irq = c->bus->irq;

	if (on)
		c->irq_wakes = irq && !enable_irq_wake(irq);
	else if (c->irq_wakes)
		disable_irq_wake(irq);
}

static void set_wake(struct mc_clock *c, bool on)
{
	struct mc_bus *b = c->bus;

	if (!device_may_wakeup(b->dev))
		return;
	set_irq_wake(c, on);
	if (b->ops->wake)
		b->ops->wake(b, on && c->alarm.hw_on);
}

/**
 * mc_clock_suspend - dev_pm_ops.suspend
 * @dev: the clock's parent
 *
 * Return: 0.
 */
int mc_clock_suspend(struct device *dev)
{
	struct mc_clock *c = dev_get_drvdata(dev);

	quiesce(c);
	set_wake(c, true);
	return 0;
}

/**
 * mc_clock_resume - dev_pm_ops.resume
 * @dev: the clock's parent
 *
 * The raw clock stood still meanwhile, and firmware may have used the chip: what
 * was known of the phase and of the alarm registers is known no more.
 * Return: 0.
 */
int mc_clock_resume(struct device *dev)
{
	struct mc_clock *c = dev_get_drvdata(dev);

	set_wake(c, false);
	c->format.reg_b = mc_chip_register(c, MC146818_B);
	c->alarm.hw_sec = S64_MIN;
	mc_tracker_forget(c);
	mc_tracker_start(c);
	rtc_update_irq(c->rtc, 1, RTC_IRQF | RTC_AF);
	return 0;
}

/**
 * mc_clock_shutdown - the driver's shutdown
 * @dev: the clock's parent
 */
void mc_clock_shutdown(struct device *dev)
{
	struct mc_clock *c = dev_get_drvdata(dev);

	quiesce(c);
	set_wake(c, true);
}
