/* SPDX-License-Identifier: GPL-2.0 */
/* The RTC class as its drivers see it, with the core's own parts that they look into. */
#ifndef SIM_KERNEL_RTC_H
#define SIM_KERNEL_RTC_H

#include_next <linux/rtc.h>
#include "kernel/devices.h"

#define RTC_MAX_FREQ		8192

struct timerqueue_node {
	ktime_t expires;
	bool queued;
	struct timerqueue_node *next;
};

struct timerqueue_head {
	struct timerqueue_node *first;
};

#define timerqueue_getnext(head)	((head)->first)
#define timerqueue_iterate_next(node)	((node)->next)

struct rtc_timer {
	struct timerqueue_node node;
	ktime_t period;
	int enabled;
};

struct rtc_class_ops {
	int (*ioctl)(struct device *dev, unsigned int cmd, unsigned long arg);
	int (*read_time)(struct device *dev, struct rtc_time *tm);
	int (*set_time)(struct device *dev, struct rtc_time *tm);
	int (*read_alarm)(struct device *dev, struct rtc_wkalrm *alarm);
	int (*set_alarm)(struct device *dev, struct rtc_wkalrm *alarm);
	int (*proc)(struct device *dev, struct seq_file *seq);
	int (*alarm_irq_enable)(struct device *dev, unsigned int enabled);
	int (*read_offset)(struct device *dev, long *offset);
	int (*set_offset)(struct device *dev, long offset);
};

struct rtc_device {
	struct device dev;
	struct module *owner;
	int id;
	const struct rtc_class_ops *ops;
	struct mutex ops_lock;
	unsigned long flags;
	unsigned long irq_data;
	spinlock_t irq_lock;
	wait_queue_head_t irq_queue;
	int irq_freq, max_user_freq;
	struct timerqueue_head timerqueue;
	struct rtc_timer aie_timer, uie_rtctimer;
	int pie_enabled;
	struct work_struct irqwork;
	unsigned long set_offset_nsec;
	unsigned long features[1];
	time64_t range_min, range_max;
	timeu64_t alarm_offset_max;
	time64_t start_secs, offset_secs;
	bool set_start_time;
	const struct attribute_group *groups[5];	/* NULL behind the last */
	int group_count;
};

#define to_rtc_device(d)		container_of(d, struct rtc_device, dev)

struct rtc_device *devm_rtc_allocate_device(struct device *dev);
int devm_rtc_register_device(struct rtc_device *rtc);
int rtc_add_group(struct rtc_device *rtc, const struct attribute_group *group);
int rtc_add_groups(struct rtc_device *rtc, const struct attribute_group **groups);
int rtc_read_time(struct rtc_device *rtc, struct rtc_time *tm);
int rtc_set_time(struct rtc_device *rtc, struct rtc_time *tm);
int rtc_read_alarm(struct rtc_device *rtc, struct rtc_wkalrm *alarm);
int rtc_set_alarm(struct rtc_device *rtc, struct rtc_wkalrm *alarm);
int rtc_timer_start(struct rtc_device *rtc, struct rtc_timer *timer, ktime_t expires,
		    ktime_t period);
int rtc_update_irq_enable(struct rtc_device *rtc, unsigned int enabled);
void rtc_update_irq(struct rtc_device *rtc, unsigned long num, unsigned long events);

#define devm_rtc_nvmem_register(rtc, config) ((void)(rtc), (void)(config), 0)

static inline ktime_t rtc_tm_to_ktime(struct rtc_time tm)
{
	return rtc_tm_to_time64(&tm) * (s64)NSEC_PER_SEC;
}

#endif
