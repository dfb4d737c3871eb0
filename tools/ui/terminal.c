// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/ioctl.h>
#include <unistd.h>

#include "ui/terminal.h"

bool terminal_is_others(int fd)
{
	pid_t foreground = tcgetpgrp(fd);

	/* 0 is one outside of our PID namespace. */
	return foreground > 0 && foreground != getpgrp();
}

int terminal_width(void)
{
	struct winsize window;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) ? 0 : window.ws_col;
}
