/* SPDX-License-Identifier: GPL-2.0 */
/* Replacing a small file so that a reader, or a crash, finds the old one or the new one. */
#ifndef RTCCTL_SAVEFILE_H
#define RTCCTL_SAVEFILE_H

/** savefile_check() - 0 where savefile_write() can work, -ELOOP for a symbolic link, or -errno. */
int savefile_check(const char *path);

/** savefile_write() - Replace the file; mode and owner of an existing one stay. */
int savefile_write(const char *path, const char *text);

#endif
