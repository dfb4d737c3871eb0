/* SPDX-License-Identifier: GPL-2.0 */
/* Every difference between the kernels, and nothing else. */
#ifndef MC_COMPAT_H
#define MC_COMPAT_H

#include <linux/device.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/rtc.h>
#include <linux/sysctl.h>
#include <linux/timekeeping.h>
#include <linux/version.h>

/* 6.1 is 6001. Numbers lie, as distributions backport: a macro is tested for first. */
#define MC_KERNEL (LINUX_VERSION_MAJOR * 1000 + LINUX_VERSION_PATCHLEVEL)

/* Before 6.13: no hrtimer_setup(). From 6.15 on: no hrtimer_init(). */
static inline void mc_hrtimer_setup(struct hrtimer *timer,
				    enum hrtimer_restart (*function)(struct hrtimer *))
{
#if MC_KERNEL >= 6013
	hrtimer_setup(timer, function, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	timer->function = function;
#endif
}

/* Before 6.14 kthread_create_worker() also starts the worker. */
#ifndef kthread_run_worker
#define kthread_run_worker kthread_create_worker
#endif

/* Before 6.6 a sysctl table ends in an empty entry, which later ones refuse. */
#ifdef register_sysctl
#define MC_SYSCTL_END
#define mc_register_sysctl(path, table, size) register_sysctl_sz(path, table, size)
#else
#define MC_SYSCTL_END { }
#define mc_register_sysctl(path, table, size) register_sysctl(path, table)
#endif

/* Before 6.4 a class interface's functions are passed the interface too. */
#if MC_KERNEL >= 6004
#define MC_INTERFACE_ARGUMENTS struct device *dev
#else
#define MC_INTERFACE_ARGUMENTS struct device *dev, struct class_interface *interface
#endif

/* 7.2 takes the snapshot of a clock that the caller names. */
static inline void mc_ktime_get_snapshot(ktime_t *real, ktime_t *raw)
{
	struct system_time_snapshot now;

#if MC_KERNEL >= 7002
	ktime_get_snapshot_id(CLOCK_REALTIME, &now);
	*real = now.systime;
	*raw = now.monoraw;
#else
	ktime_get_snapshot(&now);
	*real = now.real;
	*raw = now.raw;
#endif
}

/* Before 6.7 the core does not know how far ahead an alarm can be. */
static inline void mc_rtc_set_alarm_reach(struct rtc_device *rtc, time64_t seconds)
{
#if MC_KERNEL >= 6007
	rtc->alarm_offset_max = seconds;
#endif
}

#endif
