// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "sleep.h"

#define STATE		"/sys/power/state"
#define ATTENTION_MS	500	/* for the host to see what is announced */

bool sleep_possible(void)
{
	char states[64];

	return getenv("HOST") && !file_read(STATE, states, sizeof(states)) && strstr(states, "mem");
}

int sleep_now(int limit_s, const char *pokes)
{
	printf("# host: asleep %d %s\n", limit_s, pokes);
	fflush(stdout);
	sleep_ms(ATTENTION_MS);
	return file_write(STATE, "mem");
}
