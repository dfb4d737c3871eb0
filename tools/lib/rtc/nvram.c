// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/root.h"
#include "lib/rtc/nvram.h"

#define SUM_FIRST	0x10
#define SUM_LAST	0x2d
#define SUM_HIGH	0x2e
#define SUM_LOW		0x2f

static const struct {
	int first, last;
	const char *text;
} owners[] = {
	{ 0x0e, 0x0e, "diagnostic status" },
	{ 0x0f, 0x0f, "shutdown status" },
	{ 0x10, 0x10, "floppy drives" },
	{ 0x12, 0x12, "hard disks" },
	{ 0x14, 0x14, "equipment" },
	{ 0x15, 0x16, "base memory" },
	{ 0x17, 0x18, "extended memory" },
	{ SUM_HIGH, SUM_LOW, "checksum" },
	{ 0x30, 0x31, "extended memory found" },
};

/* The first nvmem device below the clock's parent. */
static int find(const struct rtc *rtc, char *file, size_t size)
{
	struct root_path path, nvmem;
	struct dirent *entry;
	int err = -ENODEV;
	DIR *dir;

	dir = opendir(rtc_attribute(rtc, &path, "device"));
	if (!dir)
		return -ENODEV;
	while (err && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		root_path(&nvmem, "/sys/class/rtc/%s/device/%s/nvmem", rtc->node, entry->d_name);
		if (!access(nvmem.name, F_OK))
			err = snprintf(file, size, "%s", nvmem.name) < (int)size ?
			      0 : -ENAMETOOLONG;
	}
	closedir(dir);
	return err;
}

static int read_all(struct nvram *nvram)
{
	int fd = open(nvram->path, O_RDONLY | O_CLOEXEC);
	ssize_t len = 0;
	int err = 0;

	if (fd < 0)
		return -errno;
	do {
		nvram->size += len;
		len = read(fd, nvram->bytes + nvram->size, sizeof(nvram->bytes) - nvram->size);
	} while (len > 0);
	if (len < 0)
		err = -errno;
	close(fd);
	return err;
}

int nvram_load(const struct rtc *rtc, struct nvram *nvram)
{
	int err;

	memset(nvram, 0, sizeof(*nvram));
	err = find(rtc, nvram->path, sizeof(nvram->path));
	if (!err)
		err = read_all(nvram);
	if (err)
		return err;
	nvram->fadt_err = cmos_layout_applies(rtc) ? cmos_layout_load(&nvram->fadt) : -ENOENT;
	return 0;
}

static const char *clocks_own(const struct fadt *fadt, int reg)
{
	if (reg == fadt->century)
		return "the clock's century";
	if (reg == fadt->date_alarm)
		return "the clock's alarm, day of the month";
	if (reg == fadt->month_alarm)
		return "the clock's alarm, month";
	return NULL;
}

const char *nvram_owner(const struct nvram *nvram, int reg)
{
	const char *text = clocks_own(&nvram->fadt, reg);

	if (text)
		return text;
	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
		if (reg >= owners[i].first && reg <= owners[i].last)
			return owners[i].text;
	return NULL;
}

bool nvram_clocks(const struct nvram *nvram, int reg)
{
	return clocks_own(&nvram->fadt, reg);
}

static uint8_t at(const struct nvram *nvram, int reg)
{
	return nvram->bytes[reg - CMOS_LAYOUT_RAM];
}

int nvram_checksum(const struct nvram *nvram, uint16_t *stored, uint16_t *computed)
{
	if (nvram->size <= SUM_LOW - CMOS_LAYOUT_RAM)
		return -ENODATA;
	*computed = 0;
	for (int reg = SUM_FIRST; reg <= SUM_LAST; reg++)
		*computed += at(nvram, reg);
	*stored = at(nvram, SUM_HIGH) << 8 | at(nvram, SUM_LOW);
	return 0;
}
