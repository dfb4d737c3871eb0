/* SPDX-License-Identifier: GPL-2.0 */
/* Follows the update edge while somebody needs to know where it is. */
#ifndef MC_TRACKER_H
#define MC_TRACKER_H

#include <linux/hrtimer.h>
#include <linux/kobject.h>
#include <linux/kthread.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "chip/chip.h"
#include "phase/phase.h"

/* Why the tracker stands still; any of these is enough. */
#define MC_STOP_SET	0x01	/* the phase is being set */
#define MC_STOP_SLEEP	0x02	/* the system sleeps, or the clock is being removed */

/**
 * enum mc_state - what is known of the phase
 * @MC_IDLE:		nobody wants it
 * @MC_ACQUIRING:	not enough to answer
 * @MC_COASTING:	an aged model, which one look confirmed: a step of less than a second
 *			since the last edge cannot be excluded
 * @MC_LOCKED:		to 1 ms or better, and the last edge was seen
 */
enum mc_state { MC_IDLE, MC_ACQUIRING, MC_COASTING, MC_LOCKED };

/* What a question needs: an aged model will do, or an edge must have been seen since. */
enum mc_need { MC_NEED_LOOK, MC_NEED_EDGE };

/**
 * struct mc_answer - where inside the second the RTC is
 * @rtc_ns:	what it would show, had it nanoseconds; ns since 1970
 * @bound_ns:	the truth is within this of it
 * @state:	what that rests on
 */
struct mc_answer {
	s64 rtc_ns, bound_ns;
	enum mc_state state;
};

/**
 * struct mc_tracker - follows the edge while somebody needs it
 * @chip:	the chip
 * @worker:	runs @work
 * @notify:	called after each sample, from @work: what is known of the edge has changed
 * @kobj:	whose uevent tells of a step; NULL as long as there is none
 * @lock:	guards all that follows but the counters; never held across an access
 * @phase:	what is known
 * @latest:	the latest reading, to serve again within its second
 * @latest_valid: it may, ...
 * @latest_until: ... before this raw ns whatever is known of the phase
 * @since:	raw ns at which the phase was last dropped or set: what was read before says nothing
 * @checked:	raw ns at which the whole date was last compared
 * @doubt:	the chip contradicted what was known, and did not tick since
 * @doubted:	the second that it showed then, ...
 * @doubted_until: ... which is believed all the same until this raw ns
 * @wake:	fires ahead of an edge to sample
 * @work:	the sampling itself
 * @step:	tells user space of a step
 * @locking:	whoever waits for a lock
 * @users:	ticks or a near alarm are armed
 * @watched:	a set waits to see its edge
 * @used_until:	raw ns until which the last query keeps the tracker running
 * @running:	@wake or @work is under way
 * @sampling:	@work is
 * @retry_ns:	how long after scans that found no edge to wait for the next one; 0: the last
 *		one found one
 * @next_sec:	the second whose edge is sampled next; 0 while there is none
 * @guess:	where an edge probably was, narrower than @phase can promise, and whether
 *		the lower end of that was seen or is part of the guess, and whether it is good
 *		enough to poll there; none: second 0
 * @lead_ns:	how long before an edge to wake, learnt from how late it woke
 * @early_ns:	how much earlier to begin a first look, learnt from when it was over
 * @due:	raw ns for which @wake is set; 0: for no edge
 * @stops:	MC_STOP_*: no sampling now
 * @timers:	expirations of @wake
 * @edges:	edges held between two looks
 * @rejected:	samples that held none
 * @steps:	how often the chip contradicted what was known by 1 ms and more
 */
struct mc_tracker {
	struct mc_chip *chip;
	struct kthread_worker *worker;
	void (*notify)(struct mc_tracker *tr);
	struct kobject *kobj;
	raw_spinlock_t lock;
	struct mc_phase phase;
	struct mc_reading latest;
	bool latest_valid;
	s64 latest_until;
	s64 since;
	s64 checked;
	bool doubt;
	s64 doubted;
	s64 doubted_until;
	struct hrtimer wake;
	struct kthread_work work;
	struct work_struct step;
	wait_queue_head_t locking;
	bool users;
	bool watched;
	s64 used_until;
	bool running;
	bool sampling;
	s64 retry_ns;
	s64 next_sec;
	struct {
		struct mc_edge edge;
		bool low_seen;
		bool polled;
	} guess;
	s64 lead_ns;
	s64 early_ns;
	s64 due;
	unsigned int stops;
	atomic64_t timers, edges, rejected, steps;
};

void mc_tracker_init(struct mc_tracker *tr, struct mc_chip *chip,
		     void (*notify)(struct mc_tracker *tr));
void mc_tracker_pause(struct mc_tracker *tr, unsigned int why);
void mc_tracker_stop(struct mc_tracker *tr, unsigned int why);
void mc_tracker_start(struct mc_tracker *tr, unsigned int why);
void mc_tracker_need(struct mc_tracker *tr, bool users);
bool mc_tracker_samples(struct mc_tracker *tr, s64 sec);
void mc_tracker_forget(struct mc_tracker *tr);
void mc_tracker_seed(struct mc_tracker *tr, const struct mc_edge *edge, bool seen);
void mc_tracker_guess(struct mc_tracker *tr, const struct mc_edge *likely);
bool mc_tracker_known(struct mc_tracker *tr);
bool mc_tracker_between_edges(struct mc_tracker *tr);
bool mc_tracker_doubts(struct mc_tracker *tr, const struct mc_reading *r);
bool mc_tracker_agrees(struct mc_tracker *tr, const struct mc_reading *r);
void mc_tracker_observe(struct mc_tracker *tr, const struct mc_reading *r);
void mc_tracker_written(struct mc_tracker *tr, const struct mc_reading *r, s64 until);
bool mc_tracker_latest(struct mc_tracker *tr, struct mc_reading *r);
s64 mc_tracker_last_second(struct mc_tracker *tr);
bool mc_tracker_edge(struct mc_tracker *tr, s64 sec, struct mc_edge *edge);
bool mc_tracker_next(struct mc_tracker *tr, s64 raw, struct mc_edge *edge);
bool mc_tracker_seen(struct mc_tracker *tr, struct mc_edge *edge);
int mc_tracker_now(struct mc_tracker *tr, s64 raw, struct mc_answer *a);
int mc_tracker_check(struct mc_tracker *tr);
int mc_tracker_query(struct mc_tracker *tr, enum mc_need need);
void mc_tracker_watch(struct mc_tracker *tr, bool watched);
enum mc_state mc_tracker_state(struct mc_tracker *tr);
s64 mc_tracker_lead_ns(struct mc_tracker *tr);
s64 mc_tracker_age_ns(struct mc_tracker *tr);
s64 mc_tracker_rate(struct mc_tracker *tr, s64 *bound_ppb);
ktime_t mc_tracker_ktime(s64 raw);

#endif
