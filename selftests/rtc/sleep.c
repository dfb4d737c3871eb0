// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "sleep.h"

#define STATE		"/sys/power/state"
#define MODES		"/sys/power/mem_sleep"
#define PLAY		"/sys/power/pm_test"
#define PLAY_S		"/sys/module/suspend/parameters/pm_test_delay"
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

bool sleep_playable(void)
{
	char states[64], levels[128];

	return !file_read(STATE, states, sizeof(states)) && strstr(states, "mem") &&
	       !file_read(PLAY, levels, sizeof(levels));
}

/* Before the processors stop, the kernel waits for a wake-up if it is only to idle. */
static const char *level(void)
{
	char modes[64];

	return !file_read(MODES, modes, sizeof(modes)) && strstr(modes, "[deep]") ? "core" :
										 "platform";
}

int sleep_played(int seconds)
{
	char text[16];
	int err;

	snprintf(text, sizeof(text), "%d", seconds);
	err = file_write(PLAY_S, text);
	if (!err)
		err = file_write(PLAY, level());
	if (err)
		return err;
	err = file_write(STATE, "mem");
	file_write(PLAY, "none");
	return err;
}
