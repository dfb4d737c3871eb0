// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "sample.h"

void sample(const char *row, const char *tool, s64 value)
{
	printf("sample %s %s %lld\n", row, tool, (long long)value);
	fflush(stdout);
}

int failed(const char *what, int err)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(-err));
	return 1;
}
