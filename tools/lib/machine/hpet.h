/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The high precision event timer, by /dev/hpet. */
#ifndef RTCCTL_LIB_MACHINE_HPET_H
#define RTCCTL_LIB_MACHINE_HPET_H

#include <stdint.h>

#include "lib/machine/counter.h"

#define HPET_DEVICE	"/dev/hpet"

struct hpet {
	const volatile uint8_t *registers;	/* NULL: not mapped */
	int bits;				/* 32 or 64 */
	double hz;
};

/** hpet_decode() - From the capabilities register. Return: 0, or -EINVAL where it is none. */
int hpet_decode(uint64_t capabilities, struct hpet *hpet);

/**
 * hpet_open() - Map its registers.
 *
 * Return: 0; -ENOENT without the device; -EBUSY where its timers are taken;
 * -EOPNOTSUPP where the kernel lets nobody map it; -errno.
 */
int hpet_open(struct hpet *hpet);

/** hpet_counter() - As a counter. */
void hpet_counter(const struct hpet *hpet, struct counter *counter);

#endif
