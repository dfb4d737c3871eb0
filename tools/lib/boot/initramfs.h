/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a kernel's initramfs, and who makes it. */
#ifndef RTCCTL_LIB_BOOT_INITRAMFS_H
#define RTCCTL_LIB_BOOT_INITRAMFS_H

#include <stdbool.h>
#include <stddef.h>

enum initramfs_maker {
	INITRAMFS_NONE,		/* none that is known */
	INITRAMFS_TOOLS,
	INITRAMFS_DRACUT,
};

/** initramfs_maker() - Who makes them here. */
enum initramfs_maker initramfs_maker(void);

/** initramfs_path() - Of a kernel. Return: whether there is one. */
bool initramfs_path(const char *kernel, char *path, size_t size);

/**
 * initramfs_has() - Whether the driver's module for @kernel is in it.
 *
 * By the maker's own listing, which takes a second or two; asked again of the same file it
 * answers at once. Return: 1 or 0; -ENOENT; -ENOPKG where nothing can list it; -errno.
 */
int initramfs_has(const char *path, const char *kernel);

/** initramfs_changed() - Forget what was seen. */
void initramfs_changed(void);

#endif
