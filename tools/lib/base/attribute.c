// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/attribute.h"

void attribute_clean(char *text)
{
	for (; *text; text++)
		if ((*text < ' ' && *text != '\t') || *text > '~')
			*text = '?';
}

int attribute_read(char *value, size_t size, const char *path)
{
	ssize_t len;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, value, size - 1);
	err = errno;
	close(fd);
	if (len < 0)
		return -err;

	value[len] = '\0';
	value[strcspn(value, "\n")] = '\0';
	attribute_clean(value);
	return 0;
}

int attribute_read_s64(int64_t *value, const char *path)
{
	char line[64], *end;
	int err;

	err = attribute_read(line, sizeof(line), path);
	if (err)
		return err;
	errno = 0;
	*value = strtoll(line, &end, 10);
	if (errno)
		return -errno;
	return end == line || *end ? -EINVAL : 0;
}
