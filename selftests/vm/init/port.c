// SPDX-License-Identifier: GPL-2.0
/*
 * The way out of the VM: results go to QEMU's isa-debugcon, the verdict to its
 * isa-debug-exit, which makes QEMU exit with twice the value written plus one.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/io.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "init.h"

#define RESULT_PORT	0xe9
#define EXIT_PORT	0xf4
#define EXIT_PASS	0x10
#define EXIT_FAIL	0x11
#define ATTENTION_US	500000	/* for the host to see what is announced */

int port_open(void)
{
	return ioperm(RESULT_PORT, 1, 1) || ioperm(EXIT_PORT, 4, 1) ? -1 : 0;
}

static void put(const char *text)
{
	outsb(RESULT_PORT, text, strlen(text));
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
	outb(pass ? EXIT_PASS : EXIT_FAIL, EXIT_PORT);
	reboot(RB_POWER_OFF);
}

/* Whether it came down, and how the clock was left, is for the host to say. */
void port_end(size_t number, const char *end)
{
	sync();
	port_print("# host: end %zu %s\n", number, end);
	usleep(ATTENTION_US);
	reboot(strncmp(end, "guest-reset", strlen("guest-reset")) ? RB_POWER_OFF : RB_AUTOBOOT);
	port_print("not ok %zu %s # it did not come down\n", number, end);
	port_exit(false);
}
