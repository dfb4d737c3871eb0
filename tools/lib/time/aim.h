/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A wake at a moment of CLOCK_REALTIME, and whenever that clock is set or was asleep. */
#ifndef RTCCTL_LIB_TIME_AIM_H
#define RTCCTL_LIB_TIME_AIM_H

#include <stdint.h>

/** aim_open() - Return: a timer that does not block, to poll() for; -errno. */
int aim_open(void);

/**
 * aim_at() - Wake at @real_ns, once.
 *
 * Return: 0; -ECANCELED where CLOCK_REALTIME was set or the system has slept since the last
 * aim, which no wake tells then; -errno.
 */
int aim_at(int fd, int64_t real_ns);

/**
 * aim_take() - Behind a wake: what it was.
 *
 * Return: 0 for the moment that was aimed at; -ECANCELED where CLOCK_REALTIME was set or the
 * system has slept; -EAGAIN for nothing; -errno.
 */
int aim_take(int fd);

#endif
