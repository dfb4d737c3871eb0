// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/driver/rtc: the core's lines, then ours.
 *
 * The core makes the file for the hctosys device alone (rtc0). A clock that came
 * up under another number makes it itself, where nobody else has it.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/ktime.h>

#include "clock/clock.h"
#include "face/procfs.h"

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

static void remove(void *proc)
{
	proc_remove(proc);
}

/* The core's file belongs to whichever clock is the hctosys device. */
static bool core_has_file(void)
{
	struct rtc_device *owner = rtc_class_open(CONFIG_RTC_HCTOSYS_DEVICE);

	if (owner)
		rtc_class_close(owner);
	return owner;
}

/**
 * mc_procfs_create - make /proc/driver/rtc, where the core did not
 * @c: the clock, registered
 *
 * Context: may sleep.
 * Return: 0; also where somebody else has the file.
 */
int mc_procfs_create(struct mc_clock *c)
{
	struct proc_dir_entry *file;

	if (core_has_file())
		return 0;
	file = proc_create_single_data("driver/rtc", 0444, NULL, show_all, c);
	return file ? devm_add_action_or_reset(c->dev, remove, file) : 0;
}
