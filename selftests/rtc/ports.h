/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The chip itself, past the driver: ports 0x70 and 0x71, by the processor's
 * instructions or by /dev/port where those fault, or an emulated chip's registers in
 * debugfs.
 *
 * The driver takes a lock that user space cannot have. It may move the index
 * between our write of it and our access; with one processor not the other way
 * round, since the driver keeps interrupts off. So readings are compared, and
 * nothing is written but by tests that own the clock.
 */
#ifndef PORTS_H
#define PORTS_H

#include "clock.h"

enum {
	REG_SECONDS = 0x00, REG_SECONDS_ALARM, REG_MINUTES, REG_MINUTES_ALARM,
	REG_HOURS, REG_HOURS_ALARM, REG_DAY_OF_WEEK, REG_DATE, REG_MONTH, REG_YEAR,
	REG_A, REG_B, REG_C, REG_D,
	REG_CENTURY = 0x32,	/* where PCs have it */
};

#define A_UIP		0x80
#define A_DV		0x70
#define A_DV_32KHZ	0x20
#define A_DV_RESET	0x60
#define ALARM_ANY	0xc0	/* in an alarm register: matches always */
#define B_SET		0x80
#define B_PIE		0x40
#define B_AIE		0x20
#define B_DM		0x04
#define B_24H		0x02
#define C_AF		0x20

/* 0 or a negative errno: no right to the ports, no ports. */
int ports_open(struct clock *clock);
/* One access, which may be torn; and one that is repeated until two agree. */
uint8_t ports_read_once(uint8_t reg);
uint8_t ports_read(uint8_t reg);
/* What one access takes (ns), here, at best. */
s64 ports_cost(void);
/* One access, ahead of every thread that might move the index in between. */
int ports_write(uint8_t reg, uint8_t value);
/* Writes a time in the mode of @b, register B without SET, which it leaves there. */
void ports_set_time(uint8_t b, s64 sec);

/* Hours run to 24 whatever register B says, as where it means nothing. */
void ports_count_24(bool yes);

/* Time of the registers, seconds since 1970; -EINVAL if they hold none. */
int ports_time(s64 *sec);
/* What it leads the raw clock by, in whole seconds and a rest that is not known. */
int ports_lead(s64 *sec);
/* What the alarm registers hold, seconds of the day; -EINVAL if no time of day. */
int ports_alarm(int *second_of_day);

#endif
