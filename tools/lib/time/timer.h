/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A wake at a moment of CLOCK_REALTIME, and whenever that clock is set or was asleep. */
#ifndef RTCCTL_LIB_TIME_TIMER_H
#define RTCCTL_LIB_TIME_TIMER_H

#include <stdint.h>

/** timer_open() - Return: a timer that does not block, to poll() for; -errno. */
int timer_open(void);

/**
 * timer_at() - Wake at @real_ns, once.
 *
 * Return: 0; -ECANCELED where CLOCK_REALTIME was set or the system has slept since the last
 * aim, which no wake tells then; -errno.
 */
int timer_at(int fd, int64_t real_ns);

/**
 * timer_take() - Behind a wake: what it was.
 *
 * Return: 0 for the moment that was aimed at; -ECANCELED where CLOCK_REALTIME was set or the
 * system has slept; -EAGAIN for nothing; -errno.
 */
int timer_take(int fd);

#endif
