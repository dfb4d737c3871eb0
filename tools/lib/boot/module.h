/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The driver's module, as it is installed for a kernel. */
#ifndef RTCCTL_LIB_BOOT_MODULE_H
#define RTCCTL_LIB_BOOT_MODULE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/base/file-content.h"

#define MODULE_NAME	"rtc-mc146818"
#define MODULE_SYSFS	"/sys/module/rtc_mc146818"

struct module {
	char path[PATH_MAX];
	struct file_content file;		/* unpacked; to be freed */
	const char *signature;		/* PKCS#7, within it; NULL: none */
	size_t signature_size;
};

/** module_find() - Its path, by modules.dep. Return: 0; -ENOENT where it names none; -errno. */
int module_find(char path[PATH_MAX], const char *kernel);

/**
 * module_load() - Find it by modules.dep, and read it.
 * @module: filled in; module_free() it where that succeeds
 * @kernel: its release
 *
 * Return: 0; -ENOENT where there is none; -ENOEXEC where it is damaged, or for another
 * kernel; -errno.
 */
int module_load(struct module *module, const char *kernel);

void module_free(struct module *module);

/** module_loaded() - Whether the running kernel has it. */
bool module_loaded(void);

#endif
