/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading RTCs beside everything else: each by a thread of its own, because a
 * clock that does not know its phase is a second's wait for each reading.
 */
#ifndef RTCCTL_LIB_CLOCKS_FOLLOWER_H
#define RTCCTL_LIB_CLOCKS_FOLLOWER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/machine/counter.h"
#include "lib/rtc/reading.h"
#include "lib/rtc/rtc.h"

/* A reading, and CLOCK_MONOTONIC_RAW at its moment. */
struct follower_look {
	struct reading reading;
	int64_t raw_ns;
};

struct follower;

/**
 * follower_start() - Begin to read a clock.
 * @node: "rtc0"
 *
 * It is followed as long as the process lives. One that does not know its
 * phase is read at once to the second.
 *
 * Return: 0; -EBUSY where somebody has it open; -EACCES; -errno. Then the
 * clock was not read, and @follower is NULL.
 */
int follower_start(const char *node, struct follower **follower);

/** follower_ask() - Have it read once more. */
void follower_ask(struct follower *follower);

/**
 * follower_wait() - Wait until everything asked for was read.
 * @until_ns: on CLOCK_MONOTONIC
 *
 * Return: 0; -ETIMEDOUT where that takes longer; what the reading failed with.
 */
int follower_wait(struct follower *follower, int64_t until_ns);

/**
 * follower_last() - The latest reading.
 *
 * Return: how many were made, 0 where none shows more than the second yet:
 * @last is good to half of one then, or has no bound, where nothing is known.
 */
int follower_last(struct follower *follower, struct follower_look *last);

/** follower_phase() - Whether the driver knows its phase. */
bool follower_phase(const struct follower *follower);

/**
 * follower_rate() - The clock's rate, nominally 1 Hz, since it was last set.
 *
 * Return: 0, or -EAGAIN where it was not read twice.
 */
int follower_rate(struct follower *follower, struct counter_rate *rate);

#endif
