/* SPDX-License-Identifier: GPL-2.0 */
/* The machine with the driver in it: switched on, crashing, under better and worse conditions. */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include <linux/types.h>

/**
 * struct kindness - what a machine is spared, to find what goes wrong for which reason
 * @mood:	the raw clock's only one; less than 0: any
 * @undisturbed: nothing is preempted, and no timer comes late by more than 50 us
 * @access_ns:	what an access takes; 0: anything
 * @cold_ns:	how much longer the first one after a while takes
 */
struct kindness {
	int mood;
	bool undisturbed;
	s64 access_ns, cold_ns;
};

extern struct kindness machine_kindness;

void machine_conditions(void);
const char *machine_conditions_text(void);
void machine_boot(void);
void machine_other_user(void (*asks)(void));
void machine_unbind(void);
void machine_suspend(s64 ns);
void machine_conduct(void);
void machine_set_begins(void);
bool machine_knows(void);

extern char machine_conduct_text[];	/* as read last */

s64 machine_telling_ns(void);

#endif
