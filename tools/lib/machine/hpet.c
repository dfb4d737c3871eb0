// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/machine/hpet.h"

/* IA-PC HPET specification 1.0a, 2.3 */
#define GENERAL_CAPABILITIES	0x000
#define MAIN_COUNTER		0x0f0
#define COUNT_SIZE_CAP		(1ULL << 13)
#define CLK_PERIOD_SHIFT	32

#define FEMTOSECONDS		1e15
#define CLK_PERIOD_MAX_FS	0x05f5e100
#define PAGE			4096

int hpet_decode(uint64_t capabilities, struct hpet *hpet)
{
	uint32_t period_fs = capabilities >> CLK_PERIOD_SHIFT;

	if (!period_fs || period_fs > CLK_PERIOD_MAX_FS)
		return -EINVAL;
	hpet->bits = capabilities & COUNT_SIZE_CAP ? 64 : 32;
	hpet->hz = FEMTOSECONDS / period_fs;
	return 0;
}

/* Two halves: a read of eight bytes need not reach the chip as one. */
static uint32_t read_half(const volatile uint8_t *registers, int offset)
{
	return *(const volatile uint32_t *)(registers + offset);
}

int hpet_open(struct hpet *hpet)
{
	const volatile uint8_t *page;
	uint64_t capabilities;
	int fd, err;

	fd = open(HPET_DEVICE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	err = errno;
	/* The device holds a timer for whoever has it open; the mapping does not need it. */
	close(fd);
	if (page == MAP_FAILED)
		return err == ENOSYS || err == EACCES ? -EOPNOTSUPP : -err;
	capabilities = (uint64_t)read_half(page, GENERAL_CAPABILITIES + 4) << 32 |
		       read_half(page, GENERAL_CAPABILITIES);
	err = hpet_decode(capabilities, hpet);
	hpet->registers = err ? NULL : page;
	return err;
}

static uint64_t read_counter(const struct counter *counter)
{
	return read_half(counter->address, MAIN_COUNTER);
}

void hpet_counter(const struct hpet *hpet, struct counter *counter)
{
	*counter = (struct counter){
		.read = read_counter,
		.address = hpet->registers,
		/* Its low half, which is read at once. */
		.bits = 32,
	};
}
