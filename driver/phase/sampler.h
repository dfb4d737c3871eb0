/* SPDX-License-Identifier: GPL-2.0 */
/* Looks for an edge at the chip, and tells the tracker what it saw. */
#ifndef MC_SAMPLER_H
#define MC_SAMPLER_H

#include "clock/clock.h"

#define MC_SAMPLER_MAX_NS	(3 * NSEC_PER_MSEC)	/* one sample's looks, waiting included */

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
 * @begin:	raw ns of the first look; filled in by mc_sampler_place()
 */
struct mc_plan {
	enum mc_plan_kind kind;
	struct mc_edge edge;
	bool low_seen;
	s64 begin;
};

bool mc_sampler_scan(struct mc_clock *c);
void mc_sampler_place(struct mc_plan *plan);
void mc_sampler_run(struct mc_clock *c, const struct mc_plan *plan);

#endif
