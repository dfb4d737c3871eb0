// SPDX-License-Identifier: GPL-2.0
/*
 * Runs operations on an RTC inside the VM: `windows` runs each between two
 * marks, for whoever counts port accesses from outside, `ticks` prints how late
 * ticks come after the chip's true edge.
 */
#include <errno.h>
#include <linux/rtc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../rtc/ports.h"
#include "line.h"

#define MARK_PORT	0x4e0	/* QEMU's second isa-debugcon */

#define TICK_LIMIT_MS	3000
#define UIE_SECONDS	10
#define IDLE_SECONDS	10
#define AFTER_SET_US	50000

static const char *device = "/dev/rtc0";
static struct clock rtc_clock;
static int rtc;

static int fail(const char *what)
{
	fprintf(stderr, "rtcop: %s: %s: %s\n", device, what, strerror(errno));
	return 1;
}

/* The interrupt line's count of interrupts, whoever serves it. */
static long interrupts(void)
{
	char line[512];
	long count = 0;
	FILE *file = fopen("/proc/interrupts", "re");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, " 8: %ld", &count) == 1)
			break;
	if (file)
		fclose(file);
	return count;
}

/* Marks are even numbers at the beginning of window n, odd ones at its end. */
static void mark(int window, int end)
{
	outb(window * 2 + end, MARK_PORT);
}

static int read_tick(void)
{
	struct pollfd ready = { .fd = rtc, .events = POLLIN };
	unsigned long data;

	if (poll(&ready, 1, TICK_LIMIT_MS) != 1)
		return -1;
	return read(rtc, &data, sizeof(data)) == sizeof(data) ? 0 : -1;
}

static int op_read(void)
{
	struct rtc_time now;

	return ioctl(rtc, RTC_RD_TIME, &now);
}

static struct rtc_time to_set;

/* The core reads the clock again in the background, which is part of the cost. */
static int op_set(void)
{
	int err = ioctl(rtc, RTC_SET_TIME, &to_set);

	usleep(AFTER_SET_US);
	return err;
}

static struct rtc_wkalrm to_wake;

static int op_alarm(void)
{
	return ioctl(rtc, RTC_WKALM_SET, &to_wake);
}

static int op_aie_off(void)
{
	return ioctl(rtc, RTC_AIE_OFF, 0);
}

static int op_aie_on(void)
{
	return ioctl(rtc, RTC_AIE_ON, 0);
}

static int op_uie_on(void)
{
	return ioctl(rtc, RTC_UIE_ON, 0);
}

static int op_uie_off(void)
{
	return ioctl(rtc, RTC_UIE_OFF, 0);
}

static int op_idle(void)
{
	sleep(IDLE_SECONDS);
	return 0;
}

static int window(int number, const char *name, int (*op)(void))
{
	int err;

	mark(number, 0);
	err = op();
	mark(number, 1);
	printf("window %d %s %s\n", number, name, err ? "failed" : "ok");
	return err;
}

/* The alarm stands a quarter of an hour ahead, so that it does not ring here. */
static int prepare_alarm(void)
{
	struct rtc_time now;
	time_t then;
	struct tm tm;

	if (ioctl(rtc, RTC_RD_TIME, &now))
		return -1;
	memset(&tm, 0, sizeof(tm));
	tm.tm_sec = now.tm_sec;
	tm.tm_min = now.tm_min;
	tm.tm_hour = now.tm_hour;
	tm.tm_mday = now.tm_mday;
	tm.tm_mon = now.tm_mon;
	tm.tm_year = now.tm_year;
	then = timegm(&tm) + 900;
	gmtime_r(&then, &tm);
	to_wake.enabled = 1;
	to_wake.time.tm_sec = tm.tm_sec;
	to_wake.time.tm_min = tm.tm_min;
	to_wake.time.tm_hour = tm.tm_hour;
	to_wake.time.tm_mday = tm.tm_mday;
	to_wake.time.tm_mon = tm.tm_mon;
	to_wake.time.tm_year = tm.tm_year;
	to_set = now;
	return 0;
}

/* Windows 4 to 13 are one second of ticks each, from one tick to the next. */
static int tick_windows(void)
{
	long before;
	int ticks = 0;

	if (read_tick() || read_tick()) {
		printf("ticks 0\n");
		return 0;
	}
	before = interrupts();
	for (int i = 0; i < UIE_SECONDS; i++) {
		mark(4 + i, 0);
		if (!read_tick())
			ticks++;
		mark(4 + i, 1);
	}
	printf("ticks %d\ninterrupts %ld\n", ticks, interrupts() - before);
	return 0;
}

static int run_windows(void)
{
	if (ioperm(MARK_PORT, 1, 1))
		return fail("marks");
	if (prepare_alarm())
		return fail("cannot read");
	sleep(2);
	window(0, "read", op_read);
	window(1, "set", op_set);
	sleep(2);
	window(2, "alarm", op_alarm);
	window(16, "aie-off", op_aie_off);
	window(17, "aie-on", op_aie_on);
	op_aie_off();
	sleep(2);
	window(3, "uie-on", op_uie_on);
	tick_windows();
	window(14, "uie-off", op_uie_off);
	sleep(5);
	window(15, "idle", op_idle);
	return 0;
}

static void print_tick(int number, s64 edge)
{
	s64 late = (raw_ns() - edge) % SECOND_NS;
	struct rtc_time now;

	if (late > SECOND_NS / 2)
		late -= SECOND_NS;
	if (ioctl(rtc, RTC_RD_TIME, &now))
		return;
	printf("tick %d\t%02d:%02d:%02d, %+.2f ms after the second\n", number, now.tm_hour, now.tm_min,
	       now.tm_sec, late / 1e6);
}

static int run_ticks(int count)
{
	struct mark mark;

	errno = -ports_open(&rtc_clock);
	if (errno)
		return fail("ports");
	errno = -line_mark(&mark);
	if (errno)
		return fail("no edge seen");
	if (op_uie_on())
		return fail("RTC_UIE_ON");
	for (int i = 1; i <= count; i++) {
		if (read_tick())
			printf("tick %d\tnone within %d s\n", i, TICK_LIMIT_MS / 1000);
		else
			print_tick(i, mark.edge.after);
		fflush(stdout);
	}
	return op_uie_off() ? fail("RTC_UIE_OFF") : 0;
}

int main(int argc, char **argv)
{
	if (getenv("RTC"))
		device = getenv("RTC");
	errno = -clock_open(&rtc_clock, device);
	if (errno)
		return fail("cannot open");
	rtc = rtc_clock.fd;
	if (argc == 2 && !strcmp(argv[1], "windows"))
		return run_windows();
	if (argc == 3 && !strcmp(argv[1], "ticks"))
		return run_ticks(atoi(argv[2]));
	fprintf(stderr, "Usage: rtcop windows | rtcop ticks COUNT\n");
	return 1;
}
