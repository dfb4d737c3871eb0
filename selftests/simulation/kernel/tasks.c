// SPDX-License-Identifier: GPL-2.0
/* Locks, waiting, and work for others. */
#include "kernel/kernel.h"
#include "kernel/control.h"
#include "world/clocks.h"
#include "world/random.h"
#include "world/task.h"

#define WAKE_MIN_NS	3000	/* from being woken to task_running */
#define WAKE_MAX_NS	60000
#define STORM_A_SECOND	20000

/* On the stack of whoever waits. */
struct waiter {
	struct task *task;
	struct waiter *next;
};

/**
 * kernel_wait - sleep until a queue is woken
 * @queue: the queue
 * @wakes: how often it had been woken when the condition was looked at
 * @until: true ns
 *
 * Return: false where @until is past.
 */
bool kernel_wait(wait_queue_head_t *queue, unsigned int wakes, s64 until)
{
	struct waiter self = { task_running, queue->waiters }, **p;

	WARN_ON(task_running->locks || task_running->irqs_off);
	if (queue->wakes != wakes)
		return true;
	if (until <= now)
		return false;
	queue->waiters = &self;
	task_sleep(until);
	for (p = &queue->waiters; *p != &self; p = &(*p)->next)
		;
	*p = self.next;
	take(interrupted());
	return now < until;
}

static void wake(wait_queue_head_t *queue, s64 least, s64 most)
{
	struct waiter *w;

	queue->wakes++;
	for (w = queue->waiters; w; w = w->next)
		task_wake(w->task, now + random_between(least, most));
}

void wake_up_all(wait_queue_head_t *queue)
{
	wake(queue, WAKE_MIN_NS, WAKE_MAX_NS);
}

void init_waitqueue_head(wait_queue_head_t *queue)
{
	*queue = (wait_queue_head_t){ };
}

s64 kernel_timeout(long timeout)
{
	return timeout == LONG_MAX ? NEVER : now + jiffies_to_nsecs(timeout);
}

/* At least 1: the condition was met. */
long kernel_timeout_left(s64 until)
{
	if (until == NEVER)
		return LONG_MAX;
	return until > now ? 1 + (until - now) / (NSEC_PER_SEC / HZ) : 1;
}

void spin_lock_init(spinlock_t *lock)
{
	*lock = (spinlock_t){ };
}

/* Who spins goes on at once when the lock is free: it sleeps here, but not there. */
static void spin(spinlock_t *lock)
{
	struct waiter self = { task_running, lock->free.waiters }, **p;

	lock->free.waiters = &self;
	task_sleep(NEVER);
	for (p = &lock->free.waiters; *p != &self; p = &(*p)->next)
		;
	*p = self.next;
}

void spin_lock(spinlock_t *lock)
{
	WARN_ON(lock->owner == task_running);
	while (lock->owner)
		spin(lock);
	lock->owner = task_running;
	lock->taken++;
	task_running->locks++;
}

int spin_trylock(spinlock_t *lock)
{
	if (lock->owner)
		return 0;
	spin_lock(lock);
	return 1;
}

void spin_unlock(spinlock_t *lock)
{
	WARN_ON(lock->owner != task_running);
	lock->owner = NULL;
	task_running->locks--;
	wake(&lock->free, 20, 200);
}

unsigned long irqs_save(void)
{
	return task_running->irqs_off++;
}

void irqs_restore(unsigned long flags)
{
	if (!flags && task_running->irqs_off > 1)
		flags = task_running->irqs_off - 1;
	task_running->irqs_off = flags;
	WARN_ON(task_running->irqs_off < 0);
}

void mutex_init(struct mutex *lock)
{
	*lock = (struct mutex){ };
}

void mutex_lock(struct mutex *lock)
{
	WARN_ON(lock->owner == task_running || task_running->interrupt);
	for (;;) {
		unsigned int wakes = lock->free.wakes;

		if (!lock->owner)
			break;
		kernel_wait(&lock->free, wakes, NEVER);
	}
	lock->owner = task_running;
}

int mutex_trylock(struct mutex *lock)
{
	if (lock->owner)
		return 0;
	lock->owner = task_running;
	return 1;
}

void mutex_unlock(struct mutex *lock)
{
	WARN_ON(lock->owner != task_running);
	lock->owner = NULL;
	wake_up_all(&lock->free);
}

void init_completion(struct completion *c)
{
	*c = (struct completion){ };
}

void reinit_completion(struct completion *c)
{
	c->done = 0;
}

void complete(struct completion *c)
{
	c->done++;
	wake_up_all(&c->wait);
}

void complete_all(struct completion *c)
{
	c->done = UINT_MAX / 2;
	wake_up_all(&c->wait);
}

bool completion_done(struct completion *c)
{
	return c->done;
}

long wait_for_completion_timeout(struct completion *c, unsigned long timeout)
{
	long left = wait_event_timeout(c->wait, c->done, timeout);

	if (left && c->done < UINT_MAX / 4)
		c->done--;
	return left;
}

/* Workers. */
static struct kthread_work *first_work(struct kthread_worker *worker)
{
	struct kthread_work *work = worker->queue;

	if (work) {
		worker->queue = work->next;
		work->pending = false;
	}
	return work;
}

/* Who starts again what is over at once, again and again, keeps a processor busy. */
void kernel_watch_storm(struct storm *storm)
{
	if (now < storm->since || now - storm->since > NSEC_PER_SEC)
		*storm = (struct storm){ .since = now };
	if (++storm->count == STORM_A_SECOND)
		kernel_warn(__FILE__, __LINE__, "a storm of timers or works");
}

static void run_works(void *data)
{
	struct kthread_worker *worker = data;
	struct storm storm = { };

	for (;;) {
		wait_event(worker->more, worker->queue);
		worker->running = first_work(worker);
		kernel_watch_storm(&storm);
		worker->running->func(worker->running);
		WARN_ON(task_running->locks || task_running->irqs_off);
		worker->running = NULL;
		wake_up_all(&worker->done);
	}
}

struct kthread_worker *kthread_create_worker(unsigned int flags, const char *fmt, ...)
{
	struct kthread_worker *worker = kzalloc(sizeof(*worker), GFP_KERNEL);

	worker->task = task_start("worker", run_works, worker);
	return worker;
}

static bool idle(struct kthread_worker *worker)
{
	return !worker->queue && !worker->running;
}

void kthread_flush_worker(struct kthread_worker *worker)
{
	wait_event(worker->done, idle(worker));
}

void kthread_destroy_worker(struct kthread_worker *worker)
{
	kthread_flush_worker(worker);
	task_end(worker->task);
	kfree(worker);
}

bool kthread_queue_work(struct kthread_worker *worker, struct kthread_work *work)
{
	struct kthread_work **p;

	if (work->pending)
		return false;
	work->worker = worker;
	work->pending = true;
	work->next = NULL;
	for (p = &worker->queue; *p; p = &(*p)->next)
		;
	*p = work;
	wake_up_all(&worker->more);
	return true;
}

static bool unqueue(struct kthread_work *work)
{
	struct kthread_work **p;

	if (!work->pending)
		return false;
	for (p = &work->worker->queue; *p != work; p = &(*p)->next)
		;
	*p = work->next;
	work->pending = false;
	return true;
}

static void wait_for(struct kthread_work *work)
{
	if (!work->worker)
		return;
	WARN_ON(work->worker->task == task_running);
	wait_event(work->worker->done, work->worker->running != work);
}

bool kthread_cancel_work_sync(struct kthread_work *work)
{
	bool was = unqueue(work);

	wait_for(work);
	return was;
}

void kthread_flush_work(struct kthread_work *work)
{
	if (work->worker)
		wait_event(work->worker->done,
			   !work->pending && work->worker->running != work);
}

static enum hrtimer_restart kthread_delay_over(struct hrtimer *timer)
{
	struct kthread_delayed_work *work = container_of(timer, struct kthread_delayed_work, timer);

	kthread_queue_work(work->worker, &work->work);
	return HRTIMER_NORESTART;
}

void kthread_init_delayed_work(struct kthread_delayed_work *work, kthread_work_func_t func)
{
	kthread_init_work(&work->work, func);
	hrtimer_setup(&work->timer, kthread_delay_over, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}

bool kthread_queue_delayed_work(struct kthread_worker *worker, struct kthread_delayed_work *work,
				unsigned long delay)
{
	if (work->work.pending || work->timer.queued)
		return false;
	kthread_mod_delayed_work(worker, work, delay);
	return true;
}

bool kthread_mod_delayed_work(struct kthread_worker *worker, struct kthread_delayed_work *work,
			      unsigned long delay)
{
	bool was = hrtimer_try_to_cancel(&work->timer) > 0;

	work->worker = worker;
	hrtimer_start(&work->timer, jiffies_to_nsecs(delay), HRTIMER_MODE_REL);
	return was;
}

bool kthread_cancel_delayed_work_sync(struct kthread_delayed_work *work)
{
	bool was = hrtimer_cancel(&work->timer) > 0;

	return kthread_cancel_work_sync(&work->work) || was;
}

/* The system's workqueue is one more worker. */
static struct kthread_worker *system_worker;

void kernel_works_init(void)
{
	system_worker = kthread_create_worker(0, "system");
}

void work_call(struct kthread_work *work)
{
	struct work_struct *self = container_of(work, struct work_struct, work);

	self->func(self);
}

bool schedule_work(struct work_struct *work)
{
	return kthread_queue_work(system_worker, &work->work);
}

bool cancel_work_sync(struct work_struct *work)
{
	return kthread_cancel_work_sync(&work->work);
}

bool cancel_work(struct work_struct *work)
{
	return unqueue(&work->work);
}

bool flush_work(struct work_struct *work)
{
	kthread_flush_work(&work->work);
	return true;
}

bool work_pending(struct work_struct *work)
{
	return work->work.pending;
}

static enum hrtimer_restart delay_over(struct hrtimer *timer)
{
	schedule_work(&container_of(timer, struct delayed_work, timer)->work);
	return HRTIMER_NORESTART;
}

void INIT_DELAYED_WORK(struct delayed_work *work, work_func_t func)
{
	INIT_WORK(&work->work, func);
	hrtimer_setup(&work->timer, delay_over, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}

bool schedule_delayed_work(struct delayed_work *work, unsigned long delay)
{
	if (work_pending(&work->work) || work->timer.queued)
		return false;
	mod_delayed_work(NULL, work, delay);
	return true;
}

bool mod_delayed_work(void *queue, struct delayed_work *work, unsigned long delay)
{
	bool was = hrtimer_try_to_cancel(&work->timer) > 0;

	hrtimer_start(&work->timer, jiffies_to_nsecs(delay), HRTIMER_MODE_REL);
	return was;
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	bool was = hrtimer_cancel(&work->timer) > 0;

	return cancel_work_sync(&work->work) || was;
}

bool cancel_delayed_work(struct delayed_work *work)
{
	bool was = hrtimer_try_to_cancel(&work->timer) > 0;

	return cancel_work(&work->work) || was;
}
