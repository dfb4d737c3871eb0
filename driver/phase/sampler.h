/* SPDX-License-Identifier: GPL-2.0 */
/* Looks for one edge at the chip. */
#ifndef MC_SAMPLER_H
#define MC_SAMPLER_H

#include "chip/chip.h"
#include "phase/phase.h"

/* A sample is waited for so long at most, spinning, where wakes come as late as that. */
#define MC_SAMPLER_WAIT_NS	(12 * NSEC_PER_MSEC)

/**
 * enum mc_plan_kind - how to look for an edge
 * @MC_PLAN_POLL: back to back until it came: the narrowest
 * @MC_PLAN_TICK: with one look and one reading: the cheapest
 */
enum mc_plan_kind { MC_PLAN_POLL, MC_PLAN_TICK };

/**
 * struct mc_plan - where and how to look for an edge
 * @kind:	how
 * @edge:	where it is expected; its second
 * @low_seen:	the lower end was seen an edge ago; else it is to be confirmed first
 * @early_ns:	so long before the moment at which the first look is to be over it begins
 * @begin:	raw ns of the first look; filled in by mc_sampler_place()
 * @max_ns:	how long the looks may take; filled in by mc_sampler_place()
 */
struct mc_plan {
	enum mc_plan_kind kind;
	struct mc_edge edge;
	bool low_seen;
	s64 early_ns;
	s64 begin;
	s64 max_ns;
};

/**
 * struct mc_sample - what was seen of one edge
 * @old:	the last look that showed the second before, or what was seen first
 * @older:	raw ns at which the look before that began; 0: there was none
 * @garbled:	the first look after @old that showed neither; its end 0: there is none
 * @new:	the first look that showed the second
 * @first_ns:	how long after the plan's begin the first look was over
 * @waited:	the plan's begin had not come when it was run
 * @old_seen:	@old shows the second before the edge
 * @new_seen:	@new shows the second
 * @reading:	of the second that began
 * @read:	it is there
 */
struct mc_sample {
	struct mc_look old, garbled, new;
	s64 older, first_ns;
	bool waited, old_seen, new_seen;
	struct mc_reading reading;
	bool read;
};

void mc_sampler_edge(const struct mc_sample *s, s64 sec, struct mc_edge *edge);
bool mc_sampler_shows(const struct mc_look *look, s64 sec);
s64 mc_sampler_max_ns(const struct mc_chip *chip);
void mc_sampler_place(const struct mc_chip *chip, struct mc_plan *plan);
void mc_sampler_run(struct mc_chip *chip, const struct mc_plan *plan, struct mc_sample *s);
bool mc_sampler_scan(struct mc_chip *chip, const struct mc_reading *from,
		     bool (*go_on)(void *data), void *data, struct mc_sample *s);

#endif
