/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading RTCs beside everything else: each by a thread of its own, because a
 * clock that does not know its phase is a second's wait for each reading.
 */
#ifndef RTCCTL_LIB_CLOCKS_READER_H
#define RTCCTL_LIB_CLOCKS_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/machine/counter.h"
#include "lib/rtc/reading.h"
#include "lib/rtc/rtc.h"

/* A reading, and CLOCK_MONOTONIC_RAW at its moment. */
struct reader_look {
	struct reading reading;
	int64_t raw_ns;
};

struct reader;

/**
 * reader_start() - Begin to read a clock.
 * @node: "rtc0"
 *
 * It is followed as long as the process lives. One that does not know its
 * phase is read at once to the second.
 *
 * Return: 0; -EBUSY where somebody has it open; -EACCES; -errno. Then the
 * clock was not read, and @reader is NULL.
 */
int reader_start(const char *node, struct reader **reader);

/** reader_ask() - Have it read once more. */
void reader_ask(struct reader *reader);

/**
 * reader_wait() - Wait until everything asked for was read.
 * @until_ns: on CLOCK_MONOTONIC
 *
 * Return: 0; -ETIMEDOUT where that takes longer; what the reading failed with.
 */
int reader_wait(struct reader *reader, int64_t until_ns);

/**
 * reader_last() - The latest reading.
 *
 * Return: how many were made, 0 where none shows more than the second yet:
 * @last is good to half of one then, or has no bound, where nothing is known.
 */
int reader_last(struct reader *reader, struct reader_look *last);

/** reader_phase() - Whether the driver knows its phase. */
bool reader_phase(const struct reader *reader);

/**
 * reader_rate() - The clock's rate, nominally 1 Hz, since it was last set.
 *
 * Return: 0, or -EAGAIN where it was not read twice.
 */
int reader_rate(struct reader *reader, struct counter_rate *rate);

#endif
