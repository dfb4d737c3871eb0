/* SPDX-License-Identifier: GPL-2.0 */
/* What a program does with /dev/rtc0. */
#ifndef SIM_KERNEL_USER_H
#define SIM_KERNEL_USER_H

#include <linux/types.h>

/* Seconds since 1970, or a negative error. */
s64 user_read(void);
int user_set(s64 sec);
int user_set_alarm(s64 sec);

#endif
