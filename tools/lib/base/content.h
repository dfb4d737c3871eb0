/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole of a file, or of what a program writes. */
#ifndef RTCCTL_LIB_BASE_CONTENT_H
#define RTCCTL_LIB_BASE_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes, and a 0 behind them that does not count. */
struct content {
	char *bytes;
	size_t size;
};

/** content_load() - All of a file, 256 MiB at most; to be freed. Return: 0 or -errno. */
int content_load(struct content *content, const char *path);

/** content_read() - The same from a descriptor, to its end. */
int content_read(struct content *content, int fd);

void content_free(struct content *content);

/** content_is() - Whether these are the same bytes. */
bool content_is(const struct content *a, const struct content *b);

#endif
