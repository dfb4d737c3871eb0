/* SPDX-License-Identifier: GPL-2.0 */
/* What the simulation does with its kernel, and sees of it. */
#ifndef SIM_KERNEL_CONTROL_H
#define SIM_KERNEL_CONTROL_H

#include "kernel/kernel.h"

#define KERNEL_TOLD	64

/* At true ns @moment somebody was told that CLOCK_REALTIME shows @real. */
struct telling {
	s64 moment, real;
	struct task *task;
};

extern struct telling kernel_told[KERNEL_TOLD];
extern unsigned int kernel_told_next;	/* counts on; modulo KERNEL_TOLD its place */

/**
 * struct first_telling - the first time that a task is told from some moment on
 * @who:	it was not told yet
 * @moment:	true ns
 * @raw:	the raw clock then
 */
struct first_telling {
	struct task *who;
	s64 moment, raw;
};

/* Since the simulation called, and since a driver's set_time was last called. */
extern struct first_telling kernel_first_of_call, kernel_first_of_set;

void kernel_await_telling(struct first_telling *first);

extern unsigned int kernel_warnings;
extern unsigned int kernel_uevents;
extern unsigned int kernel_events;	/* that drivers told the RTC's core of */
extern unsigned int kernel_ticks;	/* update interrupts that users of the RTC got */
extern bool kernel_verbose;		/* the log goes to stderr */

void kernel_boot(void);
void kernel_unbind(struct device *dev);
void kernel_time_takes(s64 telling, s64 late);

/* What the driver registered; NULL where it did not. */
struct rtc_device *kernel_rtc(void);
struct ptp_clock_info *kernel_ptp(void);
int kernel_read_attribute(const char *group, const char *name, char *buf);
int kernel_read_debugfs(const char *name, char *buf, size_t size);

/* What cannot be had: "ptp", "debugfs", "nvmem", "procfs" or "sysctl"; NULL: all can. */
extern const char *kernel_refused;
bool kernel_refuses(const char *face);

/* For the parts of the kernel among each other. */
struct storm {
	s64 since;
	int count;
};

void kernel_watch_storm(struct storm *storm);
void kernel_timers_init(void);
void kernel_works_init(void);
void kernel_rtc_init(void);
void kernel_ptp_init(void);

#endif
