/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line that says what is going on, where there is somebody to read it. */
#ifndef RTCCTL_UI_PROGRESS_H
#define RTCCTL_UI_PROGRESS_H

/**
 * progress() - Show what the program does now.
 * @fmt: one line
 *
 * On standard error, and only where that and standard output are a terminal.
 */
void progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** progress_end() - Take the line away. */
void progress_end(void);

#endif
