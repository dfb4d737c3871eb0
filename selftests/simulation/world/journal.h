/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happened to the chip or to the raw clock that the driver was not told of, and how
 * wrong that can have made whoever did not see it.
 */
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include <linux/types.h>

extern bool journal_aloud;	/* all that happens is told on stderr */

void journal_tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void journal_init(void);
void journal_jump(const char *what, s64 ns, bool of_chip);
void journal_rate(s64 ppb);
s64 journal_excuses(s64 t, s64 since);
s64 journal_age(s64 t, s64 error);
bool journal_jumped(s64 since);
s64 journal_moved(s64 since);
bool journal_chip_changed(s64 since);
void journal_print(s64 t);

#endif
