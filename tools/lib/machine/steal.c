// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/machine/steal.h"

/* user nice system idle iowait irq softirq steal; guest time is in user and nice already. */
#define COLUMNS		8
#define COLUMN_STEAL	7

#define STAT_MAX_SIZE	(64 * 1024)

static const char *parse_line(const char *s, struct steal_ticks *ticks)
{
	char *end;

	ticks->cpu = *s == ' ' ? -1 : (int)strtol(s, &end, 10);
	if (*s != ' ')
		s = end;
	ticks->total = 0;
	ticks->stolen = 0;
	for (int column = 0; column < COLUMNS; column++) {
		uint64_t value = strtoull(s, &end, 10);

		/* Old kernels tell fewer kinds. */
		if (end == s)
			return column > 3 ? s : NULL;
		ticks->total += value;
		if (column == COLUMN_STEAL)
			ticks->stolen = value;
		s = end;
	}
	return s;
}

int steal_parse(const char *text, struct steal *steal)
{
	struct steal_ticks ticks;

	memset(steal, 0, sizeof(*steal));
	if (strncmp(text, "cpu ", 4))
		return -EBADMSG;
	while (!strncmp(text, "cpu", 3)) {
		if (!parse_line(text + 3, &ticks))
			return -EBADMSG;
		if (ticks.cpu < 0)
			steal->all = ticks;
		else if (steal->count < STEAL_CPUS)
			steal->cpus[steal->count++] = ticks;
		text = strchr(text, '\n');
		if (!text)
			break;
		text++;
	}
	return 0;
}

static int read_text(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t n = 1;

	while (len < size - 1 && n) {
		n = read(fd, text + len, size - 1 - len);
		if (n < 0)
			return -errno;
		len += n;
	}
	text[len] = '\0';
	return 0;
}

int steal_load(const char *path, struct steal *steal)
{
	char *text;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	text = malloc(STAT_MAX_SIZE);
	err = text ? read_text(fd, text, STAT_MAX_SIZE) : -ENOMEM;
	close(fd);
	if (!err)
		err = steal_parse(text, steal);
	free(text);
	return err;
}

double steal_percent(const struct steal_ticks *first, const struct steal_ticks *last)
{
	/* A processor that went offline and came back may count from less. */
	if (last->total <= first->total || last->stolen < first->stolen)
		return 0;
	return 100.0 * (last->stolen - first->stolen) / (last->total - first->total);
}

const struct steal_ticks *steal_cpu(const struct steal *steal, int cpu)
{
	for (int i = 0; i < steal->count; i++)
		if (steal->cpus[i].cpu == cpu)
			return &steal->cpus[i];
	return NULL;
}
