/* SPDX-License-Identifier: GPL-2.0 */
/* A world in which nothing is late, nobody steps the chip, and clocks run evenly. */
#ifndef SIM_EVEN_H
#define SIM_EVEN_H

#include <linux/types.h>

#define EVEN_TELLING_NS	30
#define EVEN_LATE_NS	50000

/* It is new, with one chip that shows @sec; the system's clock does too. */
void even_world(int profile, bool binary, bool hours_12, s64 sec);

#endif
