// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>

#include "lib/machine/kernel-log.h"

#define SYSLOG_ACTION_READ_ALL		3
#define SYSLOG_ACTION_SIZE_BUFFER	10

int kernel_log_read(char **text)
{
	int size, len;

	size = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0);
	if (size < 0)
		return -errno;
	*text = malloc(size + 1);
	if (!*text)
		return -ENOMEM;
	len = klogctl(SYSLOG_ACTION_READ_ALL, *text, size);
	if (len < 0) {
		len = -errno;
		free(*text);
		return len;
	}
	(*text)[len] = '\0';
	return 0;
}

/* "<6>[    0.000020] text" */
static const char *after_prefix(const char *line, const char *end)
{
	const char *bracket = memchr(line, ']', end - line);

	if (*line != '<' || !bracket || bracket + 2 > end)
		return line;
	return bracket + 2;
}

const char *kernel_log_last(const char *text, const char *phrase, char *line, size_t size)
{
	const char *found = NULL, *start, *end;

	for (const char *at = strstr(text, phrase); at; at = strstr(at + 1, phrase))
		found = at;
	if (!found)
		return NULL;
	for (start = found; start > text && start[-1] != '\n'; start--)
		;
	end = found + strcspn(found, "\n");
	start = after_prefix(start, end);
	snprintf(line, size, "%.*s", (int)(end - start), start);
	return line;
}
