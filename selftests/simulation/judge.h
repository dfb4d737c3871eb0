/* SPDX-License-Identifier: GPL-2.0 */
/* Asks the driver as its users do, and holds the answers against the truth. */
#ifndef SIM_JUDGE_H
#define SIM_JUDGE_H

#include <linux/types.h>

extern s64 judge_slack_ns;	/* so far outside of its bound an answer may be */
extern const char *judge_life;	/* named in complaints */

void judge_boot(void);
void judge_set_begins(void);
void judge_set(s64 sec, s64 ns, s64 at);
void judge_set_ended(void);
void judge_lost(bool lost);

int judge_now(void);
int judge_ptp(void);
int judge_time(void);
s64 judge_attribute(const char *name);

/* Says what is wrong, the first few times; true where it is to be explained further. */
bool complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
