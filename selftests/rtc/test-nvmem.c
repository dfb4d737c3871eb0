// SPDX-License-Identifier: GPL-2.0
/* The chip's RAM in /sys/bus/nvmem: all of it, root's alone, the clock's bytes kept safe. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "ports.h"

#define RAM		0x0e	/* the register of the first byte */
#define BANK		128
#define FREE		0x3e	/* a register that neither firmware's checksum nor the clock knows */
#define BANK_2_INDEX	0x72
#define BANK_2_DATA	0x73
#define NVMEM_DIR	"/sys/bus/nvmem/devices/cmos_nvram%s"

static void path_of(const struct clock *clock, const char *file, char *path, size_t size)
{
	snprintf(path, size, NVMEM_DIR "/%s", clock->name + strlen("rtc"), file);
}

static int open_ram(const struct clock *clock, int flags)
{
	char path[128];
	int fd;

	path_of(clock, "nvmem", path, sizeof(path));
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* One byte to register @reg; 0 or a negative errno. */
static int put(const struct clock *clock, uint8_t reg, uint8_t value)
{
	int fd = open_ram(clock, O_WRONLY);
	int err = 0;

	if (fd < 0)
		return fd;
	if (pwrite(fd, &value, 1, reg - RAM) != 1)
		err = -errno;
	close(fd);
	return err;
}

static int get(const struct clock *clock, unsigned int reg, uint8_t *bytes, size_t n)
{
	int fd = open_ram(clock, O_RDONLY);
	int err = 0;

	if (fd < 0)
		return fd;
	if (pread(fd, bytes, n, reg - RAM) != (ssize_t)n)
		err = errno ? -errno : -EIO;
	close(fd);
	return err;
}

/* A machine whose second bank answers; the runner makes one with a device at its port. */
static bool bank_2_answers(const struct clock *clock)
{
	if (clock_is_emulated(clock) || ioperm(BANK_2_INDEX, 2, 1))
		return false;
	outb(FREE, BANK_2_INDEX);
	return inb(BANK_2_DATA) != 0xff;
}

static enum ktap_result all_of_it(struct clock *clock)
{
	off_t wanted = BANK - RAM + (bank_2_answers(clock) ? BANK : 0);
	char path[128];
	struct stat st;

	path_of(clock, "nvmem", path, sizeof(path));
	REQUIRE(!stat(path, &st), "%s: %s", path, strerror(errno));
	REQUIRE(st.st_size == wanted, "%lld bytes, not %lld", (long long)st.st_size,
		(long long)wanted);
	return KTAP_PASS;
}

static enum ktap_result kept_by_a_battery(struct clock *clock)
{
	char path[128], type[64];

	path_of(clock, "type", path, sizeof(path));
	REQUIRE(!file_read(path, type, sizeof(type)), "%s: cannot be read", path);
	REQUIRE(!strcmp(type, "Battery backed"), "type is '%s'", type);
	return KTAP_PASS;
}

static enum ktap_result reads_the_chip(struct clock *clock)
{
	uint8_t bytes[BANK - RAM];
	int i, err = get(clock, RAM, bytes, sizeof(bytes));

	REQUIRE(!err, "cannot read: %s", strerror(-err));
	REQUIRE(!ports_open(clock), "no right to the ports");
	for (i = RAM; i < BANK; i++)
		REQUIRE(bytes[i - RAM] == ports_read(i), "register %#x: %#x, the chip has %#x", i,
			bytes[i - RAM], ports_read(i));
	return KTAP_PASS;
}

static enum ktap_result writes_the_chip(struct clock *clock)
{
	int before, after;
	int err;

	REQUIRE(!ports_open(clock), "no right to the ports");
	before = ports_read(FREE);
	err = put(clock, FREE, ~before & 0xff);
	REQUIRE(!err, "cannot write: %s", strerror(-err));
	after = ports_read(FREE);
	err = put(clock, FREE, before);
	REQUIRE(!err && ports_read(FREE) == before, "cannot be put back: %s", strerror(-err));
	REQUIRE(after == (~before & 0xff), "the chip has %#x, not %#x", after, ~before & 0xff);
	return KTAP_PASS;
}

static enum ktap_result reads_the_second_bank(struct clock *clock)
{
	uint8_t byte;
	int err;

	if (!bank_2_answers(clock))
		SKIP("this chip has no second bank");
	err = get(clock, BANK + FREE, &byte, 1);
	REQUIRE(!err, "cannot read: %s", strerror(-err));
	outb(FREE, BANK_2_INDEX);
	REQUIRE(byte == inb(BANK_2_DATA), "%#x, the chip has %#x", byte, inb(BANK_2_DATA));
	return KTAP_PASS;
}

/* Alone, and in the middle of what may be written. */
static enum ktap_result refuses(struct clock *clock, uint8_t reg)
{
	uint8_t bytes[3], before;
	int fd, err;

	REQUIRE(!ports_open(clock), "no right to the ports");
	before = ports_read(reg);
	err = put(clock, reg, before);
	REQUIRE(err == -EPERM, "a write to register %#x: %s", reg, strerror(-err));
	REQUIRE(!get(clock, reg - 1, bytes, sizeof(bytes)), "cannot read");
	fd = open_ram(clock, O_WRONLY);
	REQUIRE(fd >= 0, "cannot open: %s", strerror(-fd));
	err = pwrite(fd, bytes, sizeof(bytes), reg - 1 - RAM) < 0 ? errno : 0;
	close(fd);
	REQUIRE(err == EPERM, "a write across register %#x: %s", reg, strerror(err));
	return KTAP_PASS;
}

static enum ktap_result century_is_refused(struct clock *clock)
{
	if (!clock_has_century(clock))
		SKIP("this chip has no century byte");
	return refuses(clock, REG_CENTURY);
}

static enum ktap_result date_alarm_is_refused(struct clock *clock)
{
	uint8_t reg = clock_date_alarm(clock);

	if (reg <= RAM)
		SKIP("no date alarm in this chip's RAM");
	return refuses(clock, reg);
}

/* On some chips the date alarm shares its byte with VRT. */
static enum ktap_result an_alarm_leaves_the_rest_of_its_byte(struct clock *clock)
{
	uint8_t reg = clock_date_alarm(clock), after;
	s64 now;

	if (!reg)
		SKIP("this chip has no date alarm");
	REQUIRE(!ports_open(clock), "no right to the ports");
	ports_write(reg, 0x80);
	REQUIRE(!clock_read(clock, &now), "cannot read the clock");
	REQUIRE(!clock_alarm_set(clock, now + 300, true), "cannot set an alarm");
	after = ports_read(reg);
	REQUIRE(after & 0x3f, "no date in register %#x: %#x", reg, after);
	REQUIRE(after & 0x80, "register %#x has lost its bit 7: %#x", reg, after);
	return KTAP_PASS;
}

/* 0: refused */
static int open_as_nobody(struct clock *clock)
{
	return open_ram(clock, O_RDONLY) != -EACCES;
}

static enum ktap_result roots_alone(struct clock *clock)
{
	REQUIRE(!as_nobody(clock, open_as_nobody), "somebody else can open it");
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "all_of_it", all_of_it },
	{ "kept_by_a_battery", kept_by_a_battery },
	{ "reads_the_chip", reads_the_chip },
	{ "writes_the_chip", writes_the_chip },
	{ "reads_the_second_bank", reads_the_second_bank },
	{ "century_is_refused", century_is_refused },
	{ "date_alarm_is_refused", date_alarm_is_refused },
	{ "an_alarm_leaves_the_rest_of_its_byte", an_alarm_leaves_the_rest_of_its_byte },
	{ "roots_alone", roots_alone },
};

KTAP_MAIN(tests)
