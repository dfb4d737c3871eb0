/* SPDX-License-Identifier: GPL-2.0 */
/* The one struct of a clock; everything else hangs off it. */
#ifndef MC_CLOCK_H
#define MC_CLOCK_H

#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ptp_clock_kernel.h>
#include <linux/rtc.h>

#include "chip/bus.h"
#include "phase/phase.h"

#define MC_NAME "rtc-mc146818"

/* What debugfs shows; see debugfs.c for each one's meaning. */
struct mc_counters {
	atomic64_t accesses, interrupts, spurious, timers, ticks, edges, rejected, steps;
	atomic64_t put_off, release_late_ns;
};

/**
 * struct mc_reading - one consistent reading of the time registers
 * @tm:		the time
 * @sec:	the same, seconds since 1970
 * @begin:	raw ns before the last read of the seconds register
 * @end:	raw ns after the first one
 *
 * The registers showed @sec at all times between @end and @begin.
 */
struct mc_reading {
	struct rtc_time tm;
	s64 sec;
	s64 begin, end;
};

/**
 * struct mc_look - one look at the seconds register
 * @begin: raw ns before
 * @end: raw ns after
 * @seconds: 0..59, or -EINVAL
 */
struct mc_look {
	s64 begin, end;
	int seconds;
};

/**
 * struct mc_tracker - follows the edge while somebody needs it; tracker.c
 * @lock:	guards @phase, @latest and the rest; never held across an access
 * @latest:	the latest reading, to serve again within its second
 * @latest_valid: it may
 * @doubt:	the chip contradicted what was known, and did not tick since
 * @doubted:	the second that it showed then
 * @wake:	fires ahead of an edge to sample
 * @work:	the sampling itself
 * @step:	tells user space of a step
 * @locking:	whoever waits for a lock
 * @users:	ticks or a near alarm are armed
 * @used_until:	raw ns until which the last query keeps the tracker running
 * @running:	@wake or @work is under way
 * @next_sec:	the second whose edge is sampled next; 0 while there is none
 * @guess:	where an edge probably was, narrower than @phase can promise, and whether
 *		the lower end of that was seen or is part of the guess; none: second 0
 * @lead_ns:	how long before an edge to wake, learnt from how late it woke
 * @stop:	no sampling now: suspended, being set or being removed
 */
struct mc_tracker {
	raw_spinlock_t lock;
	struct mc_phase phase;
	struct mc_reading latest;
	bool latest_valid;
	bool doubt;
	s64 doubted;
	struct hrtimer wake;
	struct kthread_work work;
	struct work_struct step;
	wait_queue_head_t locking;
	bool users;
	s64 used_until;
	bool running;
	s64 next_sec;
	struct {
		struct mc_edge edge;
		bool low_seen;
	} guess;
	s64 lead_ns;
	bool stop;
};

/**
 * struct mc_alarm - the next event the core waits for; alarm.c
 * @timer:	fires just after the edge of @sec, or to look again before that
 * @armed:	@sec is waited for
 * @sec:	seconds since 1970
 * @hw_sec:	what the chip's alarm registers hold ...
 * @hw_on:	... where AIE is on
 */
struct mc_alarm {
	struct hrtimer timer;
	bool armed;
	s64 sec;
	s64 hw_sec;
	bool hw_on;
};

/**
 * struct mc_hold - a set under way: the divider held until its moment; hold.c
 * @timer:	fires shortly before it
 * @work:	releases it
 * @active:	the divider is held by us
 * @release:	raw ns at which to let go
 * @ahead_ns:	how long before that to begin to: how long writes so far took
 *		to take effect
 * @begun:	raw ns at which the last one was begun; 0: none to learn from
 * @sec:	the second that begins 500 ms after that
 * @put_offs:	how often it may still be put off by a second, as it came late
 * @rewrite:	it was: the registers are written anew first, when the second is over
 * @finish:	it may not be put off any more: somebody waits for the end
 * @over:	the timer is not to be started
 */
struct mc_hold {
	struct hrtimer timer;
	struct kthread_work work;
	bool active;
	s64 release;
	s64 ahead_ns;
	s64 begun;
	s64 sec;
	unsigned int put_offs;
	bool rewrite;
	bool finish;
	bool over;
};

/**
 * struct mc_phc - the clock as a PTP clock; phc.c
 * @info:	its operations
 * @ptp:	itself; NULL where the kernel has none
 * @lock:	one set at a time
 * @setter:	the task that sets it, ...
 * @raw:	... and raw ns at which the second it sets is sharp
 */
struct mc_phc {
	struct ptp_clock_info info;
	struct ptp_clock *ptp;
	struct mutex lock; /* see above */
	struct task_struct *setter;
	s64 raw;
};

/**
 * struct mc_late - registering where the kernel's hctosys will be exact; late.c
 * @work:	waits for the edge and registers
 * @cancelled:	no more
 * @reading:	the next reading is hctosys's
 */
struct mc_late {
	struct work_struct work;
	bool cancelled;
	bool reading;
};

/**
 * struct mc_options - how to register a clock
 * @wake_first:	let it wake the system before it is registered, so that the kernel
 *		takes it for CLOCK_REALTIME_ALARM, and keeps the module for good
 * @hctosys:	time the registration so that the kernel's hctosys is exact
 */
struct mc_options {
	bool wake_first;
	bool hctosys;
};

/**
 * struct mc_clock - one clock
 * @bus:	its chip
 * @options:	how to register it
 * @format:	how to read its bytes
 * @rtc:	its face towards the core
 * @worker:	does what needs the ports at a given moment
 * @stopped:	the clock was seen not to tick; until it is seen to
 * @battery_lost: VRT was seen clear since the last RTC_VL_CLR
 * @irq_wakes:	the interrupt line was armed for the sleep
 * @max_user_freq_limit: RTC_MAX_FREQ, where the sysctl can point to
 */
struct mc_clock {
	struct mc_bus *bus;
	struct mc_options options;
	struct mc146818_format format;
	struct rtc_device *rtc;
	struct kthread_worker *worker;
	struct mc_tracker tracker;
	struct mc_alarm alarm;
	struct mc_hold hold;
	struct mc_phc phc;
	struct mc_late late;
	struct mc_counters count;
	bool stopped;
	bool battery_lost;
	bool irq_wakes;
	int max_user_freq_limit;
};

int mc_clock_probe(struct mc_bus *bus, const struct mc_options *options);
int mc_clock_register(struct mc_clock *c);
int mc_clock_suspend(struct device *dev);
int mc_clock_resume(struct device *dev);
void mc_clock_shutdown(struct device *dev);

#endif
