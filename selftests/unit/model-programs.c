// SPDX-License-Identifier: GPL-2.0
/* What holds for the modelled chip whatever program is run on it. */
#include "chip.h"

/* All that there are, and the slow one. */
static int chips(void)
{
	int n = 0;

	while (mc_sim_profile_at(n))
		n++;
	return n + 1;
}

static const struct mc146818_model_options *options(int k)
{
	return k ? &mc_sim_profile_at(k - 1)->options : &slow;
}

/* From nothing at all to years, and often just around an edge or where UIP rises. */
static s64 some_ns(struct chip *c, u64 *seed)
{
	s64 to_edge = SEC - (c->t - START) % SEC;

	switch (below(seed, 8)) {
	case 0:
		return 0;
	case 1:
		return below(seed, 1000);
	case 2:
		return to_edge + (s64)below(seed, 4001) - 2000;
	case 3:
		return to_edge - LEAD + below(seed, 3 * LEAD);
	case 4:
		return (s64)below(seed, 100000) * SEC + below(seed, SEC);
	case 5:
		return (s64)below(seed, 10) * DAY * SEC;
	default:
		return below(seed, 2 * SEC);
	}
}

static u8 some_register(u64 *seed)
{
	return below(seed, 4) ? below(seed, 14) : below(seed, 256);
}

/* Codes of a mode often enough that alarms come and dates are dates. */
static u8 some_byte(u64 *seed)
{
	u32 v = below(seed, 60);

	switch (below(seed, 4)) {
	case 0:
		return v / 10 << 4 | v % 10;
	case 1:
		return v;
	case 2:
		return 0xff;
	default:
		return chance(seed);
	}
}

static void some_write(struct chip *c, u64 *seed)
{
	u8 reg = some_register(seed), value = some_byte(seed);

	/* Else the divider would be held, or SET be set, most of the time. */
	if (reg == RA && below(seed, 4))
		value = MC146818_A_DV_32KHZ | (value & MC146818_A_RS);
	if (reg == RB && below(seed, 2))
		value &= ~MC146818_B_SET;
	wr(c, reg, value);
}

static void some_operation(struct chip *c, u64 *seed)
{
	switch (below(seed, 40)) {
	case 0:
		mc146818_model_reset(&c->model, c->t);
		break;
	case 1:
		mc146818_model_rebase(&c->model, below(seed, 1 << 30), below(seed, SEC), c->t);
		break;
	case 2:
		mc146818_model_step(&c->model, ((s64)below(seed, 1 << 30) - (1 << 29)) * SEC, c->t);
		break;
	case 3:
		mc146818_model_rate(&c->model, (s64)below(seed, 1000001) - 500000, c->t);
		break;
	default:
		if (below(seed, 3))
			some_write(c, seed);
		else
			rd(c, some_register(seed));
	}
}

/* A chip on which a program has run; which one, the seed says. Half of them wait for something. */
static struct chip after_program(u64 *seed)
{
	struct chip c = chip(options(below(seed, chips())), below(seed, 1 << 30));
	int i, n = below(seed, 60);

	for (i = 0; i < n; i++) {
		s64 ns = some_ns(&c, seed);

		run(&c, ns > 0 ? ns : 0);
		some_operation(&c, seed);
	}
	if (below(seed, 2)) {
		wr(&c, RB, chance(seed) & ~MC146818_B_SET);
		rd(&c, RC);
	}
	return c;
}

static void check_same(const struct chip *a, const struct chip *b)
{
	assert_memory_equal(a->model.ram, b->model.ram, sizeof(a->model.ram));
	assert_true(a->model.sec == b->model.sec);
	assert_true(a->model.now_ns == b->model.now_ns);
	assert_true(a->model.edge_ns == b->model.edge_ns);
	assert_true(a->model.period_ns == b->model.period_ns);
}

/* Looking at the line leaves no trace. In QEMU it may: its alarm is worked out anew. */
static void many_small_steps_are_one_large(void **state)
{
	u64 seed = 21;
	int i, k;

	(void)state;
	for (i = 0; i < 5000; i++) {
		struct chip a = after_program(&seed), b = a;
		s64 ns = 0, piece;

		if (a.model.options.alarm == MC_SIM_ALARM_QEMU)
			continue;
		for (k = 0; k < 20; k++) {
			piece = some_ns(&a, &seed);
			piece = piece > 0 ? piece : 0;
			run(&a, piece);
			ns += piece;
		}
		run(&b, ns);
		check_same(&a, &b);
	}
}

/* Under SET, in twelve hours and with codes that are none QEMU's alarm recedes as one looks. */
static bool alarm_recedes(struct chip *c)
{
	struct mc146818_format f = { .reg_b = rd(c, RB) };
	struct mc146818_alarm bytes = {
		.seconds = rd(c, SA), .minutes = rd(c, MA), .hours = rd(c, HA),
	};
	struct rtc_time tm;

	return c->model.options.alarm == MC_SIM_ALARM_QEMU &&
	       (f.reg_b & MC146818_B_SET || !(f.reg_b & MC146818_B_24H) ||
		mc146818_decode_alarm(&f, &bytes, &tm));
}

static void next_event_is_neither_late_nor_early(void **state)
{
	u64 seed = 22;
	int i, events = 0;

	(void)state;
	for (i = 0; i < 20000; i++) {
		struct chip c = after_program(&seed);
		u8 pending, enabled = rd(&c, RB) & MC146818_B_IRQ_ENABLES;
		s64 event = next_event(&c);

		pending = c.model.ram[RC] & enabled;
		if (event == MC146818_MODEL_NEVER || alarm_recedes(&c))
			continue;
		assert_true(event > c.t);
		c.t = event - 1;
		mc146818_model_sync(&c.model, c.t);
		assert_int_equal(c.model.ram[RC] & enabled, pending);
		c.t = event;
		mc146818_model_sync(&c.model, c.t);
		assert_int_not_equal(c.model.ram[RC] & enabled, pending);
		assert_true(line(&c));
		events++;
	}
	assert_true(events > 5000);
}

static void never_is_never(void **state)
{
	u64 seed = 23;
	int i, quiet = 0;

	(void)state;
	for (i = 0; i < 20000; i++) {
		struct chip c = after_program(&seed);
		bool before = line(&c);

		if (next_event(&c) != MC146818_MODEL_NEVER || alarm_recedes(&c))
			continue;
		run(&c, some_ns(&c, &seed) + 3 * DAY * SEC);
		assert_int_equal(line(&c), before);
		quiet++;
	}
	assert_true(quiet > 2000);
}

static void time_stays_valid(void **state)
{
	u64 seed = 24;
	int i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		struct chip c = after_program(&seed);

		wr(&c, RA, MC146818_A_DV_32KHZ);
		wr(&c, RB, chance(&seed) & 0x7f);
		run(&c, SEC + c.model.options.update_ns);
		/* A crystal that is slow may need a little longer. */
		mc146818_model_rate(&c.model, 0, c.t);
		run(&c, 500 * MS);
		while (rd(&c, RA) & MC146818_A_UIP)
			run(&c, MS);
		if (shown(&c) < 0)
			fail_msg("program %d ends with no time", i);
	}
}

static void a_hundred_thousand_writes(void **state)
{
	u64 seed = 25;
	int i, k;

	(void)state;
	for (k = 0; k < chips(); k++) {
		struct chip c = chip(options(k), 0);

		for (i = 0; i < 100000; i++) {
			some_write(&c, &seed);
			run(&c, below(&seed, 2 * SEC));
			rd(&c, some_register(&seed));
			if (!c.model.options.c_ram)
				assert_int_equal(line(&c),
						 !!(c.model.ram[RC] & c.model.ram[RB] & 0x70));
		}
		wr(&c, RA, MC146818_A_DV_32KHZ);
		wr(&c, RB, MC146818_B_24H);
		run(&c, 2 * SEC);
		assert_true(shown(&c) >= 0);
	}
}

/* What does not set the time: RAM, alarms, enables, rates, reset, reading. */
static void harmless_operation(struct chip *c, u64 *seed)
{
	u8 value = some_byte(seed);

	switch (below(seed, 6)) {
	case 0:
		wr(c, 2 * below(seed, 3) + 1, value);
		break;
	case 1:
		wr(c, RA, MC146818_A_DV_32KHZ | (value & MC146818_A_RS));
		break;
	case 2:
		wr(c, RB, value & ~MC146818_B_SET);
		break;
	case 3:
		mc146818_model_reset(&c->model, c->t);
		break;
	case 4:
		wr(c, 0x40 | (value & 0x3f), value);
		break;
	default:
		rd(c, some_register(seed));
	}
}

static void time_runs_on_whatever_is_done(void **state)
{
	u64 seed = 26;
	int i, n;

	(void)state;
	for (i = 0; i < 600; i++) {
		s64 begin = date(2000, 1, 1, 0, 0, 0) + below(&seed, 1 << 30);
		struct chip c = chip(options(i % chips()), begin);

		for (n = 0; n < 100; n++) {
			s64 ns = some_ns(&c, &seed);

			run(&c, ns > 0 ? ns : 0);
			if (!(rd(&c, RA) & MC146818_A_UIP))
				assert_int_equal(shown(&c), begin + (c.t - START) / SEC);
			harmless_operation(&c, &seed);
		}
	}
}

static s64 slow_reading(struct chip *c, u64 *seed)
{
	static const u8 regs[] = { S, M, H, WD, D, MO, Y, CENTURY };
	u8 bytes[8];
	int i, from = below(seed, 8);

	for (i = 0; i < 8; i++) {
		bytes[(from + i) % 8] = rd(c, regs[(from + i) % 8]);
		run(c, below(seed, LEAD / 8));
	}
	return decoded(&c->model, &(struct mc146818_time){
		.seconds = bytes[0], .minutes = bytes[1], .hours = bytes[2], .day_of_week = bytes[3],
		.date = bytes[4], .month = bytes[5], .year = bytes[6], .century = bytes[7],
	});
}

/* UIP down leaves 244 us. Readings begun under it tear, or this would prove nothing. */
static void only_readings_begun_under_uip_tear(void **state)
{
	u64 seed = 27;
	int i, k, torn = 0;

	(void)state;
	for (k = 0; k < 2; k++)
		for (i = 0; i < 20000; i++) {
			struct chip c = chip(k ? &strict : &slow, date(2027, 12, 31, 23, 59, 59));
			s64 begin = c.model.sec, reading;
			bool uip;

			run(&c, SEC - 2 * MS + below(&seed, 5 * MS));
			uip = rd(&c, RA) & MC146818_A_UIP;
			reading = slow_reading(&c, &seed);
			if (reading == begin || reading == begin + 1)
				continue;
			assert_true(uip);
			torn++;
		}
	assert_true(torn > 100);
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

int run_program_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_small_steps_are_one_large),
		cmocka_unit_test(next_event_is_neither_late_nor_early),
		cmocka_unit_test(never_is_never),
		cmocka_unit_test(time_stays_valid),
		cmocka_unit_test(a_hundred_thousand_writes),
		cmocka_unit_test(time_runs_on_whatever_is_done),
		cmocka_unit_test(only_readings_begun_under_uip_tear),
	};

	return cmocka_run_group_tests_name("mc146818-model under programs", tests, setup, teardown);
}
