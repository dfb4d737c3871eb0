// SPDX-License-Identifier: GPL-2.0
/* What befalls the machine. Each of its forces is a task that is outside of the machine. */
#include <stdlib.h>

#include "sim/profiles.h"
#include "world/chip.h"
#include "world/clocks.h"
#include "world/journal.h"
#include "world/nature.h"
#include "world/random.h"
#include "world/task.h"

#define MS		1000000LL
#define SEC		1000000000LL
#define RATE_MAX_PPB	10000000	/* 1 % */
#define LAST_SEC	8000000000LL
#define LAST_SEC_19	3000000000LL	/* without a century: 2065 */
#define SLEW_PPB	500000

static enum mood mood;
static bool paused, asleep, steps = true;
static s64 walk_ppb;	/* how far the rate goes at once while it wanders */
static s64 jump_every, step_every;

static void set_rate(s64 ppb)
{
	s64 change = ppb - clocks_rate_ppb();

	clocks_set_rate(ppb, random_between(-SLEW_PPB, SLEW_PPB));
	journal_rate(change);
}

static void walk(void)
{
	s64 ppb = clocks_rate_ppb() + random_between(-walk_ppb, walk_ppb);

	if (ppb > -RATE_MAX_PPB && ppb < RATE_MAX_PPB)
		set_rate(ppb);
}

static void jump(void)
{
	s64 ns = random_between(MS, 50 * MS);

	clocks_jump(ns);
	journal_jump("raw clock jumped", -ns, false);
}

static void raw_clock(void *unused)
{
	s64 due;

	for (;;) {
		if (mood == MOOD_WANDERING)
			due = random_between(SEC / 5, 2 * SEC);
		else if (mood == MOOD_JUMPING)
			due = random_scale(SEC, jump_every);
		else
			due = 10 * SEC;
		task_sleep(now + due);
		if (paused || asleep)
			continue;
		if (mood == MOOD_WANDERING)
			walk();
		else if (mood == MOOD_JUMPING)
			jump();
	}
}

/* What administrators, NTP and restored snapshots do to a host's time. */
static s64 a_step(void)
{
	switch (random_below(6)) {
	case 0:
		return random_sign(random_scale(MS, SEC - 1));
	case 1:
		return random_sign(random_between(1, 59) * SEC);
	case 2:
		return random_sign(random_between(1, 59) * 60 * SEC);
	case 3:
		return random_sign(random_between(1, 23) * 3600 * SEC);
	case 4:
		return random_sign(random_between(1, 40) * 86400 * SEC);
	default:
		return random_sign(random_scale(MS, 3000 * SEC));
	}
}

static void change_chip(const char *what, void (*change)(s64 by), s64 by)
{
	struct truth before, after;

	if (!chip_truth(now, &before))
		return;
	change(by);
	if (chip_truth(now, &after) && truth_minus(&after, before.sec, before.ns))
		journal_jump(what, truth_minus(&after, before.sec, before.ns), true);
	else if (after.runs && after.shown != before.shown)
		journal_jump("written, shows until the next update",
			     (after.shown - before.shown) * SEC, true);
	else if (!after.runs)
		journal_jump("chip stopped", NEVER / 2, true);
}

static void set_by_another(s64 by)
{
	struct truth t;

	if (chip_truth(now, &t))
		chip_set_by_another(t.shown + by / SEC);
}

/* Dates stay where the chips can hold them. */
static s64 not_too_far(s64 by)
{
	struct truth t;

	if (!chip_truth(now, &t))
		return by;
	if (t.sec + by / SEC < 86400 * 365LL)
		return labs(by);
	if (t.sec + by / SEC > (chip_profile()->century ? LAST_SEC : LAST_SEC_19))
		return -labs(by);
	return by;
}

static void host(void *unused)
{
	for (;;) {
		task_sleep(now + random_between(SEC, 2 * step_every));
		if (paused || !steps)
			continue;
		if (random_one_in(4))
			change_chip("set by another", set_by_another, not_too_far(a_step()));
		else
			change_chip("chip stepped", chip_step, not_too_far(a_step()));
		if (random_one_in(4))
			clocks_step_real(a_step());
	}
}

static void start(const char *name, void (*body)(void *data))
{
	task_start(name, body, NULL)->outside = true;
}

/* A world in which nothing happens yet. */
void nature_init(void)
{
	journal_init();
	paused = asleep = false;
	nature_change(MOOD_EVEN);
	start("raw clock", raw_clock);
	start("host", host);
}

/* From now on, until it changes again. */
void nature_change(enum mood new)
{
	mood = new;
	walk_ppb = random_scale(10, 100000);
	jump_every = random_scale(2 * SEC, 1000 * SEC);
	step_every = random_scale(30 * SEC, 3600 * SEC);
	if (mood == MOOD_EVEN)
		set_rate(random_between(-100000, 100000));
	else
		set_rate(random_between(-RATE_MAX_PPB, RATE_MAX_PPB));
}

bool nature_even(void)
{
	return mood == MOOD_EVEN;
}

const char *nature_mood(void)
{
	static const char * const names[MOODS] = { "even", "off", "wandering", "jumping" };

	return names[mood];
}

/* Nobody steps the chip or sets it, for good. */
void nature_without_steps(void)
{
	steps = false;
}

/* Nothing happens meanwhile: clocks run on as they do. */
void nature_pause(bool pause)
{
	paused = pause;
}

/* The machine sleeps, the chip does not. */
void nature_suspend(s64 ns)
{
	asleep = true;
	clocks_stand(true);
	tasks_freeze(ns);
	clocks_stand(false);
	asleep = false;
	clocks_step_real(ns);
}
