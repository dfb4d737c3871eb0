/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole of a file, or of what a program writes. */
#ifndef RTCCTL_LIB_BASE_FILE_CONTENT_H
#define RTCCTL_LIB_BASE_FILE_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes, and a 0 behind them that does not count. */
struct file_content {
	char *bytes;
	size_t size;
};

/** file_content_load() - All of a file, 256 MiB at most; to be freed. Return: 0 or -errno. */
int file_content_load(struct file_content *content, const char *path);

/** file_content_read() - The same from a descriptor, to its end. */
int file_content_read(struct file_content *content, int fd);

void file_content_free(struct file_content *content);

/** file_content_is() - Whether these are the same bytes. */
bool file_content_is(const struct file_content *a, const struct file_content *b);

#endif
