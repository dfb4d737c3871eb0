// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "module.h"

#define NAME	"rtc_mc146818"

int module_load(const char *first)
{
	const char *file = getenv("MODULE"), *params = getenv("PARAMS");
	int err = 0, fd = open(file ? file : "", O_RDONLY | O_CLOEXEC);
	char text[512];

	if (fd < 0)
		return -errno;
	snprintf(text, sizeof(text), "%s %s", first, params ? params : "");
	if (syscall(SYS_finit_module, fd, text, 0))
		err = -errno;
	close(fd);
	return err;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, NAME, O_NONBLOCK) ? -errno : 0;
}
