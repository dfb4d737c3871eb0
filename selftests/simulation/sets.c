// SPDX-License-Identifier: GPL-2.0
/* Sets of the clock: what comes of them, and what is left of one that a crash ends. */
#include <stdio.h>
#include <stdlib.h>

#include "judge.h"
#include "kernel/control.h"
#include "machine.h"
#include "score.h"
#include "sets.h"
#include "sim/profiles.h"
#include "world/bus.h"
#include "world/chip.h"
#include "world/clocks.h"
#include "world/journal.h"
#include "world/nature.h"
#include "world/random.h"
#include "world/task.h"

#define MS		1000000LL
#define SEC		1000000000LL
#define FIRST_SEC	946684800LL		/* 2000 */
#define LAST_SEC	8900000000LL		/* 2252: s64 ns hold it */
#define SETTLED_NS	(9 * SEC)	/* as long as all tries and a trial take */
#define PATIENCE_NS	(18 * SEC)	/* ... and where a reading is refused meanwhile */
#define CRASHES_NS	(3 * SEC)
#define BURST_NS	(50 * MS)		/* where an access takes 2 ms */
#define SET_ACCESSES	70		/* later ones are looks for the edge */
#define COPY_NS		(20 * MS)		/* hwclock --systohc comes so late at most */
#define ZONE_S		900
#define SLACK_NS	2000
#define EXACT_NS	100000			/* what misses by less is not tried again */
#define NEAREST_NS	(20 * MS)		/* which second is nearest is told by an edge so wide */
#define UNEVEN_NS	(12 * MS)

/* That it is to be @sec and @ns when the set is asked for: true ns @at, raw @raw. */
struct wish {
	s64 sec, ns;
	s64 at, raw;
};

static s64 a_second(void)
{
	struct rtc_device *rtc = kernel_rtc();
	s64 lo = rtc->range_min > FIRST_SEC ? rtc->range_min : FIRST_SEC;
	s64 hi = rtc->range_max < LAST_SEC ? rtc->range_max : LAST_SEC;

	return random_between(lo, hi - 86400 * 400);
}

/* The first time that the driver was told is what it goes by. */
static void note_moment(struct wish *w, const struct first_telling *first)
{
	w->at = first->moment;
	w->raw = first->raw;
}

/* A time near to the system's, or to a zone's, is a copy of it and means its second sharp. */
static bool looks_copied(const struct wish *w)
{
	s64 apart = (clocks_real(w->at) - w->sec * SEC) % (ZONE_S * SEC);

	if (apart < 0)
		apart += ZONE_S * SEC;
	return apart <= COPY_NS || apart >= ZONE_S * SEC - COPY_NS;
}

/* The second that is meant begins, or began, then. */
static void take_as_copy(struct wish *w)
{
	s64 late = (clocks_real(w->at) - w->sec * SEC) % (ZONE_S * SEC);

	if (late < 0)
		late += ZONE_S * SEC;
	if (late > ZONE_S * SEC / 2)
		late -= ZONE_S * SEC;
	w->at -= late;
	w->raw -= late;
}

/* RTC_SET_TIME: it is @sec now. */
static int set_time(s64 sec, struct wish *w)
{
	struct rtc_time tm;
	int err;

	rtc_time64_to_tm(sec, &tm);
	*w = (struct wish){ .sec = sec, .at = now, .raw = clocks_raw(now) };
	err = rtc_set_time(kernel_rtc(), &tm);
	note_moment(w, &kernel_first_of_set);
	if (looks_copied(w))
		take_as_copy(w);
	return err;
}

/* hwclock --systohc: some milliseconds into the system's second. */
static int set_copied(struct wish *w)
{
	task_sleep(now + SEC - clocks_real(now) % SEC + random_scale(10000, 10 * MS));
	return set_time(clocks_real(now) / SEC, w);
}

/* PTP_CLOCK_SETTIME: ns as well. */
static int set_ptp(s64 sec, s64 ns, struct wish *w)
{
	const struct timespec64 ts = { sec, ns };
	int err;

	*w = (struct wish){ .sec = sec, .ns = ns, .at = now, .raw = clocks_raw(now) };
	kernel_await_telling(&kernel_first_of_call);
	err = kernel_ptp()->settime64(kernel_ptp(), &ts);
	note_moment(w, &kernel_first_of_call);
	return err;
}

static bool in_range(s64 sec)
{
	struct rtc_device *rtc = kernel_rtc();

	return sec >= rtc->range_min && sec <= rtc->range_max;
}

static int set_by_one_way(struct wish *w)
{
	switch (random_below(3)) {
	case 0:
		return set_time(a_second(), w);
	case 1:
		if (in_range(clocks_real(now) / SEC - 5) && in_range(clocks_real(now) / SEC + 5))
			return set_copied(w);
		/* fallthrough */
	default:
		return set_ptp(a_second(), random_below(SEC), w);
	}
}

static int set_somehow(struct wish *w)
{
	int err;

	judge_set_begins();
	machine_set_begins();
	err = set_by_one_way(w);
	judge_set_ended();
	return err;
}

/* What was said to have failed may have been done all the same. */
static bool is_set(const struct wish *w)
{
	struct truth t;

	return chip_truth(now, &t) && llabs(truth_minus(&t, w->sec, w->ns) - (now - w->at)) < SEC;
}

static void set_done(const struct wish *w, int err)
{
	journal_tell("set to %lld.%09lld at %.6f: %d", (long long)w->sec, (long long)w->ns,
		     w->at * 1e-9, err);
	machine_conduct();
	if (!err)
		judge_set(w->sec, w->ns, w->at);
	if (!err || is_set(w))
		judge_lost(false);
}

/* A set, and the world goes on. */
void sets_random(void)
{
	struct wish w;

	set_done(&w, set_somehow(&w));
}

/* PTP's adjtime: as a set, by what the driver knows itself. */
void sets_adjust(void)
{
	s64 ns = random_sign(random_scale(1000, 3000 * SEC));
	s64 at = now;
	struct truth t;

	if (!chip_truth(at, &t) || !in_range(t.sec + ns / SEC - 10) ||
	    !in_range(t.sec + ns / SEC + 10) || t.sec + ns / SEC < FIRST_SEC / 2 ||
	    t.sec + ns / SEC > LAST_SEC)
		return;
	judge_set_begins();
	if (!kernel_ptp()->adjtime(kernel_ptp(), ns))
		judge_set(t.sec, t.ns + ns, at);
	judge_set_ended();
}

static s64 nearer(s64 a, s64 b)
{
	return llabs(a) < llabs(b) ? a : b;
}

/* How far off the clock is. Half a second of the driver's is one of the raw clock's. */
static s64 residual_of(const struct wish *w)
{
	s64 passed = now - w->at, raw = clocks_raw(bus_released) - w->raw;
	struct truth t;
	s64 apart;

	if (!chip_truth(now, &t))
		return NEVER / 2;
	apart = truth_minus(&t, w->sec, w->ns) - passed;
	return nearer(apart, apart + (bus_released - w->at) - raw);
}

/*
 * What a set may leave, by what the chip does, what the driver takes for exact and what came
 * between; where the raw clock is off, or the edges are just being learnt, what that leaves open.
 */
static s64 allowed(enum nature nature, bool learning, s64 interruptions)
{
	s64 ns = bus_release_ns + interruptions + 8 * machine_telling_ns() + SLACK_NS;

	if (nature_even())
		ns += EXACT_NS + 2 * bus_release_ns;
	else
		ns += UNEVEN_NS + 4 * bus_release_ns;

	if (nature != NATURE_GRID && !chip_profile()->divider_reserved)
		return ns;
	return SEC / 2 + ns + (learning ? NEAREST_NS : 0);
}

static void judge_residual(const struct wish *w, enum nature nature, bool learning,
			   s64 interruptions)
{
	s64 residual = residual_of(w), most = allowed(nature, learning, interruptions);

	score_residual(residual);
	if (llabs(residual) <= most)
		return;
	score.bad_sets++;
	complain("a set (chip: %s) leaves %.9f s where %.9f s are allowed (%s; %.6f s since, released after %.6f s; %s)",
		 chip_nature_name(nature), residual * 1e-9, most * 1e-9, machine_conditions_text(),
		 (now - w->at) * 1e-9, (bus_released - w->at) * 1e-9, machine_conduct_text);
}

static void judge_error(enum nature nature, int err)
{
	if (nature == NATURE_DROPS && !err) {
		score.bad_sets++;
		complain("a set returns 0 though the chip drops it");
	} else if (nature != NATURE_DROPS && err) {
		score.bad_sets++;
		complain("a set returns %d (%s; %s)", err, machine_conditions_text(),
			 machine_conduct_text);
	}
}

/* A set while nothing else happens, and what it leaves. */
void sets_measured(void)
{
	s64 interruptions;
	enum nature nature;
	struct wish w;
	bool learning;
	int err;

	nature_pause(true);
	nature = chip_nature();
	learning = !machine_knows();
	task_sleep(now + random_below(SEC));
	interruptions = task_interruptions_ns;
	err = set_somehow(&w);
	judge_error(nature, err);
	set_done(&w, err);
	if (!err && nature != NATURE_DROPS) {
		do {
			task_sleep(now + random_scale(MS, SEC));
			err = judge_now();
		} while (now < w.at + SETTLED_NS || (err && now < w.at + PATIENCE_NS));
		judge_residual(&w, nature, learning, task_interruptions_ns - interruptions);
	}
	nature_pause(false);
}

/* A clock that runs is either as it was, to the ns, or what was wished for, roughly. */
static bool half_set(const struct truth *before, s64 then, const struct wish *w, s64 most)
{
	struct truth t;

	if (!chip_truth(now, &t))
		return false;
	if (llabs(truth_minus(&t, before->sec, before->ns) - (now - then)) <= 1)
		return false;
	return llabs(truth_minus(&t, w->sec, w->ns) - (now - w->at)) > most;
}

/**
 * sets_crash - the machine crashes during a set, after so many accesses
 * @accesses: positive
 *
 * Return: false where the set took fewer.
 */
bool sets_crash(s64 accesses)
{
	static struct truth before;
	static struct wish w;
	static s64 then;
	struct truth after;
	bool stands;

	nature_pause(true);
	then = now;
	chip_truth(now, &before);
	if (!_setjmp(bus_crashed)) {
		w = (struct wish){ .sec = a_second(), .at = now };
		bus_crash_after(accesses);
		judge_set_begins();
		set_time(w.sec, &w);
		judge_set_ended();
		task_sleep(now + CRASHES_NS);
		bus_crash_after(0);
		nature_pause(false);
		return false;
	}
	score.crashes++;
	if (chip_nature() == NATURE_DROPS)
		journal_jump("a set crashed that shows until the next update", SEC, true);
	kernel_boot();
	stands = !chip_truth(now, &after);
	if (!chip_held() && (stands || half_set(&before, then, &w, SEC + BURST_NS))) {
		score.bad_crashes++;
		if (complain("after %lld accesses of a set to %lld the clock is left %s (%s)",
			     (long long)accesses, (long long)w.sec,
			     stands ? "standing" : "wrong", machine_conduct_text))
			bus_print_writes();
	}
	task_sleep(now + random_scale(MS, 3600 * SEC));
	judge_lost(stands);
	machine_boot();
	/* A clock that stands is one that stands to whoever comes next. */
	if (stands && random_one_in(4)) {
		machine_suspend(SEC);
		machine_unbind();
	}
	nature_pause(false);
	return true;
}

/* A crash at each @step-th access of a set in turn: of the first set after a boot, and of a later one. */
void sets_crash_everywhere(s64 first, s64 step)
{
	s64 n;

	for (n = first; n <= SET_ACCESSES && sets_crash(n); n += step) {
		sets_measured();
		machine_unbind();
	}
	for (n = first; n <= SET_ACCESSES && sets_crash(n); n += step) {
		sets_measured();
		sets_measured();
	}
}
