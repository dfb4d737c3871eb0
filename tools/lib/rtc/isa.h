/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PC's clock by its ports, behind the back of whatever driver has it. Another
 * access between an index and its data is possible: what is read is read twice.
 */
#ifndef RTCCTL_LIB_RTC_ISA_H
#define RTCCTL_LIB_RTC_ISA_H

#include <linux/rtc.h>

/**
 * isa_open() - Ask for the ports.
 *
 * Return: 0; -EOPNOTSUPP where there are none; -EFAULT where using them faults all the same; -errno.
 */
int isa_open(void);

/** isa_read() - The clock's fields; -EIO where they do not come to rest. */
int isa_read(struct rtc_time *fields);

/** isa_set() - Set the clock, whose next second then begins half a second later. */
void isa_set(const struct rtc_time *fields);

#endif
