// SPDX-License-Identifier: GPL-2.0
/* A clock's life: probe, sleep, shutdown. */
#include <linux/capability.h>
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/pm-trace.h>
#include <linux/pm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "clock/clock.h"
#include "compat.h"
#include "face/debugfs.h"
#include "face/nvmem.h"
#include "face/phc.h"
#include "face/procfs.h"
#include "face/sysctl.h"
#include "face/sysfs.h"

#define SOON_MS		2000	/* an alarm due so soon refuses the suspend, as alarmtimer does */
#define COPY_NS		(20LL * NSEC_PER_MSEC)	/* five ticks of 4 ms, as kernel/time/ntp.c */
#define ZONE_S		900	/* time zones are quarters of an hour apart */

static int read_time(struct device *dev, struct rtc_time *tm)
{
	struct mc_clock *c = dev_get_drvdata(dev);
	struct mc_reading r;
	int err = mc_hctosys_wait(&c->hctosys);

	if (err)
		return err;
	err = mc_reader_read(&c->reader, &r);
	if (err)
		return err;
	*tm = r.tm;
	mc_alarm_hurry(&c->alarm);
	return 0;
}

/*
 * A caller that sets T when the system's time (or a zone's) is T to within a tick of
 * the kernel's is copying it, and means the beginning of its second: hwclock --systohc
 * and the core's own NTP sync come some milliseconds late, or early; rtc_tv_nsec_ok()
 * in kernel/time/ntp.c allows for the same. Any other time begins now.
 */
static s64 meant_raw(s64 sec)
{
	struct timespec64 ts;
	ktime_t real, raw;
	s64 ahead;
	s32 apart;

	mc_ktime_get_snapshot(&real, &raw);
	ts = ktime_to_timespec64(real);
	div_s64_rem(ts.tv_sec - sec, ZONE_S, &apart);
	if (apart > ZONE_S / 2)
		apart -= ZONE_S;
	else if (apart < -ZONE_S / 2)
		apart += ZONE_S;
	ahead = (s64)apart * NSEC_PER_SEC + ts.tv_nsec;
	return ktime_to_ns(raw) - (abs(ahead) <= COPY_NS ? ahead : 0);
}

static int set_to(struct mc_clock *c, s64 sec, s64 raw)
{
	int err;

	if (c->life != MC_AWAKE)
		return c->life == MC_ASLEEP ? -EBUSY : -ESHUTDOWN;
	err = mc_set_begin(&c->set, sec, raw);
	c->reader.stopped = false;
	return mc_reader_report(&c->reader, err, "the clock does not take the time");
}

static int set_time(struct device *dev, struct rtc_time *tm)
{
	s64 sec = rtc_tm_to_time64(tm);

	return set_to(dev_get_drvdata(dev), sec, meant_raw(sec));
}

/**
 * mc_clock_set_at - set the clock to a time with its nanoseconds
 * @c: the clock
 * @rtc_ns: the time, ns since 1970
 * @raw: raw ns at which it is that; now or a moment ago
 *
 * Context: process, may sleep.
 * Return: 0; -ERANGE; -EIO where the chip does not take it.
 */
int mc_clock_set_at(struct mc_clock *c, s64 rtc_ns, s64 raw)
{
	s32 nsec;
	s64 sec = div_s64_rem(rtc_ns, NSEC_PER_SEC, &nsec);
	int err;

	if (rtc_ns < 0 || sec < c->rtc->range_min || sec > (s64)c->rtc->range_max)
		return -ERANGE;
	err = mutex_lock_interruptible(&c->rtc->ops_lock);
	if (err)
		return err;
	err = set_to(c, sec, raw - nsec);
	mutex_unlock(&c->rtc->ops_lock);
	if (err)
		return err;
	/* Alarms may have been passed over: as the core does after its own sets. */
	rtc_update_irq(c->rtc, 1, RTC_IRQF | RTC_AF);
	return 0;
}

static int read_alarm(struct device *dev, struct rtc_wkalrm *alarm)
{
	struct mc_clock *c = dev_get_drvdata(dev);

	return mc_alarm_read(&c->alarm, alarm);
}

/* An interrupt line that cannot wake leaves that to the firmware. */
static void set_irq_wake(struct mc_clock *c, bool on)
{
	int irq = c->chip.bus->irq;

	if (!irq || on == c->irq_wakes)
		return;
	if (on && enable_irq_wake(irq))
		return;
	if (!on)
		disable_irq_wake(irq);
	c->irq_wakes = on;
}

/* The ops_lock is held. */
static void let_wake(struct mc_clock *c, bool on)
{
	struct mc_bus *b = c->chip.bus;

	set_irq_wake(c, on);
	if (b->ops->wake)
		b->ops->wake(b, on);
}

/* Nobody can be told "later": where the system is about to sleep, the chip has it. */
static int set_alarm(struct device *dev, struct rtc_wkalrm *alarm)
{
	struct mc_clock *c = dev_get_drvdata(dev);
	int err = mc_alarm_set(&c->alarm, alarm);

	if (c->life != MC_AWAKE)
		let_wake(c, c->alarm.hw_on);
	return err;
}

/* The core's queue says what is to come: it also calls this with 0 while ticks are on. */
static int alarm_irq_enable(struct device *dev, unsigned int enabled)
{
	struct mc_clock *c = dev_get_drvdata(dev);

	mc_alarm_sync(&c->alarm);
	if (c->life != MC_AWAKE)
		let_wake(c, c->alarm.hw_on);
	return 0;
}

static bool battery_lost(struct mc_chip *chip)
{
	if (!(mc_chip_register(chip, MC146818_D) & MC146818_D_VRT))
		chip->battery_lost = true;
	return chip->battery_lost;
}

/* Reading register D sets VRT again where the power sense pin allows (datasheet). */
static int battery_clear(struct mc_chip *chip)
{
	mc_chip_register(chip, MC146818_D);
	chip->battery_lost = false;
	return battery_lost(chip) ? -EIO : 0;
}

static int ioctl(struct device *dev, unsigned int cmd, unsigned long arg)
{
	struct mc_clock *c = dev_get_drvdata(dev);
	unsigned int flags = 0;

	/* The core looks for this function before it waits for the ops_lock: see retire(). */
	if (!c)
		return -ENODEV;
	switch (cmd) {
	case RTC_VL_READ:
		if (battery_lost(&c->chip))
			flags = RTC_VL_DATA_INVALID | RTC_VL_BACKUP_EMPTY;
		if (READ_ONCE(c->chip.date_lost))
			flags |= RTC_VL_DATA_INVALID;
		return put_user(flags, (unsigned int __user *)arg);
	case RTC_VL_CLR:
		/* The core asks this for a set alone, and it makes a clock look better. */
		return capable(CAP_SYS_TIME) ? battery_clear(&c->chip) : -EACCES;
	default:
		return -ENOIOCTLCMD;
	}
}

static int proc(struct device *dev, struct seq_file *seq)
{
	mc_procfs_show(dev_get_drvdata(dev), seq);
	return 0;
}

static const struct rtc_class_ops operations = {
	.read_time = read_time,
	.set_time = set_time,
	.read_alarm = read_alarm,
	.set_alarm = set_alarm,
	.alarm_irq_enable = alarm_irq_enable,
	.proc = proc,
	.ioctl = ioctl,
};

/* What follows the edge: a set that waits to see it, and the timer that is aimed at it. */
static void edge_moved(struct mc_tracker *tr)
{
	struct mc_clock *c = container_of(tr, struct mc_clock, tracker);

	mc_set_edge(&c->set);
	mc_alarm_aim(&c->alarm);
}

static irqreturn_t mc_interrupt(int irq, void *data)
{
	struct mc_clock *c = data;
	u8 flags = mc_chip_acknowledge(&c->chip);

	if (!(flags & MC146818_C_IRQF)) {
		atomic64_inc(&c->spurious);
		return IRQ_NONE;
	}
	atomic64_inc(&c->interrupts);
	/* Nobody here asked for these: firmware, or another program, left them on. */
	if (flags & (MC146818_C_PF | MC146818_C_UF))
		mc_chip_disable_irqs(&c->chip, MC146818_B_PIE | MC146818_B_UIE);
	if (flags & MC146818_C_AF)
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
	struct mc_bus *b = c->chip.bus;

	if (b->ops->connect) {
		b->ops->connect(b, mc_interrupt, c);
		return devm_add_action_or_reset(b->dev, disconnect, b);
	}
	if (b->irq &&
	    devm_request_irq(b->dev, b->irq, mc_interrupt, 0, dev_name(&c->rtc->dev), c)) {
		dev_info(b->dev, "interrupt %d is taken; not needed\n", b->irq);
		b->irq = 0;
	}
	return 0;
}

static void stop(void *data)
{
	struct mc_clock *c = data;

	mc_set_drop(&c->set);
	mc_tracker_stop(&c->tracker, MC_STOP_SLEEP);
	mutex_lock(&c->rtc->ops_lock);
	mc_alarm_stop(&c->alarm);
	mutex_unlock(&c->rtc->ops_lock);
	cancel_work_sync(&c->tracker.step);
	if (!c->options.shared)
		mc_chip_disable_irqs(&c->chip, MC146818_B_IRQ_ENABLES);
	kthread_destroy_worker(c->worker);
}

/* A short poll at a given moment is worth nothing where it comes late. */
static int start_worker(struct mc_clock *c)
{
	c->worker = kthread_run_worker(0, "mc146818/%s", dev_name(&c->rtc->dev));
	if (IS_ERR(c->worker))
		return PTR_ERR(c->worker);
	sched_set_fifo(c->worker->task);
	c->tracker.worker = c->worker;
	c->set.worker = c->worker;
	c->alarm.worker = c->worker;
	return devm_add_action_or_reset(c->dev, stop, c);
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
	struct device *dev = c->dev;

	if (!c->chip.bus->can_wake)
		return 0;
	device_init_wakeup(dev, wake_first);
	device_set_wakeup_capable(dev, true);
	return devm_add_action_or_reset(dev, wakeup_off, dev);
}

/* An alarm that the chip held before us is in the core's queue now. */
static void adopt_alarm(struct mc_clock *c)
{
	mutex_lock(&c->rtc->ops_lock);
	mc_alarm_sync(&c->alarm);
	mutex_unlock(&c->rtc->ops_lock);
}

static int allocate_rtc(struct mc_clock *c)
{
	struct rtc_device *rtc = devm_rtc_allocate_device(c->dev);
	s64 first, last;

	if (IS_ERR(rtc))
		return PTR_ERR(rtc);
	c->rtc = rtc;
	rtc->ops = &operations;
	c->tracker.kobj = &rtc->dev.kobj;
	c->alarm.rtc = rtc;
	mc146818_range(&c->chip.format, &first, &last);
	rtc->range_min = first;
	rtc->range_max = min_t(s64, last, KTIME_SEC_MAX);
	/* A set means "it is T.000 now": the next second comes one second later. */
	rtc->set_offset_nsec = NSEC_PER_SEC;
	rtc->irq_freq = 1024;
	return devm_add_action_or_reset(c->dev, wake_readers, rtc);
}

static const char *alarm_reach(const struct mc146818_format *f)
{
	if (f->date_alarm && f->month_alarm)
		return "a year";
	return f->date_alarm ? "a month" : "a day";
}

static void announce(struct mc_clock *c)
{
	bool interrupts = c->chip.bus->irq || c->chip.bus->ops->connect;

	dev_info(c->dev,
		 "%s, %s, %s-hour%s, alarms up to %s, %u bytes of NVRAM, ticks by timer%s%s\n",
		 dev_name(&c->rtc->dev), c->chip.format.reg_b & MC146818_B_DM ? "binary" : "BCD",
		 mc146818_counts_24(&c->chip.format) ? "24" : "12",
		 c->chip.format.century ? ", century" : "", alarm_reach(&c->chip.format),
		 c->chip.bus->ram_size, interrupts ? " and interrupt" : "",
		 c->chip.bus->divider_reserved ? ", phase cannot be set" : "");
}

/*
 * The core removes the files of sysfs with the ops_lock held. Who reads them waits for the
 * ops_lock, and the removal waits for the readers: a deadlock. Removed before, they wait for
 * nothing. The core's own /proc/driver/rtc has the same deadlock, which no driver can mend.
 */
static void drain_readers(void *data)
{
	struct rtc_device *rtc = data;
	const struct attribute_group **group;

	/* Without RTC_INTF_SYSFS there are none. */
	for (group = rtc->dev.groups; group && *group; group++)
		if (!(*group)->name)
			sysfs_remove_group(&rtc->dev.kobj, *group);
}

/* There before the clock is registered. What cannot be had is done without. */
static void add_early_faces(struct mc_clock *c)
{
	if (mc_debugfs_create(c))
		dev_warn(c->dev, "no counters in debugfs\n");
	if (mc_sysctl_register(c))
		dev_warn(c->dev, "no max-user-freq in /proc/sys\n");
}

/* The clock is in use from here on: what cannot be had is done without here too. */
static void add_faces(struct mc_clock *c)
{
	if (mc_phc_register(c))
		dev_warn(c->dev, "no PTP clock\n");
	if (mc_procfs_create(c))
		dev_warn(c->dev, "no /proc/driver/rtc\n");
	if (mc_nvmem_register(c))
		dev_warn(c->dev, "no NVRAM device\n");
}

static int gone(struct device *dev, struct rtc_time *tm)
{
	return -ENODEV;
}

static int gone_alarm(struct device *dev, unsigned int enabled)
{
	return -ENODEV;
}

static int gone_ioctl(struct device *dev, unsigned int cmd, unsigned long arg)
{
	return -ENODEV;
}

/* What a file that is still open finds. */
static const struct rtc_class_ops gone_operations = {
	.read_time = gone,
	.set_time = gone,
	.alarm_irq_enable = gone_alarm,
	.ioctl = gone_ioctl,
};

/*
 * The core has just set the clock's operations to NULL. For what it does itself it checks that,
 * but not for a driver's ioctls: it would follow the NULL, or call ours though the clock is gone.
 */
static void retire(void *data)
{
	struct mc_clock *c = data;

	mutex_lock(&c->rtc->ops_lock);
	dev_set_drvdata(c->dev, NULL);
	c->rtc->ops = &gone_operations;
	mutex_unlock(&c->rtc->ops_lock);
}

static int add(struct mc_clock *c)
{
	int err = mc_sysfs_add(c);

	/* Undone just after the registration is. */
	if (!err)
		err = devm_add_action(c->dev, retire, c);
	if (!err)
		err = devm_rtc_register_device(c->rtc);
	/* For want of memory the core goes on without the device. */
	if (!err && !device_is_registered(&c->rtc->dev))
		err = -ENOMEM;
	if (!err)
		err = devm_add_action_or_reset(c->dev, drain_readers, c->rtc);
	if (err)
		return err;
	if (!c->options.wake_first && c->chip.bus->can_wake)
		device_wakeup_enable(c->dev);
	adopt_alarm(c);
	add_faces(c);
	announce(c);
	return 0;
}

static int add_late(struct mc_hctosys *h)
{
	return add(container_of(h, struct mc_clock, hctosys));
}

static int register_clock(struct mc_clock *c)
{
	c->hctosys.dev = c->dev;
	c->hctosys.rtc = c->rtc;
	c->hctosys.tracker = &c->tracker;
	c->hctosys.add = add_late;
	c->hctosys.declined = !c->options.hctosys || c->chip.date_lost;
	return c->hctosys.declined ? mc_hctosys_add(&c->hctosys) :
				     mc_hctosys_register(&c->hctosys);
}

static int prepare(struct mc_clock *c)
{
	int err = allocate_rtc(c);

	if (!err)
		err = start_worker(c);
	if (err)
		return err;
	add_early_faces(c);
	return init_wakeup(c, c->options.wake_first);
}

/**
 * mc_clock_probe - make a clock of a chip
 * @bus: the chip; lives as long as its device is bound
 * @options: how to register it
 *
 * Context: process, may sleep.
 * Return: 0; -ENODEV where there is no chip; another -errno.
 */
int mc_clock_probe(struct mc_bus *bus, const struct mc_options *options)
{
	struct mc_clock *c = devm_kzalloc(bus->dev, sizeof(*c), GFP_KERNEL);
	int err;

	if (!c)
		return -ENOMEM;
	c->dev = bus->dev;
	c->options = *options;
	dev_set_drvdata(bus->dev, c);
	mc_chip_init(&c->chip, bus);
	c->chip.shared = options->shared;
	mc_tracker_init(&c->tracker, &c->chip, edge_moved);
	mc_alarm_init(&c->alarm, &c->chip, &c->tracker, options->shared);
	mc_set_init(&c->set, &c->chip, &c->tracker);
	c->reader = (struct mc_reader){ .chip = &c->chip, .tracker = &c->tracker };
	err = mc_chip_identify(&c->chip);
	if (!err)
		err = prepare(c);
	if (err)
		return err;
	if (!options->shared)
		mc_rtc_set_alarm_reach(c->rtc, mc146818_least_reach(&c->chip.format));
	if (!options->shared) {
		mc_chip_quiet(&c->chip);
		err = request_interrupt(c);
	}
	return err ? err : register_clock(c);
}

/* The ops_lock is held. Whatever is pending goes to the chip; then nothing of ours runs. */
static void quiesce(struct mc_clock *c, enum mc_life life)
{
	struct mc_reading r;
	int err;

	lockdep_assert_held(&c->rtc->ops_lock);
	c->life = life;
	mc_set_drop(&c->set);
	err = mc_reader_read(&c->reader, &r);
	mc_tracker_stop(&c->tracker, MC_STOP_SLEEP);
	mc_alarm_rest(&c->alarm, device_may_wakeup(c->dev) ? MC_ALARM_CHIP : MC_ALARM_NOBODY);
	if (!err)
		mc_alarm_sync(&c->alarm);
	let_wake(c, c->alarm.hw_on);
}

/* The ops_lock is held. pm_trace keeps its notes in the time registers: no date is left. */
static void note_trace(struct mc_clock *c)
{
	if (!c->chip.bus->traced || pm_trace_rtc_valid() || READ_ONCE(c->chip.date_lost))
		return;
	WRITE_ONCE(c->chip.date_lost, true);
	dev_warn(c->dev, "pm_trace uses the clock's registers: its date is lost until it is set\n");
}

static bool due_at_once(struct mc_clock *c)
{
	struct mc_reading r;

	return device_may_wakeup(c->dev) && !mc_reader_read(&c->reader, &r) &&
	       mc_alarm_soon(&c->alarm);
}

/**
 * mc_clock_suspend - dev_pm_ops.suspend
 * @dev: the clock's parent
 *
 * Return: 0; -EBUSY where an alarm is due before the system could be asleep.
 */
int mc_clock_suspend(struct device *dev)
{
	struct mc_clock *c = dev_get_drvdata(dev);
	bool soon;

	mutex_lock(&c->rtc->ops_lock);
	note_trace(c);
	soon = due_at_once(c);
	if (!soon)
		quiesce(c, MC_ASLEEP);
	mutex_unlock(&c->rtc->ops_lock);
	if (!soon)
		return 0;
	pm_wakeup_event(dev, SOON_MS);
	return -EBUSY;
}

/* The ops_lock is held. Return: an alarm has come meanwhile. */
static bool take_back(struct mc_clock *c)
{
	struct mc_reading r;
	bool rang;

	let_wake(c, false);
	note_trace(c);
	mc_chip_check(&c->chip);
	mc_chip_shake(&c->chip);
	rang = mc_alarm_take_back(&c->alarm) & MC146818_C_AF;
	mc_tracker_forget(&c->tracker);
	c->life = MC_AWAKE;
	if (!mc_reader_read(&c->reader, &r)) {
		mc_alarm_sync(&c->alarm);
		rang |= mc_alarm_passed(&c->alarm);
	}
	mc_tracker_start(&c->tracker, MC_STOP_SLEEP);
	mc_alarm_aim(&c->alarm);
	return rang;
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
	bool rang;

	mutex_lock(&c->rtc->ops_lock);
	rang = take_back(c);
	mutex_unlock(&c->rtc->ops_lock);
	if (rang)
		rtc_update_irq(c->rtc, 1, RTC_IRQF | RTC_AF);
	return 0;
}

/**
 * mc_clock_shutdown - the driver's shutdown
 * @dev: the clock's parent
 *
 * A kernel that comes next, by kexec too, finds no interrupt on but an alarm's.
 */
void mc_clock_shutdown(struct device *dev)
{
	struct mc_clock *c = dev_get_drvdata(dev);

	mutex_lock(&c->rtc->ops_lock);
	quiesce(c, MC_DOWN);
	if (!c->options.shared)
		mc_chip_quiet(&c->chip);
	mutex_unlock(&c->rtc->ops_lock);
}
