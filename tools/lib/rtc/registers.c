// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/root.h"
#include "lib/rtc/cmos-layout.h"
#include "lib/rtc/registers.h"

#define TRIES		8

#define PORT_INDEX	0x70
#define PORT_DATA	0x71

#define A_DV		0x70
#define A_DV_32_KHZ	0x20
#define D_VRT		0x80

#define CRYSTAL_HZ	32768
#define RATES_FAST	2	/* the two that would be slowest are 256 and 128 Hz */
#define RATES_FAST_MORE	7

int registers_one(const struct register_file *file, uint8_t index, uint8_t *value)
{
	if (!file->ports)
		return pread(file->fd, value, 1, index) == 1 ? 0 : -EIO;
	if (pwrite(file->fd, &index, 1, PORT_INDEX) != 1 ||
	    pread(file->fd, value, 1, PORT_DATA) != 1)
		return -errno;
	return 0;
}

/* The driver's folder of an emulated chip is called by its device. */
static int open_emulated(const struct rtc *rtc, struct register_file *file)
{
	struct root_path device, path;
	char target[PATH_MAX];
	ssize_t len;

	len = readlink(rtc_attribute(rtc, &device, "device"), target, sizeof(target) - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';
	file->ports = false;
	file->fd = open(root_path(&path, "/sys/kernel/debug/rtc-mc146818/%s/registers",
				  basename(target)), O_RDONLY | O_CLOEXEC);
	return file->fd < 0 ? -errno : 0;
}

static int open_ports(struct register_file *file)
{
	file->ports = true;
	file->fd = open("/dev/port", O_RDWR | O_CLOEXEC);
	return file->fd < 0 ? -errno : 0;
}

int registers_open(const struct rtc *rtc, struct register_file *file)
{
	if (cmos_layout_applies(rtc))
		return open_ports(file);
	return strcmp(rtc->driver, RTC_OURS) ? -ENODEV : open_emulated(rtc, file);
}

void registers_close(struct register_file *file)
{
	close(file->fd);
}

static int read_all(const struct register_file *file, struct registers *registers)
{
	int err;

	err = registers_one(file, REGISTER_A, &registers->a);
	if (!err)
		err = registers_one(file, REGISTER_B, &registers->b);
	if (!err)
		err = registers_one(file, REGISTER_D, &registers->d);
	return err;
}

/* The kernel's own access between an index and its data is seen by looking twice. */
static int read_twice(const struct register_file *file, struct registers *registers)
{
	struct registers again;
	int err;

	for (int i = 0; i < TRIES; i++) {
		err = read_all(file, registers);
		if (!err)
			err = read_all(file, &again);
		if (err || !memcmp(registers, &again, sizeof(again)))
			return err;
	}
	return -EIO;
}

int registers_read(const struct rtc *rtc, struct registers *registers)
{
	struct register_file file;
	int err;

	err = registers_open(rtc, &file);
	if (err)
		return err;
	err = read_twice(&file, registers);
	registers_close(&file);
	return err;
}

bool registers_set_stuck(const struct registers *registers)
{
	return registers->b & REGISTER_B_SET;
}

bool registers_divider_stopped(const struct registers *registers)
{
	return (registers->a & A_DV) != A_DV_32_KHZ;
}

bool registers_battery_dead(const struct registers *registers)
{
	return !(registers->d & D_VRT);
}

int registers_rate_hz(const struct registers *registers)
{
	int select = registers->a & REGISTER_A_RS;

	if (!select)
		return 0;
	return CRYSTAL_HZ >> ((select <= RATES_FAST ? select + RATES_FAST_MORE : select) - 1);
}
