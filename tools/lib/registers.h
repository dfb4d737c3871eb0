/* SPDX-License-Identifier: GPL-2.0 */
/* The control registers of a PC's clock, behind the kernel's back. */
#ifndef RTCCTL_REGISTERS_H
#define RTCCTL_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

struct registers {
	uint8_t a;
	uint8_t b;
	uint8_t d;
};

/**
 * registers_read() - By the ports 0x70 and 0x71.
 *
 * Not in step with the kernel, whose own accesses may come in between: only for
 * a clock that stands still anyway. Return: 0; -EACCES, -EPERM without root or
 * in a kernel that is locked down; -EIO where two looks never agree; -errno.
 */
int registers_read(struct registers *registers);

/** registers_set_stuck() - Register B's SET bit holds the time. */
bool registers_set_stuck(const struct registers *registers);

/** registers_divider_stopped() - Register A's divider is in reset, or at no rate that runs. */
bool registers_divider_stopped(const struct registers *registers);

/** registers_battery_dead() - Register D's VRT bit is clear: time and RAM are not valid. */
bool registers_battery_dead(const struct registers *registers);

#endif
