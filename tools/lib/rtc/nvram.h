/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The RAM behind a PC's clock, as the kernel's nvmem device shows it. */
#ifndef RTCCTL_LIB_RTC_NVRAM_H
#define RTCCTL_LIB_RTC_NVRAM_H

#include <stddef.h>
#include <stdint.h>

#include "lib/rtc/cmos-layout.h"
#include "lib/rtc/rtc.h"

#define NVRAM_MAX	256

/* The bytes are numbered as the chip's registers: the first one is CMOS_LAYOUT_RAM. */
struct nvram {
	uint8_t bytes[NVRAM_MAX];
	size_t size;
	char path[512];			/* of the file they came from */
	struct fadt fadt;
	int fadt_err;			/* why that is not known; or 0 */
};

/** nvram_load() - Return: 0; -ENODEV where the clock has no nvmem device; -errno. */
int nvram_load(const struct rtc *rtc, struct nvram *nvram);

/** nvram_owner() - What a register is for, on a PC; NULL where only the firmware knows. */
const char *nvram_owner(const struct nvram *nvram, int reg);

/** nvram_clocks() - Whether it belongs to the clock. */
bool nvram_clocks(const struct nvram *nvram, int reg);

/**
 * nvram_checksum() - Of the firmware's configuration, as the PC/AT's has it.
 * @nvram: the bytes
 * @stored: what registers 0x2e and 0x2f hold
 * @computed: the sum of registers 0x10 to 0x2d
 *
 * Return: 0; -ENODATA where the RAM does not reach that far.
 */
int nvram_checksum(const struct nvram *nvram, uint16_t *stored, uint16_t *computed);

#endif
