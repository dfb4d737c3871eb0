/* SPDX-License-Identifier: GPL-2.0 */
/* A chip's registers through its bus, with every access counted. */
#ifndef MC_CHIP_H
#define MC_CHIP_H

#include "clock/clock.h"

int mc_chip_identify(struct mc_clock *c);
int mc_chip_read(struct mc_clock *c, struct mc_reading *r);
int mc_chip_read_sure(struct mc_clock *c, struct mc_reading *r);
int mc_chip_read_rest(struct mc_clock *c, const struct mc_look *look, struct mc_reading *r);
int mc_chip_look(struct mc_clock *c, struct mc_look *look);
int mc_chip_write_time(struct mc_clock *c, const struct mc146818_time *t, bool hold);
s64 mc_chip_release(struct mc_clock *c, s64 at, s64 latest, s64 *begin);
int mc_chip_running(struct mc_clock *c);
int mc_chip_read_alarm(struct mc_clock *c, struct rtc_wkalrm *alarm);
void mc_chip_write_alarm(struct mc_clock *c, const struct mc146818_alarm *a);
void mc_chip_disable_irqs(struct mc_clock *c, u8 enables);
u8 mc_chip_acknowledge(struct mc_clock *c);
u8 mc_chip_register(struct mc_clock *c, u8 reg);
void mc_chip_ram(struct mc_clock *c, unsigned int first, u8 *buf, size_t n, bool write);

#endif
