// SPDX-License-Identifier: GPL-2.0
/* Readings that can be believed. */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "clock/reader.h"

#define TICK_MAX_NS	(1200 * NSEC_PER_MSEC)	/* a clock ticks within this or is stopped */
#define WATCH_STEP_MS	20

/**
 * mc_reader_report - say why the clock cannot be used
 * @rd: the reader
 * @err: -errno, or 0: nothing is said
 * @what: in words
 *
 * Return: @err.
 */
int mc_reader_report(struct mc_reader *rd, int err, const char *what)
{
	if (err)
		dev_err_ratelimited(rd->chip->bus->dev,
				    "%s (register A 0x%02x, B 0x%02x)\n", what,
				    mc_chip_register(rd->chip, MC146818_A),
				    mc_chip_register(rd->chip, MC146818_B));
	return err;
}

/*
 * Does it tick at all? Looked at for as long as a second can take, or, where the
 * second is a new one, until the tracker has held an edge meanwhile.
 */
static int watch(struct mc_reader *rd, struct mc_reading *r, bool same)
{
	s64 until = r->end + TICK_MAX_NS;
	struct mc_look look;

	do {
		msleep(WATCH_STEP_MS);
		mc_chip_look(rd->chip, &look);
		if ((look.seconds >= 0 && look.seconds != r->tm.tm_sec) ||
		    (!same && !mc_tracker_doubts(rd->tracker, r)))
			return mc_chip_read(rd->chip, r);
	} while (look.end < until);
	return -EIO;
}

/*
 * The reading contradicts what was known. Either the clock was stepped, which is
 * for the tracker to note, or it does not run: then the reading is no time at all.
 */
static int confirm(struct mc_reader *rd, struct mc_reading *r)
{
	bool same = r->sec == mc_tracker_last_second(rd->tracker);
	int err;

	if (rd->stopped && r->sec == rd->stood)
		return -EIO;
	err = mc_chip_running(rd->chip);
	if (!err && (same || mc_tracker_doubts(rd->tracker, r)))
		err = watch(rd, r, same);
	rd->stopped = err;
	rd->stood = r->sec;
	return mc_reader_report(rd, err, "the clock does not tick");
}

static const char *reading_failed(int err)
{
	return err == -EINVAL ? "the clock holds no valid date; set it" :
				"the clock does not answer or is stopped";
}

/* Far from any edge UIP need not be asked for. */
static int read_chip(struct mc_reader *rd, struct mc_reading *r)
{
	struct mc_look look;

	if (mc_tracker_between_edges(rd->tracker) && mc_chip_look(rd->chip, &look) >= 0 &&
	    !mc_chip_read_rest(rd->chip, &look, r))
		return 0;
	return mc_chip_read(rd->chip, r);
}

/* Somebody may have moved the edge unseen: the second is still to be shown. */
static bool serves_again(struct mc_reader *rd, struct mc_reading *r)
{
	struct mc_look look;

	return mc_tracker_latest(rd->tracker, r) &&
	       mc_chip_look(rd->chip, &look) == r->tm.tm_sec;
}

/**
 * mc_reader_read - read the clock
 * @rd: the reader
 * @r: filled in
 *
 * Context: process, may sleep; the rtc's ops_lock is held.
 * Return: 0; -EIO: it does not answer, or does not tick; -EINVAL: it holds no
 * valid date.
 */
int mc_reader_read(struct mc_reader *rd, struct mc_reading *r)
{
	int err;

	if (serves_again(rd, r))
		return 0;
	err = read_chip(rd, r);
	if (!err && !(mc_tracker_known(rd->tracker) && mc_tracker_agrees(rd->tracker, r)))
		err = mc_chip_read_sure(rd->chip, r);
	if (err) {
		mc_chip_shake(rd->chip);
		return mc_reader_report(rd, err, reading_failed(err));
	}
	if (rd->stopped || mc_tracker_doubts(rd->tracker, r) || !mc_tracker_agrees(rd->tracker, r))
		err = confirm(rd, r);
	if (!err)
		mc_tracker_observe(rd->tracker, r);
	return err;
}
