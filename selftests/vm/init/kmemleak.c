// SPDX-License-Identifier: GPL-2.0
/* Memory that nobody knows any more, on a kernel that looks for it (CONFIG_DEBUG_KMEMLEAK). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
#define MIN_AGE_S	6	/* what is younger than 5 s is not looked at */
#define SCANS		2	/* what changed since the scan before is not reported */
#define OBJECT		"unreferenced object"

bool kmemleak_looks(void)
{
	return !access(KMEMLEAK, F_OK);
}

static int scan(void)
{
	int fd = open(KMEMLEAK, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	for (int i = 0; i < SCANS && !err; i++) {
		sleep(MIN_AGE_S);
		if (write(fd, "scan", strlen("scan")) < 0)
			err = -errno;
	}
	close(fd);
	return err;
}

/* Prints the reports; returns how many objects they are about. */
static unsigned int reports(void)
{
	char line[256];
	FILE *file = fopen(KMEMLEAK, "re");
	unsigned int found = 0;

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		port_line("  # ", line);
		found += !strncmp(line, OBJECT, strlen(OBJECT));
	}
	if (file)
		fclose(file);
	return found;
}

void kmemleak_judge(struct outcome *outcome)
{
	int err = scan();
	unsigned int found = reports();

	memset(outcome, 0, sizeof(*outcome));
	if (err)
		snprintf(outcome->why, sizeof(outcome->why), "cannot scan: %s", strerror(-err));
	else if (found)
		snprintf(outcome->why, sizeof(outcome->why), "leaks: %u", found);
	else
		outcome->pass = true;
}
