/* SPDX-License-Identifier: GPL-2.0 */
/* Time: reading it, spending it, being woken by it. */
#ifndef SIM_KERNEL_TIME_H
#define SIM_KERNEL_TIME_H

#include "kernel/basics.h"

typedef s64 ktime_t;

struct timespec64 {
	time64_t tv_sec;
	long tv_nsec;
};

#define KTIME_MAX		S64_MAX
#define KTIME_SEC_MAX		(S64_MAX / NSEC_PER_SEC)
#define ktime_add_ns(t, ns)	((ktime_t)((t) + (ns)))
#define ktime_sub_ns(t, ns)	((ktime_t)((t) - (ns)))
#define ktime_add(a, b)		((ktime_t)((a) + (b)))
#define ktime_sub(a, b)		((ktime_t)((a) - (b)))
#define ktime_add_us(t, us)	((ktime_t)((t) + (us) * 1000LL))
#define ktime_add_ms(t, ms)	((ktime_t)((t) + (ms) * 1000000LL))
#define ktime_to_ns(t)		((s64)(t))
#define ns_to_ktime(ns)		((ktime_t)(ns))
#define ms_to_ktime(ms)		((ktime_t)((ms) * 1000000LL))
#define us_to_ktime(us)		((ktime_t)((us) * 1000LL))
#define ktime_set(s, ns)	((ktime_t)((s) * (s64)NSEC_PER_SEC + (ns)))
#define ktime_before(a, b)	((a) < (b))
#define ktime_after(a, b)	((a) > (b))
#define ktime_compare(a, b)	((a) < (b) ? -1 : (a) > (b))

u64 ktime_get_raw_ns(void);
u64 ktime_get_ns(void);
u64 ktime_get_real_ns(void);
u64 ktime_get_boottime_ns(void);
ktime_t ktime_get(void);
ktime_t ktime_get_real(void);
ktime_t ktime_get_raw(void);
ktime_t ktime_get_boottime(void);
ktime_t ktime_mono_to_real(ktime_t mono);
time64_t ktime_get_real_seconds(void);
void ktime_get_real_ts64(struct timespec64 *ts);
struct timespec64 ns_to_timespec64(s64 ns);

#define ktime_to_timespec64(t)	ns_to_timespec64(t)

static inline s64 timespec64_to_ns(const struct timespec64 *ts)
{
	if (ts->tv_sec >= S64_MAX / NSEC_PER_SEC)
		return S64_MAX;
	if (ts->tv_sec <= S64_MIN / NSEC_PER_SEC)
		return S64_MIN;
	return ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
}

static inline struct timespec64 timespec64_sub(struct timespec64 a, struct timespec64 b)
{
	struct timespec64 d = { a.tv_sec - b.tv_sec, a.tv_nsec - b.tv_nsec };

	if (d.tv_nsec < 0) {
		d.tv_nsec += NSEC_PER_SEC;
		d.tv_sec--;
	}
	return d;
}

void set_normalized_timespec64(struct timespec64 *ts, time64_t sec, s64 nsec);

struct system_time_snapshot {
	u64 cycles;
	ktime_t real, boot, raw;
};

void ktime_get_snapshot(struct system_time_snapshot *snapshot);

void msleep(unsigned int ms);
void usleep_range(unsigned long least, unsigned long most);
void fsleep(unsigned long us);
void udelay(unsigned long us);
void ndelay(unsigned long ns);
void cpu_relax(void);
void cond_resched(void);

#define jiffies			((unsigned long)(ktime_get_ns() / (NSEC_PER_SEC / HZ)))
#define nsecs_to_jiffies(ns)	((unsigned long)((ns) / (NSEC_PER_SEC / HZ)))
#define msecs_to_jiffies(ms)	((unsigned long)(((ms) + 3) / 4))
#define usecs_to_jiffies(us)	((unsigned long)(((us) + 3999) / 4000))
#define jiffies_to_nsecs(j)	((s64)(j) * (NSEC_PER_SEC / HZ))
#define time_before(a, b)	((long)((a) - (b)) < 0)
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define MAX_SCHEDULE_TIMEOUT	LONG_MAX

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
enum hrtimer_mode {
	HRTIMER_MODE_ABS, HRTIMER_MODE_REL, HRTIMER_MODE_ABS_HARD, HRTIMER_MODE_REL_HARD,
	HRTIMER_MODE_ABS_SOFT, HRTIMER_MODE_REL_SOFT,
};

#define CLOCK_REALTIME		0
#define CLOCK_MONOTONIC		1

struct hrtimer {
	enum hrtimer_restart (*function)(struct hrtimer *timer);
	ktime_t expires;
	s64 late;	/* how much later than that it comes, ns */
	bool queued, in_callback;
	struct hrtimer *next;
};

void hrtimer_init(struct hrtimer *timer, int clock, enum hrtimer_mode mode);
void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		   int clock, enum hrtimer_mode mode);
void hrtimer_start(struct hrtimer *timer, ktime_t when, enum hrtimer_mode mode);
int hrtimer_cancel(struct hrtimer *timer);
int hrtimer_try_to_cancel(struct hrtimer *timer);
u64 hrtimer_forward(struct hrtimer *timer, ktime_t from, ktime_t interval);
u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval);

#define hrtimer_start_range_ns(timer, when, slack, mode) hrtimer_start(timer, when, mode)
#define hrtimer_active(timer)	((timer)->queued || (timer)->in_callback)
#define hrtimer_is_queued(timer) ((timer)->queued)
#define hrtimer_callback_running(timer) ((timer)->in_callback)
#define hrtimer_get_expires(timer) ((timer)->expires)

#endif
