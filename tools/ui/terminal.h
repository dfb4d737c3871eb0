/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal that a program may share with others. */
#ifndef RTCCTL_UI_TERMINAL_H
#define RTCCTL_UI_TERMINAL_H

#include <stdbool.h>

/**
 * terminal_is_others() - Whether a terminal's keys are another job's.
 * @fd: a terminal
 *
 * A job in the background is stopped for taking keys, and for changing the terminal. Where the
 * terminal controls no session of ours, nobody is.
 */
bool terminal_is_others(int fd);

/** terminal_width() - Columns of standard output; 0 where that is no terminal or does not say. */
int terminal_width(void);

#endif
