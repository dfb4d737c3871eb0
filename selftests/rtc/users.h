/* SPDX-License-Identifier: GPL-2.0 */
/* Whoever uses clocks while these come and go: members of a crowd. */
#ifndef USERS_H
#define USERS_H

#include "crowd.h"

/* The PC's clock, which nobody sets; and an emulated one, which may be set and disturbed. */
enum which { PC, EMULATED };

/* Its name, rtcN: ours where there is one. 0 or -ENOENT. */
int users_find(enum which which, char *name, size_t size);
/* An error that a call may end in is counted; another is a failure. */
void users_judge(struct member *m, const char *what, enum which which, int err);
/* All of them. */
void users_join(void);

#endif
