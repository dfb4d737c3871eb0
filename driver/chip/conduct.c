// SPDX-License-Identifier: GPL-2.0
/* What this chip was seen to do. */
#include <linux/math64.h>

#include "chip/conduct.h"

#define SEC_NS		1000000000LL
#define HALF_NS		(SEC_NS / 2)
#define SURE_NS		2000000		/* the least by which two possibilities must differ */
#define SURE_PPB	15000000	/* and what the raw clock may be off by */
/* One burst writes the seconds and releases the divider: which of them it is, is all the same. */
#define BURST_BEGINS	(MC_RELEASE_WHOLE | MC_RELEASE_WRITE)
#define DIVIDER_NS	62000		/* two periods of the 32 kHz that the divider counts */

/**
 * mc_conduct_init - nothing was seen yet
 * @c: the conduct
 * @divider_reserved: the divider must not be touched, so nothing can be released
 *
 * Context: any; the caller serialises all calls on one conduct.
 */
void mc_conduct_init(struct mc_conduct *c, bool divider_reserved)
{
	*c = (struct mc_conduct){
		.release = divider_reserved ? MC_RELEASE_NONE : MC_RELEASE_ANY,
		.hours = MC_HOURS_ANY,
	};
}

static bool touches(const struct mc_span *edge, s64 lo, s64 hi)
{
	return edge->begin <= hi && edge->end >= lo;
}

/* Did an edge come @after ns from somewhere in @from, as far as the raw clock can tell? */
static bool comes_after(const struct mc_span *edge, const struct mc_span *from, s64 after)
{
	s64 slack = SURE_NS + div64_s64(after * SURE_PPB, SEC_NS);

	return touches(edge, from->begin + after - slack, from->end + after + slack);
}

/* Is an edge a whole number of seconds after somewhere in @from, give and take @slack? */
static bool goes_on(const struct mc_span *from, const struct mc_span *edge, s64 slack)
{
	s64 n = div64_s64(edge->end - from->begin + HALF_NS, SEC_NS), last;

	slack += SURE_NS + (n < 0 ? -n : n) * SURE_PPB;
	/* An edge that is seen badly may hold some: the last of them at least. */
	last = edge->end - from->begin + slack;
	n = div64_s64(last, SEC_NS) - (last < 0);
	return from->end + n * SEC_NS + slack >= edge->begin;
}

/* The edges of before go on; what was held meanwhile may be lost. */
static bool old_goes_on(const struct mc_burst *b, const struct mc_span *edge)
{
	return b->old.begin > b->old.end || goes_on(&b->old, edge, b->release.end - b->hold.begin);
}

/**
 * mc_conduct_fits - which conducts explain where an edge came
 * @b: the last hold and release
 * @edge: raw ns around the first edge after it
 *
 * Return: MC_RELEASE_*; 0 where none does.
 */
u8 mc_conduct_fits(const struct mc_burst *b, const struct mc_span *edge)
{
	u8 fits = 0;

	if (comes_after(edge, &b->release, HALF_NS))
		fits |= MC_RELEASE_HALF;
	if (comes_after(edge, &b->release, SEC_NS))
		fits |= MC_RELEASE_WHOLE;
	if (goes_on(&b->write, edge, 0))
		fits |= MC_RELEASE_WRITE;
	if (old_goes_on(b, edge))
		fits |= MC_RELEASE_NONE;
	return fits;
}

/**
 * mc_conduct_learn - strike out what does not explain an edge
 * @c: the conduct
 * @fits: of mc_conduct_fits()
 *
 * Where nothing is left the chip is another one than it was, as after a migration, or the raw
 * clock jumped: both stand until the next edge. That writes are kept is known by such edges
 * alone where a set moved nothing, so it is to be shown anew.
 */
void mc_conduct_learn(struct mc_conduct *c, u8 fits)
{
	c->shaken = false;
	if (c->release & fits) {
		c->release &= fits;
		return;
	}
	c->release = fits ? c->release | fits : MC_RELEASE_ANY;
	c->writes = MC_WRITES_UNKNOWN;
}

/**
 * mc_conduct_guess - what to go by in a set
 * @c: the conduct
 *
 * Return: one of MC_RELEASE_*: the likeliest that still stands.
 */
u8 mc_conduct_guess(const struct mc_conduct *c)
{
	return c->release & -c->release;
}

/**
 * mc_conduct_known - is the outcome of a set known before it is seen?
 * @c: the conduct
 *
 * Return: true where it is so.
 */
bool mc_conduct_known(const struct mc_conduct *c)
{
	return (!(c->release & (c->release - 1)) || c->release == BURST_BEGINS) &&
	       c->writes == MC_WRITES_KEPT && !c->shaken;
}

static void widen(struct mc_span *all, const struct mc_span *from, s64 after, s64 rate_ppb)
{
	s64 slack = DIVIDER_NS + div64_s64(after * rate_ppb, SEC_NS);
	s64 begin = from->begin + after - slack, end = from->end + after + slack;
	bool none = all->begin > all->end;

	if (none || begin < all->begin)
		all->begin = begin;
	if (none || end > all->end)
		all->end = end;
}

/**
 * mc_conduct_next - when the first update after a set comes
 * @c: the conduct
 * @b: the last hold and release
 * @rate_ppb: how far the RTC's rate may be off, either way
 * @edge: filled in: raw ns between which it comes, whichever conduct is the chip's
 *
 * Return: false where that is not known.
 */
bool mc_conduct_next(const struct mc_conduct *c, const struct mc_burst *b, s64 rate_ppb,
		     struct mc_span *edge)
{
	s64 n;

	*edge = (struct mc_span){ 0, -1 };
	if (c->writes != MC_WRITES_KEPT || c->shaken || c->release & MC_RELEASE_NONE)
		return false;
	if (c->release & MC_RELEASE_HALF)
		widen(edge, &b->release, HALF_NS, rate_ppb);
	if (c->release & MC_RELEASE_WHOLE)
		widen(edge, &b->release, SEC_NS, rate_ppb);
	if (c->release & MC_RELEASE_WRITE) {
		n = div64_s64(b->release.end - b->write.end, SEC_NS) + 1;
		widen(edge, &b->write, n * SEC_NS, rate_ppb);
	}
	return true;
}

static bool decodes(const struct mc146818_format *f, u8 reg_b, u8 hours,
		    const struct mc146818_time *bytes)
{
	struct mc146818_format other = *f;
	struct rtc_time tm;

	other.reg_b = reg_b;
	other.hours_24 = hours == MC_HOURS_24;
	other.hours_0 = hours == MC_HOURS_0;
	return !mc146818_decode_time(&other, bytes, &tm);
}

static u8 hours_that_fit(const struct mc146818_format *f, u8 reg_b,
			 const struct mc146818_time *bytes)
{
	u8 fits = 0, hours;

	for (hours = MC_HOURS_12; hours <= MC_HOURS_0; hours <<= 1)
		if (decodes(f, reg_b, hours, bytes))
			fits |= hours;
	return fits;
}

/**
 * mc_conduct_hours - strike out what does not explain the hours
 * @c: the conduct
 * @f: the format; corrected
 * @fits: the MC_HOURS_* that do
 *
 * As mc_conduct_learn(): where nothing is left, the chip is another one.
 */
void mc_conduct_hours(struct mc_conduct *c, struct mc146818_format *f, u8 fits)
{
	u8 hours;

	c->hours = c->hours & fits ?: fits;
	hours = c->hours & -c->hours;
	f->hours_24 = hours == MC_HOURS_24;
	f->hours_0 = hours == MC_HOURS_0;
}

/**
 * mc_conduct_format - is a chip's format what its register B says?
 * @c: the conduct
 * @f: the format; corrected where the bytes leave one other possibility
 * @bytes: bytes of the time registers, of one and the same second
 *
 * Some hypervisors keep no register B, or one that means nothing (kvmtool, v86, crosvm):
 * then 12 hours are said and 24 are meant, or BCD and binary. Only a value that the one
 * has and the other has not can tell.
 * Return: false for bytes that mean no time in any format.
 */
bool mc_conduct_format(struct mc_conduct *c, struct mc146818_format *f,
		       const struct mc146818_time *bytes)
{
	u8 other = f->reg_b ^ MC146818_B_DM, fits = hours_that_fit(f, f->reg_b, bytes);

	if (!fits) {
		if (!hours_that_fit(f, other, bytes))
			return false;
		f->reg_b = other;
		fits = hours_that_fit(f, other, bytes);
	}
	if (!(f->reg_b & MC146818_B_24H))
		mc_conduct_hours(c, f, fits);
	return true;
}

/**
 * mc_conduct_hours_known - does each hour mean one?
 * @c: the conduct
 * @f: the format
 *
 * Return: true where it is so.
 */
bool mc_conduct_hours_known(const struct mc_conduct *c, const struct mc146818_format *f)
{
	return f->reg_b & MC146818_B_24H || c->hours == MC_HOURS_12 || !(c->hours & MC_HOURS_12);
}

/**
 * mc_conduct_ambiguous - does a reading mean two times?
 * @c: the conduct
 * @f: the format
 * @bytes: bytes of the time registers
 *
 * Twelve o'clock without PM is midnight to a chip of 12 hours, and noon to the others.
 * All other hours that they share are the same.
 * Return: true where it is so.
 */
bool mc_conduct_ambiguous(const struct mc_conduct *c, const struct mc146818_format *f,
			  const struct mc146818_time *bytes)
{
	u8 twelve = f->reg_b & MC146818_B_DM ? 12 : 0x12;

	return !mc_conduct_hours_known(c, f) && bytes->hours == twelve;
}
