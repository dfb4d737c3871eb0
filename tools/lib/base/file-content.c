// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/file-content.h"

#define SIZE_FIRST	(64 << 10)
#define SIZE_LIMIT	(256 << 20)

static int grow(struct file_content *content, size_t *room)
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

int file_content_read(struct file_content *content, int fd)
{
	size_t room = 0;
	ssize_t n = 1;
	int err = 0;

	*content = (struct file_content){};
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
		file_content_free(content);
	else
		content->bytes[content->size] = '\0';
	return err;
}

int file_content_load(struct file_content *content, const char *path)
{
	int fd, err;

	*content = (struct file_content){};
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	err = file_content_read(content, fd);
	close(fd);
	return err;
}

void file_content_free(struct file_content *content)
{
	free(content->bytes);
	*content = (struct file_content){};
}

bool file_content_is(const struct file_content *a, const struct file_content *b)
{
	return a->size == b->size && !memcmp(a->bytes, b->bytes, a->size);
}
