/* SPDX-License-Identifier: GPL-2.0 */
/* Follows the update edge while somebody needs to know where it is. */
#ifndef MC_TRACKER_H
#define MC_TRACKER_H

#include "clock/clock.h"

void mc_tracker_init(struct mc_clock *c);
void mc_tracker_stop(struct mc_clock *c);
void mc_tracker_start(struct mc_clock *c);
void mc_tracker_need(struct mc_clock *c, bool users);
bool mc_tracker_wanted(struct mc_clock *c);
bool mc_tracker_aimable(struct mc_clock *c);
bool mc_tracker_samples(struct mc_clock *c, s64 sec);
void mc_tracker_seen(struct mc_clock *c, s64 sec, const struct mc_look *look);
void mc_tracker_sampled(struct mc_clock *c, const struct mc_edge *edge);
void mc_tracker_guess(struct mc_clock *c, const struct mc_edge *edge, bool low_seen);
bool mc_tracker_between_edges(struct mc_clock *c);
void mc_tracker_forget(struct mc_clock *c);
void mc_tracker_stepped(struct mc_clock *c);
void mc_tracker_seed(struct mc_clock *c, const struct mc_edge *edge);
bool mc_tracker_known(struct mc_clock *c);
bool mc_tracker_doubts(struct mc_clock *c, const struct mc_reading *r);
bool mc_tracker_agrees(struct mc_clock *c, const struct mc_reading *r);
void mc_tracker_observe(struct mc_clock *c, const struct mc_reading *r);
bool mc_tracker_latest(struct mc_clock *c, struct mc_reading *r);
s64 mc_tracker_last_second(struct mc_clock *c);
bool mc_tracker_edge(struct mc_clock *c, s64 sec, struct mc_edge *edge);
int mc_tracker_now(struct mc_clock *c, s64 raw, s64 *rtc_ns, s64 *bound_ns);
int mc_tracker_query(struct mc_clock *c);
const char *mc_tracker_state(struct mc_clock *c);
s64 mc_tracker_freq_ppb(struct mc_clock *c);
ktime_t mc_tracker_ktime(s64 raw);

#endif
