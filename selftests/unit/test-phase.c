// SPDX-License-Identifier: GPL-2.0
/*
 * Phase and rate against a simulated clock whose every edge is known.
 *
 * The clock keeps to what phase.h allows: its rate wanders by no more than
 * MC_PHASE_WANDER_PPB. The looks at it do not keep to anything: the processor is
 * taken away between any two of them, edges are missed, the clock is stepped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "phase/phase.h"

#define SEC_NS		1000000000LL
#define MS_NS		1000000LL
#define POLL_NS		(3 * MS_NS)
#define LOOK_NS		600		/* one look at the seconds register */
#define LOCKED_NS	(2 * MS_NS)
#define GAP_MAX_NS	(50 * MS_NS)
#define ANSWERS		10000000
#define SERIES		100

struct clock {
	s64 sec, edge;		/* the edge of second @sec, raw ns */
	s64 next;		/* the one after it */
	s64 rate, wander;	/* ppb: ns that a second lasts longer */
};

/* What was looked at so far, and by how much. */
struct watch {
	struct mc_phase phase;
	s64 now;		/* raw ns */
	unsigned int gap_percent;
	bool due;		/* a step was not seen for sure yet */
};

static uint64_t seed;

/* xorshift64*: the same numbers in every run. */
static uint64_t random_u64(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return seed * 2685821657736338717ULL;
}

static s64 random_in(s64 lo, s64 hi)
{
	return lo + (s64)(random_u64() % (uint64_t)(hi - lo + 1));
}

static bool percent(unsigned int p)
{
	return random_u64() % 100 < p;
}

/* The rate walks, but stays in a band as wide as the wander allowed for. */
static void walk(struct clock *c)
{
	s64 half = MC_PHASE_WANDER_PPB / 2;

	c->wander += random_in(-5, 5);
	if (c->wander > half)
		c->wander = half;
	if (c->wander < -half)
		c->wander = -half;
}

static void advance(struct clock *c, s64 raw)
{
	while (c->next <= raw) {
		c->sec++;
		c->edge = c->next;
		walk(c);
		c->next = c->edge + SEC_NS + c->rate + c->wander;
	}
}

static void clock_start(struct clock *c, s64 rate)
{
	c->sec = random_in(0, 4000000000LL);
	c->edge = random_in(0, SEC_NS);
	c->rate = rate;
	c->wander = 0;
	c->next = c->edge + SEC_NS + rate;
}

/* The RTC's time with its nanoseconds. */
static s64 truth(struct clock *c, s64 raw)
{
	advance(c, raw);
	return c->sec * SEC_NS + (raw - c->edge) * SEC_NS / (c->next - c->edge);
}

struct look {
	s64 begin, end, sec;
};

/* A look takes its time, and now and then the processor is gone before or after it. */
static struct look look_at(struct watch *w, struct clock *c)
{
	struct look look = { .begin = w->now };

	if (percent(w->gap_percent))
		w->now += random_in(0, GAP_MAX_NS);
	w->now += LOOK_NS / 2;
	advance(c, w->now);
	look.sec = c->sec;
	w->now += LOOK_NS / 2;
	if (percent(w->gap_percent))
		w->now += random_in(0, GAP_MAX_NS);
	look.end = w->now;
	return look;
}

static bool observe(struct watch *w, const struct look *look)
{
	enum mc_phase_verdict agreed = mc_phase_observe(&w->phase, look->sec, look->begin, look->end);

	if (agreed != MC_PHASE_AGREES)
		w->due = false;
	return agreed == MC_PHASE_AGREES;
}

/* Looks from @begin on, @step apart, until the second changes or @length has passed. */
static bool watch_edge(struct watch *w, struct clock *c, s64 begin, s64 step, s64 length)
{
	struct look old, new;
	struct mc_edge seen;

	if (w->now < begin)
		w->now = begin;
	old = look_at(w, c);
	observe(w, &old);
	for (length += old.end; old.end < length; old = new) {
		w->now += step;
		new = look_at(w, c);
		if (new.sec == old.sec)
			continue;
		if (new.sec != old.sec + 1)
			return false;
		seen = (struct mc_edge){ new.sec, old.begin, new.end };
		if (mc_phase_sample(&w->phase, &seen) || seen.hi - seen.lo < 4 * LOOK_NS)
			w->due = false;
		return true;
	}
	observe(w, &old);
	return false;
}

static s64 bound_now(struct watch *w)
{
	s64 rtc, bound;

	mc_phase_at(&w->phase, w->now, &rtc, &bound);
	return bound;
}

static void watch_next(struct watch *w, struct clock *c)
{
	struct mc_edge next;

	if (!w->phase.valid || bound_now(w) > LOCKED_NS) {
		watch_edge(w, c, w->now, MS_NS, 2 * SEC_NS);
		return;
	}
	mc_phase_edge(&w->phase, mc_phase_next(&w->phase, w->now), &next);
	watch_edge(w, c, next.lo - 2000, 0, POLL_NS + next.hi - next.lo);
}

static void watch_start(struct watch *w, unsigned int gap_percent)
{
	*w = (struct watch){ .gap_percent = gap_percent, .now = SEC_NS };
	mc_phase_init(&w->phase);
}

struct answers {
	long count, outside, locked;
	s64 *bounds;
};

/* As a query does: one look first; a step that it cannot show is not held against it. */
static void ask(struct watch *w, struct clock *c, struct answers *a)
{
	struct look look = look_at(w, c);
	s64 rtc, bound, error, raw;

	observe(w, &look);
	if (!w->phase.valid || w->due)
		return;
	raw = w->now + random_in(0, 1000);
	mc_phase_at(&w->phase, raw, &rtc, &bound);
	error = rtc - truth(c, raw);
	a->count++;
	if (error < -bound || error > bound)
		a->outside++;
	if (a->bounds && bound <= LOCKED_NS)
		a->bounds[a->locked++] = bound;
}

/* The next sample some seconds later, and questions in between. */
static void run_for(struct watch *w, struct clock *c, struct answers *a, int questions)
{
	s64 pause = percent(80) ? SEC_NS : random_in(1, 64) * SEC_NS;
	s64 from = w->now;
	int i;

	for (i = 1; i <= questions; i++) {
		if (w->now < from + pause * i / (questions + 1))
			w->now = from + pause * i / (questions + 1);
		ask(w, c, a);
	}
	watch_next(w, c);
}

static void step_by(struct watch *w, struct clock *c, s64 ns)
{
	advance(c, w->now);
	c->sec += ns / SEC_NS;
	c->edge -= ns % SEC_NS;
	if (c->edge > w->now) {
		c->sec--;
		c->edge -= SEC_NS + c->rate + c->wander;
	}
	c->next = c->edge + SEC_NS + c->rate + c->wander;
	w->due = true;
}

/* 1 ms to years, either way. */
static s64 random_step(void)
{
	s64 ns = MS_NS;
	int i;

	for (i = random_in(0, 10); i > 0; i--)
		ns *= random_in(2, 10);
	return percent(50) ? ns : -ns;
}

/* The raw clock stands still in a suspend, the RTC does not. */
static void suspend(struct watch *w, struct clock *c)
{
	s64 asleep = random_in(1, 100000) * MS_NS;

	advance(c, w->now + asleep);
	c->edge -= asleep;
	c->next -= asleep;
	mc_phase_forget(&w->phase);
}

static void never_outside(void **state)
{
	struct answers a = { 0 };
	struct clock c;
	struct watch w;
	int series, i;

	(void)state;
	for (series = 0; a.count < ANSWERS; series++) {
		clock_start(&c, random_in(-500000, 500000));
		watch_start(&w, series % 3 * 2);
		for (i = 0; i < 1000 && a.count < ANSWERS; i++) {
			if (percent(1) && series % 2)
				step_by(&w, &c, random_step());
			if (percent(1) && series % 5 == 4)
				suspend(&w, &c);
			run_for(&w, &c, &a, 60);
		}
	}
	print_message("# %ld answers in %d series, %ld outside their bound\n", a.count, series,
		      a.outside);
	assert_int_equal(a.outside, 0);
	assert_in_range(a.count, ANSWERS, 2 * ANSWERS);
}

static int compare(const void *a, const void *b)
{
	s64 left = *(const s64 *)a, right = *(const s64 *)b;

	return left < right ? -1 : left > right;
}

static void clean_samples_are_close(void **state)
{
	struct answers a = { .bounds = calloc(SERIES * 1000, sizeof(s64)) };
	struct answers unjudged = { 0 };
	struct clock c;
	struct watch w;
	int series, i;

	(void)state;
	for (series = 0; series < SERIES; series++) {
		clock_start(&c, random_in(-500000, 500000));
		watch_start(&w, 0);
		for (i = 0; i < 8; i++)
			run_for(&w, &c, &unjudged, 1);
		for (i = 0; i < 100; i++) {
			w.now += SEC_NS / 3;
			ask(&w, &c, &a);
			watch_next(&w, &c);
		}
	}
	qsort(a.bounds, a.locked, sizeof(s64), compare);
	print_message("# median bound %lld ns, largest %lld ns\n", (long long)a.bounds[a.locked / 2],
		      (long long)a.bounds[a.locked - 1]);
	assert_int_equal(a.outside, 0);
	print_message("# %ld of %d locked\n", a.locked, SERIES * 100);
	assert_true(a.locked >= SERIES * 99);
	assert_in_range(a.bounds[a.locked / 2], 1, 5000);
	free(a.bounds);
}

static void settle(struct watch *w, struct clock *c, s64 rate)
{
	struct answers a = { 0 };
	int i;

	clock_start(c, rate);
	watch_start(w, 0);
	for (i = 0; i < 20; i++)
		run_for(w, c, &a, 1);
	assert_int_equal(a.outside, 0);
}

/* A step shows at the first look that can show it, whatever its size. */
static void steps_are_seen(void **state)
{
	static const s64 steps[] = {
		MS_NS, -MS_NS, 100 * MS_NS, -400 * MS_NS, SEC_NS, -SEC_NS, 3600 * SEC_NS,
		-86400 * SEC_NS, 31557600 * SEC_NS, -5 * 31557600LL * SEC_NS,
	};
	struct clock c;
	struct watch w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		settle(&w, &c, 100000);
		step_by(&w, &c, steps[i]);
		watch_next(&w, &c);
		if (w.due)
			watch_next(&w, &c);
		assert_false(w.due);
	}
}

/* Whole seconds show in any single look, and mc_phase_agrees() says so beforehand. */
static void a_look_shows_whole_seconds(void **state)
{
	struct clock c;
	struct watch w;
	struct look look;

	(void)state;
	settle(&w, &c, -30000);
	look = look_at(&w, &c);
	assert_true(mc_phase_agrees(&w.phase, look.sec, look.begin, look.end));
	step_by(&w, &c, -SEC_NS);
	look = look_at(&w, &c);
	assert_false(mc_phase_agrees(&w.phase, look.sec, look.begin, look.end));
	assert_false(observe(&w, &look));
	assert_true(mc_phase_agrees(&w.phase, look.sec, look.begin, look.end));
}

/* A second that came too soon is told from one that stays too long. */
static void a_second_comes_early(void **state)
{
	struct mc_edge edge;
	struct clock c;
	struct watch w;

	(void)state;
	mc_phase_init(&w.phase);
	assert_false(mc_phase_early(&w.phase, 1, 0));
	settle(&w, &c, -30000);
	mc_phase_edge(&w.phase, c.sec + 1, &edge);
	assert_true(mc_phase_early(&w.phase, edge.sec, edge.lo - 1));
	assert_false(mc_phase_early(&w.phase, edge.sec, edge.lo));
	assert_false(mc_phase_early(&w.phase, edge.sec - 1, edge.hi + 1));
	assert_true(mc_phase_early(&w.phase, edge.sec + 1, edge.hi + 1));
	assert_false(mc_phase_early(&w.phase, edge.sec + 5000000000LL, edge.hi));
}

static void the_rate_is_learnt(void **state)
{
	static const s64 rates[] = { -500000, -300000, -11, 0, 10900, 300000, 500000 };
	struct clock c;
	struct watch w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		settle(&w, &c, rates[i]);
		assert_in_range(mc_phase_period_ppb(&w.phase) + 1000000, rates[i] + 999000,
				rates[i] + 1001000);
	}
}

/* The host slews its clock by 40 ppm: dropped at first, then allowed for. */
static void a_slew_widens_the_wander(void **state)
{
	struct answers a = { 0 };
	struct clock c;
	struct watch w;
	int i;

	(void)state;
	settle(&w, &c, 0);
	c.rate = 40000;
	for (i = 0; i < 30; i++)
		watch_next(&w, &c);
	for (i = 0; i < 200; i++)
		run_for(&w, &c, &a, 5);
	assert_int_equal(a.outside, 0);
	assert_in_range(mc_phase_period_ppb(&w.phase), 39000, 41000);
}

/* A rate that goes to and fro for an hour: it is not taken for a steady one again and again. */
static void a_rate_that_swings_is_not_settled(void **state)
{
	struct answers a = { 0 };
	struct clock c;
	struct watch w;
	int i;

	(void)state;
	settle(&w, &c, 0);
	for (i = 0; i < 100; i++) {
		c.rate = i & 1 ? 20000 : -20000;
		run_for(&w, &c, &a, 2);
	}
	a = (struct answers){ 0 };
	for (i = 0; i < 1800; i++) {
		c.rate = i & 1 ? 20000 : -20000;
		run_for(&w, &c, &a, 2);
	}
	assert_int_equal(a.outside, 0);
}

static enum mc_phase_verdict sample(struct mc_phase *p, s64 sec, s64 late, s64 width)
{
	struct mc_edge seen = { 1000 + sec, sec * SEC_NS + late, sec * SEC_NS + late + width };

	return mc_phase_sample(p, &seen);
}

/* Of a rate two stretches are needed that agree; one that does not agree is one no more. */
static void stretches_that_agree_are_a_rate(void **state)
{
	struct mc_phase p;

	(void)state;
	mc_phase_init(&p);
	assert_int_equal(sample(&p, 1, 0, 100000), MC_PHASE_AGREES);
	assert_int_equal(sample(&p, 2, 0, 100000), MC_PHASE_AGREES);
	assert_false(mc_phase_steady(&p));
	assert_int_equal(p.rate_hi, MC_PHASE_RATE_ANY_PPB);
	assert_int_equal(sample(&p, 3, 0, 30000), MC_PHASE_AGREES);
	assert_true(p.rate_hi < MC_PHASE_RATE_MAX_PPB);
	assert_int_equal(sample(&p, 4, 120000, 30000), MC_PHASE_AGREES);
	assert_int_equal(p.rate_hi, MC_PHASE_RATE_ANY_PPB);

	mc_phase_init(&p);
	sample(&p, 1, 0, 1000);
	sample(&p, 2, 0, 1000);
	assert_false(mc_phase_steady(&p));
	sample(&p, 3, 0, 1000);
	assert_true(mc_phase_steady(&p));
}

/* Where the clock has just left its rate, two stretches may agree by chance: it takes three. */
static void after_a_contradiction_three_must_agree(void **state)
{
	struct mc_phase p;
	int i;

	(void)state;
	mc_phase_init(&p);
	for (i = 1; i <= 3; i++)
		sample(&p, i, 0, 1000);
	assert_true(mc_phase_steady(&p));
	assert_int_equal(sample(&p, 4, 700000, 1000), MC_PHASE_DRIFTED);
	for (i = 5; i <= 6; i++)
		assert_int_equal(sample(&p, i, 700000, 1000), MC_PHASE_AGREES);
	assert_int_equal(p.rate_hi, MC_PHASE_RATE_ANY_PPB);
	sample(&p, 7, 700000, 1000);
	assert_true(mc_phase_steady(&p));

	/* A jump, and another one that is alike. */
	sample(&p, 8, 950000, 1000);
	assert_int_equal(p.rate_hi, MC_PHASE_RATE_ANY_PPB);
	sample(&p, 9, 1200000, 1000);
	assert_int_equal(p.rate_hi, MC_PHASE_RATE_ANY_PPB);
	for (i = 10; i <= 13; i++)
		sample(&p, i, 1200000, 1000);
	assert_true(mc_phase_steady(&p));
	assert_in_range(mc_phase_period_ppb(&p) + 3000, 0, 6000);
}

/* A seed holds until something is seen that contradicts it. */
static void a_seed_is_believed(void **state)
{
	struct mc_edge seed_edge = { 1000, 5 * SEC_NS, 5 * SEC_NS + 2 * MS_NS };
	struct mc_phase p;
	s64 rtc, bound;

	(void)state;
	mc_phase_init(&p);
	mc_phase_seed(&p, &seed_edge);
	mc_phase_at(&p, 5 * SEC_NS + MS_NS + SEC_NS / 2, &rtc, &bound);
	assert_in_range(rtc - 1000 * SEC_NS, SEC_NS / 2 - bound, SEC_NS / 2 + bound);
	assert_in_range(bound, 8 * MS_NS, 9 * MS_NS);	/* half a second at an unknown rate */
	assert_int_equal(mc_phase_next(&p, 6 * SEC_NS - 10 * MS_NS), 1001);
	assert_int_equal(mc_phase_observe(&p, 1000, 5 * SEC_NS + 3 * MS_NS, 5 * SEC_NS + 4 * MS_NS), MC_PHASE_AGREES);
	assert_int_not_equal(mc_phase_observe(&p, 1000, 7 * SEC_NS, 7 * SEC_NS + 1000), MC_PHASE_AGREES);
}

/* The next hour without a look, from a clock that was watched for so many seconds. */
static s64 bound_after_an_hour(unsigned int seconds)
{
	struct clock c;
	struct watch w;
	unsigned int i;

	clock_start(&c, 12345);
	watch_start(&w, 0);
	for (i = 0; i < seconds; i++)
		watch_next(&w, &c);
	w.now += 3600 * SEC_NS;
	return bound_now(&w);
}

/*
 * What the wander is allowed for (0.1 ppm are 360 us in an hour), and what was not learnt of
 * the rate: the longer it was watched, the less.
 */
static void an_hour_widens_by_the_wander(void **state)
{
	static const struct {
		unsigned int watched;
		s64 most;
	} cases[] = { { 20, 5 * MS_NS }, { 200, 600000 }, { 1200, 420000 }, { 10000, 420000 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s64 bound = bound_after_an_hour(cases[i].watched);

		print_message("# an hour after %u s: %lld ns\n", cases[i].watched, (long long)bound);
		assert_in_range(bound, 360000, cases[i].most);
	}
}

/* A clock that goes on from one end of what is known, at one end of the rates that may be. */
static s64 worst_error(const struct mc_phase *p, s64 raw)
{
	s64 rtc, bound, worst = 0;
	int i;

	mc_phase_at(p, raw, &rtc, &bound);
	for (i = 0; i < 4; i++) {
		s64 edge = i & 1 ? p->edge.hi : p->edge.lo;
		s64 second = SEC_NS + (i & 2 ? p->rate_hi + p->wander : p->rate_lo - p->wander);
		__int128 since = (__int128)(raw - edge) * SEC_NS;
		s64 error = rtc - (p->edge.sec * SEC_NS + (s64)(since / second));

		error = error < 0 ? -error : error;
		worst = error - bound > worst ? error - bound : worst;
	}
	return worst;
}

/* By no ns, however wide the edge is, whatever the rate is, before and after it. */
static void the_worst_clock_is_within(void **state)
{
	struct mc_phase p;
	int i;

	(void)state;
	for (i = 0; i < 1000000; i++) {
		s64 most = random_in(0, 1) ? MC_PHASE_RATE_MAX_PPB : 0;

		mc_phase_init(&p);
		p.valid = true;
		p.edge.sec = random_in(0, 4000000000LL);
		p.edge.lo = random_in(0, SEC_NS);
		p.edge.hi = p.edge.lo + random_in(0, 1LL << random_in(0, 30));
		if (random_in(0, 3)) {
			p.rate_lo = random_in(-most, most);
			p.rate_hi = p.rate_lo + random_in(0, 1LL << random_in(0, 16));
			p.wander <<= random_in(0, 10);
		}
		assert_int_equal(worst_error(&p, p.edge.lo + random_in(-100, 1000) * SEC_NS / 7), 0);
	}
}

/* Of two edges that hold one, what both leave is kept. */
static void what_both_leave_is_kept(void **state)
{
	struct mc_edge wide = { 1000, 5 * SEC_NS, 5 * SEC_NS + MS_NS };
	struct mc_edge narrow = { 1000, 5 * SEC_NS + 200000, 5 * SEC_NS + 300000 };
	struct mc_edge edge;
	struct mc_phase p;

	(void)state;
	mc_phase_init(&p);
	assert_int_equal(mc_phase_sample(&p, &wide), MC_PHASE_AGREES);
	assert_int_equal(mc_phase_sample(&p, &narrow), MC_PHASE_AGREES);
	mc_phase_edge(&p, 1000, &edge);
	assert_int_equal(edge.lo, narrow.lo);
	assert_int_equal(edge.hi, narrow.hi);
}

/* An edge each second, so many ns longer than one, from second 1000 at 5 s. */
static void sample_each_second(struct mc_phase *p, int n, s64 ppb)
{
	int i;

	for (i = 0; i < n; i++) {
		s64 raw = 5 * SEC_NS + i * (SEC_NS + ppb);
		struct mc_edge edge = { 1000 + i, raw, raw + LOOK_NS };

		assert_int_equal(mc_phase_sample(p, &edge), MC_PHASE_AGREES);
	}
}

/* Where it was before a contradiction, where a stretch says, or where any crystal may be. */
static void it_is_aimed_where_the_edge_likely_is(void **state)
{
	struct mc_edge from = { 1000, 5 * SEC_NS, 5 * SEC_NS }, aim;
	struct mc_phase p;

	(void)state;
	mc_phase_init(&p);
	mc_phase_aim(&p, &from, 1001, &aim);
	assert_int_equal(aim.lo, 6 * SEC_NS - MC_PHASE_RATE_MAX_PPB);
	assert_int_equal(aim.hi, 6 * SEC_NS + MC_PHASE_RATE_MAX_PPB);

	/* One stretch is to be confirmed, but says where to look. */
	sample_each_second(&p, 2, 7000);
	assert_int_equal(p.rate_hi, MC_PHASE_RATE_ANY_PPB);
	mc_phase_aim(&p, &from, 1001, &aim);
	assert_int_equal(aim.lo, 6 * SEC_NS + 7000 - LOOK_NS - 1);
	assert_int_equal(aim.hi, 6 * SEC_NS + 7000 + LOOK_NS + 1);

	mc_phase_init(&p);
	sample_each_second(&p, 600, 7000);
	mc_phase_aim(&p, &from, 1001, &aim);
	assert_in_range(aim.lo, 6 * SEC_NS + 6000, 6 * SEC_NS + 7000);
	assert_in_range(aim.hi, 6 * SEC_NS + 7000, 6 * SEC_NS + 8000);
	mc_phase_aim(&p, &from, 999, &aim);
	assert_in_range(aim.hi, 4 * SEC_NS - 7000, 4 * SEC_NS - 6000);

	assert_int_equal(mc_phase_observe(&p, 5000, 606 * SEC_NS, 606 * SEC_NS + LOOK_NS),
			 MC_PHASE_STEPPED);
	mc_phase_aim(&p, &from, 1001, &aim);
	assert_in_range(aim.lo, 6 * SEC_NS + 6000, 6 * SEC_NS + 7000);
	assert_in_range(aim.hi, 6 * SEC_NS + 7000, 6 * SEC_NS + 8000);
	/* To aim by, not to promise by. */
	assert_int_equal(p.rate_hi, MC_PHASE_RATE_ANY_PPB);
}

/* The anchor says another mean than was believed, though each edge came where it might. */
static void a_mean_that_left_its_wander_widens_it(void **state)
{
	struct mc_edge seen = { 2000, 1005 * SEC_NS + 300000, 1005 * SEC_NS + 300000 + LOOK_NS };
	struct mc_phase p;

	(void)state;
	mc_phase_init(&p);
	sample_each_second(&p, 10, 0);
	p.rate_lo = 0;
	p.rate_hi = 0;
	p.edge = (struct mc_edge){ 1999, 1004 * SEC_NS + 300000, 1004 * SEC_NS + 300000 + LOOK_NS };
	assert_int_equal(p.wander, MC_PHASE_WANDER_PPB);
	assert_int_equal(mc_phase_sample(&p, &seen), MC_PHASE_AGREES);
	assert_int_equal(p.wander, 4 * MC_PHASE_WANDER_PPB);
	assert_in_range(mc_phase_period_ppb(&p), 290, 310);
}

/* An edge each second from second 1000 at 5 s; and whether a rate is known after it. */
struct seen_edge {
	s64 late, width;
	bool known;
};

static void sample_all(struct mc_phase *p, const struct seen_edge *seen, size_t n)
{
	size_t i;

	mc_phase_init(p);
	for (i = 0; i < n; i++) {
		s64 lo = (5 + i) * SEC_NS + seen[i].late;
		struct mc_edge edge = { 1000 + i, lo, lo + seen[i].width };

		assert_int_equal(mc_phase_sample(p, &edge), MC_PHASE_AGREES);
		assert_int_equal(p->rate_lo > -MC_PHASE_RATE_ANY_PPB, seen[i].known);
	}
}

/*
 * Edges as if a second lasted 800 us longer: more than any crystal's does, and badly seen at
 * first. No rate is believed by them, also none that was.
 */
static void a_rate_that_no_crystal_has_is_not_believed(void **state)
{
	static const struct seen_edge edges[] = {
		{ 0, 400000, false }, { 800000, 400000, false }, { 1600000, 400000, true },
		{ 2400000, LOOK_NS, true }, { 3200000, LOOK_NS, false },
		{ 4000000, LOOK_NS, false }, { 4000000, LOOK_NS, false },
		{ 4000000, LOOK_NS, false }, { 4000000, LOOK_NS, true },
		{ 4000000, LOOK_NS, true },
	};
	struct mc_phase p;

	(void)state;
	sample_all(&p, edges, sizeof(edges) / sizeof(edges[0]));
	assert_in_range(mc_phase_period_ppb(&p) + 1000, 0, 2000);
}

/*
 * Each edge comes where it may, and two stretches from edge to edge contradict each other. From
 * then on it takes three of them that agree.
 */
static void a_jump_between_edges_ends_the_rate(void **state)
{
	static const struct seen_edge edges[] = {
		{ 0, 400000, false }, { 0, 400000, false }, { 0, 400000, true },
		{ 0, LOOK_NS, true }, { 300000, LOOK_NS, false }, { 300000, LOOK_NS, false },
		{ 300000, LOOK_NS, false }, { 300000, LOOK_NS, true }, { 300000, LOOK_NS, true },
	};
	struct mc_phase p;

	(void)state;
	sample_all(&p, edges, sizeof(edges) / sizeof(edges[0]));
	assert_in_range(mc_phase_period_ppb(&p) + 1000, 0, 2000);
}

/* Wide edges allow for it, and narrow ones show it: 300 us between one second and the next. */
static void a_rate_that_strayed_may_do_so_again(void **state)
{
	static const struct seen_edge edges[] = {
		{ 0, 400000, false }, { 0, 400000, false }, { 0, 400000, true }, { 0, LOOK_NS, true },
	};
	struct mc_edge edge = { 1004, 9 * SEC_NS + 300000, 9 * SEC_NS + 300000 + LOOK_NS };
	struct mc_phase p;

	(void)state;
	sample_all(&p, edges, sizeof(edges) / sizeof(edges[0]));
	assert_int_equal(p.wander, MC_PHASE_WANDER_PPB);
	assert_int_equal(mc_phase_sample(&p, &edge), MC_PHASE_AGREES);
	assert_in_range(p.wander, 590000, 610000);
}

/* The mean over an hour says little of the second after it. */
static void a_rate_unseen_for_long_may_have_gone_far(void **state)
{
	struct mc_edge edge = { 5200, 4205 * SEC_NS, 4205 * SEC_NS + LOOK_NS };
	struct mc_phase p;
	s64 known;

	(void)state;
	mc_phase_init(&p);
	sample_each_second(&p, 600, 0);
	known = mc_phase_rate_bound_ppb(&p);
	assert_in_range(known, 1, 1000);
	assert_int_equal(mc_phase_sample(&p, &edge), MC_PHASE_AGREES);
	assert_in_range(mc_phase_rate_bound_ppb(&p), 3500 * MC_PHASE_WANDER_PPB, 4000 * MC_PHASE_WANDER_PPB);
	edge.sec++;
	edge.lo += SEC_NS;
	edge.hi += SEC_NS;
	assert_int_equal(mc_phase_sample(&p, &edge), MC_PHASE_AGREES);
	assert_in_range(mc_phase_rate_bound_ppb(&p), 1, 2 * known + 1000);
}

/* Edges so wide that no stretch shows the rate to go on as it did; it was seen to go astray. */
static void an_untested_rate_gives_way_to_what_edges_say(void **state)
{
	struct mc_phase p;
	s64 before;
	int i;

	(void)state;
	mc_phase_init(&p);
	sample_each_second(&p, 600, 0);
	p.wander = 20 * MC_PHASE_WANDER_PPB;
	before = mc_phase_rate_bound_ppb(&p);
	for (i = 0; i < 400; i++) {
		struct mc_edge edge = { 1600 + i, (605 + i) * SEC_NS - 100000, (605 + i) * SEC_NS + 100000 };
		s64 bound;

		p.wander = 20 * MC_PHASE_WANDER_PPB;
		assert_int_equal(mc_phase_sample(&p, &edge), MC_PHASE_AGREES);
		bound = mc_phase_rate_bound_ppb(&p);
		if (i == 20)
			assert_in_range(bound, before + 15 * p.wander, before + 25 * p.wander);
		assert_true(bound < 500000);
	}
}

/* A contradiction is no step where it is small, and the rate is not believed any more. */
static void a_small_contradiction_is_drift(void **state)
{
	struct mc_edge late = { 1600, 605 * SEC_NS + 500000, 605 * SEC_NS + 501000 };
	struct mc_phase p;

	(void)state;
	mc_phase_init(&p);
	sample_each_second(&p, 600, 0);
	assert_int_equal(mc_phase_sample(&p, &late), MC_PHASE_DRIFTED);
	assert_int_equal(p.wander, 4 * MC_PHASE_WANDER_PPB);
	assert_int_equal(p.rate_lo, -MC_PHASE_RATE_ANY_PPB);
	assert_int_equal(p.rate_hi, MC_PHASE_RATE_ANY_PPB);
}

/*
 * The edge did not come where it was expected: a look just after that shows it to be late by
 * little. By how much, the edge itself tells.
 */
static void a_look_at_a_late_edge_does_not_hide_a_step(void **state)
{
	static const struct {
		s64 late;
		enum mc_phase_verdict verdict;
	} cases[] = {
		{ 300 * MS_NS, MC_PHASE_STEPPED }, { 3 * MS_NS, MC_PHASE_STEPPED },
		{ 200000, MC_PHASE_AGREES },
	};
	s64 due = 605 * SEC_NS;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mc_edge edge = { 1600, due + cases[i].late, due + cases[i].late + LOOK_NS };
		struct mc_phase p;

		mc_phase_init(&p);
		sample_each_second(&p, 600, 0);
		assert_int_equal(mc_phase_observe(&p, 1599, due + 50000, due + 50600),
				 MC_PHASE_DRIFTED);
		assert_int_equal(mc_phase_observe(&p, 1599, due + 100000, due + 100600),
				 MC_PHASE_AGREES);
		assert_int_equal(mc_phase_sample(&p, &edge), cases[i].verdict);
		edge.sec++;
		edge.lo += SEC_NS;
		edge.hi += SEC_NS;
		assert_int_equal(mc_phase_sample(&p, &edge), MC_PHASE_AGREES);
	}
}

/* Centuries away, where its arithmetic ends, it is stepped all the same. */
static void a_step_of_centuries_is_one(void **state)
{
	s64 due = 605 * SEC_NS, far = 9000000000LL;
	struct mc_edge edge = { far, due + 300000, due + 301000 };
	struct mc_phase p;

	(void)state;
	mc_phase_init(&p);
	sample_each_second(&p, 600, 0);
	assert_int_equal(mc_phase_observe(&p, 1599, due + 50000, due + 50600), MC_PHASE_DRIFTED);
	assert_int_equal(mc_phase_sample(&p, &edge), MC_PHASE_STEPPED);

	mc_phase_init(&p);
	sample_each_second(&p, 600, 0);
	assert_int_equal(mc_phase_observe(&p, far, due, due + 600), MC_PHASE_STEPPED);
}

static int set_seed(void **state)
{
	(void)state;
	seed = 0x146818;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(never_outside, set_seed),
		cmocka_unit_test_setup(clean_samples_are_close, set_seed),
		cmocka_unit_test_setup(steps_are_seen, set_seed),
		cmocka_unit_test_setup(a_look_shows_whole_seconds, set_seed),
		cmocka_unit_test_setup(a_second_comes_early, set_seed),
		cmocka_unit_test_setup(the_rate_is_learnt, set_seed),
		cmocka_unit_test_setup(a_slew_widens_the_wander, set_seed),
		cmocka_unit_test(a_rate_that_swings_is_not_settled),
		cmocka_unit_test(stretches_that_agree_are_a_rate),
		cmocka_unit_test(after_a_contradiction_three_must_agree),
		cmocka_unit_test(a_seed_is_believed),
		cmocka_unit_test_setup(an_hour_widens_by_the_wander, set_seed),
		cmocka_unit_test_setup(the_worst_clock_is_within, set_seed),
		cmocka_unit_test(what_both_leave_is_kept),
		cmocka_unit_test(it_is_aimed_where_the_edge_likely_is),
		cmocka_unit_test(a_mean_that_left_its_wander_widens_it),
		cmocka_unit_test(a_rate_that_no_crystal_has_is_not_believed),
		cmocka_unit_test(a_jump_between_edges_ends_the_rate),
		cmocka_unit_test(a_rate_that_strayed_may_do_so_again),
		cmocka_unit_test(a_rate_unseen_for_long_may_have_gone_far),
		cmocka_unit_test(an_untested_rate_gives_way_to_what_edges_say),
		cmocka_unit_test(a_small_contradiction_is_drift),
		cmocka_unit_test(a_look_at_a_late_edge_does_not_hide_a_step),
		cmocka_unit_test(a_step_of_centuries_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
