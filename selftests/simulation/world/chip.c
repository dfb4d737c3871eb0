// SPDX-License-Identifier: GPL-2.0
/* The machine's clock chip: the model, driven by true time, and the truth about it. */
#include <linux/rtc.h>

#include "sim/model.h"
#include "world/chip.h"
#include "world/task.h"

#define SEC_NS		1000000000LL
#define STANDS_NS	(2500 * 1000000LL)	/* no second of a chip that runs lasts so long */
#define STEP_NS		(50 * 1000000LL)
#define MIDDLE_NS	(400 * 1000000LL)	/* into a second: nothing is being updated */
#define START_NS	(1000 * SEC_NS)		/* the model's time at true time 0 */
#define PAST		256

struct profile {
	const char *name;
	struct mc146818_model_options options;
	bool divider_reserved;
};

static const struct profile profiles[] = {
	{ "qemu", { .qemu = true, .uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS } },
	{ "ds12887", { .uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS } },
	{ "mc146818", { .uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS,
			.update_ns = MC146818_MODEL_UPDATE_NS } },
};

/**
 * struct stretch - a time in which nobody wrote to the chip and its host did not step
 * @since:	true ns
 * @model:	the chip as it was then
 * @known:	the rest is filled in:
 * @runs:	the seconds change
 * @edge:	true ns at which they do first ...
 * @sec:	... to this one
 */
struct stretch {
	s64 since;
	struct mc146818_model model;
	bool known, runs;
	s64 edge, sec;
};

static const struct profile *profile;
static enum nature nature;
static struct mc146818_model chip;
static struct stretch past[PAST];
static unsigned int stretches;

int chip_profiles(void)
{
	return sizeof(profiles) / sizeof(profiles[0]);
}

const char *chip_profile_name(int i)
{
	return profiles[i].name;
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

/* The time that the host gives the chip went ahead by @ns, or back. */
void chip_host_stepped(s64 ns)
{
	struct mc146818_model *m = &chip;
	s64 whole = ns / SEC_NS, rest = ns % SEC_NS;
	s64 phase, sec;

	if (whole)
		mc146818_model_step(m, whole, START_NS + now);
	if (rest) {
		mc146818_model_sync(m, START_NS + now);
		phase = m->now_ns - m->edge_ns + rest;
		sec = m->sec + phase / SEC_NS;
		phase %= SEC_NS;
		if (phase < 0) {
			phase += SEC_NS;
			sec--;
		}
		mc146818_model_rebase(m, sec, phase, START_NS + now);
	}
	begin_stretch();
}

/* Another driver's set, all at once: SET, the divider held, the time, and both released. */
static void set_as_rtc_cmos(struct mc146818_model *m, const struct mc146818_time *t, s64 at)
{
	u8 a = mc146818_model_read(m, MC146818_A, at) & 0x7f;
	u8 b = mc146818_model_read(m, MC146818_B, at);

	mc146818_model_write(m, MC146818_B, b | MC146818_B_SET, at);
	if (!profile->divider_reserved)
		mc146818_model_write(m, MC146818_A, a | 0x70, at);
	mc146818_model_write(m, MC146818_YEAR, t->year, at);
	mc146818_model_write(m, MC146818_MONTH, t->month, at);
	mc146818_model_write(m, MC146818_DATE, t->date, at);
	mc146818_model_write(m, MC146818_HOURS, t->hours, at);
	mc146818_model_write(m, MC146818_MINUTES, t->minutes, at);
	mc146818_model_write(m, MC146818_SECONDS, t->seconds, at);
	mc146818_model_write(m, MC146818_MODEL_CENTURY, t->century, at);
	mc146818_model_write(m, MC146818_B, b, at);
	mc146818_model_write(m, MC146818_A, a, at);
}

static u8 coded(bool binary, int n)
{
	return binary ? n : n / 10 * 16 + n % 10;
}

static void encode(u8 b, s64 sec, struct mc146818_time *t)
{
	bool binary = b & MC146818_B_DM;
	struct rtc_time tm;

	rtc_time64_to_tm(sec, &tm);
	t->seconds = coded(binary, tm.tm_sec);
	t->minutes = coded(binary, tm.tm_min);
	t->hours = coded(binary, tm.tm_hour);
	if (!(b & MC146818_B_24H))
		t->hours = coded(binary, (tm.tm_hour + 11) % 12 + 1) |
			   (tm.tm_hour >= 12 ? MC146818_HOURS_PM : 0);
	t->date = coded(binary, tm.tm_mday);
	t->month = coded(binary, tm.tm_mon + 1);
	t->year = coded(binary, tm.tm_year % 100);
	t->century = coded(binary, (tm.tm_year + 1900) / 100);
}

void chip_set_by_another(s64 sec)
{
	struct mc146818_time t;

	encode(chip.ram[MC146818_B], sec, &t);
	set_as_rtc_cmos(&chip, &t, START_NS + now);
	begin_stretch();
}

/* The divider or SET keeps it from counting. */
bool chip_held(void)
{
	struct mc146818_model m = chip;
	u8 a = mc146818_model_read(&m, MC146818_A, START_NS + now);
	u8 b = mc146818_model_read(&m, MC146818_B, START_NS + now);

	return (a & 0x60) == 0x60 || b & MC146818_B_SET;
}

enum nature chip_nature(void)
{
	return nature;
}

bool chip_has_century(void)
{
	return true;
}

bool chip_divider_reserved(void)
{
	return profile->divider_reserved;
}

/* The bytes as a person would read them. */
static int number(u8 b, u8 byte)
{
	return b & MC146818_B_DM ? byte : (byte >> 4) * 10 + (byte & 15);
}

static s64 decode(struct mc146818_model *m, s64 at)
{
	u8 b = mc146818_model_read(m, MC146818_B, at);
	u8 hours = mc146818_model_read(m, MC146818_HOURS, at);
	struct rtc_time tm = {
		.tm_sec = number(b, mc146818_model_read(m, MC146818_SECONDS, at)),
		.tm_min = number(b, mc146818_model_read(m, MC146818_MINUTES, at)),
		.tm_hour = number(b, hours),
		.tm_mday = number(b, mc146818_model_read(m, MC146818_DATE, at)),
		.tm_mon = number(b, mc146818_model_read(m, MC146818_MONTH, at)) - 1,
		.tm_year = number(b, mc146818_model_read(m, MC146818_YEAR, at)) - 1900 +
			   100 * number(b, mc146818_model_read(m, MC146818_MODEL_CENTURY, at)),
	};

	if (!(b & MC146818_B_24H))
		tm.tm_hour = number(b, hours & 0x7f) % 12 + (hours & 0x80 ? 12 : 0);
	if (rtc_valid_tm(&tm))
		return -1;
	return rtc_tm_to_time64(&tm);
}

static u8 seconds_at(const struct mc146818_model *m, s64 t)
{
	struct mc146818_model copy = *m;

	return mc146818_model_read(&copy, MC146818_SECONDS, START_NS + t);
}

/* The first change of the seconds after @t, to the ns; NEVER where there is none. */
static s64 next_change(const struct mc146818_model *m, s64 t)
{
	u8 seconds = seconds_at(m, t);
	s64 lo = t, hi = t, middle;

	do {
		lo = hi;
		hi += STEP_NS;
		if (hi > t + STANDS_NS)
			return NEVER;
	} while (seconds_at(m, hi) == seconds);
	while (hi - lo > 1) {
		middle = lo + (hi - lo) / 2;
		if (seconds_at(m, middle) == seconds)
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
	truth->shown = t < s->edge ? s->sec - 1 : truth->sec;
	return true;
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
	struct mc146818_time t;
	s64 sec = decode(&m, START_NS + middle) / 2 + 12345;

	encode(mc146818_model_read(&m, MC146818_B, START_NS + middle), sec, &t);
	set_as_rtc_cmos(&m, &t, START_NS + middle);
	to_edge = next_change(&m, middle) - middle;
	if (decode(&m, START_NS + middle + to_edge + MIDDLE_NS) != sec + 1)
		return NATURE_DROPS;
	if (to_edge > 490 * 1000000LL && to_edge < 510 * 1000000LL)
		return NATURE_HALF;
	if (to_edge > 990 * 1000000LL)
		return NATURE_WHOLE;
	return NATURE_GRID;
}

void chip_power_on(int i, bool binary, bool hours_12, s64 sec)
{
	u8 b = (binary ? MC146818_B_DM : 0) | (hours_12 ? 0 : MC146818_B_24H);

	profile = &profiles[i];
	mc146818_model_init(&chip, &profile->options, sec, START_NS + now);
	mc146818_model_write(&chip, MC146818_B, b, START_NS + now);
	nature = find_nature();
	stretches = 0;
	begin_stretch();
}
