// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/conduct.h"

const struct bit conduct_releases[] = {
	{ CONDUCT_HALF, "half", "half a second after the divider's release" },
	{ CONDUCT_WHOLE, "whole", "a second after the divider's release" },
	{ CONDUCT_WRITE, "write", "a second after the seconds are written" },
	{ CONDUCT_NONE, "none", "where it would have: it keeps its own second" },
	{}
};

static void take_releases(char *words, struct conduct *conduct)
{
	conduct->confirmed = !strchr(words, '(');
	words[strcspn(words, "(")] = '\0';
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		for (const struct bit *bit = conduct_releases; bit->key; bit++)
			if (!strcmp(word, bit->key))
				conduct->release |= bit->mask;
}

/* "key: value" */
static void take_line(char *line, struct conduct *conduct)
{
	char *value = strstr(line, ": ");

	line[strcspn(line, "\n")] = '\0';
	if (!value)
		return;
	*value = '\0';
	value += 2;
	if (!strcmp(line, "release"))
		take_releases(value, conduct);
	else if (!strcmp(line, "writes"))
		snprintf(conduct->writes, sizeof(conduct->writes), "%s", value);
	else if (!strcmp(line, "hours"))
		snprintf(conduct->hours, sizeof(conduct->hours), "%s", value);
	else if (!strcmp(line, "access_ns"))
		sscanf(value, "%" SCNd64, &conduct->access_ns);
}

/* A note in brackets. */
bool conduct_hours_doubtful(const struct conduct *conduct)
{
	return strchr(conduct->hours, '(');
}

bool conduct_keeps_second(const struct conduct *conduct)
{
	return !conduct->release || conduct->release & CONDUCT_NONE;
}

static const char *file_of(const struct rtc *rtc, struct root_path *path, const char *name)
{
	return root_path(path, "/sys/kernel/debug/rtc-mc146818/%s/%s", rtc->node, name);
}

int conduct_accesses(const struct rtc *rtc, int64_t *accesses)
{
	struct root_path path;

	return attribute_read_s64(accesses, file_of(rtc, &path, "accesses"));
}

int conduct_read(const struct rtc *rtc, struct conduct *conduct)
{
	struct root_path path;
	char line[128];
	FILE *file;

	memset(conduct, 0, sizeof(*conduct));
	file = fopen(file_of(rtc, &path, "conduct"), "re");
	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file))
		take_line(line, conduct);
	fclose(file);
	return 0;
}
