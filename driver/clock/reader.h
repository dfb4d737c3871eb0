/* SPDX-License-Identifier: GPL-2.0 */
/* Readings that can be believed. */
#ifndef MC_READER_H
#define MC_READER_H

#include "chip/chip.h"
#include "phase/tracker.h"

/**
 * struct mc_reader - reads a clock, and doubts what it reads
 * @chip:	the chip
 * @tracker:	what readings are held against
 * @stopped:	the clock was seen not to tick; until it is seen to, or is set
 * @stood:	the second that it showed then
 */
struct mc_reader {
	struct mc_chip *chip;
	struct mc_tracker *tracker;
	bool stopped;
	s64 stood;
};

int mc_reader_read(struct mc_reader *rd, struct mc_reading *r);
int mc_reader_report(struct mc_reader *rd, int err, const char *what);

#endif
