// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "layout.h"
#include "root.h"

#define FADT_PATH	"/sys/firmware/acpi/tables/FACP"
/* ACPI 6.5, table 5.9: offsets of DAY_ALRM, MON_ALRM and CENTURY. */
#define FADT_DAY_ALRM	106
#define FADT_MON_ALRM	107
#define FADT_CENTURY	108

int layout_parse(const void *bytes, size_t size, struct layout *layout)
{
	const uint8_t *table = bytes;

	memset(layout, 0, sizeof(*layout));
	if (size <= FADT_CENTURY || memcmp(table, "FACP", 4))
		return -EBADMSG;
	layout->date_alarm = table[FADT_DAY_ALRM];
	/* A month without a day reaches no further than a day. */
	layout->month_alarm = layout->date_alarm ? table[FADT_MON_ALRM] : 0;
	layout->century = table[FADT_CENTURY];
	return 0;
}

int layout_load(struct layout *layout)
{
	uint8_t table[FADT_CENTURY + 1];
	struct root_path path;
	ssize_t len;
	int fd, err;

	memset(layout, 0, sizeof(*layout));
	fd = open(root_path(&path, FADT_PATH), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, table, sizeof(table));
	err = errno;
	close(fd);
	return len < 0 ? -err : layout_parse(table, len, layout);
}

bool layout_applies(const struct rtc *rtc)
{
	if (strcmp(rtc->driver, "rtc_cmos") && strcmp(rtc->driver, "rtc-mc146818"))
		return false;
	return !strstr(rtc->name, "emulated");
}

const char *layout_reach(void)
{
	struct layout layout;

	if (layout_load(&layout))
		return "?";
	if (layout.month_alarm)
		return "a year";
	return layout.date_alarm ? "a month" : "a day";
}
