// SPDX-License-Identifier: GPL-2.0
/* The machine's clock chip: the model, driven by true time, and the truth about it. */
#include <linux/rtc.h>

#include "sim/coding.h"
#include "sim/model.h"
#include "sim/profiles.h"
#include "world/chip.h"
#include "world/task.h"

#define SEC_NS		1000000000LL
#define STANDS_NS	(2500 * 1000000LL)	/* no second of a chip that runs lasts so long */
#define STEP_NS		(50 * 1000000LL)
#define MIDDLE_NS	(400 * 1000000LL)	/* into a second: nothing is being updated */
#define START_NS	(1000 * SEC_NS)		/* the model's time at true time 0 */
#define PAST		256
#define YEAR_2070	3155760000LL	/* its first second */
#define CENTURY_SEC	3155760000LL	/* 25 leap years */

/**
 * struct stretch - a time in which nobody wrote to the chip and its host did not step
 * @since:	true ns
 * @model:	the chip as it was then
 * @known:	the rest is filled in:
 * @runs:	the seconds change
 * @edge:	true ns at which they do first ...
 * @sec:	... to this one
 * @first:	what they show until then
 */
struct stretch {
	s64 since;
	struct mc146818_model model;
	bool known, runs;
	s64 edge, sec, first;
};

static const struct mc_sim_profile *profile;
static enum nature nature;
static struct mc146818_model chip;
static struct stretch past[PAST];
static unsigned int stretches;

int chip_profiles(void)
{
	int n = 0;

	while (mc_sim_profile_at(n))
		n++;
	return n;
}

const char *chip_profile_name(int i)
{
	return mc_sim_profile_at(i)->name;
}

const char *chip_nature_name(enum nature nature)
{
	static const char * const names[] = {
		[NATURE_HALF] = "0.5 s",
		[NATURE_WHOLE] = "1 s",
		[NATURE_GRID] = "old second",
		[NATURE_DROPS] = "drops writes",
	};

	return names[nature];
}

static void begin_stretch(void)
{
	struct stretch *s = &past[stretches++ % PAST];

	s->since = now;
	s->model = chip;
	s->known = false;
}

u8 chip_read(u8 reg)
{
	return mc146818_model_read(&chip, reg, START_NS + now);
}

void chip_write(u8 reg, u8 value)
{
	mc146818_model_write(&chip, reg, value, START_NS + now);
	begin_stretch();
}

/* The time that the chip counts goes ahead by @ns, or back: as its host's does, or restored. */
void chip_step(s64 ns)
{
	mc146818_model_step(&chip, ns, START_NS + now);
	begin_stretch();
}

/* How the bytes are coded, as far as the chip cares for what B says. */
static struct mc_sim_coding coding(struct mc146818_model *m)
{
	const struct mc146818_model_options *o = &m->options;
	u8 b = (m->ram[MC_SIM_B] & ~o->format_fixed) | o->format;

	return (struct mc_sim_coding){
		.binary = b & MC_SIM_B_DM,
		.hours_24 = b & MC_SIM_B_24H,
		.noon_is_am = o->noon_is_am,
		.century = profile->century && o->century != MC146818_CENTURY_NONE,
	};
}

static const u8 registers[MC_SIM_PLACES] = {
	MC_SIM_SECONDS, MC_SIM_MINUTES, MC_SIM_HOURS, MC_SIM_DAY_OF_WEEK, MC_SIM_DATE,
	MC_SIM_MONTH, MC_SIM_YEAR, MC_SIM_CENTURY,
};

/* Another driver's set, all at once: SET, the divider held, the time, and both released. */
static void set_as_rtc_cmos(struct mc146818_model *m, s64 sec, s64 at)
{
	struct mc_sim_coding c = coding(m);
	u8 a = mc146818_model_read(m, MC_SIM_A, at) & ~MC_SIM_A_UIP;
	u8 b = mc146818_model_read(m, MC_SIM_B, at);
	u8 bytes[MC_SIM_PLACES];
	int i;

	mc_sim_encode(&c, sec, bytes);
	mc146818_model_write(m, MC_SIM_B, b | MC_SIM_B_SET, at);
	if (!profile->divider_reserved)
		mc146818_model_write(m, MC_SIM_A, a | MC_SIM_A_DV, at);
	for (i = 0; i < MC_SIM_PLACES; i++)
		if (registers[i] != MC_SIM_CENTURY || profile->century)
			mc146818_model_write(m, registers[i], bytes[i], at);
	mc146818_model_write(m, MC_SIM_B, b, at);
	mc146818_model_write(m, MC_SIM_A, a, at);
}

void chip_set_by_another(s64 sec)
{
	set_as_rtc_cmos(&chip, sec, START_NS + now);
	begin_stretch();
}

/* Its owner sets it in the firmware's menu: it runs again, whatever it was left as. */
void chip_set_by_firmware(s64 sec)
{
	s64 at = START_NS + now;

	mc146818_model_write(&chip, MC_SIM_B, chip.ram[MC_SIM_B] & ~MC_SIM_B_SET, at);
	mc146818_model_write(&chip, MC_SIM_A, 0x26, at);
	set_as_rtc_cmos(&chip, sec, at);
	begin_stretch();
}

/* The divider or SET keeps it from counting. */
bool chip_held(void)
{
	struct mc146818_model m = chip;
	u8 a = mc146818_model_read(&m, MC_SIM_A, START_NS + now);
	u8 b = mc146818_model_read(&m, MC_SIM_B, START_NS + now);

	return (a & 0x60) == 0x60 || b & MC_SIM_B_SET;
}

enum nature chip_nature(void)
{
	return nature;
}

const struct mc_sim_profile *chip_profile(void)
{
	return profile;
}

/* The date that the registers show; where there is no century, one from 1970 to 2069. */
static s64 decode(struct mc146818_model *m, s64 at)
{
	struct mc_sim_coding c = coding(m);
	u8 bytes[MC_SIM_PLACES];
	s64 sec;
	int i;

	for (i = 0; i < MC_SIM_PLACES; i++)
		bytes[i] = mc146818_model_read(m, registers[i], at);
	if (!mc_sim_is_date(&c, bytes))
		return -1;
	sec = mc_sim_decode(&c, bytes);
	return !c.century && sec >= YEAR_2070 ? sec - CENTURY_SEC : sec;
}

/* All of it: a chip that copies its host's clock shows a step by 59 seconds as a minute. */
static s64 date_at(const struct mc146818_model *m, s64 t)
{
	struct mc146818_model copy = *m;

	return decode(&copy, START_NS + t);
}

/* The first change of the date after @t, to the ns; NEVER where there is none. */
static s64 next_change(const struct mc146818_model *m, s64 t)
{
	s64 date = date_at(m, t);
	s64 lo = t, hi = t, middle;

	do {
		lo = hi;
		hi += STEP_NS;
		if (hi > t + STANDS_NS)
			return NEVER;
	} while (date_at(m, hi) == date);
	while (hi - lo > 1) {
		middle = lo + (hi - lo) / 2;
		if (date_at(m, middle) == date)
			lo = middle;
		else
			hi = middle;
	}
	return hi;
}

static void find_out(struct stretch *s)
{
	struct mc146818_model m = s->model;

	s->known = true;
	s->edge = next_change(&s->model, s->since);
	s->runs = s->edge != NEVER;
	s->sec = decode(&m, START_NS + (s->runs ? s->edge + MIDDLE_NS : s->since));
	if (s->sec < 0)
		s->runs = false;
	m = s->model;
	s->first = decode(&m, START_NS + s->since);
	if (s->first < 0 || s->first == s->sec)
		s->first = s->sec - 1;
}

static struct stretch *stretch_at(s64 t)
{
	unsigned int i = stretches - 1;

	while (past[i % PAST].since > t && stretches - i < PAST && i)
		i--;
	return &past[i % PAST];
}

static s64 floor_seconds(s64 ns, s32 *rest)
{
	s64 sec = ns / SEC_NS;

	*rest = ns % SEC_NS;
	if (*rest < 0) {
		*rest += SEC_NS;
		sec--;
	}
	return sec;
}

/**
 * chip_truth - what the chip's time is, or was
 * @t: true ns, not longer ago than the last few sets
 * @truth: filled in
 *
 * Return: it runs.
 */
bool chip_truth(s64 t, struct truth *truth)
{
	struct stretch *s = stretch_at(t);

	if (!s->known)
		find_out(s);
	truth->runs = s->runs;
	truth->sec = truth->shown = s->sec;
	truth->ns = 0;
	if (!s->runs)
		return false;
	truth->sec += floor_seconds(t - s->edge, &truth->ns);
	truth->shown = t < s->edge ? s->first : truth->sec;
	return true;
}

s64 chip_sec(void)
{
	struct truth truth;

	return chip_truth(now, &truth) ? truth.sec : -1;
}

s64 truth_minus(const struct truth *truth, s64 sec, s64 ns)
{
	return (truth->sec - sec) * SEC_NS + truth->ns - ns;
}

/* What a release does is tried out on a copy, in the middle of a second. */
static enum nature find_nature(void)
{
	struct mc146818_model m = chip;
	s64 middle = next_change(&m, now) + MIDDLE_NS - 77 * 1000000LL, to_edge;
	s64 sec = decode(&m, START_NS + middle) / 2 + 500012345;

	set_as_rtc_cmos(&m, sec, START_NS + middle);
	to_edge = next_change(&m, middle) - middle;
	if (decode(&m, START_NS + middle + to_edge + MIDDLE_NS) != sec + 1)
		return NATURE_DROPS;
	if (to_edge > 490 * 1000000LL && to_edge < 510 * 1000000LL)
		return NATURE_HALF;
	if (to_edge > 990 * 1000000LL)
		return NATURE_WHOLE;
	return NATURE_GRID;
}

/* Where B is no more than RAM, or fixed, it stays as it is at power-on. */
static bool format_counts(void)
{
	u8 bits = MC_SIM_B_DM | MC_SIM_B_24H;

	return (chip.options.format_fixed & bits) != bits;
}

void chip_power_on(int i, bool binary, bool hours_12, s64 sec)
{
	u8 b = (binary ? MC_SIM_B_DM : 0) | (hours_12 ? 0 : MC_SIM_B_24H);
	s64 at = START_NS + now;

	profile = mc_sim_profile_at(i);
	mc146818_model_init(&chip, &profile->options, sec, at);
	if (format_counts())
		mc146818_model_write(&chip, MC_SIM_B, b, at);
	nature = find_nature();
	stretches = 0;
	begin_stretch();
}
