// SPDX-License-Identifier: GPL-2.0
/* The machine's clocks, each a function of true time. */
#include "world/clocks.h"
#include "world/task.h"

/* From @since on, where it shows @value, a clock runs @rate too fast (of 1). */
struct line {
	s64 since, value;
	double rate;
};

void (*clocks_moved)(void);

static struct line raw, mono;
static s64 real_ahead;
static bool standing;
static s64 raw_rate, slew_rate;	/* ppb, as while the machine is awake */

static s64 at(const struct line *line, s64 t)
{
	s64 passed = t - line->since;

	return line->value + passed + (s64)((double)passed * line->rate);
}

static void bend(struct line *line, double rate)
{
	line->value = at(line, now);
	line->since = now;
	line->rate = rate;
}

s64 clocks_raw(s64 t)
{
	return at(&raw, t);
}

s64 clocks_mono(s64 t)
{
	return at(&mono, t);
}

s64 clocks_real(s64 t)
{
	return at(&mono, t) + real_ahead;
}

/* True ns at which CLOCK_MONOTONIC will show @value, if nothing happens to it. */
s64 clocks_when_mono(s64 value)
{
	if (standing)
		return NEVER;
	if (value <= mono.value)
		return mono.since;
	return mono.since + (s64)((double)(value - mono.value) / (1 + mono.rate)) + 1;
}

/* How much faster than true time the raw clock runs. */
s64 clocks_rate_ppb(void)
{
	return raw_rate;
}

void clocks_init(s64 real)
{
	raw = (struct line){ .value = 20000000000LL };
	mono = (struct line){ .value = 15000000000LL };
	real_ahead = real - mono.value;
	raw_rate = slew_rate = 0;
	standing = false;
	clocks_moved = NULL;
}

static void moved(void)
{
	if (clocks_moved)
		clocks_moved();
}

void clocks_set_rate(s64 raw_ppb, s64 slew_ppb)
{
	raw_rate = raw_ppb;
	slew_rate = slew_ppb;
	bend(&raw, raw_ppb * 1e-9);
	bend(&mono, raw_ppb * 1e-9 + slew_ppb * 1e-9);
	moved();
}

/* Both run ahead by @ns at once. */
void clocks_jump(s64 ns)
{
	raw.value += ns;
	mono.value += ns;
	moved();
}

void clocks_step_real(s64 ns)
{
	real_ahead += ns;
}

/* As in suspend; CLOCK_REALTIME is for the caller to step afterwards. */
void clocks_stand(bool still)
{
	standing = still;
	if (still) {
		bend(&raw, -1);
		bend(&mono, -1);
		moved();
	} else {
		clocks_set_rate(raw_rate, slew_rate);
	}
}
