// SPDX-License-Identifier: GPL-2.0
/* The RTC class: what drivers/rtc/interface.c does, as far as a driver can tell. */
#include "kernel/control.h"
#include "world/task.h"

unsigned int kernel_ticks;
unsigned int kernel_events;

static struct rtc_device *registered;

struct rtc_device *kernel_rtc(void)
{
	return registered;
}

void kernel_rtc_init(void)
{
	registered = NULL;
}

static int read_time(struct rtc_device *rtc, struct rtc_time *tm)
{
	int err;

	*tm = (struct rtc_time){ };
	err = rtc->ops->read_time(rtc->dev.parent, tm);
	return err ? err : rtc_valid_tm(tm);
}

int rtc_read_time(struct rtc_device *rtc, struct rtc_time *tm)
{
	int err;

	mutex_lock(&rtc->ops_lock);
	err = read_time(rtc, tm);
	mutex_unlock(&rtc->ops_lock);
	return err;
}

static void insert(struct rtc_device *rtc, struct rtc_timer *timer)
{
	struct timerqueue_node **p = &rtc->timerqueue.first, *node = &timer->node;

	while (*p && (*p)->expires <= node->expires)
		p = &(*p)->next;
	node->next = *p;
	node->queued = true;
	*p = node;
	timer->enabled = 1;
}

static void delete(struct rtc_device *rtc, struct rtc_timer *timer)
{
	struct timerqueue_node **p;

	timer->enabled = 0;
	if (!timer->node.queued)
		return;
	for (p = &rtc->timerqueue.first; *p != &timer->node; p = &(*p)->next)
		;
	*p = timer->node.next;
	timer->node.queued = false;
}

static int set_alarm(struct rtc_device *rtc, time64_t sec)
{
	struct rtc_wkalrm alarm = { .enabled = 1 };
	struct rtc_time tm;
	int err = read_time(rtc, &tm);

	if (err)
		return err;
	if (sec <= rtc_tm_to_time64(&tm))
		return -ETIME;
	rtc_time64_to_tm(sec, &alarm.time);
	return rtc->ops->set_alarm(rtc->dev.parent, &alarm);
}

static int enqueue(struct rtc_device *rtc, struct rtc_timer *timer)
{
	int err = 0;

	insert(rtc, timer);
	if (rtc->timerqueue.first != &timer->node)
		return 0;
	err = set_alarm(rtc, timer->node.expires / NSEC_PER_SEC);
	if (err == -ETIME) {
		schedule_work(&rtc->irqwork);
		return 0;
	}
	if (err)
		delete(rtc, timer);
	return err;
}

static void disable_alarm(struct rtc_device *rtc)
{
	if (rtc->ops->alarm_irq_enable)
		rtc->ops->alarm_irq_enable(rtc->dev.parent, 0);
}

static void aim(struct rtc_device *rtc)
{
	struct timerqueue_node *next = timerqueue_getnext(&rtc->timerqueue);
	int err;

	if (!next) {
		disable_alarm(rtc);
		return;
	}
	err = set_alarm(rtc, next->expires / NSEC_PER_SEC);
	if (err == -ETIME)
		schedule_work(&rtc->irqwork);
}

static void remove(struct rtc_device *rtc, struct rtc_timer *timer)
{
	bool was_next = rtc->timerqueue.first == &timer->node;

	delete(rtc, timer);
	if (was_next)
		aim(rtc);
}

/* The core goes through each of the ticks that were left out; here that would take for ever. */
static void expire(struct rtc_device *rtc, struct timerqueue_node *node, ktime_t time)
{
	struct rtc_timer *timer = container_of(node, struct rtc_timer, node);

	delete(rtc, timer);
	if (timer == &rtc->uie_rtctimer)
		kernel_ticks++;
	if (timer->period) {
		timer->node.expires += timer->period * ((time - node->expires) / timer->period + 1);
		insert(rtc, timer);
	}
}

/* Where the clock cannot be read nothing is done, until the next event. */
static void serve_timers(struct work_struct *work)
{
	struct rtc_device *rtc = container_of(work, struct rtc_device, irqwork);
	struct timerqueue_node *next;
	struct rtc_time tm;

	mutex_lock(&rtc->ops_lock);
	if (!read_time(rtc, &tm)) {
		while ((next = timerqueue_getnext(&rtc->timerqueue)) &&
		       next->expires <= rtc_tm_to_ktime(tm))
			expire(rtc, next, rtc_tm_to_ktime(tm));
		aim(rtc);
	}
	mutex_unlock(&rtc->ops_lock);
}

void rtc_update_irq(struct rtc_device *rtc, unsigned long num, unsigned long events)
{
	if (IS_ERR_OR_NULL(rtc))
		return;
	kernel_events++;
	schedule_work(&rtc->irqwork);
}

int rtc_update_irq_enable(struct rtc_device *rtc, unsigned int enabled)
{
	struct rtc_time tm;
	int err = 0;

	mutex_lock(&rtc->ops_lock);
	if (!enabled == !rtc->uie_rtctimer.enabled) {
		;
	} else if (!enabled) {
		remove(rtc, &rtc->uie_rtctimer);
	} else {
		err = read_time(rtc, &tm);
		if (!err) {
			rtc->uie_rtctimer.node.expires = rtc_tm_to_ktime(tm) + NSEC_PER_SEC;
			rtc->uie_rtctimer.period = NSEC_PER_SEC;
			err = enqueue(rtc, &rtc->uie_rtctimer);
		}
	}
	mutex_unlock(&rtc->ops_lock);
	return err;
}

int rtc_set_time(struct rtc_device *rtc, struct rtc_time *tm)
{
	bool ticks = rtc->uie_rtctimer.enabled;
	time64_t sec = rtc_tm_to_time64(tm);
	int err;

	if (sec < rtc->range_min || sec > rtc->range_max)
		return -ERANGE;
	if (ticks)
		rtc_update_irq_enable(rtc, 0);
	mutex_lock(&rtc->ops_lock);
	kernel_await_telling(&kernel_first_of_set);
	err = rtc->ops->set_time(rtc->dev.parent, tm);
	mutex_unlock(&rtc->ops_lock);
	schedule_work(&rtc->irqwork);
	if (ticks)
		rtc_update_irq_enable(rtc, 1);
	return err;
}

int rtc_read_alarm(struct rtc_device *rtc, struct rtc_wkalrm *alarm)
{
	*alarm = (struct rtc_wkalrm){ .enabled = rtc->aie_timer.enabled };
	rtc_time64_to_tm(rtc->aie_timer.node.expires / NSEC_PER_SEC, &alarm->time);
	return 0;
}

static int start_timer(struct rtc_device *rtc, struct rtc_timer *timer, ktime_t expires,
		       ktime_t period, bool on)
{
	int err = 0;

	mutex_lock(&rtc->ops_lock);
	if (timer->enabled)
		remove(rtc, timer);
	timer->node.expires = expires;
	timer->period = period;
	if (on)
		err = enqueue(rtc, timer);
	mutex_unlock(&rtc->ops_lock);
	return err;
}

int rtc_set_alarm(struct rtc_device *rtc, struct rtc_wkalrm *alarm)
{
	return start_timer(rtc, &rtc->aie_timer, rtc_tm_to_ktime(alarm->time), 0, alarm->enabled);
}

/* As alarmtimer does, whose timer stands beside the alarm. */
int rtc_timer_start(struct rtc_device *rtc, struct rtc_timer *timer, ktime_t expires,
		    ktime_t period)
{
	return start_timer(rtc, timer, expires, period, true);
}

struct rtc_device *devm_rtc_allocate_device(struct device *dev)
{
	struct rtc_device *rtc = devm_kzalloc(dev, sizeof(*rtc), GFP_KERNEL);

	rtc->dev = (struct device){ .parent = dev, .name = "rtc0", .groups = rtc->groups };
	rtc->irq_freq = 1;
	rtc->max_user_freq = 64;
	INIT_WORK(&rtc->irqwork, serve_timers);
	return rtc;
}

static void unregister(void *data)
{
	struct rtc_device *rtc = data;

	mutex_lock(&rtc->ops_lock);
	registered = NULL;
	rtc->dev.registered = false;
	mutex_unlock(&rtc->ops_lock);
	cancel_work_sync(&rtc->irqwork);
}

/* The core asks for the alarm that the chip holds; none is taken over here. */
int devm_rtc_register_device(struct rtc_device *rtc)
{
	struct rtc_wkalrm alarm = { };

	mutex_lock(&rtc->ops_lock);
	if (rtc->ops->read_alarm)
		rtc->ops->read_alarm(rtc->dev.parent, &alarm);
	mutex_unlock(&rtc->ops_lock);
	rtc->dev.registered = true;
	registered = rtc;
	return devm_add_action_or_reset(rtc->dev.parent, unregister, rtc);
}

int rtc_add_group(struct rtc_device *rtc, const struct attribute_group *group)
{
	if (rtc->group_count == ARRAY_SIZE(rtc->groups) - 1)
		return -ENOMEM;
	rtc->groups[rtc->group_count++] = group;
	return 0;
}

int rtc_add_groups(struct rtc_device *rtc, const struct attribute_group **groups)
{
	int err = 0;

	for (; *groups && !err; groups++)
		err = rtc_add_group(rtc, *groups);
	return err;
}

static struct attribute *find(const struct attribute_group *group, const char *name)
{
	struct attribute **a;

	for (a = group->attrs; *a; a++)
		if (!strcmp((*a)->name, name))
			return *a;
	return NULL;
}

/* As a file of sysfs is read: its length, or why not. */
int kernel_read_attribute(const char *group, const char *name, char *buf)
{
	struct rtc_device *rtc = registered;
	struct device_attribute *attr;
	struct attribute *a;
	int i;

	for (i = 0; rtc && i < rtc->group_count; i++) {
		if (!rtc->groups[i]->name || strcmp(rtc->groups[i]->name, group))
			continue;
		a = find(rtc->groups[i], name);
		if (!a)
			continue;
		attr = container_of(a, struct device_attribute, attr);
		return attr->show(&rtc->dev, attr, buf);
	}
	return -ENOENT;
}
