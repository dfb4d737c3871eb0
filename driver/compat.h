/* SPDX-License-Identifier: GPL-2.0 */
/* Every difference between the kernels, and nothing else. */
#ifndef MC_COMPAT_H
#define MC_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/rtc.h>
#include <linux/sysctl.h>
#include <linux/version.h>

/* Before 6.13: no hrtimer_setup(). From 6.15 on: no hrtimer_init(). */
static inline void mc_hrtimer_setup(struct hrtimer *timer,
				    enum hrtimer_restart (*function)(struct hrtimer *))
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
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

/* Before 6.11 platform_driver.remove returns int; .remove_new does not. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define mc_platform_remove remove
#else
#define mc_platform_remove remove_new
#endif

/* Before 6.6 a sysctl table ends in an empty entry, which later ones refuse. */
#ifdef register_sysctl
#define MC_SYSCTL_END
#define mc_register_sysctl(path, table, size) register_sysctl_sz(path, table, size)
#else
#define MC_SYSCTL_END { }
#define mc_register_sysctl(path, table, size) register_sysctl(path, table)
#endif

/* Before 6.7 the core does not know how far ahead an alarm can be. */
static inline void mc_rtc_set_alarm_reach(struct rtc_device *rtc, time64_t seconds)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	rtc->alarm_offset_max = seconds;
#endif
}

#endif
