/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The registers of a PC's clock beyond the chip's own, which ACPI's fixed table
 * (signature FACP) names: the century's and those that carry an alarm further
 * than a day.
 */
#ifndef RTCCTL_LAYOUT_H
#define RTCCTL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "rtc.h"

/* Where the RAM begins, behind the clock's own registers. */
#define LAYOUT_RAM	0x0e

struct layout {
	/* register numbers; 0: there is none */
	int date_alarm;
	int month_alarm;
	int century;
};

/** layout_parse() - From the table's bytes. Return: 0, or -EBADMSG where they are no such table. */
int layout_parse(const void *table, size_t size, struct layout *layout);

/** layout_load() - From the kernel. Return: 0; -ENOENT without ACPI; -EACCES; -errno. */
int layout_load(struct layout *layout);

/** layout_applies() - Whether @rtc is the PC's own clock. */
bool layout_applies(const struct rtc *rtc);

/** layout_reach() - How far ahead an alarm of such a chip may be, in words; "?" if not known. */
const char *layout_reach(void);

#endif
