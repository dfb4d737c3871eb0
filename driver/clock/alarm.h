/* SPDX-License-Identifier: GPL-2.0 */
/* Ticks and alarms: the next event the core waits for. */
#ifndef MC_ALARM_H
#define MC_ALARM_H

#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/rtc.h>

#include "chip/chip.h"
#include "phase/tracker.h"

/**
 * enum mc_alarm_mode - who sees to it that an alarm comes
 * @MC_ALARM_TIMER:	our timer; the chip's alarm is for when we are gone
 * @MC_ALARM_CHIP:	the chip's alarm alone, as the system sleeps or goes down
 * @MC_ALARM_NOBODY:	as before, but it must not wake the system
 */
enum mc_alarm_mode { MC_ALARM_TIMER, MC_ALARM_CHIP, MC_ALARM_NOBODY };

/**
 * struct mc_alarm - the next event the core waits for
 * @chip:	the chip
 * @tracker:	what is known of its phase
 * @shared:	the chip's own alarm is another driver's
 * @rtc:	whom to tell
 * @worker:	runs @look
 * @timer:	fires just after the edge of @sec, or to look again before that
 * @look:	reads the clock while the alarm is far, as the clock may have jumped, and while
 *		an event waits for it to be read at all
 * @lock:	guards @mode, @armed, @sec, @again and @again_ns, and the start of @timer, which
 *		is for these; the tracker's is taken inside
 * @mode:	who waits for it
 * @armed:	@sec is waited for
 * @sec:	seconds since 1970
 * @again:	raw ns at which to try again an event that was handed over and not served, ...
 * @again_ns:	... and how long that was put off, ns; 0: there is none
 * @shown:	the second that was then read last
 * @hw_sec:	what the chip's alarm registers hold, ...
 * @hw_on:	... where AIE is on
 * @ticks:	events handed to the core
 *
 * Who may write what, each of which is asserted:
 *
 * - A process decides what is waited for, and by whom: @mode, @armed and @sec, under the rtc's
 *   ops_lock and @lock. Whoever holds either lock may read them.
 * - The chip's alarm, and with it @hw_sec and @hw_on, is that process's alone, under the ops_lock,
 *   which the worker and the timer never take: they neither read nor write these.
 * - The worker, the timer and a process put an event off: @again and @again_ns, under @lock. Each
 *   looks first, under the same lock, whether that event is still armed.
 * - @timer is started by all three under @lock, for what is armed then. It is cancelled by a
 *   process that has first written under @lock that nothing is to be waited for.
 * - @shown is @look's alone.
 * - The rest is set once, before the first use.
 */
struct mc_alarm {
	struct mc_chip *chip;
	struct mc_tracker *tracker;
	bool shared;
	struct rtc_device *rtc;
	struct kthread_worker *worker;
	struct hrtimer timer;
	struct kthread_work look;
	raw_spinlock_t lock;
	enum mc_alarm_mode mode;
	bool armed;
	s64 sec;
	s64 again;
	s64 again_ns;
	s64 shown;
	s64 hw_sec;
	bool hw_on;
	atomic64_t ticks;
};

void mc_alarm_init(struct mc_alarm *a, struct mc_chip *chip, struct mc_tracker *tracker,
		   bool shared);
void mc_alarm_sync(struct mc_alarm *a);
void mc_alarm_aim(struct mc_alarm *a);
void mc_alarm_hurry(struct mc_alarm *a);
bool mc_alarm_soon(struct mc_alarm *a);
bool mc_alarm_passed(struct mc_alarm *a);
void mc_alarm_stop(struct mc_alarm *a);
void mc_alarm_rest(struct mc_alarm *a, enum mc_alarm_mode mode);
u8 mc_alarm_take_back(struct mc_alarm *a);
int mc_alarm_read(struct mc_alarm *a, struct rtc_wkalrm *alarm);
int mc_alarm_set(struct mc_alarm *a, const struct rtc_wkalrm *alarm);

#endif
