// SPDX-License-Identifier: GPL-2.0
/* A world in which nothing is late, nobody steps the chip, and clocks run evenly. */
#include "kernel/control.h"
#include "world/chip.h"
#include "world/clocks.h"
#include "world/even.h"
#include "world/nature.h"
#include "world/task.h"

void even_world(int profile, bool binary, bool hours_12, s64 sec)
{
	tasks_init();
	clocks_init(sec * NSEC_PER_SEC);
	chip_power_on(profile, binary, hours_12, sec);
	nature_init();
	nature_without_steps();
	kernel_time_takes(EVEN_TELLING_NS, EVEN_LATE_NS);
	tasks_interrupt(&(struct interruptions){ });
}
