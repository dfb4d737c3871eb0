// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "init.h"

static int apply(struct config *config, const char *key, const char *value)
{
	if (!strcmp(key, "driver"))
		snprintf(config->driver, sizeof(config->driver), "%s", value);
	else if (!strcmp(key, "params"))
		snprintf(config->params, sizeof(config->params), "%s", value);
	else if (!strcmp(key, "early"))
		config->early = true;
	else if (!strcmp(key, "shell"))
		snprintf(config->shell, sizeof(config->shell), "%s", value);
	else if (!strcmp(key, "counted"))
		config->counted = true;
	else if (!strcmp(key, "keep"))
		config->keep = true;
	else if (!strcmp(key, "end"))
		snprintf(config->end, sizeof(config->end), "%s", value);
	else
		return -EINVAL;
	return 0;
}

int config_read(const char *path, struct config *config)
{
	char line[600];
	FILE *file = fopen(path, "re");
	int err = 0;

	memset(config, 0, sizeof(*config));
	if (!file)
		return -errno;
	while (!err && fgets(line, sizeof(line), file)) {
		char *value;

		line[strcspn(line, "\n")] = '\0';
		value = line + strcspn(line, " ");
		if (*value)
			*value++ = '\0';
		err = apply(config, line, value);
	}
	fclose(file);
	return err;
}

bool config_wants_module(const struct config *config)
{
	static const char *const drivers[] = { "ours", "shared", "takeover", "emulated" };

	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (!strcmp(config->driver, drivers[i]))
			return true;
	return false;
}
