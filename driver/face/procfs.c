// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/driver/rtc: the core's lines, then ours.
 *
 * The core makes the file for the hctosys device alone (rtc0), whoever's that is. While
 * there is none, the file is the first of our clocks'.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/ktime.h>

#include "clock/clock.h"
#include "compat.h"
#include "face/procfs.h"
#include "face/single.h"

#ifndef CONFIG_RTC_HCTOSYS_DEVICE
#define CONFIG_RTC_HCTOSYS_DEVICE "rtc0"
#endif

static const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static void show_phase(struct mc_clock *c, struct seq_file *seq)
{
	struct mc_answer a;

	if (mc_tracker_now(&c->tracker, ktime_get_raw_ns(), &a))
		seq_puts(seq, "phase\t\t: unknown\n");
	else
		seq_printf(seq, "phase\t\t: known to %lld ns\n", a.bound_ns);
}

/**
 * mc_procfs_show - rtc_class_ops.proc
 * @c: the clock
 * @seq: where to
 *
 * periodic_IRQ and update_IRQ are what users of the clock have enabled: the core
 * makes both from timers, the chip's own are never used.
 * Context: process.
 */
void mc_procfs_show(struct mc_clock *c, struct seq_file *seq)
{
	u8 reg_b = mc_chip_register(&c->chip, MC146818_B);
	u8 reg_d = mc_chip_register(&c->chip, MC146818_D);

	seq_printf(seq, "periodic_IRQ\t: %s\n", yes_no(c->rtc->pie_enabled));
	seq_printf(seq, "update_IRQ\t: %s\n", yes_no(c->rtc->uie_rtctimer.enabled));
	seq_puts(seq, "HPET_emulated\t: no\n");
	seq_printf(seq, "BCD\t\t: %s\n", yes_no(!(reg_b & MC146818_B_DM)));
	seq_printf(seq, "DST_enable\t: %s\n", yes_no(reg_b & MC146818_B_DSE));
	seq_printf(seq, "periodic_freq\t: %d\n", c->rtc->irq_freq);
	seq_printf(seq, "batt_status\t: %s\n", reg_d & MC146818_D_VRT ? "okay" : "dead");
	show_phase(c, seq);
}

static void show_core(struct rtc_device *rtc, struct seq_file *seq)
{
	struct rtc_wkalrm alarm;
	struct rtc_time tm;

	if (!rtc_read_time(rtc, &tm))
		seq_printf(seq, "rtc_time\t: %ptRt\nrtc_date\t: %ptRd\n", &tm, &tm);
	if (!rtc_read_alarm(rtc, &alarm)) {
		seq_printf(seq, "alrm_time\t: %ptRt\n", &alarm.time);
		seq_printf(seq, "alrm_date\t: %ptRd\n", &alarm.time);
		seq_printf(seq, "alarm_IRQ\t: %s\n", yes_no(alarm.enabled));
		seq_printf(seq, "alrm_pending\t: %s\n", yes_no(alarm.pending));
		seq_printf(seq, "update IRQ enabled\t: %s\n",
			   yes_no(rtc->uie_rtctimer.enabled));
		seq_printf(seq, "periodic IRQ enabled\t: %s\n", yes_no(rtc->pie_enabled));
		seq_printf(seq, "periodic IRQ frequency\t: %d\n", rtc->irq_freq);
		seq_printf(seq, "max user IRQ frequency\t: %d\n", rtc->max_user_freq);
	}
	seq_puts(seq, "24hr\t\t: yes\n");
}

static int show_all(struct seq_file *seq, void *offset)
{
	struct mc_clock *c = seq->private;

	show_core(c->rtc, seq);
	mc_procfs_show(c, seq);
	return 0;
}

static void *make_proc(struct mc_clock *c)
{
	return proc_create_single_data("driver/rtc", 0444, NULL, show_all, c);
}

static void remove_proc(void *entry)
{
	proc_remove(entry);
}

static struct mc_single file = {
	.lock = __MUTEX_INITIALIZER(file.lock),
	.waiting = LIST_HEAD_INIT(file.waiting),
	.make = make_proc,
	.remove = remove_proc,
};

static bool is_the_cores(const struct device *dev)
{
	return !strcmp(dev_name(dev), CONFIG_RTC_HCTOSYS_DEVICE);
}

/* Called just before the core makes the file for a device ... */
static int rtc_comes(MC_INTERFACE_ARGUMENTS)
{
	if (is_the_cores(dev))
		mc_single_take(&file, true);
	return 0;
}

/* ... and just after it has removed it. */
static void rtc_goes(MC_INTERFACE_ARGUMENTS)
{
	if (is_the_cores(dev))
		mc_single_take(&file, false);
}

static struct class_interface interface = {
	.add_dev = rtc_comes,
	.remove_dev = rtc_goes,
};

static DEFINE_MUTEX(interface_lock);

/* The class is not exported: the first clock shows it. Devices there are come at once. */
static int watch_class(struct device *rtc)
{
	int err = 0;

	mutex_lock(&interface_lock);
	if (!interface.class) {
		interface.class = rtc->class;
		err = class_interface_register(&interface);
		if (err)
			interface.class = NULL;
	}
	mutex_unlock(&interface_lock);
	return err;
}

/**
 * mc_procfs_create - make /proc/driver/rtc, or wait for it
 * @c: the clock, registered
 *
 * Context: may sleep.
 * Return: 0, also where somebody else has the file; -errno.
 */
int mc_procfs_create(struct mc_clock *c)
{
	int err = watch_class(&c->rtc->dev);

	return err ? err : mc_single_join(&file, c);
}

/**
 * mc_procfs_exit - no more of it
 *
 * Context: may sleep; the last clock is gone.
 */
void mc_procfs_exit(void)
{
	if (interface.class)
		class_interface_unregister(&interface);
}
