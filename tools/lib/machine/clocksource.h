/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's clocksources: which it has, which it uses, changing that for a while. */
#ifndef RTCCTL_LIB_MACHINE_CLOCKSOURCE_H
#define RTCCTL_LIB_MACHINE_CLOCKSOURCE_H

#include <stdbool.h>

#define CLOCKSOURCE_DIR		"/sys/devices/system/clocksource/clocksource0"
/* The note of a survey on what to put back; in a directory that only root writes. */
#define CLOCKSOURCE_NOTE	"/run/rtcctl-clocksource"
#define CLOCKSOURCE_NAME_SIZE	32
#define CLOCKSOURCE_MAX		16

struct clocksource {
	char current[CLOCKSOURCE_NAME_SIZE];
	char names[CLOCKSOURCE_MAX][CLOCKSOURCE_NAME_SIZE];
	int count;
};

/* Until it is released no other process gets one. */
struct clocksource_hold {
	int fd;
	char first[CLOCKSOURCE_NAME_SIZE];	/* the one to put back */
};

/** clocksource_load() - What the kernel offers and uses. Return: 0 or -errno. */
int clocksource_load(struct clocksource *cs);

/** clocksource_parse() - The same from the text of its two files. */
void clocksource_parse(const char *available, const char *current, struct clocksource *cs);

bool clocksource_offers(const struct clocksource *cs, const char *name);

/**
 * clocksource_use() - Make @name the current one.
 *
 * Return: 0; -ENODEV where the kernel does not offer it; -EOPNOTSUPP where it
 * stays with another one, which its log gives the reason for; -EACCES; -errno.
 */
int clocksource_use(const char *name);

/**
 * clocksource_hold() - Note which one is current before it is changed.
 * @hold: filled in
 *
 * Return: 0; -EBUSY where another process has done so; -errno.
 */
int clocksource_hold(struct clocksource_hold *hold);

/** clocksource_release() - Put the first one back and drop the note. Return: 0 or -errno. */
int clocksource_release(struct clocksource_hold *hold);

/**
 * clocksource_repair() - Put back what a process that was killed has left behind.
 * @name: filled in with what was to be put back, CLOCKSOURCE_NAME_SIZE
 *
 * Return: 0 where there is nothing to do, 1 where it was put back, -EACCES
 * where there is something to do, and that needs root; -errno.
 */
int clocksource_repair(char *name);

#endif
