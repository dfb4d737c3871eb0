/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replacing a small file so that a reader, or a crash, finds the old one or the new one.
 *
 * A file that cannot be replaced, as it is a mount of its own, is written into. Symbolic
 * links are followed out of directories in which only root may have made them.
 */
#ifndef RTCCTL_LIB_BASE_SAVEFILE_H
#define RTCCTL_LIB_BASE_SAVEFILE_H

#include <stddef.h>

/** savefile_check() - 0 where savefile_write() can work, -ELOOP for such a link, or -errno. */
int savefile_check(const char *path);

/** savefile_write() - Mode, owner and extended attributes of an existing file stay. */
int savefile_write(const char *path, const char *text);

/** savefile_write_bytes() - The same for what is no text. */
int savefile_write_bytes(const char *path, const char *bytes, size_t size);

#endif
