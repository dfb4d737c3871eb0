/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Suspend to RAM, with somebody outside who sees to it that it ends (selftests/vm/host);
 * or played by the kernel.
 */
#ifndef SLEEP_H
#define SLEEP_H

#include <stdbool.h>

/* Somebody is there, and the machine can sleep. */
bool sleep_possible(void);
/*
 * Sleeps; woken from outside after @limit_s if by nothing before. @pokes are registers
 * that change meanwhile, as firmware might do it: "0b=72 0a=66", or "".
 * 0, or a negative errno where the system did not go to sleep.
 */
int sleep_now(int limit_s, const char *pokes);
/* The kernel can play a sleep, without firmware (/sys/power/pm_test). */
bool sleep_playable(void);
/* Plays one of so many seconds. 0, or a negative errno as above. */
int sleep_played(int seconds);

#endif
