// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "registers.h"

#define TRIES		8

#define PORT_INDEX	0x70
#define PORT_DATA	0x71

/* MC146818A, registers A, B and D. */
#define REGISTER_A	0x0a
#define REGISTER_B	0x0b
#define REGISTER_D	0x0d
#define A_DV		0x70
#define A_DV_32_KHZ	0x20
#define B_SET		0x80
#define D_VRT		0x80

static int read_register(int fd, uint8_t index, uint8_t *value)
{
	if (pwrite(fd, &index, 1, PORT_INDEX) != 1 || pread(fd, value, 1, PORT_DATA) != 1)
		return -errno;
	return 0;
}

static int read_all(int fd, struct registers *registers)
{
	int err;

	err = read_register(fd, REGISTER_A, &registers->a);
	if (!err)
		err = read_register(fd, REGISTER_B, &registers->b);
	if (!err)
		err = read_register(fd, REGISTER_D, &registers->d);
	return err;
}

/* The kernel's own access between an index and its data is seen by looking twice. */
static int read_twice(int fd, struct registers *registers)
{
	struct registers again;
	int err;

	for (int i = 0; i < TRIES; i++) {
		err = read_all(fd, registers);
		if (!err)
			err = read_all(fd, &again);
		if (err || !memcmp(registers, &again, sizeof(again)))
			return err;
	}
	return -EIO;
}

int registers_read(struct registers *registers)
{
	int fd, err;

	fd = open("/dev/port", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = read_twice(fd, registers);
	close(fd);
	return err;
}

bool registers_set_stuck(const struct registers *registers)
{
	return registers->b & B_SET;
}

bool registers_divider_stopped(const struct registers *registers)
{
	return (registers->a & A_DV) != A_DV_32_KHZ;
}

bool registers_battery_dead(const struct registers *registers)
{
	return !(registers->d & D_VRT);
}
