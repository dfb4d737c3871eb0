/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages on standard error: "prog: what failed: why". */
#ifndef RTCCTL_UI_REPORT_H
#define RTCCTL_UI_REPORT_H

#include "lib/rtc/rtc.h"
#include "lib/rtc/setting.h"
#include "lib/time/adjtime.h"

/** report() - One line behind the program's name. */
void report(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** report_error() - The same with the text of -errno @err behind it. */
void report_error(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** report_date() - Why date_parse() refused @text. */
void report_date(int err, const char *text);

/** report_set() - Why the clock could not be set. */
void report_set(int err, const struct rtc *rtc);

/** report_setting() - What is wrong with the outcome. Return: 0, or -EIO where too much is. */
int report_setting(const struct setting *setting, const struct rtc *rtc);

/** report_read() - Why the clock could not be read. */
void report_read(int err, const struct rtc *rtc);

/** report_interrupt() - Note that no update interrupt served, and why; silent for 0. */
void report_interrupt(int err, const struct rtc *rtc);

/** report_update() - Why a file could not be replaced. */
void report_update(int err, const char *file);

/** report_lock() - Others have kept the clock, or there is no lock. */
void report_lock(int err);

/* Exit status of wrong use, which no finding has. */
#define EXIT_USAGE	64

/** report_try_help() - Where help is. Return: EXIT_USAGE. */
int report_try_help(const char *command);

#endif
