// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/content.h"

#define SIZE_FIRST	(64 << 10)
#define SIZE_LIMIT	(256 << 20)

static int grow(struct content *content, size_t *room)
{
	size_t more = *room ? 2 * *room : SIZE_FIRST;
	char *bytes;

	if (more > SIZE_LIMIT)
		return -EFBIG;
	bytes = realloc(content->bytes, more);
	if (!bytes)
		return -ENOMEM;
	content->bytes = bytes;
	*room = more;
	return 0;
}

int content_read(struct content *content, int fd)
{
	size_t room = 0;
	ssize_t n = 1;
	int err = 0;

	*content = (struct content){};
	while (!err && n) {
		if (content->size + 1 >= room)
			err = grow(content, &room);
		if (!err)
			n = read(fd, content->bytes + content->size, room - content->size - 1);
		if (n < 0)
			err = -errno;
		else if (!err)
			content->size += n;
	}
	if (err)
		content_free(content);
	else
		content->bytes[content->size] = '\0';
	return err;
}

int content_load(struct content *content, const char *path)
{
	int fd, err;

	*content = (struct content){};
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	err = content_read(content, fd);
	close(fd);
	return err;
}

void content_free(struct content *content)
{
	free(content->bytes);
	*content = (struct content){};
}

bool content_is(const struct content *a, const struct content *b)
{
	return a->size == b->size && !memcmp(a->bytes, b->bytes, a->size);
}
