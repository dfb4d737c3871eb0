// SPDX-License-Identifier: GPL-2.0
/*
 * The way out of the VM: results go to QEMU's isa-debugcon, the verdict to its
 * isa-debug-exit, which makes QEMU exit with twice the value written plus one.
 *
 * Under some hypervisors the instructions of user space fault though the kernel
 * permits them: then /dev/port serves.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/io.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

#define RESULT_PORT	0x4e9	/* 0xe9 would be Xen's own */
#define EXIT_PORT	0xf4
#define EXIT_PASS	0x10
#define EXIT_FAIL	0x11
#define ATTENTION_US	500000	/* for the host to see what is announced */

#define PORT_FILE	"/dev/port"
#define MEM_MAJOR	1
#define PORT_MINOR	4

static int file = -1;	/* /dev/port, where the instructions fault */

static void faulted(int number)
{
	_exit(number);
}

/* Whether a port may be read as the kernel said. A child tries: of init the kernel would tell. */
static bool instructions_work(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		signal(SIGSEGV, faulted);
		inb(RESULT_PORT);
		_exit(0);
	}
	return waitpid(pid, &status, 0) == pid && !status;
}

/* The device file may be needed before /dev is mounted. */
static int open_file(void)
{
	if (file >= 0)
		return 0;
	if (mknod(PORT_FILE, S_IFCHR | 0600, makedev(MEM_MAJOR, PORT_MINOR)) && errno != EEXIST)
		return -1;
	file = open(PORT_FILE, O_RDWR | O_CLOEXEC);
	return file < 0 ? -1 : 0;
}

int port_open(void)
{
	if (ioperm(RESULT_PORT, 1, 1) || ioperm(EXIT_PORT, 4, 1))
		return -1;
	return instructions_work() ? 0 : open_file();
}

static void write_port(unsigned char value, unsigned short port)
{
	if (file < 0)
		outb(value, port);
	else if (pwrite(file, &value, 1, port) != 1)
		reboot(RB_POWER_OFF);
}

static void put(const char *text)
{
	if (file < 0)
		outsb(RESULT_PORT, text, strlen(text));
	else
		while (*text)
			write_port(*text++, RESULT_PORT);
}

void port_print(const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	put(text);
}

void port_line(const char *indent, const char *line)
{
	put(indent);
	put(line);
	put("\n");
}

void port_exit(bool pass)
{
	sync();
	write_port(pass ? EXIT_PASS : EXIT_FAIL, EXIT_PORT);
	reboot(RB_POWER_OFF);
}

/* Whether it came down, and how the clock was left, is for the host to say. */
void port_end(size_t number, const char *end)
{
	sync();
	klog_warnings_alone();
	port_print("# host: end %zu %s\n", number, end);
	usleep(ATTENTION_US);
	reboot(strncmp(end, "guest-reset", strlen("guest-reset")) ? RB_POWER_OFF : RB_AUTOBOOT);
	port_print("not ok %zu %s # it did not come down\n", number, end);
	port_exit(false);
}
