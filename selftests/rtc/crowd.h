/* SPDX-License-Identifier: GPL-2.0 */
/* Processes that each do one thing over and over, all at once, and nobody of whom may hang. */
#ifndef CROWD_H
#define CROWD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "clock.h"

#define CROWD_MAX	24

/**
 * struct member - one of them, in memory that all share
 * @name:	what it does, in words
 * @round:	once; comes back soon
 * @pid:	its process
 * @began:	ns, monotonic: when the round under way began
 * @rounds:	that ended
 * @refused:	calls that ended in an error they may end in
 * @sec:	for its own use
 * @failed:	something was wrong, ...
 * @why:	... in words
 */
struct member {
	const char *name;
	void (*round)(struct member *m);
	pid_t pid;
	_Atomic s64 began;
	_Atomic unsigned long rounds, refused;
	_Atomic s64 sec;
	atomic_bool failed;
	char why[160];
};

/* What all of them see. */
struct crowd {
	atomic_bool over;	/* ends */
	atomic_bool brief;	/* no file is kept open for long */
	atomic_bool no_proc;	/* /proc/driver/rtc stays closed, ... */
	atomic_bool in_proc;	/* ... and is read now */
	atomic_bool faulty;	/* the emulated clock is being disturbed */
	atomic_bool sleeps;	/* the system is put to sleep */
	atomic_bool stays;	/* no clock goes away */
	size_t count;
	struct member member[CROWD_MAX];
};

extern struct crowd *crowd;

/* 0 or a negative errno. */
int crowd_gather(void);
void crowd_add(const char *name, void (*round)(struct member *m));
/* All of them for so long. Return: none has failed, and none hung; else it says who did. */
bool crowd_runs(int seconds);

/* Something is wrong: the first such thing is kept. */
void member_fails(struct member *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Less than @n; each process has its own, and always the same. */
unsigned int chance(unsigned int n);

#endif
