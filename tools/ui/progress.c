// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/progress.h"

#define ERASE_LINE	"\r\033[K"

static int wanted(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

void progress(const char *fmt, ...)
{
	va_list ap;

	if (!wanted())
		return;
	fputs(ERASE_LINE, stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs("...", stderr);
}

void progress_end(void)
{
	if (wanted())
		fputs(ERASE_LINE, stderr);
}
