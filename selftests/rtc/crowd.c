// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crowd.h"
#include "ktap.h"

#define HUNG_S		60	/* no round lasts so long, on the slowest machine */
#define WATCH_MS	100

struct crowd *crowd;

static unsigned int seed = 1;

unsigned int chance(unsigned int n)
{
	return rand_r(&seed) / (RAND_MAX / n + 1);
}

int crowd_gather(void)
{
	if (!crowd)
		crowd = mmap(NULL, sizeof(*crowd), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (crowd == MAP_FAILED)
		return -errno;
	memset(crowd, 0, sizeof(*crowd));
	return 0;
}

void crowd_add(const char *name, void (*round)(struct member *m))
{
	struct member *m = &crowd->member[crowd->count++];

	m->name = name;
	m->round = round;
}

void member_fails(struct member *m, const char *fmt, ...)
{
	va_list args;

	if (atomic_exchange(&m->failed, true))
		return;
	va_start(args, fmt);
	vsnprintf(m->why, sizeof(m->why), fmt, args);
	va_end(args);
}

static void run(struct member *m)
{
	seed = m - crowd->member + 1;
	while (!crowd->over && !m->failed) {
		m->began = now_ns();
		m->round(m);
		m->rounds++;
	}
	_exit(0);
}

/* Of the processes of this program, where they are in the kernel. */
static void print_stacks(void)
{
	char path[300], text[2048], *line, *rest;
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (atoi(entry->d_name) <= 0 || getpgid(atoi(entry->d_name)) != getpgrp())
			continue;
		snprintf(path, sizeof(path), "/proc/%s/stack", entry->d_name);
		if (file_read(path, text, sizeof(text)))
			continue;
		for (rest = text; (line = strsep(&rest, "\n"));)
			ktap_comment("%s: %s", entry->d_name, line);
	}
	if (dir)
		closedir(dir);
	/* And all that wait for something, in the kernel's log. */
	file_write("/proc/sysrq-trigger", "w");
}

static bool hangs(struct member *m)
{
	if (now_ns() - m->began < HUNG_S * SECOND_NS)
		return false;
	member_fails(m, "no round has ended for %d s", HUNG_S);
	print_stacks();
	return true;
}

static bool all_well(void)
{
	bool well = true;
	size_t i;

	for (i = 0; i < crowd->count; i++)
		well &= !crowd->member[i].failed && !hangs(&crowd->member[i]);
	return well;
}

/* Who hangs in the kernel is left there: a signal would not end it. */
static void wait_for(struct member *m)
{
	int status;

	while (!waitpid(m->pid, &status, WNOHANG)) {
		if (hangs(m))
			return;
		sleep_ms(WATCH_MS);
	}
	if (status)
		member_fails(m, "ended with %#x", status);
	if (!m->rounds)
		member_fails(m, "not one round has ended");
}

static bool report(void)
{
	bool well = true;
	size_t i;

	for (i = 0; i < crowd->count; i++) {
		struct member *m = &crowd->member[i];

		ktap_comment("%s: %lu rounds, %lu calls refused%s%s", m->name, m->rounds,
			     m->refused, m->failed ? ": " : "", m->why);
		if (!m->failed || !well)
			continue;
		ktap_why("%s: %s", m->name, m->why);
		well = false;
	}
	return well;
}

bool crowd_runs(int seconds)
{
	s64 until = now_ns() + seconds * SECOND_NS;
	size_t i;

	fflush(stdout);
	for (i = 0; i < crowd->count; i++) {
		struct member *m = &crowd->member[i];
		pid_t pid;

		m->began = now_ns();
		pid = fork();
		if (!pid)
			run(m);
		m->pid = pid;
	}
	while (now_ns() < until && all_well())
		sleep_ms(WATCH_MS);
	crowd->over = true;
	for (i = 0; i < crowd->count; i++)
		wait_for(&crowd->member[i]);
	return report();
}
