/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this chip was seen to do.
 *
 * Chips differ, and no name says how: of twenty only the datasheet's and QEMU's take
 * their next update 500 ms after the divider is released. So each possibility stands
 * until something was seen that it cannot explain, and what is promised holds for all
 * that still stand. Pure: bytes and times come as arguments.
 */
#ifndef MC_CONDUCT_H
#define MC_CONDUCT_H

#include <linux/types.h>

#include "chip/registers.h"

/* What the next update waits for after the divider was held and released. */
#define MC_RELEASE_HALF		0x01	/* 500 ms from the release: datasheet, QEMU */
#define MC_RELEASE_WHOLE	0x02	/* 1 s from the release: Zhaoxin, bhyve, ACRN */
#define MC_RELEASE_WRITE	0x04	/* 1 s from when the seconds were changed: OpenVMM */
#define MC_RELEASE_NONE		0x08	/* nothing: VirtualBox, Bochs, Xen, real AMD */
#define MC_RELEASE_ANY		0x0f

/* How hours are counted where register B says 12. */
#define MC_HOURS_12		0x01	/* 12, 1 to 11, and so again with PM: datasheet */
#define MC_HOURS_24		0x02	/* 0 to 23: kvmtool, cloud-hypervisor, with nothing in B */
#define MC_HOURS_0		0x04	/* 0 to 12, then 1 to 11 with PM: OpenVMM */
#define MC_HOURS_ANY		0x07

/**
 * enum mc_writes - what becomes of a time that is written
 * @MC_WRITES_UNKNOWN:	none was seen through to its next update yet
 * @MC_WRITES_KEPT:	it is what runs on
 * @MC_WRITES_DROPPED:	the chip goes on with its own
 */
enum mc_writes { MC_WRITES_UNKNOWN, MC_WRITES_KEPT, MC_WRITES_DROPPED };

/**
 * struct mc_conduct - what one chip does, as far as it was seen
 * @release:	the MC_RELEASE_* that still stand
 * @writes:	what becomes of writes
 * @hours:	the MC_HOURS_* that still stand
 * @shaken:	something was seen that contradicts the rest: to be confirmed again
 */
struct mc_conduct {
	u8 release;
	enum mc_writes writes;
	u8 hours;
	bool shaken;
};

/* Raw ns before and after a moment. */
struct mc_span {
	s64 begin, end;
};

/**
 * struct mc_burst - what was done to the chip in one hold and release
 * @hold:	from here on the divider was held, or SET was on
 * @write:	the seconds were written
 * @release:	the divider was released
 * @old:	an edge of before, where one was known, else empty (begin > end)
 */
struct mc_burst {
	struct mc_span hold, write, release;
	struct mc_span old;
};

void mc_conduct_init(struct mc_conduct *c, bool divider_reserved);
u8 mc_conduct_fits(const struct mc_burst *b, const struct mc_span *edge);
void mc_conduct_learn(struct mc_conduct *c, u8 fits);
u8 mc_conduct_guess(const struct mc_conduct *c);
bool mc_conduct_known(const struct mc_conduct *c);
bool mc_conduct_next(const struct mc_conduct *c, const struct mc_burst *b, s64 rate_ppb,
		     struct mc_span *edge);
bool mc_conduct_format(struct mc_conduct *c, struct mc146818_format *f,
		       const struct mc146818_time *bytes);
bool mc_conduct_hours_known(const struct mc_conduct *c, const struct mc146818_format *f);
void mc_conduct_hours(struct mc_conduct *c, struct mc146818_format *f, u8 fits);
bool mc_conduct_ambiguous(const struct mc_conduct *c, const struct mc146818_format *f,
			  const struct mc146818_time *bytes);

#endif
