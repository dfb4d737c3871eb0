// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/io.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ports.h"

#define INDEX	0x70
#define DATA	0x71

#define PORT_FILE	"/dev/port"
#define TRIES		8	/* of which the fastest counts */

static int registers = -1;	/* an emulated chip's, in debugfs */
static int port_file = -1;	/* where the instructions fault */
static bool has_century, counts_24;

static void faulted(int number)
{
	_exit(number);
}

/*
 * Whether an instruction of ours works that the kernel permits: under some hypervisors
 * it faults all the same. A child tries; what is read there changes nothing.
 */
static bool instructions_work(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		signal(SIGSEGV, faulted);
		inb(INDEX);
		_exit(0);
	}
	return waitpid(pid, &status, 0) == pid && !status;
}

static int open_ports(void)
{
	if (ioperm(INDEX, 2, 1))
		return -errno;
	if (port_file >= 0 || instructions_work())
		return 0;
	port_file = open(PORT_FILE, O_RDWR | O_CLOEXEC);
	return port_file < 0 ? -errno : 0;
}

int ports_open(struct clock *clock)
{
	char path[160];

	has_century = clock_has_century(clock);
	if (!clock_is_emulated(clock))
		return open_ports();
	if (registers >= 0)
		return 0;
	snprintf(path, sizeof(path), DEBUG_DIR "/%s/registers", clock->device);
	registers = open(path, O_RDWR | O_CLOEXEC);
	return registers < 0 ? -errno : 0;
}

static uint8_t file_byte(int fd, off_t at)
{
	uint8_t value = 0xff;

	return pread(fd, &value, 1, at) == 1 ? value : 0xff;
}

static void set_file_byte(int fd, off_t at, uint8_t value)
{
	if (pwrite(fd, &value, 1, at) != 1)
		fprintf(stderr, "# byte %#llx: not written\n", (long long)at);
}

uint8_t ports_read_once(uint8_t reg)
{
	if (registers >= 0)
		return file_byte(registers, reg);
	if (port_file >= 0) {
		set_file_byte(port_file, INDEX, reg);
		return file_byte(port_file, DATA);
	}
	outb(reg, INDEX);
	return inb(DATA);
}

static void write_once(uint8_t reg, uint8_t value)
{
	if (registers >= 0) {
		set_file_byte(registers, reg, value);
	} else if (port_file >= 0) {
		set_file_byte(port_file, INDEX, reg);
		set_file_byte(port_file, DATA, value);
	} else {
		outb(reg, INDEX);
		outb(value, DATA);
	}
}

s64 ports_cost(void)
{
	s64 narrowest = INT64_MAX;
	int i;

	for (i = 0; i < TRIES; i++) {
		s64 begin = raw_ns(), took;

		ports_read_once(REG_SECONDS);
		took = raw_ns() - begin;
		if (took < narrowest)
			narrowest = took;
	}
	return narrowest;
}

uint8_t ports_read(uint8_t reg)
{
	uint8_t a, b;

	do {
		a = ports_read_once(reg);
		b = ports_read_once(reg);
	} while (a != b);
	return a;
}

int ports_write(uint8_t reg, uint8_t value)
{
	int err = be_urgent(true);

	if (err)
		return err;
	write_once(reg, value);
	return be_urgent(false);
}

void ports_count_24(bool yes)
{
	counts_24 = yes;
}

static int number(uint8_t b, uint8_t byte)
{
	return b & B_DM ? byte : (byte >> 4) * 10 + (byte & 15);
}

static int hour(uint8_t b, uint8_t byte)
{
	if (b & B_24H || counts_24)
		return number(b, byte);
	return number(b, byte & 0x7f) % 12 + (byte & 0x80 ? 12 : 0);
}

struct registers {
	uint8_t b, seconds, minutes, hours, date, month, year, century;
};

static void read_registers(struct registers *r)
{
	while (ports_read_once(REG_A) & A_UIP)
		;
	r->seconds = ports_read(REG_SECONDS);
	r->minutes = ports_read(REG_MINUTES);
	r->hours = ports_read(REG_HOURS);
	r->date = ports_read(REG_DATE);
	r->month = ports_read(REG_MONTH);
	r->year = ports_read(REG_YEAR);
	r->century = ports_read(REG_CENTURY);
	r->b = ports_read(REG_B);
}

static int year_of(const struct registers *r)
{
	int year = number(r->b, r->year), century;

	if (has_century)
		century = number(r->b, r->century);
	else if (year < 70)
		century = 20;
	else
		century = 19;
	return century * 100 + year;
}

int ports_time(s64 *sec)
{
	struct registers r, again;
	struct rtc_time tm;

	do {
		read_registers(&r);
		read_registers(&again);
	} while (memcmp(&r, &again, sizeof(r)));

	tm = (struct rtc_time){
		.tm_sec = number(r.b, r.seconds),
		.tm_min = number(r.b, r.minutes),
		.tm_hour = hour(r.b, r.hours),
		.tm_mday = number(r.b, r.date),
		.tm_mon = number(r.b, r.month) - 1,
		.tm_year = year_of(&r) - 1900,
	};
	if (tm.tm_sec > 59 || tm.tm_min > 59 || tm.tm_hour > 23 || tm.tm_mday > 31 ||
	    tm.tm_mday < 1 || tm.tm_mon < 0 || tm.tm_mon > 11)
		return -EINVAL;
	*sec = seconds_of(&tm);
	return 0;
}

int ports_lead(s64 *sec)
{
	s64 before = raw_ns(), shown;
	int err = ports_time(&shown);

	*sec = shown - before / SECOND_NS;
	return err;
}

static uint8_t code(uint8_t b, int value)
{
	return b & B_DM ? value : value / 10 << 4 | value % 10;
}

static uint8_t hour_code(uint8_t b, int hour)
{
	if (b & B_24H)
		return code(b, hour);
	return code(b, hour % 12 ? hour % 12 : 12) | (hour >= 12 ? 0x80 : 0);
}

void ports_set_time(uint8_t b, s64 sec)
{
	struct rtc_time tm = tm_of(sec);

	ports_write(REG_B, b | B_SET);
	ports_write(REG_SECONDS, code(b, tm.tm_sec));
	ports_write(REG_MINUTES, code(b, tm.tm_min));
	ports_write(REG_HOURS, hour_code(b, tm.tm_hour));
	ports_write(REG_DATE, code(b, tm.tm_mday));
	ports_write(REG_MONTH, code(b, tm.tm_mon + 1));
	ports_write(REG_YEAR, code(b, tm.tm_year % 100));
	if (has_century)
		ports_write(REG_CENTURY, code(b, (tm.tm_year + 1900) / 100));
	ports_write(REG_B, b);
}

int ports_alarm(int *second_of_day)
{
	uint8_t b = ports_read(REG_B);
	uint8_t h = ports_read(REG_HOURS_ALARM);
	int m = number(b, ports_read(REG_MINUTES_ALARM));
	int s = number(b, ports_read(REG_SECONDS_ALARM));

	if (h >= 0xc0 || hour(b, h) > 23 || m > 59 || s > 59)
		return -EINVAL;
	*second_of_day = hour(b, h) * 3600 + m * 60 + s;
	return 0;
}
