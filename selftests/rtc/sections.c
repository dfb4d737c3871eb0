// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "sections.h"

#define TRACING		"/sys/kernel/tracing/"
#define BUFFER_KB	"32768"
#define GROUP		"rtc_section"
#define EVENTS		TRACING "events/" GROUP "/"
#define LOCK		"rtc_lock"
#define CALLER		"caller="

/*
 * The probe is where the function begins, interrupts are off a little later: whatever comes in
 * between is not part of the section, which begins anew after it.
 */
static const char *const interruptions[] = {
	TRACING "events/irq/enable", TRACING "events/irq_vectors/enable",
	TRACING "events/sched/sched_switch/enable",
};

#define INTERRUPTIONS	(sizeof(interruptions) / sizeof(interruptions[0]))

static bool counting;	/* accesses, in place of times */

/* Each way to take the lock, and to leave it. */
static const char *const functions[] = {
	"_raw_spin_lock", "_raw_spin_lock_irq", "_raw_spin_lock_irqsave",
	"_raw_spin_unlock", "_raw_spin_unlock_irq", "_raw_spin_unlock_irqrestore",
};

#define FUNCTIONS	(sizeof(functions) / sizeof(functions[0]))

static int lock_address(char *address, size_t size)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[256], name[128], at[32];
	int err = -ENOENT;

	if (!file)
		return -errno;
	while (err && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%31s %*c %127s", at, name) != 2 || strcmp(name, LOCK))
			continue;
		snprintf(address, size, "0x%s", at);
		err = 0;
	}
	fclose(file);
	return err;
}

/* An event has its function's name; of others' locks nothing is recorded. */
static int probe_lock_function(const char *function, const char *address)
{
	char text[160], path[128];
	int err;

	snprintf(text, sizeof(text), "p:" GROUP "/%s %s lock=%%di caller=$stack0:symbol", function,
		 function);
	err = file_write(TRACING "kprobe_events", text);
	if (err)
		return err;
	snprintf(path, sizeof(path), EVENTS "%s/filter", function);
	snprintf(text, sizeof(text), "lock == %s", address);
	err = file_write(path, text);
	if (err)
		return err;
	snprintf(path, sizeof(path), EVENTS "%s/enable", function);
	return file_write(path, "1");
}

int sections_prepare(void)
{
	char address[40];
	int err = lock_address(address, sizeof(address));
	size_t i;

	if (!err)
		err = file_write(TRACING "tracing_on", "0");
	if (!err)
		err = file_write(TRACING "buffer_size_kb", BUFFER_KB);
	if (!err)
		err = file_write(TRACING "kprobe_events", "p:" GROUP "/read rtc_cmos_read");
	if (!err)
		err = file_write(TRACING "kprobe_events", "p:" GROUP "/write rtc_cmos_write");
	for (i = 0; i < FUNCTIONS && !err; i++)
		err = probe_lock_function(functions[i], address);
	for (i = 0; i < INTERRUPTIONS && !err; i++)
		err = file_write(interruptions[i], "1");
	return err;
}

/* To open it so empties it. */
static int empty_trace(void)
{
	int fd = open(TRACING "trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

int sections_begin(bool accesses)
{
	int err = file_write(EVENTS "read/enable", accesses ? "1" : "0");

	counting = accesses;
	if (!err)
		err = file_write(EVENTS "write/enable", accesses ? "1" : "0");
	if (!err)
		err = empty_trace();
	return err ? err : file_write(TRACING "tracing_on", "1");
}

/* One that is open as the trace is read: the lock is held once at a time. */
struct open_section {
	bool open;
	double since;
	unsigned int accesses;
	char by[80];
};

static void begin(struct open_section *s, double now, const char *text)
{
	const char *caller = strstr(text, CALLER);

	*s = (struct open_section){ .open = true, .since = now };
	snprintf(s->by, sizeof(s->by), "%.79s", caller ? caller + strlen(CALLER) : "?");
}

static void end(struct open_section *s, double now, struct sections *sections)
{
	double us = (now - s->since) * 1e6;

	if (!s->open)
		return;
	s->open = false;
	if (counting && s->accesses > sections->accesses) {
		sections->accesses = s->accesses;
		strcpy(sections->accesses_by, s->by);
	}
	if (counting)
		return;
	if (!sections->count || us < sections->least_us)
		sections->least_us = us;
	sections->count++;
	if (us > sections->us) {
		sections->us = us;
		strcpy(sections->by, s->by);
	}
}

/* `task-pid [cpu] flags seconds: event: text`. */
static void line(struct open_section *s, char *text, struct sections *sections)
{
	char *name = strstr(text, ": "), *rest, *time;
	double now;

	if (text[0] == '#' || !name)
		return;
	*name = '\0';
	name += 2;
	time = strrchr(text, ' ');
	rest = strstr(name, ": ");
	if (!time || !rest)
		return;
	*rest = '\0';
	rest += 2;
	rest[strcspn(rest, "\n")] = '\0';
	now = strtod(time, NULL);
	if (!strncmp(name, "_raw_spin_lock", strlen("_raw_spin_lock")))
		begin(s, now, rest);
	else if (!strncmp(name, "_raw_spin_unlock", strlen("_raw_spin_unlock")))
		end(s, now, sections);
	else if (!strcmp(name, "read") || !strcmp(name, "write"))
		s->accesses++;
	else
		s->since = now;
}

/* The trace's own head says how much of it is there. */
static bool is_whole(const char *text)
{
	const char *counts = strstr(text, "entries-in-buffer/entries-written: ");
	unsigned long there, written;

	if (!counts || sscanf(strchr(counts, ':'), ": %lu/%lu", &there, &written) != 2)
		return true;
	return there == written;
}

int sections_end(struct sections *sections)
{
	struct open_section open = { 0 };
	char *text = NULL;
	bool whole = true;
	size_t room = 0;
	FILE *file;
	int err = file_write(TRACING "tracing_on", "0");

	if (err)
		return err;
	file = fopen(TRACING "trace", "re");
	if (!file)
		return -errno;
	while (getline(&text, &room, file) > 0) {
		whole &= is_whole(text);
		line(&open, text, sections);
	}
	free(text);
	fclose(file);
	return whole ? 0 : -EOVERFLOW;
}
