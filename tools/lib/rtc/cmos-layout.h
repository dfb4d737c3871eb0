/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registers of a PC's clock beyond the chip's own, which ACPI's fixed table
 * (signature FACP) names: the century's and those that carry an alarm further
 * than a day.
 */
#ifndef RTCCTL_LIB_RTC_CMOS_LAYOUT_H
#define RTCCTL_LIB_RTC_CMOS_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/machine/fadt.h"
#include "lib/rtc/rtc.h"

/* Where the RAM begins, behind the clock's own registers. */
#define CMOS_LAYOUT_RAM	0x0e

/** cmos_layout_load() - As fadt_load(), and zeros where that fails. */
int cmos_layout_load(struct fadt *fadt);

/** cmos_layout_applies() - Whether @rtc is the PC's own clock. */
bool cmos_layout_applies(const struct rtc *rtc);

/** cmos_layout_reach_s() - How far ahead an alarm of such a chip may be; INT64_MAX if not known. */
int64_t cmos_layout_reach_s(void);

/** cmos_layout_reach() - How far ahead an alarm of such a chip may be, in words; "?": not known. */
const char *cmos_layout_reach(void);

#endif
