// SPDX-License-Identifier: GPL-2.0
/*
 * What a chip is taken to do, against chips of each kind: after holds and releases, and
 * with bytes that its register B does not speak true of.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chip/conduct.h"

#define MS	1000000LL
#define SEC	1000000000LL
#define ACCESS	2000LL		/* ns that a write lasts */
#define SEEN	1000LL		/* an edge was seen so narrowly */
#define CHIPS	4

static const u8 chips[CHIPS] = {
	MC_RELEASE_HALF, MC_RELEASE_WHOLE, MC_RELEASE_WRITE, MC_RELEASE_NONE
};

static struct mc_span around(s64 raw, s64 width)
{
	return (struct mc_span){ raw - width / 2, raw + width / 2 };
}

static const struct mc_span nothing = { 0, -1 };

/*
 * Written at @write, and held again for a moment up to @release; the edges of before are at
 * @old, and each second after.
 */
static struct mc_burst burst(s64 write, s64 release, s64 old)
{
	return (struct mc_burst){
		.hold = around(release - 12 * ACCESS, ACCESS),
		.write = around(write, ACCESS),
		.release = around(release, ACCESS),
		.old = around(old, SEEN),
	};
}

/* The first update of a chip after it, where a second of its own lasts @ppb longer. */
static s64 next(u8 chip, const struct mc_burst *b, s64 ppb)
{
	s64 release = b->release.end - ACCESS / 2, write = b->write.end - ACCESS / 2;
	s64 second = SEC + ppb, edge = b->old.end - SEEN / 2;

	if (chip == MC_RELEASE_HALF)
		return release + second / 2;
	if (chip == MC_RELEASE_WHOLE)
		return release + second;
	if (chip == MC_RELEASE_WRITE)
		edge = write;
	while (edge <= release)
		edge += second;
	return edge;
}

static u8 fits(u8 chip, const struct mc_burst *b, s64 ppb)
{
	struct mc_span edge = around(next(chip, b, ppb), SEEN);

	return mc_conduct_fits(b, &edge);
}

static void nothing_is_known_at_first(void **state)
{
	struct mc_conduct c;

	(void)state;
	mc_conduct_init(&c, false);
	assert_int_equal(c.release, MC_RELEASE_ANY);
	assert_int_equal(c.writes, MC_WRITES_UNKNOWN);
	assert_int_equal(c.hours, MC_HOURS_ANY);
	assert_false(c.shaken || mc_conduct_known(&c));
	assert_int_equal(mc_conduct_guess(&c), MC_RELEASE_HALF);
	mc_conduct_init(&c, true);
	assert_int_equal(c.release, MC_RELEASE_NONE);
	assert_int_equal(mc_conduct_guess(&c), MC_RELEASE_NONE);
	assert_false(mc_conduct_known(&c));
}

/* Where nothing coincides one edge tells, also of chips half a percent fast or slow. */
static void each_release_is_told_apart(void **state)
{
	static const s64 rates[] = { 0, 500000, -500000, 5000000, -5000000 };
	struct mc_burst b = burst(10 * SEC, 10 * SEC + 250 * MS, 9 * SEC + 600 * MS);
	size_t chip, rate;

	(void)state;
	for (chip = 0; chip < CHIPS; chip++) {
		for (rate = 0; rate < sizeof(rates) / sizeof(rates[0]); rate++) {
			struct mc_conduct c;

			assert_int_equal(fits(chips[chip], &b, rates[rate]), chips[chip]);
			mc_conduct_init(&c, false);
			c.writes = MC_WRITES_KEPT;
			mc_conduct_learn(&c, chips[chip]);
			assert_int_equal(c.release, chips[chip]);
			assert_int_equal(mc_conduct_guess(&c), chips[chip]);
			assert_true(mc_conduct_known(&c));
		}
	}
}

/* The next edge after the first one says no less. */
static void a_later_write_is_counted_from(void **state)
{
	struct mc_burst b = burst(10 * SEC, 12 * SEC + 250 * MS, 9 * SEC + 600 * MS);

	(void)state;
	assert_int_equal(fits(MC_RELEASE_WRITE, &b, 0), MC_RELEASE_WRITE);
	assert_int_equal(fits(MC_RELEASE_HALF, &b, 0), MC_RELEASE_HALF);
	assert_int_equal(fits(MC_RELEASE_NONE, &b, 0), MC_RELEASE_NONE);
}

static void what_coincides_stays_open(void **state)
{
	struct mc_burst both = burst(10 * SEC, 10 * SEC + 500 * MS, 9 * SEC + 700 * MS);
	struct mc_burst at_once = burst(10 * SEC, 10 * SEC, 9 * SEC + 700 * MS);
	struct mc_burst in_phase = burst(10 * SEC, 10 * SEC + 300 * MS, 9 * SEC + 800 * MS);
	struct mc_burst after = burst(20 * SEC, 20 * SEC + 300 * MS, 19 * SEC + 600 * MS);
	struct mc_conduct c;

	(void)state;
	assert_int_equal(fits(MC_RELEASE_HALF, &both, 0), MC_RELEASE_HALF | MC_RELEASE_WRITE);
	assert_int_equal(fits(MC_RELEASE_WRITE, &both, 0), MC_RELEASE_HALF | MC_RELEASE_WRITE);
	assert_int_equal(fits(MC_RELEASE_WHOLE, &at_once, 0), MC_RELEASE_WHOLE | MC_RELEASE_WRITE);
	assert_int_equal(fits(MC_RELEASE_NONE, &in_phase, 0), MC_RELEASE_NONE | MC_RELEASE_HALF);

	mc_conduct_init(&c, false);
	c.writes = MC_WRITES_KEPT;
	mc_conduct_learn(&c, fits(MC_RELEASE_NONE, &in_phase, 0));
	assert_int_equal(c.release, MC_RELEASE_NONE | MC_RELEASE_HALF);
	assert_int_equal(mc_conduct_guess(&c), MC_RELEASE_HALF);
	assert_false(mc_conduct_known(&c));
	mc_conduct_learn(&c, fits(MC_RELEASE_NONE, &after, 0));
	assert_int_equal(c.release, MC_RELEASE_NONE);
	assert_true(mc_conduct_known(&c));
}

/* Edges of before that are not known may be anywhere. */
static void unknown_edges_may_go_on(void **state)
{
	struct mc_burst b = burst(10 * SEC, 10 * SEC + 250 * MS, 9 * SEC + 600 * MS);
	struct mc_span edge = around(next(MC_RELEASE_HALF, &b, 0), SEEN);

	(void)state;
	b.old = nothing;
	assert_int_equal(mc_conduct_fits(&b, &edge), MC_RELEASE_HALF | MC_RELEASE_NONE);
}

/* What was seen badly leaves whatever lies in it. */
static void a_wide_edge_tells_less(void **state)
{
	struct mc_burst b = burst(10 * SEC, 10 * SEC + 250 * MS, 9 * SEC + 600 * MS);
	struct mc_span wide = { 10 * SEC + 550 * MS, 10 * SEC + 760 * MS };
	struct mc_span all = { 10 * SEC + 550 * MS, 11 * SEC + 300 * MS };

	(void)state;
	assert_int_equal(mc_conduct_fits(&b, &wide), MC_RELEASE_HALF | MC_RELEASE_NONE);
	assert_int_equal(mc_conduct_fits(&b, &all), MC_RELEASE_ANY);
	/* The machine stood still for seconds meanwhile. */
	all.end = 14 * SEC + 300 * MS;
	assert_int_equal(mc_conduct_fits(&b, &all), MC_RELEASE_ANY);
	b.old = (struct mc_span){ 9 * SEC, 9 * SEC + 800 * MS };
	assert_int_equal(fits(MC_RELEASE_HALF, &b, 0), MC_RELEASE_HALF | MC_RELEASE_NONE);
}

/* A clock of 10 % off, or one that was set by somebody else meanwhile. */
static void what_nothing_explains_fits_nothing(void **state)
{
	struct mc_burst b = burst(10 * SEC, 10 * SEC + 250 * MS, 9 * SEC + 600 * MS);
	struct mc_span edge = around(10 * SEC + 900 * MS, SEEN);

	(void)state;
	assert_int_equal(mc_conduct_fits(&b, &edge), 0);
}

/* The VM was moved to another hypervisor, or the raw clock jumped: the edges to come tell which. */
static void another_chip_is_noticed(void **state)
{
	struct mc_conduct c;

	(void)state;
	mc_conduct_init(&c, false);
	c.writes = MC_WRITES_KEPT;
	mc_conduct_learn(&c, MC_RELEASE_HALF);
	mc_conduct_learn(&c, MC_RELEASE_NONE | MC_RELEASE_WRITE);
	assert_int_equal(c.release, MC_RELEASE_HALF | MC_RELEASE_NONE | MC_RELEASE_WRITE);
	assert_int_equal(c.writes, MC_WRITES_UNKNOWN);
	mc_conduct_learn(&c, MC_RELEASE_WRITE);
	assert_false(mc_conduct_known(&c));
	c.writes = MC_WRITES_KEPT;
	assert_true(mc_conduct_known(&c));
	mc_conduct_learn(&c, MC_RELEASE_NONE);
	assert_false(mc_conduct_known(&c));
	mc_conduct_learn(&c, MC_RELEASE_WRITE);
	assert_int_equal(c.release, MC_RELEASE_WRITE);
	c.writes = MC_WRITES_KEPT;
	assert_true(mc_conduct_known(&c));
	mc_conduct_learn(&c, 0);
	assert_int_equal(c.release, MC_RELEASE_ANY);
	assert_false(mc_conduct_known(&c));
}

/* A step says that it may be another chip: one more set that is seen through confirms it. */
static void what_is_shaken_is_confirmed(void **state)
{
	struct mc_burst b = burst(10 * SEC, 10 * SEC, 9 * SEC);
	struct mc_span edge;
	struct mc_conduct c;

	(void)state;
	mc_conduct_init(&c, false);
	c.writes = MC_WRITES_KEPT;
	mc_conduct_learn(&c, MC_RELEASE_HALF);
	assert_true(mc_conduct_known(&c));
	assert_true(mc_conduct_next(&c, &b, 0, &edge));
	c.shaken = true;
	assert_false(mc_conduct_known(&c));
	assert_false(mc_conduct_next(&c, &b, 0, &edge));
	mc_conduct_learn(&c, MC_RELEASE_HALF);
	assert_true(mc_conduct_known(&c));
}

static void dropped_writes_promise_nothing(void **state)
{
	struct mc_burst b = burst(10 * SEC, 10 * SEC, 9 * SEC);
	struct mc_span edge;
	struct mc_conduct c;

	(void)state;
	mc_conduct_init(&c, false);
	mc_conduct_learn(&c, MC_RELEASE_HALF);
	assert_false(mc_conduct_known(&c));
	assert_false(mc_conduct_next(&c, &b, 0, &edge));
	c.writes = MC_WRITES_DROPPED;
	assert_false(mc_conduct_known(&c));
	assert_false(mc_conduct_next(&c, &b, 0, &edge));
}

static void edges_that_go_on_are_not_promised(void **state)
{
	struct mc_burst b = burst(10 * SEC, 10 * SEC, 9 * SEC);
	struct mc_span edge;
	struct mc_conduct c = { .release = MC_RELEASE_NONE, .writes = MC_WRITES_KEPT };

	(void)state;
	assert_false(mc_conduct_next(&c, &b, 0, &edge));
	c.release |= MC_RELEASE_HALF;
	assert_false(mc_conduct_next(&c, &b, 0, &edge));
}

static bool holds(const struct mc_span *span, s64 raw)
{
	return raw >= span->begin && raw <= span->end;
}

/* The divider of a real chip counts to the next of its 32768 a second. */
static void the_next_edge_is_where_it_was_promised(void **state)
{
	static const s64 releases[] = { 0, 250 * MS, 500 * MS, 1700 * MS };
	static const s64 rates[] = { 0, 500000, -500000 };
	size_t may, chip, release, rate;

	(void)state;
	for (may = 1; may < MC_RELEASE_NONE; may++) {
		struct mc_conduct c = { .release = may, .writes = MC_WRITES_KEPT };

		for (release = 0; release < 4; release++) {
			struct mc_burst b = burst(10 * SEC, 10 * SEC + releases[release], 9 * SEC);
			struct mc_span edge;

			assert_true(mc_conduct_next(&c, &b, 500000, &edge));
			for (chip = 0; chip < CHIPS; chip++) {
				for (rate = 0; rate < 3 && may & chips[chip]; rate++) {
					s64 raw = next(chips[chip], &b, rates[rate]);

					assert_true(holds(&edge, raw));
					assert_true(holds(&edge, raw + SEC / 32768));
				}
			}
		}
	}
}

static void one_conduct_is_promised_narrowly(void **state)
{
	struct mc_burst b = burst(10 * SEC, 10 * SEC + 250 * MS, 9 * SEC);
	struct mc_conduct c = { .writes = MC_WRITES_KEPT };
	struct mc_span edge;
	size_t chip;

	(void)state;
	for (chip = 0; chip < CHIPS - 1; chip++) {
		c.release = chips[chip];
		assert_true(mc_conduct_next(&c, &b, 10000, &edge));
		assert_in_range(edge.end - edge.begin, 1, 200000);
		c.release = MC_RELEASE_HALF | MC_RELEASE_WHOLE;
		assert_true(mc_conduct_next(&c, &b, 10000, &edge));
		assert_in_range(edge.end - edge.begin, 500 * MS, 501 * MS);
	}
}

/* Some time of 2026-03-05, with these hours in BCD. */
static struct mc146818_time bcd(u8 hours)
{
	return (struct mc146818_time){
		.seconds = 0x08, .minutes = 0x07, .hours = hours,
		.date = 0x05, .month = 0x03, .year = 0x26, .century = 0x20,
	};
}

static struct mc146818_format format(u8 reg_b)
{
	return (struct mc146818_format){ .reg_b = reg_b, .century = true, .first_year = 1970 };
}

static int hour(const struct mc146818_format *f, const struct mc146818_time *bytes)
{
	struct rtc_time tm;

	return mc146818_decode_time(f, bytes, &tm) ? -1 : tm.tm_hour;
}

/* kvmtool: B is 0, that is 12 hours, and the hours are those of 24. */
static void hours_that_only_24_have_prove_them(void **state)
{
	static const u8 proofs[] = { 0x00, 0x13, 0x19, 0x23 };
	struct mc146818_time noon = bcd(0x12);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(proofs); i++) {
		struct mc146818_format f = format(0);
		struct mc146818_time bytes = bcd(proofs[i]);
		struct mc_conduct c;

		mc_conduct_init(&c, false);
		assert_true(mc_conduct_ambiguous(&c, &f, &noon));
		assert_true(mc_conduct_format(&c, &f, &bytes));
		assert_true(mc_conduct_hours_known(&c, &f) && f.hours_24);
		assert_int_equal(hour(&f, &bytes), (proofs[i] >> 4) * 10 + (proofs[i] & 15));
		assert_false(mc_conduct_ambiguous(&c, &f, &noon));
		assert_true(mc_conduct_format(&c, &f, &noon));
		assert_int_equal(hour(&f, &noon), 12);
	}
}

/* Until then twelve o'clock is two times, and no other hour. */
static void twelve_is_ambiguous_until_proven(void **state)
{
	static const u8 binary_b = MC146818_B_DM;
	struct mc_conduct c;
	u8 h;

	(void)state;
	mc_conduct_init(&c, false);
	for (h = 1; h <= 12; h++) {
		struct mc146818_format f = format(0), g = format(binary_b);
		struct mc146818_time bytes = bcd(h / 10 << 4 | h % 10), binary = bcd(h);

		binary.year = 26;
		binary.century = 20;
		assert_true(mc_conduct_format(&c, &f, &bytes));
		assert_true(mc_conduct_format(&c, &g, &binary));
		assert_false(mc_conduct_hours_known(&c, &f) || f.hours_24 || g.hours_24);
		assert_int_equal(mc_conduct_ambiguous(&c, &f, &bytes), h == 12);
		assert_int_equal(mc_conduct_ambiguous(&c, &g, &binary), h == 12);
		assert_int_equal(hour(&f, &bytes), h % 12);
	}
}

/* An afternoon's hour says that they do not run to 24, and only noon's where they begin. */
static void pm_is_not_24_and_noon_proves_12(void **state)
{
	struct mc146818_format f = format(0);
	struct mc146818_time twelve = bcd(0x12), noon = bcd(0x92), one = bcd(0x81);
	struct mc_conduct c;

	(void)state;
	mc_conduct_init(&c, false);
	assert_true(mc_conduct_format(&c, &f, &one));
	assert_false(f.hours_24 || f.hours_0);
	assert_int_equal(hour(&f, &one), 13);
	assert_true(mc_conduct_ambiguous(&c, &f, &twelve));
	assert_false(mc_conduct_ambiguous(&c, &f, &noon));
	assert_true(mc_conduct_format(&c, &f, &noon));
	assert_int_equal(c.hours, MC_HOURS_12);
	assert_int_equal(hour(&f, &noon), 12);
	assert_false(mc_conduct_ambiguous(&c, &f, &twelve));
	assert_int_equal(hour(&f, &twelve), 0);
}

/* A midnight of 0 and an afternoon with PM: then twelve is noon. */
static void hours_from_0_are_told(void **state)
{
	struct mc146818_format f = format(0);
	struct mc146818_time midnight = bcd(0), twelve = bcd(0x12), one = bcd(0x81);
	struct mc_conduct c;

	(void)state;
	mc_conduct_init(&c, false);
	assert_true(mc_conduct_format(&c, &f, &midnight));
	assert_int_equal(hour(&f, &midnight), 0);
	assert_true(mc_conduct_format(&c, &f, &one));
	assert_int_equal(c.hours, MC_HOURS_0);
	assert_int_equal(hour(&f, &one), 13);
	assert_false(mc_conduct_ambiguous(&c, &f, &twelve));
	assert_true(mc_conduct_format(&c, &f, &twelve));
	assert_int_equal(hour(&f, &twelve), 12);
}

/* The VM was moved from a chip of 24 hours to one of 12. */
static void a_proof_beats_an_older_one(void **state)
{
	struct mc146818_format f = format(0);
	struct mc146818_time late = bcd(0x13), one = bcd(0x81);
	struct mc_conduct c;

	(void)state;
	mc_conduct_init(&c, false);
	assert_true(mc_conduct_format(&c, &f, &late));
	assert_true(mc_conduct_format(&c, &f, &one));
	assert_false(c.hours & MC_HOURS_24 || f.hours_24);
	assert_int_equal(hour(&f, &one), 13);
}

static void register_b_that_says_24_is_believed(void **state)
{
	struct mc146818_format f = format(MC146818_B_24H);
	struct mc146818_time twelve = bcd(0x12), late = bcd(0x23), pm = bcd(0x81);
	struct mc_conduct c;

	(void)state;
	mc_conduct_init(&c, false);
	assert_true(mc_conduct_format(&c, &f, &twelve));
	assert_true(mc_conduct_hours_known(&c, &f));
	assert_false(mc_conduct_ambiguous(&c, &f, &twelve));
	assert_int_equal(hour(&f, &twelve), 12);
	assert_false(mc_conduct_format(&c, &f, &pm));
	assert_true(mc_conduct_format(&c, &f, &late));
	assert_int_equal(c.hours, MC_HOURS_ANY);
	assert_int_equal(f.reg_b, MC146818_B_24H);
}

/* Bytes that BCD does not have, where B says BCD; and the other way round. */
static void binary_is_told_from_bcd(void **state)
{
	struct mc146818_time binary = { .seconds = 59, .minutes = 58, .hours = 23,
		.date = 31, .month = 12, .year = 26, .century = 20 };
	struct mc146818_time decimal = { .seconds = 0x59, .minutes = 0x58, .hours = 0x23,
		.date = 0x31, .month = 0x12, .year = 0x26, .century = 0x20 };
	struct mc146818_format f = format(MC146818_B_24H);
	struct mc_conduct c;

	(void)state;
	mc_conduct_init(&c, false);
	assert_true(mc_conduct_format(&c, &f, &binary));
	assert_int_equal(f.reg_b, MC146818_B_24H | MC146818_B_DM);
	assert_int_equal(hour(&f, &binary), 23);
	assert_true(mc_conduct_format(&c, &f, &decimal));
	assert_int_equal(f.reg_b, MC146818_B_24H);
	assert_int_equal(hour(&f, &decimal), 23);
}

static void what_is_no_time_changes_nothing(void **state)
{
	static const u8 bs[] = { 0, MC146818_B_DM, MC146818_B_24H, MC146818_B_24H | MC146818_B_DM };
	struct mc146818_time bytes = bcd(0x11);
	size_t i;

	(void)state;
	bytes.month = 0x13;
	for (i = 0; i < sizeof(bs); i++) {
		struct mc146818_format f = format(bs[i]);
		struct mc_conduct c;

		mc_conduct_init(&c, false);
		assert_false(mc_conduct_format(&c, &f, &bytes));
		assert_int_equal(f.reg_b, bs[i]);
		assert_false(f.hours_24 || f.hours_0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_known_at_first),
		cmocka_unit_test(each_release_is_told_apart),
		cmocka_unit_test(a_later_write_is_counted_from),
		cmocka_unit_test(what_coincides_stays_open),
		cmocka_unit_test(unknown_edges_may_go_on),
		cmocka_unit_test(a_wide_edge_tells_less),
		cmocka_unit_test(what_nothing_explains_fits_nothing),
		cmocka_unit_test(another_chip_is_noticed),
		cmocka_unit_test(what_is_shaken_is_confirmed),
		cmocka_unit_test(dropped_writes_promise_nothing),
		cmocka_unit_test(edges_that_go_on_are_not_promised),
		cmocka_unit_test(the_next_edge_is_where_it_was_promised),
		cmocka_unit_test(one_conduct_is_promised_narrowly),
		cmocka_unit_test(hours_that_only_24_have_prove_them),
		cmocka_unit_test(twelve_is_ambiguous_until_proven),
		cmocka_unit_test(pm_is_not_24_and_noon_proves_12),
		cmocka_unit_test(hours_from_0_are_told),
		cmocka_unit_test(a_proof_beats_an_older_one),
		cmocka_unit_test(register_b_that_says_24_is_believed),
		cmocka_unit_test(binary_is_told_from_bcd),
		cmocka_unit_test(what_is_no_time_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
