/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ACPI's fixed table (signature FACP) says of clocks. */
#ifndef RTCCTL_LIB_MACHINE_FADT_H
#define RTCCTL_LIB_MACHINE_FADT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FADT_PATH	"/sys/firmware/acpi/tables/FACP"

struct fadt {
	uint16_t pm_timer_port;		/* 0: there is none */
	int pm_timer_bits;		/* 24 or 32 */
	bool no_cmos_rtc;		/* the machine says that it has none */
	/* Registers in the RTC's RAM; 0: there is none. */
	uint8_t date_alarm;
	uint8_t month_alarm;		/* only with the other */
	uint8_t century;
};

/** fadt_parse() - From the table's bytes. Return: 0, or -EBADMSG where they are no such table. */
int fadt_parse(const void *table, size_t size, struct fadt *fadt);

/** fadt_load() - From @path. Return: 0; -ENOENT without ACPI; -EACCES; -errno. */
int fadt_load(const char *path, struct fadt *fadt);

#endif
