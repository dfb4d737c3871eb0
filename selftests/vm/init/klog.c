// SPDX-License-Identifier: GPL-2.0
/* What the kernel said, held against the messages that fail a run. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

#define KMSG		"/dev/kmsg"
#define CONSOLE_LEVEL	"/proc/sys/kernel/printk"
#define TAINT_FILE	"/proc/sys/kernel/tainted"
/* A module from outside the tree (O), and not signed (E). */
#define TAINT_ALLOWED	(1L << 12 | 1L << 13)
#define TAINT_WARN	(1L << 9)
#define WARNING		"WARNING: "
#define WARNING_END	"---[ end trace "
#define STACK		"CPU: "
#define STACK_END	"</TASK>"
#define RACE		"BUG: KCSAN: "
#define RACE_END	"====="
#define IN_A_MODULE	"\\[[a-z0-9_]+\\]"	/* behind a function's name */

struct patterns {
	regex_t *list;
	size_t count;
};

static void put(const char *path, const char *text, int len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, len) != len)
		port_print("# %s: %s\n", path, strerror(errno));
	close(fd);
}

void klog_mark(const char *name)
{
	char mark[100];
	int len = snprintf(mark, sizeof(mark), "<6>vm: %.80s\n", name);

	put(KMSG, mark, len);
}

void klog_warnings_alone(void)
{
	static const char mark[] = "<4>vm: warnings alone from here on\n";

	put(KMSG, mark, sizeof(mark) - 1);
	put(CONSOLE_LEVEL, "5", 1);
}

static int add(struct patterns *patterns, const char *text)
{
	regex_t *list = realloc(patterns->list, (patterns->count + 1) * sizeof(*list));

	if (!list)
		return -ENOMEM;
	patterns->list = list;
	return regcomp(&list[patterns->count++], text, REG_EXTENDED | REG_NOSUB) ? -EINVAL : 0;
}

static int patterns_read(const char *path, struct patterns *patterns)
{
	char line[512];
	FILE *file = fopen(path, "re");
	int err = 0;

	if (!file)
		return -errno;
	while (!err && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] && line[0] != '#')
			err = add(patterns, line);
	}
	fclose(file);
	return err;
}

static bool match(const struct patterns *patterns, const char *text)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (!regexec(&patterns->list[i], text, 0, NULL, 0))
			return true;
	return false;
}

/* A record is `priority,number,time,flags;text`, then lines of its own with the device. */
static const char *record_text(char *record)
{
	char *text = strchr(record, ';');

	if (!text)
		return record;
	text[strcspn(text, "\n")] = '\0';
	return text + 1;
}

/* What belongs to a line is known with it: the rest of a warning, and a stack that follows. */
static bool is_known(const struct patterns *known, const char *text, bool *warned)
{
	static const char *end;
	static bool last;

	if (end) {
		if (strstr(text, end))
			end = NULL;
		return true;
	}
	if (last && !strncmp(text, STACK, strlen(STACK))) {
		end = STACK_END;
		return true;
	}
	last = match(known, text);
	if (last && strstr(text, WARNING)) {
		end = WARNING_END;
		*warned = true;
	}
	return last;
}

static bool names_module(const char *text)
{
	static regex_t module;
	static bool compiled;

	if (!compiled)
		compiled = !regcomp(&module, IN_A_MODULE, REG_EXTENDED | REG_NOSUB);
	return compiled && !regexec(&module, text, 0, NULL, 0);
}

/*
 * The kernel's own code holds many a race that its authors know, or live with: a report of one
 * is bad if any function that it names is a module's. What is held back is told when such a line
 * comes, or when no more lines come.
 */
static bool is_held_back(const char *text, char held[200])
{
	if (strstr(text, RACE) && !names_module(text)) {
		snprintf(held, 200, "%.199s", text);
		return true;
	}
	if (held[0] && !strncmp(text, RACE_END, strlen(RACE_END)))
		held[0] = '\0';
	return false;
}

/* Returns how many bad ones there are; and whether the kernel warned of what is known. */
static unsigned int scan(int fd, const struct patterns *bad, const struct patterns *known,
			 bool *warned)
{
	char record[8192], race[200] = "";
	unsigned int found = 0;
	ssize_t len;

	for (;;) {
		const char *text;

		len = read(fd, record, sizeof(record) - 1);
		if (len < 0 && errno == EPIPE)
			continue;
		if (len <= 0)
			break;
		record[len] = '\0';
		text = record_text(record);
		if (is_known(known, text, warned) || is_held_back(text, race))
			continue;
		if (race[0] && names_module(text)) {
			port_line("  # ", race);
			race[0] = '\0';
			found++;
		}
		if (!match(bad, text))
			continue;
		port_line("  # ", text);
		found++;
	}
	if (race[0])
		port_line("  # ", race);
	return found + !!race[0];
}

static long taint(void)
{
	FILE *file = fopen(TAINT_FILE, "re");
	long value = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%ld", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}

void klog_judge(struct outcome *outcome)
{
	struct patterns bad = { 0 }, known = { 0 };
	int fd = open(KMSG, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	long tainted = taint(), allowed = TAINT_ALLOWED;
	bool warned = false;
	unsigned int found;

	memset(outcome, 0, sizeof(*outcome));
	if (fd < 0 || patterns_read("/vm/bad-messages", &bad) ||
	    patterns_read("/vm/known-messages", &known)) {
		snprintf(outcome->why, sizeof(outcome->why), "cannot read the log or the patterns");
		return;
	}
	found = scan(fd, &bad, &known, &warned);
	close(fd);
	if (warned)
		allowed |= TAINT_WARN;
	if (found)
		snprintf(outcome->why, sizeof(outcome->why), "bad messages: %u", found);
	else if (tainted & ~allowed)
		snprintf(outcome->why, sizeof(outcome->why), "kernel tainted: %ld", tainted);
	else
		outcome->pass = true;
}
