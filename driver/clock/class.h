/* SPDX-License-Identifier: GPL-2.0 */
/* The clock as the RTC class sees it. */
#ifndef MC_CLASS_H
#define MC_CLASS_H

#include "clock/clock.h"

extern const struct rtc_class_ops mc_class_ops;

int mc_class_read(struct mc_clock *c, struct mc_reading *r);

#endif
