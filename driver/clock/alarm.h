/* SPDX-License-Identifier: GPL-2.0 */
/* Ticks and alarms: the next event the core waits for. */
#ifndef MC_ALARM_H
#define MC_ALARM_H

#include "clock/clock.h"

void mc_alarm_init(struct mc_clock *c);
int mc_alarm_sync(struct mc_clock *c);
void mc_alarm_aim(struct mc_clock *c);
bool mc_alarm_due(struct mc_clock *c, s64 sec);
void mc_alarm_stop(struct mc_clock *c);
int mc_alarm_read(struct device *dev, struct rtc_wkalrm *alarm);
int mc_alarm_set(struct device *dev, struct rtc_wkalrm *alarm);
int mc_alarm_irq_enable(struct device *dev, unsigned int enabled);

#endif
