// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/machine/sleep.h"

#define STATES_MAX	(sizeof(((struct sleep_states *)0)->name) / \
			 sizeof(((struct sleep_states *)0)->name[0]))

void sleep_find(struct sleep_states *states)
{
	struct root_path path;
	char line[256], *rest = line, *name;

	memset(states, 0, sizeof(*states));
	if (attribute_read(line, sizeof(line), root_path(&path, SLEEP_PATH)))
		return;
	while ((name = strsep(&rest, " ")) && states->count < (int)STATES_MAX) {
		if (!*name)
			continue;
		snprintf(states->name[states->count], sizeof(states->name[0]), "%s", name);
		states->count++;
	}
}

bool sleep_offers(const struct sleep_states *states, const char *name)
{
	for (int i = 0; i < states->count; i++)
		if (!strcmp(states->name[i], name))
			return true;
	return false;
}

const char *sleep_usual(const struct sleep_states *states)
{
	/* To memory where that is possible, else less deep; to disk only where asked for. */
	static const char *const usual[] = { "mem", "standby", "freeze" };

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (sleep_offers(states, usual[i]))
			return usual[i];
	return NULL;
}

int sleep_enter(const char *name)
{
	struct root_path path;
	char line[40];
	int fd, len, err;

	fd = open(root_path(&path, SLEEP_PATH), O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	sync();
	len = snprintf(line, sizeof(line), "%s\n", name);
	err = write(fd, line, len) < 0 ? -errno : 0;
	close(fd);
	return err;
}
