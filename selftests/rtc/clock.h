/* SPDX-License-Identifier: GPL-2.0 */
/* One /dev/rtcN, its folders in sysfs and debugfs, and the times to compare it with. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/rtc.h>

typedef int64_t s64;

#define SECOND_NS	1000000000LL
#define KTIME_SEC_MAX	9223372036LL	/* what 63 bits of ns hold: the last second of a clock */
#define DEBUG_DIR	"/sys/kernel/debug/rtc-mc146818"

/* All functions with an int result return 0 or more, or a negative errno. */
struct clock {
	int fd;
	char path[64];	/* /dev/rtcN */
	char name[32];	/* rtcN */
	bool ours;	/* this project's driver has it */
	char device[64];	/* its parent, as the driver's folder in sysfs ... */
	char driver[256];	/* ... this one, names it */
};

/* Path of the clock to test: @wanted, or the first one of ours. */
int clock_find(const char *wanted, char *path, size_t size);
int clock_open(struct clock *clock, const char *path);
void clock_close(struct clock *clock);
/* No ticks, no periodic interrupts, no alarm, no event left to read. */
void clock_quiet(struct clock *clock);

/* Seconds since 1970. */
int clock_read(struct clock *clock, s64 *sec);
int clock_set(struct clock *clock, s64 sec);
/* Time of the clock against the monotonic one, whole seconds; and back. */
int clock_save(struct clock *clock, s64 *offset);
int clock_restore(struct clock *clock, s64 offset);
int clock_ioctl(struct clock *clock, unsigned long request, void *arg);
int clock_ioctl_value(struct clock *clock, unsigned long request, unsigned long arg);

int clock_alarm_set(struct clock *clock, s64 sec, bool enabled);
int clock_alarm_read(struct clock *clock, s64 *sec, bool *enabled);

/* What read() gives: flags in the low byte, the count above; -ETIMEDOUT. */
int clock_event(struct clock *clock, int timeout_ms, unsigned long *data);

/* A file of the clock's folder in /sys/class/rtc; the final newline is cut off. */
int clock_attribute(struct clock *clock, const char *name, char *value, size_t size);
int clock_attribute_write(struct clock *clock, const char *name, const char *value);
int clock_counter(struct clock *clock, const char *name, unsigned long long *value);
/* What the driver has seen the chip do: the words behind "@key:" in debugfs. */
int clock_conduct(struct clock *clock, const char *key, char *words, size_t size);
/* What the next set leaves is known beforehand: one release is left, and writes stay. */
bool clock_conduct_is_known(struct clock *clock);
/* All is written of the sets so far, and the phase is known again. */
int clock_settle(struct clock *clock);
int file_read(const char *path, char *value, size_t size);
int file_write(const char *path, const char *value);

struct rtc_time tm_of(s64 sec);
s64 seconds_of(const struct rtc_time *tm);

s64 now_ns(void);	/* monotonic */
s64 raw_ns(void);	/* monotonic, not slewed */
s64 real_ns(void);	/* the system's time */
/* CLOCK_REALTIME minus the raw time, constant until somebody steps it; give or take @slack, if any. */
s64 real_minus_raw(s64 *slack);
void sleep_ms(int ms);
/* Time comes from counted instructions: nothing is late, however busy the host is. */
bool time_is_counted(void);
/* Ahead of every load, and of the driver; or no longer. */
int be_urgent(bool yes);

/* The driver lets go of the clock, which is closed, and takes it again. */
int clock_unbind(struct clock *clock);
int clock_bind(struct clock *clock);

/* This process, for good. Return: 0 where it is. */
int become_nobody(void);
/* Runs @body as whom @become makes; its result, -1 if it came to no end. */
int as_person(struct clock *clock, int (*become)(void), int (*body)(struct clock *clock));
int as_nobody(struct clock *clock, int (*body)(struct clock *clock));

/* A chip in software, which no port and no firmware knows. */
bool clock_is_emulated(const struct clock *clock);
/* Which chip it plays, by the module's parameter; and what it is told to have wrong. */
int clock_emulates(char *conduct, size_t size);
int clock_inject(struct clock *clock, const char *fault);
/* What the firmware says of the chip (FADT; false where there is none), or the emulation. */
bool clock_has_century(const struct clock *clock);
bool clock_has_date_alarm(const struct clock *clock);
/* Its register; 0 where there is none. */
unsigned char clock_date_alarm(const struct clock *clock);

#endif
