// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/machine/fadt.h"

/* Offsets of the ACPI specification, 5.2.9. */
#define LENGTH		4
#define PM_TMR_BLK	76
#define PM_TMR_LEN	91
#define DAY_ALRM	106
#define MON_ALRM	107
#define CENTURY		108
#define IAPC_BOOT_ARCH	109
#define FLAGS		112
#define X_PM_TMR_BLK	208
#define REVISION_1_SIZE	116

/* A generic address: space, width, offset, access size, 64-bit address. */
#define GAS_SPACE	0
#define GAS_ADDRESS	4
#define GAS_SIZE	12
#define SPACE_IO	1

#define IAPC_NO_CMOS_RTC	(1U << 5)
#define FLAG_TMR_VAL_EXT	(1U << 8)
#define FLAG_HW_REDUCED		(1U << 20)

#define PM_TMR_LEN_VALID	4
#define FADT_MAX_SIZE		1024

/* Little-endian, wherever it lies. */
static uint64_t number(const uint8_t *at, int bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];
	return value;
}

static uint16_t pm_timer_port(const uint8_t *table, size_t size)
{
	const uint8_t *gas = table + X_PM_TMR_BLK;
	uint64_t port;

	/* Reduced hardware has none of the fixed registers. */
	if (number(table + FLAGS, 4) & FLAG_HW_REDUCED)
		return 0;
	if (size >= X_PM_TMR_BLK + GAS_SIZE && gas[GAS_SPACE] == SPACE_IO) {
		port = number(gas + GAS_ADDRESS, 8);
		if (port && port <= UINT16_MAX)
			return port;
	}
	port = number(table + PM_TMR_BLK, 4);
	return table[PM_TMR_LEN] == PM_TMR_LEN_VALID && port <= UINT16_MAX ? port : 0;
}

int fadt_parse(const void *bytes, size_t size, struct fadt *fadt)
{
	const uint8_t *table = bytes;

	if (size < REVISION_1_SIZE || memcmp(table, "FACP", 4))
		return -EBADMSG;
	if (number(table + LENGTH, 4) < size)
		size = number(table + LENGTH, 4);
	if (size < REVISION_1_SIZE)
		return -EBADMSG;
	fadt->pm_timer_port = pm_timer_port(table, size);
	fadt->pm_timer_bits = number(table + FLAGS, 4) & FLAG_TMR_VAL_EXT ? 32 : 24;
	fadt->no_cmos_rtc = number(table + IAPC_BOOT_ARCH, 2) & IAPC_NO_CMOS_RTC;
	fadt->date_alarm = table[DAY_ALRM];
	fadt->month_alarm = table[DAY_ALRM] ? table[MON_ALRM] : 0;
	fadt->century = table[CENTURY];
	return 0;
}

int fadt_load(const char *path, struct fadt *fadt)
{
	uint8_t table[FADT_MAX_SIZE];
	ssize_t len;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, table, sizeof(table));
	err = errno;
	close(fd);
	return len < 0 ? -err : fadt_parse(table, len, fadt);
}
