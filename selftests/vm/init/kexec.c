// SPDX-License-Identifier: GPL-2.0
/*
 * Another kernel, started by this one with no firmware in between (kexec): it finds the
 * clock as the driver left it. What it is to find, it is told on its command line.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init.h"

#define NEXT_KERNEL	"/vm/next/kernel"
#define NEXT_INITRD	"/vm/next/initrd"
#define FOUND		"found"	/* the kernel hands on to init what it does not know */
#define SOFT_WATCHDOG	"/proc/sys/kernel/soft_watchdog"
#define INDEX		0x70

static int command_line(size_t number, const char *alarm, char *text, size_t size)
{
	FILE *file = fopen("/proc/cmdline", "re");
	size_t len = 0;

	if (!file)
		return -errno;
	if (fgets(text, size, file))
		len = strcspn(text, "\n");
	fclose(file);
	return snprintf(text + len, size - len, " loglevel=4 " FOUND "=%zu,%s", number, alarm);
}

/* Loading takes a hash of all of it, during which a counted processor does nothing else. */
static void watchdog_off(void)
{
	FILE *file = fopen(SOFT_WATCHDOG, "we");

	if (!file)
		return;
	fputs("0", file);
	fclose(file);
}

static int start(size_t number, const char *alarm)
{
	int kernel = open(NEXT_KERNEL, O_RDONLY | O_CLOEXEC);
	int initrd = open(NEXT_INITRD, O_RDONLY | O_CLOEXEC);
	char line[1024];
	int err;

	if (kernel < 0 || initrd < 0)
		return -errno;
	err = command_line(number, alarm, line, sizeof(line));
	if (err < 0)
		return err;
	watchdog_off();
#ifdef SYS_kexec_file_load
	if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(line) + 1, line, 0))
		return -errno;
#else
	return -ENOSYS;
#endif
	klog_warnings_alone();
	reboot(RB_KEXEC);
	return -errno;
}

/* Does not return. */
void kexec_end(size_t number, const char *alarm)
{
	int err = start(number, alarm);

	port_print("not ok %zu kexec # %s\n", number, strerror(-err));
	port_exit(false);
}

const char *kexec_found(void)
{
	return getenv(FOUND);
}

static unsigned int get(unsigned char reg)
{
	outb(reg, INDEX);
	return inb(INDEX + 1);
}

/* The clock runs, and interrupts by an alarm at most, of which no flag is left. */
void kexec_judge(const char *found)
{
	bool armed = strstr(found, ",armed");
	unsigned int a, b, c;
	bool pass;

	if (ioperm(INDEX, 2, 1))
		port_exit(false);
	a = get(0x0a);
	b = get(0x0b);
	c = get(0x0c);
	pass = (a & 0x70) == 0x20 && !(b & 0xd0) && !(b & 0x20) == !armed && !(c & 0x20);
	port_print("# kexec: registers A 0x%02x, B 0x%02x, C 0x%02x\n", a, b, c);
	port_print("%sok %d kexec\n", pass ? "" : "not ", atoi(found));
	port_exit(pass);
}
