/* SPDX-License-Identifier: GPL-2.0 */
/* An exact set: the divider held in reset until its moment. */
#ifndef MC_SET_H
#define MC_SET_H

#include "clock/clock.h"

void mc_hold_init(struct mc_clock *c);
int mc_hold_set(struct mc_clock *c, const struct mc146818_time *bytes, s64 sec, s64 raw);
void mc_hold_finish(struct mc_clock *c);

#endif
