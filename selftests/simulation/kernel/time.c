// SPDX-License-Identifier: GPL-2.0
/* Time: reading it, spending it, being woken by it. */
#include "kernel/kernel.h"
#include "kernel/control.h"
#include "world/clocks.h"
#include "world/random.h"
#include "world/task.h"

#define SLEEP_LATE_MIN_NS	2000
#define RELAX_NS		300
#define SHORT_NS		100	/* what happens within is of no interest */

struct telling kernel_told[KERNEL_TOLD];
unsigned int kernel_told_next;
struct first_telling kernel_first_of_call, kernel_first_of_set;

static s64 telling_ns = 30;
static s64 late_ns = 500000;

/* What a reading of the time takes, and by how much timers come late at most. */
void kernel_time_takes(s64 telling, s64 late)
{
	telling_ns = telling;
	late_ns = late;
}

/* Some time passes, the moment that is told comes, and some more passes. */
static s64 tell(void)
{
	s64 before = telling_ns, moment;

	if (telling_ns > SHORT_NS)
		before = random_below(telling_ns + 1);
	take(before + interrupted());
	moment = now;
	if (before < telling_ns)
		take(telling_ns - before);
	return moment;
}

/* The running task is to be told the time: that moment is wanted. */
void kernel_await_telling(struct first_telling *first)
{
	*first = (struct first_telling){ task_running, now, clocks_raw(now) };
}

static void note_first(struct first_telling *first, s64 moment)
{
	if (first->who != task_running)
		return;
	*first = (struct first_telling){ NULL, moment, clocks_raw(moment) };
}

static void note_firsts(s64 moment)
{
	note_first(&kernel_first_of_call, moment);
	note_first(&kernel_first_of_set, moment);
}

/* Which true moment a time stands for that the driver hands out later. */
static void note(s64 moment, s64 real)
{
	note_firsts(moment);
	kernel_told[kernel_told_next++ % KERNEL_TOLD] = (struct telling){
		moment, real, task_running,
	};
}

u64 ktime_get_raw_ns(void)
{
	s64 moment = tell();

	note_firsts(moment);
	return clocks_raw(moment);
}

u64 ktime_get_ns(void)
{
	return clocks_mono(tell());
}

u64 ktime_get_real_ns(void)
{
	s64 moment = tell(), real = clocks_real(moment);

	note(moment, real);
	return real;
}

u64 ktime_get_boottime_ns(void)
{
	return tell();
}

ktime_t ktime_get(void)
{
	return ktime_get_ns();
}

ktime_t ktime_get_real(void)
{
	return ktime_get_real_ns();
}

ktime_t ktime_get_raw(void)
{
	return ktime_get_raw_ns();
}

ktime_t ktime_get_boottime(void)
{
	return ktime_get_boottime_ns();
}

ktime_t ktime_mono_to_real(ktime_t mono)
{
	return mono + clocks_real(now) - clocks_mono(now);
}

time64_t ktime_get_real_seconds(void)
{
	return clocks_real(now) / NSEC_PER_SEC;
}

struct timespec64 ns_to_timespec64(s64 ns)
{
	struct timespec64 ts = { ns / NSEC_PER_SEC, ns % NSEC_PER_SEC };

	if (ts.tv_nsec < 0) {
		ts.tv_nsec += NSEC_PER_SEC;
		ts.tv_sec--;
	}
	return ts;
}

void set_normalized_timespec64(struct timespec64 *ts, time64_t sec, s64 nsec)
{
	struct timespec64 rest = ns_to_timespec64(nsec);

	ts->tv_sec = sec + rest.tv_sec;
	ts->tv_nsec = rest.tv_nsec;
}

void ktime_get_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_real_ns());
}

void ktime_get_snapshot(struct system_time_snapshot *snapshot)
{
	s64 moment = tell();

	snapshot->real = clocks_real(moment);
	snapshot->raw = clocks_raw(moment);
	snapshot->boot = moment;
	note(moment, snapshot->real);
}

static void sleep_ns(s64 least, s64 most)
{
	WARN_ON(task_running->locks || task_running->irqs_off || task_running->interrupt);
	task_sleep(now + random_between(least, most) + random_scale(SLEEP_LATE_MIN_NS, late_ns));
	take(interrupted());
}

void msleep(unsigned int ms)
{
	sleep_ns(ms * 1000000LL, (ms + 4) * 1000000LL);
}

void usleep_range(unsigned long least, unsigned long most)
{
	sleep_ns(least * 1000LL, most * 1000LL);
}

void fsleep(unsigned long us)
{
	usleep_range(us, us + us / 4 + 1);
}

void udelay(unsigned long us)
{
	take(us * 1000LL + interrupted());
}

void ndelay(unsigned long ns)
{
	take(ns + interrupted());
}

void cpu_relax(void)
{
	take(RELAX_NS + interrupted());
}

void cond_resched(void)
{
	take(interrupted());
}

/* Timers, in no order: they are few. A task of their own runs what is due. */
static struct hrtimer *timers;
static struct task *interrupts;
static bool waits_for_timer;
static wait_queue_head_t callback_over;

/* A timer that is overdue as the clock jumped comes now. */
static s64 comes_at(const struct hrtimer *timer)
{
	s64 when = clocks_when_mono(timer->expires);

	return when == NEVER ? NEVER : when + timer->late;
}

static struct hrtimer *next_timer(s64 *when)
{
	struct hrtimer *t, *found = NULL;
	s64 comes;

	*when = NEVER;
	for (t = timers; t; t = t->next) {
		comes = comes_at(t);
		if (comes < *when) {
			*when = comes;
			found = t;
		}
	}
	return found;
}

static void unqueue(struct hrtimer *timer)
{
	struct hrtimer **p;

	for (p = &timers; *p != timer; p = &(*p)->next)
		;
	*p = timer->next;
	timer->queued = false;
}

static void enqueue(struct hrtimer *timer)
{
	timer->next = timers;
	timers = timer;
	timer->queued = true;
}

/* Where it waits for a timer, for the right one. */
static void aim(void)
{
	s64 when;

	if (!waits_for_timer)
		return;
	next_timer(&when);
	interrupts->due = NEVER;
	task_wake(interrupts, when > now ? when : now);
}

static void run(struct hrtimer *timer)
{
	static struct storm storm;

	kernel_watch_storm(&storm);
	unqueue(timer);
	timer->in_callback = true;
	if (timer->function(timer) == HRTIMER_RESTART && !timer->queued)
		enqueue(timer);
	timer->in_callback = false;
	wake_up_all(&callback_over);
}

static void serve(void *unused)
{
	struct hrtimer *timer;
	s64 when;

	for (;;) {
		timer = next_timer(&when);
		if (timer && when <= now) {
			run(timer);
		} else {
			waits_for_timer = true;
			task_sleep(when);
			waits_for_timer = false;
		}
		take(interrupted());
	}
}

/* No timer is left; those who act are all new. */
void kernel_timers_init(void)
{
	timers = NULL;
	waits_for_timer = false;
	callback_over = (wait_queue_head_t){ };
	interrupts = task_start("interrupts", serve, NULL);
	interrupts->interrupt = true;
	clocks_moved = aim;
}

void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		   int clock, enum hrtimer_mode mode)
{
	*timer = (struct hrtimer){ .function = function };
}

void hrtimer_init(struct hrtimer *timer, int clock, enum hrtimer_mode mode)
{
	hrtimer_setup(timer, NULL, clock, mode);
}

void hrtimer_start(struct hrtimer *timer, ktime_t when, enum hrtimer_mode mode)
{
	if (mode == HRTIMER_MODE_REL || mode == HRTIMER_MODE_REL_HARD ||
	    mode == HRTIMER_MODE_REL_SOFT)
		when += clocks_mono(now);
	if (timer->queued)
		unqueue(timer);
	timer->expires = when;
	timer->late = random_scale(SLEEP_LATE_MIN_NS, late_ns);
	enqueue(timer);
	aim();
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	if (timer->in_callback)
		return -1;
	if (!timer->queued)
		return 0;
	unqueue(timer);
	aim();
	return 1;
}

int hrtimer_cancel(struct hrtimer *timer)
{
	int done;

	WARN_ON(timer->in_callback && task_running->interrupt);
	for (;;) {
		unsigned int wakes = callback_over.wakes;

		done = hrtimer_try_to_cancel(timer);
		if (done >= 0)
			return done;
		kernel_wait(&callback_over, wakes, NEVER);
	}
}

u64 hrtimer_forward(struct hrtimer *timer, ktime_t from, ktime_t interval)
{
	u64 n = 0;

	while (timer->expires <= from) {
		timer->expires += interval;
		n++;
	}
	return n;
}

u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	return hrtimer_forward(timer, clocks_mono(now), interval);
}
