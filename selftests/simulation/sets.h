/* SPDX-License-Identifier: GPL-2.0 */
/* Sets of the clock: what comes of them, and what is left of one that a crash ends. */
#ifndef SIM_SETS_H
#define SIM_SETS_H

#include <linux/types.h>

void sets_random(void);
void sets_measured(void);
void sets_adjust(void);
bool sets_crash(s64 accesses);
void sets_crash_everywhere(s64 first, s64 step);

#endif
