/* SPDX-License-Identifier: GPL-2.0 */
/* The machine with the driver in it: switched on, crashing, under better and worse conditions. */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include <linux/types.h>

void machine_conditions(void);
const char *machine_conditions_text(void);
void machine_boot(void);
void machine_unbind(void);
void machine_suspend(s64 ns);
void machine_conduct(void);
s64 machine_telling_ns(void);

#endif
