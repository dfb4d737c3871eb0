/* SPDX-License-Identifier: GPL-2.0 */
/* A step of the clock that the driver did not make, and what is answered around it. */
#ifndef STEP_H
#define STEP_H

#include "ktap.h"

/*
 * Has the clock stepped by seconds, and asks the PTP clock and phase/ all the while:
 * every answer has to fit the registers before and after it; the step has to be
 * counted, the phase to be known again, and the answers then to be right within
 * their bounds.
 * @provoke: 0 or a negative errno; the step itself may come up to a minute later
 * @patience: how many times longer than on a machine of its own all may take
 */
enum ktap_result step_is_survived(struct clock *clock, int (*provoke)(struct clock *clock),
				  int patience);

#endif
