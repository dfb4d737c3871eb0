/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control registers of a PC's clock, or of an emulated one, behind the kernel's back. */
#ifndef RTCCTL_LIB_RTC_REGISTERS_H
#define RTCCTL_LIB_RTC_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/rtc.h"

/* MC146818A; C is not among what registers_read() reads, as that would take its flags. */
#define REGISTER_SECONDS	0x00
#define REGISTER_A		0x0a
#define REGISTER_B		0x0b
#define REGISTER_C		0x0c
#define REGISTER_D		0x0d
#define REGISTER_A_UIP		0x80
#define REGISTER_A_RS		0x0f
#define REGISTER_B_SET		0x80
#define REGISTER_B_PIE		0x40
#define REGISTER_B_AIE		0x20
#define REGISTER_B_UIE		0x10
#define REGISTER_B_DM		0x04
#define REGISTER_B_24H		0x02
#define REGISTER_C_PF		0x40
#define REGISTER_C_UF		0x10

struct registers {
	uint8_t a;
	uint8_t b;
	uint8_t d;
};

/* Where they are read. */
struct register_file {
	int fd;
	bool ports;	/* 0x70 and 0x71; else a file of the driver's for its emulated clock */
};

/**
 * registers_open() - Open what shows a clock's registers.
 *
 * Return: 0; -ENODEV where the clock is no MC146818; -EACCES, -EPERM without root or in a
 * kernel that is locked down; -errno.
 */
int registers_open(const struct rtc *rtc, struct register_file *file);
void registers_close(struct register_file *file);

/**
 * registers_one() - Read one of them.
 *
 * By the ports it is not in step with the kernel, whose own access may come in between.
 */
int registers_one(const struct register_file *file, uint8_t index, uint8_t *value);

/**
 * registers_read() - A, B and D, by two looks that agree.
 *
 * Return: as registers_open(); -EIO where two looks never agree.
 */
int registers_read(const struct rtc *rtc, struct registers *registers);

/** registers_set_stuck() - Register B's SET bit holds the time. */
bool registers_set_stuck(const struct registers *registers);

/** registers_divider_stopped() - Register A's divider is in reset, or at no rate that runs. */
bool registers_divider_stopped(const struct registers *registers);

/** registers_battery_dead() - Register D's VRT bit is clear: time and RAM are not valid. */
bool registers_battery_dead(const struct registers *registers);

/** registers_rate_hz() - The periodic rate that A selects; 0: none. */
int registers_rate_hz(const struct registers *registers);

#endif
