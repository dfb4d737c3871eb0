/* SPDX-License-Identifier: GPL-2.0 */
/* Locks, waiting, and work for others. */
#ifndef SIM_KERNEL_TASKS_H
#define SIM_KERNEL_TASKS_H

#include "kernel/time.h"

#define task_struct		task
#define current			task_running

struct task;
extern struct task *task_running;

/* Whoever waits for something, and how often it came: between a look and a wait none is lost. */
typedef struct wait_queue_head {
	unsigned int wakes;
	struct waiter *waiters;
} wait_queue_head_t;

typedef struct spinlock {
	struct task *owner;
	unsigned int taken;	/* how often */
	wait_queue_head_t free;
} spinlock_t;

typedef spinlock_t raw_spinlock_t;

struct mutex {
	struct task *owner;
	wait_queue_head_t free;
};

struct lock_class_key {
	char none;
};

#define DEFINE_SPINLOCK(name)	spinlock_t name = { }
#define DEFINE_MUTEX(name)	struct mutex name = { }

void spin_lock_init(spinlock_t *lock);
void spin_lock(spinlock_t *lock);
int spin_trylock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
unsigned long irqs_save(void);
void irqs_restore(unsigned long flags);

#define local_irq_save(flags)		((flags) = irqs_save())
#define local_irq_restore(flags)	irqs_restore(flags)
#define local_irq_disable()		((void)irqs_save())
#define local_irq_enable()		irqs_restore(0)
#define preempt_disable()		((void)irqs_save())
#define preempt_enable()		irqs_restore(0)

#define spin_lock_irqsave(lock, flags)	do { (flags) = irqs_save(); spin_lock(lock); } while (0)
#define spin_unlock_irqrestore(lock, flags) do { spin_unlock(lock); irqs_restore(flags); } while (0)
#define spin_lock_irq(lock)		do { irqs_save(); spin_lock(lock); } while (0)
#define spin_unlock_irq(lock)		do { spin_unlock(lock); irqs_restore(0); } while (0)
#define spin_lock_bh(lock)		spin_lock(lock)
#define spin_unlock_bh(lock)		spin_unlock(lock)
#define raw_spin_lock_init		spin_lock_init
#define raw_spin_lock			spin_lock
#define raw_spin_unlock			spin_unlock
#define raw_spin_lock_irqsave		spin_lock_irqsave
#define raw_spin_unlock_irqrestore	spin_unlock_irqrestore
#define raw_spin_lock_irq		spin_lock_irq
#define raw_spin_unlock_irq		spin_unlock_irq

void mutex_init(struct mutex *lock);
void mutex_lock(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

#define mutex_lock_interruptible(lock)	(mutex_lock(lock), 0)
#define mutex_lock_killable(lock)	(mutex_lock(lock), 0)
#define mutex_is_locked(lock)		((lock)->owner != NULL)
#define mutex_destroy(lock)		do { } while (0)

/* Both kinds of lock know whose they are. */
#define lockdep_assert_held(lock)	((void)WARN_ON((lock)->owner != current))
#define lockdep_assert_not_held(lock)	((void)WARN_ON((lock)->owner == current))
#define lockdep_assert_irqs_disabled()	do { } while (0)
#define lockdep_assert(condition)	((void)WARN_ON(!(condition)))
#define lockdep_is_held(lock)		((lock)->owner == current)
#define assert_spin_locked(lock)	lockdep_assert_held(lock)

void init_waitqueue_head(wait_queue_head_t *queue);
void wake_up_all(wait_queue_head_t *queue);
bool kernel_wait(wait_queue_head_t *queue, unsigned int wakes, s64 until);
s64 kernel_timeout(long timeout);
long kernel_timeout_left(s64 until);

#define wake_up				wake_up_all
#define wake_up_interruptible		wake_up_all
#define wake_up_interruptible_all	wake_up_all
#define waitqueue_active(queue)		((queue)->waiters != NULL)
#define signal_pending(task)		0

/* As the kernel's: 0 where the time ran out with the condition false, else what was left. */
#define wait_event_timeout(queue, condition, timeout) ({ \
	s64 __until = kernel_timeout(timeout); \
	bool __met, __more = true; \
	for (;;) { \
		unsigned int __wakes = (queue).wakes; \
		__met = (condition); \
		if (__met || !__more) \
			break; \
		__more = kernel_wait(&(queue), __wakes, __until); \
	} \
	__met ? kernel_timeout_left(__until) : 0; })
#define wait_event_interruptible_timeout wait_event_timeout
#define wait_event_killable_timeout	wait_event_timeout
#define wait_event_idle_timeout		wait_event_timeout
#define wait_event(queue, condition)	((void)wait_event_timeout(queue, condition, LONG_MAX))
#define wait_event_interruptible(queue, condition) (wait_event(queue, condition), 0)
#define wait_event_killable(queue, condition) (wait_event(queue, condition), 0)

struct completion {
	unsigned int done;
	wait_queue_head_t wait;
};

void init_completion(struct completion *c);
void reinit_completion(struct completion *c);
void complete(struct completion *c);
void complete_all(struct completion *c);
bool completion_done(struct completion *c);
long wait_for_completion_timeout(struct completion *c, unsigned long timeout);

#define wait_for_completion(c)		((void)wait_for_completion_timeout(c, LONG_MAX))
#define wait_for_completion_interruptible(c) (wait_for_completion(c), 0)
#define wait_for_completion_interruptible_timeout wait_for_completion_timeout
#define wait_for_completion_killable_timeout wait_for_completion_timeout
#define try_wait_for_completion(c)	((c)->done ? ((c)->done--, true) : false)

/* One shape for kthread works and work items: what runs them is a task each. */
struct kthread_work {
	void (*func)(struct kthread_work *work);
	struct kthread_worker *worker;
	bool pending;
	struct kthread_work *next;
};

struct kthread_worker {
	struct task *task;
	struct kthread_work *queue, *running;
	wait_queue_head_t more, done;
};

struct work_struct {
	struct kthread_work work;
	void (*func)(struct work_struct *work);
};

struct delayed_work {
	struct work_struct work;
	struct hrtimer timer;
};

struct kthread_delayed_work {
	struct kthread_work work;
	struct hrtimer timer;
	struct kthread_worker *worker;
};

typedef void (*work_func_t)(struct work_struct *work);
typedef void (*kthread_work_func_t)(struct kthread_work *work);

#define kthread_init_work(w, f)	(*(w) = (struct kthread_work){ .func = (f) })
#define INIT_WORK(w, f)		(*(w) = (struct work_struct){ .work.func = work_call, .func = (f) })

struct kthread_worker *kthread_create_worker(unsigned int flags, const char *fmt, ...);
void kthread_destroy_worker(struct kthread_worker *worker);
bool kthread_queue_work(struct kthread_worker *worker, struct kthread_work *work);
bool kthread_cancel_work_sync(struct kthread_work *work);
void kthread_flush_work(struct kthread_work *work);
void kthread_flush_worker(struct kthread_worker *worker);
void kthread_init_delayed_work(struct kthread_delayed_work *work, kthread_work_func_t func);
bool kthread_queue_delayed_work(struct kthread_worker *worker, struct kthread_delayed_work *work,
				unsigned long delay);
bool kthread_mod_delayed_work(struct kthread_worker *worker, struct kthread_delayed_work *work,
			      unsigned long delay);
bool kthread_cancel_delayed_work_sync(struct kthread_delayed_work *work);
void work_call(struct kthread_work *work);
bool schedule_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_work(struct work_struct *work);
bool flush_work(struct work_struct *work);
bool work_pending(struct work_struct *work);
void INIT_DELAYED_WORK(struct delayed_work *work, work_func_t func);
bool schedule_delayed_work(struct delayed_work *work, unsigned long delay);
bool mod_delayed_work(void *queue, struct delayed_work *work, unsigned long delay);
bool cancel_delayed_work_sync(struct delayed_work *work);
bool cancel_delayed_work(struct delayed_work *work);

#define system_wq		((void *)0)
#define system_long_wq		((void *)0)
#define system_unbound_wq	((void *)0)
#define system_freezable_wq	((void *)0)
#define queue_work(queue, work)	schedule_work(work)
#define queue_delayed_work(queue, work, delay) schedule_delayed_work(work, delay)
#define to_delayed_work(w)	container_of(w, struct delayed_work, work)
#define kthread_run_worker	kthread_create_worker
#define sched_set_fifo(task)	((void)(task))
#define sched_set_fifo_low(task) ((void)(task))

#endif
