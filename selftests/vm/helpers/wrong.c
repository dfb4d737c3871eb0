// SPDX-License-Identifier: GPL-2.0
/*
 * Does what a kernel that looks for faults has to report, each by its name: what=kasan, ubsan,
 * lockdep, atomic, objects, list, leak or race. Loading it fails at any rate.
 */
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>

static char *what = "";
module_param(what, charp, 0);
MODULE_PARM_DESC(what, "which fault");

static DEFINE_MUTEX(one);
static DEFINE_MUTEX(other);
static DEFINE_SPINLOCK(spin);

static void kasan(void)
{
	u8 *bytes = kmalloc(16, GFP_KERNEL);
	unsigned int past = 16;

	OPTIMIZER_HIDE_VAR(past);
	if (bytes)
		WRITE_ONCE(bytes[past], 0);
	kfree(bytes);
}

static void ubsan(void)
{
	unsigned int bits = 40;
	int value = 1;

	OPTIMIZER_HIDE_VAR(bits);
	value <<= bits;
	OPTIMIZER_HIDE_VAR(value);
}

static void lockdep(void)
{
	mutex_lock(&one);
	mutex_lock(&other);
	mutex_unlock(&other);
	mutex_unlock(&one);
	mutex_lock(&other);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&other);
}

static void atomic(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static void expired(struct timer_list *timer)
{
}

static void objects(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, expired, 0);
	mod_timer(timer, jiffies + 100 * HZ);
	kfree(timer);
}

static void list(void)
{
	struct list_head head, entry;

	INIT_LIST_HEAD(&head);
	list_add(&entry, &head);
	list_add(&entry, &head);
}

static void leak(void)
{
	void *lost = kzalloc(4000, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(lost);
}

static int shared;

static int racer(void *data)
{
	while (!kthread_should_stop()) {
		shared++;
		cond_resched();
	}
	return 0;
}

/* Two that count in one variable. */
static void race(void)
{
	struct task_struct *task = kthread_run(racer, NULL, "racer");
	unsigned long end = jiffies + 5 * HZ;

	if (IS_ERR(task))
		return;
	while (time_before(jiffies, end)) {
		shared++;
		cond_resched();
	}
	kthread_stop(task);
}

static const struct {
	const char *name;
	void (*commit)(void);
} wrongs[] = {
	{ "kasan", kasan },
	{ "ubsan", ubsan },
	{ "lockdep", lockdep },
	{ "atomic", atomic },
	{ "objects", objects },
	{ "list", list },
	{ "leak", leak },
	{ "race", race },
};

static int __init wrong_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrongs); i++) {
		if (strcmp(what, wrongs[i].name))
			continue;
		wrongs[i].commit();
		return -EAGAIN;
	}
	return -EINVAL;
}
module_init(wrong_init);

MODULE_DESCRIPTION("Faults that a kernel is to report");
MODULE_LICENSE("GPL");
