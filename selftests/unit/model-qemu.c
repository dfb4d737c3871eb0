// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's chip: where it differs from the datasheet, and what QEMU's own test of
 * it (tests/qtest/rtc-test.c) asserts, in both modes where both keep it.
 */
#include "chip.h"

#define AF		MC146818_C_AF
#define UF		MC146818_C_UF
#define PF		MC146818_C_PF
#define IRQF		MC146818_C_IRQF
#define UIP		MC146818_A_UIP
#define SET		MC146818_B_SET
#define DV_RUNS		MC146818_A_DV_32KHZ

static const struct mc146818_model_options *const both[] = { &qemu, &strict };

static struct chip qemu_chip(void)
{
	struct chip c = chip(&qemu, date(2026, 11, 22, 10, 20, 30));

	wr(&c, RA, DV_RUNS);
	return c;
}

static void flags_rise_under_set(void **state)
{
	struct chip c = qemu_chip();

	(void)state;
	wr(&c, RB, MC146818_B_24H | SET | MC146818_B_UIE);
	assert_int_equal(rd(&c, RB), MC146818_B_24H | SET);
	run(&c, 3 * SEC);
	assert_int_equal(rd(&c, S), 0x30);
	assert_int_equal(rd(&c, RC), UF);
}

static void uie_cannot_be_enabled_under_set(void **state)
{
	struct chip c = qemu_chip();

	(void)state;
	wr(&c, RB, MC146818_B_24H | SET);
	wr(&c, RB, MC146818_B_24H | SET | MC146818_B_UIE);
	assert_int_equal(rd(&c, RB), MC146818_B_24H | SET);
}

static void writing_the_time_restarts_the_second(void **state)
{
	struct chip c = qemu_chip();

	(void)state;
	run(&c, 700 * MS);
	wr(&c, M, 0x21);
	run(&c, SEC - 1);
	assert_int_equal(rd(&c, S), 0x30);
	run(&c, 1);
	assert_int_equal(rd(&c, S), 0x31);
}

/* Where SET was cleared or the divider released, the second restarts there. */
static void the_restart_has_an_offset(void **state)
{
	struct chip c = qemu_chip();

	(void)state;
	run(&c, 200 * MS);
	wr(&c, RB, MC146818_B_24H | SET);
	run(&c, 50 * MS);
	wr(&c, RB, MC146818_B_24H);
	run(&c, 500 * MS);
	wr(&c, M, 0x21);
	run(&c, 750 * MS - 1);
	assert_int_equal(rd(&c, S), 0x30);
	run(&c, 1);
	assert_int_equal(rd(&c, S), 0x31);

	wr(&c, RA, MC146818_A_DV_RESET);
	wr(&c, RA, DV_RUNS);
	run(&c, 499 * MS);
	wr(&c, M, 0x22);
	run(&c, 500 * MS - 1);
	assert_int_equal(rd(&c, S), 0x31);
	run(&c, 1);
	assert_int_equal(rd(&c, S), 0x32);
}

static void release_under_set_keeps_the_phase(void **state)
{
	struct chip c = qemu_chip();

	(void)state;
	run(&c, 200 * MS);
	wr(&c, RB, MC146818_B_24H | SET);
	wr(&c, RA, MC146818_A_DV_RESET);
	run(&c, 5333 * MS);
	wr(&c, RA, DV_RUNS);
	wr(&c, RB, MC146818_B_24H);
	assert_int_equal(rd(&c, S), 0x30);
	run(&c, 467 * MS - 1);
	assert_int_equal(rd(&c, S), 0x30);
	run(&c, 1);
	assert_int_equal(rd(&c, S), 0x31);
}

static void illegal_dates_read_normalised(void **state)
{
	struct chip c = qemu_chip();

	(void)state;
	wr(&c, D, 0x31);
	assert_int_equal(shown(&c), date(2026, 12, 1, 10, 20, 30));
	assert_int_equal(rd(&c, D), 0x01);
	wr(&c, S, 0x7f);
	assert_int_equal(shown(&c), date(2026, 12, 1, 10, 21, 25));
}

static void dividers_for_other_crystals_run(void **state)
{
	struct chip c = qemu_chip();

	(void)state;
	wr(&c, RA, 0x10);
	run(&c, 2 * SEC);
	assert_int_equal(rd(&c, S), 0x32);
}

static void pf_waits_for_pie(void **state)
{
	struct chip c = qemu_chip();

	(void)state;
	wr(&c, RA, DV_RUNS | 6);
	run(&c, 500 * MS);
	assert_int_equal(rd(&c, RC), 0);
	wr(&c, RB, MC146818_B_24H | MC146818_B_PIE);
	run(&c, MS);
	assert_int_equal(rd(&c, RC), PF | IRQF);
}

static void reset_keeps_uie(void **state)
{
	struct chip c = qemu_chip();

	(void)state;
	wr(&c, RB, 0x7f);
	mc146818_model_reset(&c.model, c.t);
	assert_int_equal(rd(&c, RB), 0x07 | MC146818_B_UIE);
}

static void set_alarm(struct chip *c, u8 hours, u8 minutes, u8 seconds)
{
	wr(c, HA, hours);
	wr(c, MA, minutes);
	wr(c, SA, seconds);
}

static bool fires_within(struct chip *c, int seconds)
{
	int i;

	rd(c, RC);
	for (i = 0; i < seconds; i++) {
		run(c, SEC);
		if (rd(c, RC) & AF)
			return true;
	}
	return false;
}

/* Second 85 of this minute is the next minute's 25, for those who do not look earlier. */
static void invalid_second_fires(void **state)
{
	struct chip early = qemu_chip(), c = qemu_chip();

	(void)state;
	set_alarm(&early, 0xff, 0xff, 0x7f);
	run(&early, 54 * SEC);
	assert_int_equal(rd(&early, RC), UF);
	run(&early, SEC);
	assert_int_equal(rd(&early, RC), UF);
	set_alarm(&c, 0xff, 0xff, 0x7f);
	run(&c, 55 * SEC);
	assert_int_equal(rd(&c, RC), UF | AF);
}

static void noon_alarm_is_missed_at_noon(void **state)
{
	static const u8 late_morning[] = { 0x11, 0x59, 0x50, 1, 0x22, 0x11, 0x26, 0x20 };
	struct chip c = qemu_chip();

	(void)state;
	set(&c, 0, late_morning);
	set_alarm(&c, 0x92, 0x00, 0x00);
	assert_false(fires_within(&c, 600));
}

static void alarms_of_24_hours_are_the_datasheets(void **state)
{
	u64 seed = 11;
	int i;

	(void)state;
	for (i = 0; i < 2000; i++) {
		struct chip q = chip(&qemu, 20000 * DAY + below(&seed, DAY));
		struct chip s = chip(&strict, q.model.sec);
		u8 any = below(&seed, 8), hour = below(&seed, 24), minute = below(&seed, 60);
		u8 binary = MC146818_B_24H | MC146818_B_DM | MC146818_B_AIE;

		wr(&q, RB, binary);
		wr(&s, RB, binary);
		set_alarm(&q, any & 1 ? 0xff : hour, any & 2 ? 0xc0 : minute,
			  any & 4 ? 0xd5 : minute / 2);
		set_alarm(&s, rd(&q, HA), rd(&q, MA), rd(&q, SA));
		assert_true(next_event(&q) == next_event(&s));
	}
}

/* check-time: two equal readings in a row say what the host's clock says. */
static void check_time(void **state)
{
	int i, dm, fraction;

	(void)state;
	for (i = 0; i < 2; i++)
		for (dm = 0; dm <= MC146818_B_DM; dm += MC146818_B_DM)
			for (fraction = 0; fraction < 3000; fraction += 7) {
				s64 begin = date(2026, 11, 22, 23, 59, 58);
				struct chip c = chip(both[i], begin);

				wr(&c, RB, MC146818_B_24H | dm);
				run(&c, fraction * MS);
				assert_int_equal(shown(&c), begin + fraction / 1000);
			}
}

/* alarm/interrupt: two seconds ahead, any minute and hour. */
static void alarm_interrupt(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct chip c = chip(both[i], date(2026, 11, 22, 10, 20, 58));

		wr(&c, RA, DV_RUNS);
		set_alarm(&c, 0xff, 0xff, 0x00);
		wr(&c, RB, MC146818_B_24H | MC146818_B_AIE);
		assert_false(line(&c));
		assert_true(next_event(&c) == c.t + 2 * SEC);
		run(&c, 2 * SEC);
		assert_true(line(&c));
		assert_int_equal(rd(&c, RC) & (AF | IRQF), AF | IRQF);
		assert_int_equal(rd(&c, RC), 0);
		assert_false(line(&c));
	}
}

static bool pm_alarm(const struct mc146818_model_options *options, u8 hour)
{
	u8 bytes[] = { hour, 0x59, 0x00, 1, 0x22, 0x11, 0x26, 0x20 };
	struct chip c = chip(options, 0);

	wr(&c, RA, DV_RUNS);
	set(&c, 0, bytes);
	set_alarm(&c, 0x82, 0xff, 0xff);
	return fires_within(&c, 120);
}

/* alarm/am-pm: two in the afternoon is not two at night. */
static void alarm_am_pm(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_true(pm_alarm(both[i], 0x81));
		assert_false(pm_alarm(both[i], 0x01));
	}
}

/* set-year/20xx and 1980: what is written to year and century is read back. */
static void set_year(void **state)
{
	static const struct {
		int year;
		u8 century, byte;
	} years[] = { { 2011, 0x20, 0x11 }, { 2080, 0x20, 0x80 }, { 1980, 0x19, 0x80 } };
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++) {
		struct chip c = chip(both[i % 2], date(2026, 2, 2, 2, 4, 58));

		wr(&c, Y, years[i / 2].byte);
		wr(&c, CENTURY, years[i / 2].century);
		assert_int_equal(rd(&c, Y), years[i / 2].byte);
		assert_int_equal(shown(&c), date(years[i / 2].year, 2, 2, 2, 4, 58));
		run(&c, SEC);
		assert_int_equal(rd(&c, CENTURY), years[i / 2].century);
		assert_int_equal(shown(&c), date(years[i / 2].year, 2, 2, 2, 4, 59));
	}
}

/* register_b_set_flag */
static void register_b_set_flag(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct chip c = chip(both[i], date(2011, 2, 2, 2, 4, 58));

		wr(&c, RB, MC146818_B_24H | SET);
		run(&c, 2 * SEC);
		assert_int_equal(shown(&c), date(2011, 2, 2, 2, 4, 58));
		wr(&c, RB, MC146818_B_24H);
		run(&c, SEC);
		assert_int_equal(shown(&c), date(2011, 2, 2, 2, 4, 59));
	}
}

/* divider-reset */
static void divider_reset(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct chip c = chip(both[i], date(2011, 2, 2, 2, 4, 58));

		wr(&c, RA, MC146818_A_DV | 6);
		run(&c, SEC);
		assert_int_equal(rd(&c, S), 0x58);
		wr(&c, RA, DV_RUNS | 6);
		run(&c, 500 * MS - 244140 - 2);
		assert_int_equal(rd(&c, RA) & UIP, 0);
		run(&c, 2);
		assert_int_equal(rd(&c, RA) & UIP, UIP);
		run(&c, 244140);
		assert_int_equal(rd(&c, RA) & UIP, 0);
		assert_int_equal(rd(&c, S), 0x59);
	}
}

/* uip-stuck: an alarm moved while UIP is up. */
static void uip_is_not_stuck(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct chip c = chip(both[i], date(2011, 2, 2, 2, 4, 58));

		set_alarm(&c, 0x02, 0x04, 0x59);
		wr(&c, RB, MC146818_B_24H | MC146818_B_AIE);
		run(&c, SEC - 1);
		assert_int_equal(rd(&c, RA) & UIP, UIP);
		set_alarm(&c, 0x02, 0x05, 0x30);
		run(&c, 1);
		rd(&c, RC);
		assert_int_equal(rd(&c, RA) & UIP, 0);
		run(&c, 500 * MS);
		assert_int_equal(rd(&c, RA) & UIP, 0);
	}
}

/* fuzz-registers: a thousand writes to the registers, each of which reads. */
static void fuzz_registers(void **state)
{
	u64 seed = 1;
	int i, n;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct chip c = chip(both[i], date(2011, 2, 2, 2, 4, 58));

		for (n = 0; n < 1000; n++) {
			wr(&c, below(&seed, 16), chance(&seed));
			run(&c, below(&seed, 2000) * MS);
			rd(&c, below(&seed, 16));
		}
		wr(&c, RA, DV_RUNS);
		wr(&c, RB, MC146818_B_24H);
		run(&c, 2 * SEC);
		assert_true(shown(&c) >= 0);
	}
}

/* periodic-timer: in QEMU fifty times, each interrupt read and counted. */
static int count_periods(struct chip *c, int rs, s64 ns)
{
	s64 end = c->t + ns;
	int n = 0;

	wr(c, RB, MC146818_B_24H | MC146818_B_PIE);
	wr(c, RA, DV_RUNS | rs);
	while (next_event(c) <= end) {
		c->t = next_event(c);
		assert_true(line(c));
		assert_int_equal(rd(c, RC) & (PF | IRQF), PF | IRQF);
		n++;
	}
	c->t = end;
	return n;
}

static void periodic_timer(void **state)
{
	int i, n;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct chip c = chip(both[i], date(2011, 2, 2, 2, 4, 58));

		for (n = 0; n < 50; n++) {
			assert_int_equal(count_periods(&c, 13, 500 * MS), 4);
			assert_int_equal(count_periods(&c, 15, 500 * MS), 1);
		}
	}
}

static int setup(void **state)
{
	(void)state;
	calendar_fill();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(calendar);
	return 0;
}

int run_qemu_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_rise_under_set),
		cmocka_unit_test(uie_cannot_be_enabled_under_set),
		cmocka_unit_test(writing_the_time_restarts_the_second),
		cmocka_unit_test(the_restart_has_an_offset),
		cmocka_unit_test(release_under_set_keeps_the_phase),
		cmocka_unit_test(illegal_dates_read_normalised),
		cmocka_unit_test(dividers_for_other_crystals_run),
		cmocka_unit_test(pf_waits_for_pie),
		cmocka_unit_test(reset_keeps_uie),
		cmocka_unit_test(invalid_second_fires),
		cmocka_unit_test(noon_alarm_is_missed_at_noon),
		cmocka_unit_test(alarms_of_24_hours_are_the_datasheets),
		cmocka_unit_test(check_time),
		cmocka_unit_test(alarm_interrupt),
		cmocka_unit_test(alarm_am_pm),
		cmocka_unit_test(set_year),
		cmocka_unit_test(register_b_set_flag),
		cmocka_unit_test(divider_reset),
		cmocka_unit_test(uip_is_not_stuck),
		cmocka_unit_test(fuzz_registers),
		cmocka_unit_test(periodic_timer),
	};

	return cmocka_run_group_tests_name("mc146818-model as QEMU's", tests, setup, teardown);
}
