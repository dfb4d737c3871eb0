/* SPDX-License-Identifier: GPL-2.0 */
/* Setting the clock, to as close as its conduct allows. */
#ifndef MC_SET_H
#define MC_SET_H

#include "chip/chip.h"
#include "phase/tracker.h"

/**
 * enum mc_set_state - how far a set has come
 * @MC_SET_IDLE:	no set is under way
 * @MC_SET_BURST:	the registers are right to half a second; a second burst will begin the
 *			second where it belongs
 * @MC_SET_NEAREST:	the chip keeps its phase: the nearest second is to be written
 * @MC_SET_WATCHED:	all is written; the next edge shows what the chip made of it
 */
enum mc_set_state { MC_SET_IDLE, MC_SET_BURST, MC_SET_NEAREST, MC_SET_WATCHED };

/**
 * struct mc_set - a set under way
 * @chip:	the chip
 * @tracker:	what is known of its phase
 * @worker:	runs @work
 * @timer:	fires shortly before @moment
 * @work:	does what is to be done then
 * @done:	whoever waits for the end
 * @state:	changed by @work, and by a process while neither @timer nor @work runs
 * @sec:	the time: it is this second, ...
 * @raw:	... sharp, at this raw ns
 * @edge:	raw ns at which the next burst is to have a second begin
 * @next:	the second that the registers hold until then
 * @shown:	the second that they held when the last burst ended
 * @judged:	the edge that was last looked at, raw ns
 * @early_ns:	how long before a burst to wake
 * @woken:	when it did, raw ns
 * @burst:	the last burst
 * @seed:	the edge that was promised after it; second 0: none
 * @moved:	the date was changed by more than the second
 * @open:	the last edge left open what the chip does
 * @shifted:	one burst was a trial elsewhere in the second
 * @over:	it has ended: its timer, its work and the tracker must not start each other again
 * @tries:	bursts that may still be tried
 * @steps:	the tracker's steps when the conduct was last confirmed
 * @lag_ns:	from the beginning of the write that begins a second to its edge, as measured; 0:
 *		not yet
 * @lag_width:	of the narrowest edge that bore on it
 * @learn_sec:	the first second after the last burst, while its edge may still tell more of the
 *		lag; 0: no more
 * @err:	what became of it
 * @retries:	bursts that were tried again a second later
 */
struct mc_set {
	struct mc_chip *chip;
	struct mc_tracker *tracker;
	struct kthread_worker *worker;
	struct hrtimer timer;
	struct kthread_work work;
	wait_queue_head_t done;
	enum mc_set_state state;
	s64 sec, raw;
	s64 edge, next, shown;
	s64 judged;
	s64 early_ns, woken;
	struct mc_burst burst;
	struct mc_edge seed;
	bool moved;
	bool open;
	bool shifted;
	bool over;
	unsigned int tries;
	s64 steps;
	s64 lag_ns, lag_width;
	s64 learn_sec;
	int err;
	atomic64_t retries;
};

void mc_set_init(struct mc_set *set, struct mc_chip *chip, struct mc_tracker *tracker);
int mc_set_begin(struct mc_set *set, s64 sec, s64 raw);
void mc_set_edge(struct mc_set *set);
void mc_set_drop(struct mc_set *set);

#endif
