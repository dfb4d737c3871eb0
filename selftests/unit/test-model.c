// SPDX-License-Identifier: GPL-2.0
/* What the datasheet says of the chip, sentence by sentence. */
#include <errno.h>

#include "chip.h"

#define BCD_24H		MC146818_B_24H
#define BIN_24H		(MC146818_B_24H | MC146818_B_DM)
#define BCD_12H		0
#define BIN_12H		MC146818_B_DM
#define HELD		(MC146818_A_DV_RESET | 6)
#define RUNNING		(MC146818_A_DV_32KHZ | 6)
#define UIP		MC146818_A_UIP
#define PF		MC146818_C_PF
#define AF		MC146818_C_AF
#define UF		MC146818_C_UF
#define IRQF		MC146818_C_IRQF

struct mc146818_model_options strict, qemu, slow;

__attribute__((constructor)) static void fill_options(void)
{
	strict = mc_sim_profile_find("mc146818")->options;
	qemu = mc_sim_profile_find("qemu")->options;
	slow = strict;
	slow.update_ns = MC146818_MODEL_UPDATE_NS;
}

/* A chip that does not count periods, so that only what a test is about shows in C. */
static struct chip quiet(const struct mc146818_model_options *options, s64 sec)
{
	struct chip c = chip(options, sec);

	wr(&c, RA, MC146818_A_DV_32KHZ);
	return c;
}

static struct chip now(void)
{
	return quiet(&strict, date(2026, 11, 22, 10, 20, 30));
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

static void registers_at_power_on(void **state)
{
	struct chip c = chip(&strict, date(2026, 11, 22, 10, 20, 30));
	int reg;

	(void)state;
	assert_int_equal(rd(&c, RA), 0x26);
	assert_int_equal(rd(&c, RB), 0x02);
	assert_int_equal(rd(&c, RC), 0);
	assert_int_equal(rd(&c, RD), 0x80);
	assert_int_equal(rd(&c, S), 0x30);
	assert_int_equal(rd(&c, M), 0x20);
	assert_int_equal(rd(&c, H), 0x10);
	assert_int_equal(rd(&c, WD), 1);
	assert_int_equal(rd(&c, D), 0x22);
	assert_int_equal(rd(&c, MO), 0x11);
	assert_int_equal(rd(&c, Y), 0x26);
	assert_int_equal(rd(&c, CENTURY), 0x20);
	for (reg = 0x0e; reg < CENTURY; reg++)
		assert_int_equal(rd(&c, reg), 0);
	assert_false(line(&c));
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
}

static void index_is_masked(void **state)
{
	struct chip c = now();
	int reg;

	(void)state;
	wr(&c, 0x80 | 0x55, 0xa5);
	assert_int_equal(rd(&c, 0x55), 0xa5);
	for (reg = 0; reg < 0x80; reg++)
		assert_int_equal(rd(&c, reg), rd(&c, reg | 0x80));
}

static void century_stands_twice(void **state)
{
	struct chip c = now();

	(void)state;
	assert_int_equal(rd(&c, 0x37), 0x20);
	wr(&c, 0x37, 0x21);
	assert_int_equal(rd(&c, 0x32), 0x21);
	run(&c, SEC);
	assert_int_equal(shown(&c), date(2126, 11, 22, 10, 20, 31));
}

static void c_and_d_are_read_only(void **state)
{
	struct chip c = now();

	(void)state;
	wr(&c, RC, 0xff);
	wr(&c, RD, 0);
	assert_int_equal(rd(&c, RC), 0);
	assert_int_equal(rd(&c, RD), MC146818_D_VRT);
}

static void ram_keeps_every_byte(void **state)
{
	struct chip c = now();
	int reg, value;

	(void)state;
	for (value = 0; value < 256; value += 15) {
		for (reg = 0x0e; reg < 0x80; reg++)
			if (reg != 0x32 && reg != 0x37)
				wr(&c, reg, value ^ reg);
		run(&c, 3 * SEC);
		mc146818_model_reset(&c.model, c.t);
		for (reg = 0x0e; reg < 0x80; reg++)
			if (reg != 0x32 && reg != 0x37)
				assert_int_equal(rd(&c, reg), value ^ reg);
	}
}

static void ports_latch_the_index(void **state)
{
	struct chip c = now();
	struct mc146818_model *m = &c.model;

	(void)state;
	mc146818_model_port_out(m, 0x70, 0x80 | 0x40, c.t);
	assert_true(m->nmi_masked);
	mc146818_model_port_out(m, 0x71, 0x99, c.t);
	assert_int_equal(mc146818_model_port_in(m, 0x71, c.t), 0x99);
	mc146818_model_port_out(m, 0x70, 0x40, c.t);
	assert_false(m->nmi_masked);
	assert_int_equal(mc146818_model_port_in(m, 0x71, c.t), 0x99);
	assert_int_equal(mc146818_model_port_in(m, 0x70, c.t), 0xff);
	mc146818_model_port_out(m, 0x70, H, c.t);
	assert_int_equal(mc146818_model_port_in(m, 0x71, c.t + 2 * 3600 * SEC), 0x12);
}

static void uip_covers_the_lead(void **state)
{
	struct chip c = now();
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(rd(&c, RA) & UIP, 0);
		run(&c, SEC - LEAD - 1);
		assert_int_equal(rd(&c, RA) & UIP, 0);
		run(&c, 1);
		assert_int_equal(rd(&c, RA) & UIP, UIP);
		run(&c, LEAD - 1);
		assert_int_equal(rd(&c, RA) & UIP, UIP);
		assert_int_equal(rd(&c, S), 0x30 + i);
		run(&c, 1);
		assert_int_equal(rd(&c, RA) & UIP, 0);
		assert_int_equal(rd(&c, S), 0x31 + i);
	}
}

static void uip_covers_the_update(void **state)
{
	struct chip c = quiet(&slow, date(2026, 11, 22, 10, 20, 30));

	(void)state;
	assert_int_equal(rd(&c, RA) & UIP, 0);
	run(&c, SEC - LEAD - 1);
	assert_int_equal(rd(&c, RA) & UIP, 0);
	run(&c, 1);
	assert_int_equal(rd(&c, RA) & UIP, UIP);
	run(&c, LEAD + slow.update_ns - 1);
	assert_int_equal(rd(&c, RA) & UIP, UIP);
	assert_int_equal(rd(&c, RC), 0);
	run(&c, 1);
	assert_int_equal(rd(&c, RA) & UIP, 0);
	assert_int_equal(rd(&c, RC), UF);
}

/* In the order of their registers, each an eighth of the update after the one before. */
static void update_changes_one_register_after_the_other(void **state)
{
	static const u8 regs[] = { S, M, H, WD, D, MO, Y, CENTURY };
	static const u8 old[] = { 0x59, 0x59, 0x23, 6, 0x31, 0x12, 0x99, 0x19 };
	static const u8 new[] = { 0, 0, 0, 7, 1, 1, 0, 0x20 };
	struct chip c = quiet(&slow, date(1999, 12, 31, 23, 59, 59));
	int place, step;

	(void)state;
	run(&c, SEC - 1);
	for (place = 0; place < 8; place++)
		assert_int_equal(rd(&c, regs[place]), old[place]);
	run(&c, 1);
	for (step = 0; step < 8; step++) {
		for (place = 0; place < 8; place++)
			assert_int_equal(rd(&c, regs[place]),
					 place <= step ? new[place] : old[place]);
		assert_int_equal(rd(&c, RC), 0);
		run(&c, slow.update_ns / 8);
	}
	/* The alarm of power-on is midnight. */
	assert_int_equal(rd(&c, RC), UF | AF);
}

/* Bytes: hours, minutes, seconds, day of the week, date, month, year, century. */
struct carry {
	u8 reg_b;
	u8 before[8], after[8];
};

static void check_carry(const struct mc146818_model_options *options, const struct carry *carry)
{
	static const u8 regs[] = { H, M, S, WD, D, MO, Y, CENTURY };
	struct chip c = quiet(options, 0);
	int i;

	set(&c, carry->reg_b, carry->before);
	run(&c, SEC - 1);
	for (i = 0; i < 8; i++)
		assert_int_equal(rd(&c, regs[i]), carry->before[i]);
	run(&c, 1);
	for (i = 0; i < 8; i++)
		if (rd(&c, regs[i]) != carry->after[i])
			fail_msg("B %02x, %02x:%02x:%02x: register %02x is %02x and not %02x",
				 carry->reg_b, carry->before[0], carry->before[1], carry->before[2],
				 regs[i], rd(&c, regs[i]), carry->after[i]);
}

static const struct carry carries[] = {
	/* digits */
	{ BCD_24H, { 0x10, 0x20, 0x09, 1, 0x22, 0x11, 0x26, 0x20 },
		   { 0x10, 0x20, 0x10, 1, 0x22, 0x11, 0x26, 0x20 } },
	{ BIN_24H, { 10, 20, 9, 1, 22, 11, 26, 20 }, { 10, 20, 10, 1, 22, 11, 26, 20 } },
	{ BCD_24H, { 0x10, 0x20, 0x59, 1, 0x22, 0x11, 0x26, 0x20 },
		   { 0x10, 0x21, 0x00, 1, 0x22, 0x11, 0x26, 0x20 } },
	{ BIN_24H, { 9, 59, 59, 1, 22, 11, 26, 20 }, { 10, 0, 0, 1, 22, 11, 26, 20 } },
	{ BCD_24H, { 0x09, 0x59, 0x59, 1, 0x22, 0x11, 0x26, 0x20 },
		   { 0x10, 0x00, 0x00, 1, 0x22, 0x11, 0x26, 0x20 } },
	/* days, months, years */
	{ BCD_24H, { 0x23, 0x59, 0x59, 1, 0x22, 0x11, 0x26, 0x20 },
		   { 0x00, 0x00, 0x00, 2, 0x23, 0x11, 0x26, 0x20 } },
	{ BCD_24H, { 0x23, 0x59, 0x59, 7, 0x30, 0x11, 0x24, 0x20 },
		   { 0x00, 0x00, 0x00, 1, 0x01, 0x12, 0x24, 0x20 } },
	{ BCD_24H, { 0x23, 0x59, 0x59, 4, 0x28, 0x02, 0x24, 0x20 },
		   { 0x00, 0x00, 0x00, 5, 0x29, 0x02, 0x24, 0x20 } },
	{ BCD_24H, { 0x23, 0x59, 0x59, 5, 0x29, 0x02, 0x24, 0x20 },
		   { 0x00, 0x00, 0x00, 6, 0x01, 0x03, 0x24, 0x20 } },
	{ BIN_24H, { 23, 59, 59, 3, 28, 2, 23, 20 }, { 0, 0, 0, 4, 1, 3, 23, 20 } },
	{ BIN_24H, { 23, 59, 59, 2, 28, 2, 0, 20 }, { 0, 0, 0, 3, 29, 2, 0, 20 } },
	{ BIN_24H, { 23, 59, 59, 1, 28, 2, 0, 21 }, { 0, 0, 0, 2, 1, 3, 0, 21 } },
	{ BCD_24H, { 0x23, 0x59, 0x59, 6, 0x31, 0x12, 0x99, 0x19 },
		   { 0x00, 0x00, 0x00, 7, 0x01, 0x01, 0x00, 0x20 } },
	{ BIN_24H, { 23, 59, 59, 1, 31, 12, 79, 20 }, { 0, 0, 0, 2, 1, 1, 80, 20 } },
	{ BCD_24H, { 0x23, 0x59, 0x59, 1, 0x31, 0x12, 0x79, 0x20 },
		   { 0x00, 0x00, 0x00, 2, 0x01, 0x01, 0x80, 0x20 } },
	/* twelve hours */
	{ BCD_12H, { 0x11, 0x59, 0x59, 1, 0x22, 0x11, 0x26, 0x20 },
		   { 0x92, 0x00, 0x00, 1, 0x22, 0x11, 0x26, 0x20 } },
	{ BCD_12H, { 0x91, 0x59, 0x59, 1, 0x22, 0x11, 0x26, 0x20 },
		   { 0x12, 0x00, 0x00, 2, 0x23, 0x11, 0x26, 0x20 } },
	{ BCD_12H, { 0x12, 0x59, 0x59, 1, 0x22, 0x11, 0x26, 0x20 },
		   { 0x01, 0x00, 0x00, 1, 0x22, 0x11, 0x26, 0x20 } },
	{ BCD_12H, { 0x92, 0x59, 0x59, 1, 0x22, 0x11, 0x26, 0x20 },
		   { 0x81, 0x00, 0x00, 1, 0x22, 0x11, 0x26, 0x20 } },
	{ BCD_12H, { 0x09, 0x59, 0x59, 1, 0x22, 0x11, 0x26, 0x20 },
		   { 0x10, 0x00, 0x00, 1, 0x22, 0x11, 0x26, 0x20 } },
	{ BIN_12H, { 11, 59, 59, 1, 22, 11, 26, 20 }, { 128 + 12, 0, 0, 1, 22, 11, 26, 20 } },
	{ BIN_12H, { 128 + 11, 59, 59, 1, 22, 11, 26, 20 }, { 12, 0, 0, 2, 23, 11, 26, 20 } },
	{ BIN_12H, { 12, 59, 59, 1, 22, 11, 26, 20 }, { 1, 0, 0, 1, 22, 11, 26, 20 } },
	{ BIN_12H, { 128 + 12, 59, 59, 1, 22, 11, 26, 20 }, { 128 + 1, 0, 0, 1, 22, 11, 26, 20 } },
};

static void counters_carry(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(carries) / sizeof(carries[0]); i++) {
		check_carry(&strict, &carries[i]);
		check_carry(&qemu, &carries[i]);
	}
}

#define CALENDAR_CYCLE	((400 * 365 + 97) * DAY)

/* The kernel holds nothing before 1970, four digits nothing after 9999. */
static void years_beyond_come_again(void **state)
{
	struct chip c = quiet(&strict, date(9999, 12, 31, 23, 59, 59));
	static const u8 ancient[] = { 0, 0, 0, 2, 1, 1, 0, 19 };

	(void)state;
	assert_int_equal(rd(&c, CENTURY), 0x99);
	run(&c, SEC);
	assert_int_equal(shown(&c), date(9600, 1, 1, 0, 0, 0));
	assert_int_equal(rd(&c, WD), calendar[calendar_find(9600, 1, 1)].weekday + 1);
	set(&c, BIN_24H, ancient);
	assert_int_equal(shown(&c), -1);
	run(&c, SEC);
	assert_int_equal(shown(&c), date(2300, 1, 1, 0, 0, 1));
	c = quiet(&strict, -1);
	assert_int_equal(shown(&c), date(2369, 12, 31, 23, 59, 59));
	c = quiet(&strict, -CALENDAR_CYCLE - 1);
	assert_int_equal(shown(&c), date(2369, 12, 31, 23, 59, 59));
	c = quiet(&strict, date(9999, 12, 31, 23, 59, 59) + 3 * CALENDAR_CYCLE);
	assert_int_equal(shown(&c), date(9999, 12, 31, 23, 59, 59));
	c = quiet(&strict, date(9999, 12, 31, 23, 59, 59) + 3 * CALENDAR_CYCLE + 1);
	assert_int_equal(shown(&c), date(9600, 1, 1, 0, 0, 0));
}

static void first_year_is_kept(void **state)
{
	static const u8 epoch[] = { 0, 0, 0, 5, 1, 1, 70, 19 };
	struct chip c = quiet(&strict, 0);

	(void)state;
	assert_int_equal(shown(&c), 0);
	set(&c, BIN_24H, epoch);
	run(&c, SEC);
	assert_int_equal(shown(&c), 1);
}

/* Unlike ours, other software does not set SET first. */
static void bytes_written_stay_until_the_update(void **state)
{
	struct chip c = quiet(&strict, date(2026, 1, 31, 10, 20, 30));

	(void)state;
	wr(&c, MO, 0x02);
	assert_int_equal(rd(&c, D), 0x31);
	wr(&c, D, 0x15);
	run(&c, SEC);
	assert_int_equal(shown(&c), date(2026, 2, 15, 10, 20, 31));
	wr(&c, D, 0x30);
	assert_int_equal(shown(&c), -1);
	run(&c, SEC);
	assert_int_equal(shown(&c), date(2026, 3, 2, 10, 20, 32));
}

static void digits_that_are_none_carry(void **state)
{
	static const u8 bytes[] = { 0x2f, 0xff, 0x5a, 9, 0x00, 0x00, 0xaa, 0x20 };
	struct chip c = now();

	(void)state;
	set(&c, BCD_24H, bytes);
	assert_int_equal(shown(&c), -1);
	run(&c, SEC);
	/* 35:165:60 on November 30, 2109: the month and the day before the first. */
	assert_int_equal(shown(&c), date(2109, 12, 1, 13, 46, 1));
}

static void writing_keeps_the_phase(void **state)
{
	struct chip c = now();

	(void)state;
	run(&c, 700 * MS);
	wr(&c, S, 0x45);
	run(&c, 300 * MS - 1);
	assert_int_equal(rd(&c, S), 0x45);
	run(&c, 1);
	assert_int_equal(rd(&c, S), 0x46);
}

static void set_freezes_and_keeps_the_phase(void **state)
{
	struct chip c = now();

	(void)state;
	wr(&c, RB, BCD_24H | MC146818_B_UIE | MC146818_B_AIE);
	run(&c, 250 * MS);
	wr(&c, RB, BCD_24H | MC146818_B_UIE | MC146818_B_AIE | MC146818_B_SET);
	assert_int_equal(rd(&c, RB), BCD_24H | MC146818_B_AIE | MC146818_B_SET);
	run(&c, 10 * SEC + 749 * MS + 900000);
	assert_int_equal(shown(&c), date(2026, 11, 22, 10, 20, 30));
	assert_int_equal(rd(&c, RA) & UIP, 0);
	assert_int_equal(rd(&c, RC), 0);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
	wr(&c, RB, BCD_24H);
	assert_int_equal(rd(&c, RA) & UIP, UIP);
	run(&c, 99999);
	assert_int_equal(rd(&c, S), 0x30);
	run(&c, 1);
	assert_int_equal(rd(&c, S), 0x31);
	assert_int_equal(rd(&c, RC), UF);
}

static void uie_can_be_enabled_under_set(void **state)
{
	struct chip c = now();

	(void)state;
	wr(&c, RB, BCD_24H | MC146818_B_SET);
	wr(&c, RB, BCD_24H | MC146818_B_SET | MC146818_B_UIE);
	assert_int_equal(rd(&c, RB), BCD_24H | MC146818_B_SET | MC146818_B_UIE);
	wr(&c, RB, BCD_24H | MC146818_B_UIE);
	run(&c, SEC);
	assert_true(line(&c));
}

static void set_ends_an_update(void **state)
{
	struct chip c = quiet(&slow, date(2026, 11, 22, 10, 20, 59));

	(void)state;
	run(&c, SEC + slow.update_ns / 16);
	assert_int_equal(rd(&c, S), 0x00);
	assert_int_equal(rd(&c, M), 0x20);
	wr(&c, RB, BCD_24H | MC146818_B_SET);
	assert_int_equal(shown(&c), date(2026, 11, 22, 10, 21, 0));
	assert_int_equal(rd(&c, RA) & UIP, 0);
	run(&c, SEC);
	assert_int_equal(rd(&c, RC), 0);
	wr(&c, RB, BCD_24H);
	assert_int_equal(rd(&c, RA) & UIP, 0);
	assert_int_equal(shown(&c), date(2026, 11, 22, 10, 21, 0));
	run(&c, SEC);
	assert_int_equal(rd(&c, RC), 0);
	run(&c, slow.update_ns);
	assert_int_equal(rd(&c, RC), UF);
	assert_int_equal(shown(&c), date(2026, 11, 22, 10, 21, 1));
}

static void a_hold_ends_an_update(void **state)
{
	struct chip c = quiet(&slow, date(2026, 11, 22, 10, 20, 59));

	(void)state;
	run(&c, SEC + slow.update_ns / 16);
	assert_int_equal(rd(&c, M), 0x20);
	wr(&c, RA, HELD);
	assert_int_equal(shown(&c), date(2026, 11, 22, 10, 21, 0));
	run(&c, 10 * SEC);
	wr(&c, RA, MC146818_A_DV_32KHZ | 6);
	assert_int_equal(shown(&c), date(2026, 11, 22, 10, 21, 0));
	assert_int_equal(rd(&c, RC) & UF, 0);
	run(&c, SEC);
	assert_int_equal(shown(&c), date(2026, 11, 22, 10, 21, 1));
}

static void bytes_under_set_are_read_in_the_new_mode(void **state)
{
	static const u8 noon[] = { 0x92, 0x30, 0x15, 1, 0x22, 0x11, 0x26, 0x20 };
	struct chip c = now();
	u8 mode;

	(void)state;
	set(&c, BCD_12H, noon);
	assert_int_equal(shown(&c), date(2026, 11, 22, 12, 30, 15));
	wr(&c, RB, MC146818_B_SET | BCD_12H);
	wr(&c, RB, MC146818_B_SET | BCD_24H);
	assert_int_equal(rd(&c, H), 0x92);
	wr(&c, H, 0x13);
	wr(&c, RB, BCD_24H);
	assert_int_equal(shown(&c), date(2026, 11, 22, 13, 30, 15));
	for (mode = 0; mode < 8; mode += 2) {
		wr(&c, RB, mode);
		assert_int_equal(shown(&c), date(2026, 11, 22, 13, 30, 15));
	}
	wr(&c, RB, BIN_12H);
	assert_int_equal(rd(&c, H), 128 + 1);
	assert_int_equal(rd(&c, M), 30);
}

static void held_divider_freezes(void **state)
{
	struct chip c = now();

	(void)state;
	wr(&c, RB, BCD_24H | MC146818_B_UIE | MC146818_B_PIE);
	run(&c, 900 * MS);
	rd(&c, RC);
	wr(&c, RA, HELD);
	run(&c, 100 * SEC - LEAD / 2);
	assert_int_equal(rd(&c, RA), HELD);
	assert_int_equal(rd(&c, S), 0x30);
	assert_int_equal(rd(&c, RC), 0);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
	wr(&c, S, 0x55);
	wr(&c, RA, HELD | 0x10);
	run(&c, SEC);
	assert_int_equal(rd(&c, S), 0x55);
}

static void release_is_half_a_second_before_the_update(void **state)
{
	static const u8 held[] = { HELD, HELD | 0x10 };
	struct chip c = now();
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		run(&c, 123 * MS);
		wr(&c, RA, held[i]);
		wr(&c, S, 0x58);
		run(&c, 777 * MS);
		wr(&c, RA, MC146818_A_DV_32KHZ);
		run(&c, 500 * MS - LEAD - 1);
		assert_int_equal(rd(&c, RA) & UIP, 0);
		run(&c, 1);
		assert_int_equal(rd(&c, RA) & UIP, UIP);
		run(&c, LEAD - 1);
		assert_int_equal(rd(&c, S), 0x58);
		run(&c, 1);
		assert_int_equal(rd(&c, S), 0x59);
		assert_int_equal(rd(&c, RA) & UIP, 0);
		assert_int_equal(rd(&c, RC), UF);
	}
}

static void release_under_set_sets_the_phase(void **state)
{
	struct chip c = now();

	(void)state;
	wr(&c, RB, BCD_24H | MC146818_B_SET);
	wr(&c, RA, HELD);
	run(&c, 333 * MS);
	wr(&c, RA, RUNNING);
	run(&c, 100 * MS);
	wr(&c, RB, BCD_24H);
	run(&c, 400 * MS - 1);
	assert_int_equal(rd(&c, S), 0x30);
	run(&c, 1);
	assert_int_equal(rd(&c, S), 0x31);
}

static void dividers_for_other_crystals_do_not_run(void **state)
{
	static const u8 dv[] = { 0x00, 0x10, 0x30, 0x40, 0x50 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(dv); i++) {
		struct chip c = now();

		wr(&c, RA, dv[i] | 6);
		run(&c, 5 * SEC);
		assert_int_equal(rd(&c, S), 0x30);
		assert_int_equal(rd(&c, RC), 0);
	}
}

static void uf_rises_at_each_update(void **state)
{
	struct chip c = now();
	int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		run(&c, SEC - 1);
		assert_int_equal(rd(&c, RC), 0);
		run(&c, 1);
		assert_int_equal(rd(&c, RC), UF);
		assert_int_equal(rd(&c, RC), 0);
	}
}

static void enabling_a_pending_flag_raises_the_line(void **state)
{
	static const struct {
		u8 enable, flag;
	} pairs[] = {
		{ MC146818_B_UIE, UF }, { MC146818_B_AIE, AF }, { MC146818_B_PIE, PF },
	};
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct chip c = chip(&strict, date(2026, 11, 22, 23, 59, 59));

		run(&c, SEC);
		assert_false(line(&c));
		wr(&c, RB, BCD_24H | pairs[i].enable);
		assert_true(line(&c));
		wr(&c, RB, BCD_24H);
		assert_false(line(&c));
		wr(&c, RB, BCD_24H | pairs[i].enable);
		assert_true(line(&c));
		assert_int_equal(rd(&c, RC), IRQF | UF | AF | PF);
		assert_false(line(&c));
		assert_int_equal(rd(&c, RC), 0);
	}
}

static void line_stays_up_until_read(void **state)
{
	struct chip c = now();

	(void)state;
	wr(&c, RB, BCD_24H | MC146818_B_UIE);
	run(&c, SEC);
	assert_true(line(&c));
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
	run(&c, 2 * SEC);
	assert_true(line(&c));
	assert_int_equal(rd(&c, RC), IRQF | UF);
	assert_false(line(&c));
	assert_true(next_event(&c) == c.t + SEC);
}

static void set_alarm(struct chip *c, u8 hours, u8 minutes, u8 seconds)
{
	wr(c, HA, hours);
	wr(c, MA, minutes);
	wr(c, SA, seconds);
}

/* After how many updates AF rises first; 0: not within @most. */
static s64 updates_until_af(struct chip *c, s64 most)
{
	s64 n;

	for (n = 1; n <= most; n++) {
		run(c, SEC);
		if (rd(c, RC) & AF)
			return n;
	}
	return 0;
}

static void alarm_fires_at_its_second(void **state)
{
	struct chip c = now();

	(void)state;
	set_alarm(&c, 0x10, 0x20, 0x31);
	assert_int_equal(updates_until_af(&c, 100), 1);
	assert_int_equal(updates_until_af(&c, 86500), 86400);
}

static void alarm_of_now_is_tomorrow(void **state)
{
	struct chip c = now();

	(void)state;
	set_alarm(&c, 0x10, 0x20, 0x30);
	wr(&c, RB, BCD_24H | MC146818_B_AIE);
	assert_true(next_event(&c) == START + 86400 * SEC);
	assert_int_equal(updates_until_af(&c, 86500), 86400);
}

static void alarm_of_each_minute(void **state)
{
	struct chip c = now();
	int i;

	(void)state;
	set_alarm(&c, 0xff, 0xff, 0x00);
	assert_int_equal(updates_until_af(&c, 100), 30);
	for (i = 0; i < 5; i++)
		assert_int_equal(updates_until_af(&c, 100), 60);
}

static void alarm_codes_that_never_match(void **state)
{
	static const u8 never[] = { 0x80, 0x99, 0xbf, 0x7f, 0x60, 0x0a, 0x3c };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(never); i++) {
		struct chip c = now();

		wr(&c, RB, BCD_24H | MC146818_B_AIE);
		set_alarm(&c, 0xff, 0xff, never[i]);
		assert_true(next_event(&c) == MC146818_MODEL_NEVER);
		run(&c, 3 * DAY * SEC);
		assert_int_equal(rd(&c, RC), UF);
		set_alarm(&c, 0xff, never[i], 0xff);
		run(&c, 3 * DAY * SEC);
		assert_int_equal(rd(&c, RC), UF);
		set_alarm(&c, never[i], 0xff, 0xff);
		run(&c, 3 * DAY * SEC);
		assert_int_equal(rd(&c, RC), UF);
	}
}

static void alarm_at_noon_of_twelve_hours(void **state)
{
	static const u8 late_morning[] = { 0x11, 0x59, 0x50, 1, 0x22, 0x11, 0x26, 0x20 };
	static const u8 late_evening[] = { 0x91, 0x59, 0x50, 1, 0x22, 0x11, 0x26, 0x20 };
	struct chip c = now();

	(void)state;
	set(&c, BCD_12H, late_morning);
	set_alarm(&c, 0x92, 0x00, 0x00);
	assert_int_equal(updates_until_af(&c, 100), 10);
	set(&c, BCD_12H, late_evening);
	assert_int_equal(updates_until_af(&c, 100), 0);
	set(&c, BCD_12H, late_evening);
	set_alarm(&c, 0x12, 0x00, 0x00);
	assert_int_equal(updates_until_af(&c, 100), 10);
}

static void alarm_without_aie_raises_no_line(void **state)
{
	struct chip c = now();

	(void)state;
	set_alarm(&c, 0x10, 0x20, 0x31);
	run(&c, SEC);
	assert_false(line(&c));
	assert_int_equal(rd(&c, RC), UF | AF);
}

/* The chip compares three bytes with three bytes, and that is all it does. */
static bool bytes_match(const u8 alarm[3], const u8 now[3])
{
	int i;

	for (i = 0; i < 3; i++)
		if (alarm[i] < 0xc0 && alarm[i] != now[i])
			return false;
	return true;
}

static int spelled(int reg_b, int value)
{
	return reg_b & MC146818_B_DM ? value : value / 10 * 16 + value % 10;
}

static void spell_time(int reg_b, int s, u8 bytes[3])
{
	int hour = s / 3600;

	bytes[0] = spelled(reg_b, s % 60);
	bytes[1] = spelled(reg_b, s / 60 % 60);
	bytes[2] = spelled(reg_b, hour);
	if (!(reg_b & MC146818_B_24H))
		bytes[2] = spelled(reg_b, (hour + 11) % 12 + 1) + hour / 12 * 128;
}

/* Second by second, from the one after @from, for a day. */
static s64 match_by_counting(int reg_b, int from, const u8 alarm[3])
{
	u8 bytes[3];
	int n;

	for (n = 1; n <= DAY; n++) {
		spell_time(reg_b, (from + n) % DAY, bytes);
		if (bytes_match(alarm, bytes))
			return n;
	}
	return 0;
}

/* Often at the end of a minute or an hour. */
static int random_second(u64 *seed)
{
	static const u8 last[] = { 0, 23, 59 };
	int hour = below(seed, 2) ? below(seed, 24) : last[below(seed, 2)];
	int min = below(seed, 2) ? below(seed, 60) : last[2 * below(seed, 2)];
	int sec = below(seed, 2) ? below(seed, 60) : last[2 * below(seed, 2)];

	return (hour * 60 + min) * 60 + sec;
}

/* Often around now. */
static void random_alarm(u64 *seed, int reg_b, int from, u8 alarm[3])
{
	int i;

	spell_time(reg_b, below(seed, 2) ? below(seed, DAY) : (from + below(seed, 2)) % DAY, alarm);
	for (i = 0; i < 3; i++)
		if (below(seed, 3) == 0)
			alarm[i] = 0xc0 + below(seed, 64);
	if (below(seed, 8) == 0)
		alarm[below(seed, 3)] = chance(seed);
}

static void alarms_fire_as_three_bytes_compare(void **state)
{
	u64 seed = 4;
	int i;

	(void)state;
	for (i = 0; i < 800; i++) {
		int reg_b = i % 4 * 2 | MC146818_B_AIE, from = random_second(&seed);
		struct chip c = quiet(&strict, 20000 * DAY + from);
		u8 alarm[3];
		s64 n;

		wr(&c, RB, reg_b);
		random_alarm(&seed, reg_b, from, alarm);
		set_alarm(&c, alarm[2], alarm[1], alarm[0]);
		n = match_by_counting(reg_b, from, alarm);
		if (next_event(&c) != (n ? START + n * SEC : MC146818_MODEL_NEVER))
			fail_msg("B %02x, from %d: %02x:%02x:%02x matches after %lld", reg_b, from,
				 alarm[2], alarm[1], alarm[0], (long long)n);
	}
}

static const int rates[] = { 0, 256, 128, 8192, 4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8, 4, 2 };

static void pf_comes_at_the_rate_selected(void **state)
{
	int rs, n;

	(void)state;
	for (rs = 1; rs < 16; rs++) {
		struct chip c = now();

		wr(&c, RB, BCD_24H | MC146818_B_PIE);
		wr(&c, RA, MC146818_A_DV_32KHZ | rs);
		for (n = 1; n <= 3 * rates[rs]; n++) {
			s64 at = START + (n * SEC + rates[rs] - 1) / rates[rs];

			assert_true(next_event(&c) == at);
			c.t = at - 1;
			assert_int_equal(rd(&c, RC) & PF, 0);
			c.t = at;
			assert_int_equal(rd(&c, RC) & (PF | IRQF), PF | IRQF);
		}
	}
}

static void pf_never_comes_without_a_rate(void **state)
{
	struct chip c = now();

	(void)state;
	wr(&c, RB, BCD_24H | MC146818_B_PIE);
	run(&c, 10 * SEC);
	assert_int_equal(rd(&c, RC) & PF, 0);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
}

static void pf_comes_without_pie(void **state)
{
	struct chip c = chip(&strict, 0);

	(void)state;
	run(&c, 976562);
	assert_int_equal(rd(&c, RC), 0);
	run(&c, 1);
	assert_int_equal(rd(&c, RC), PF);
}

/* After days as after the first second. */
static void periods_do_not_drift(void **state)
{
	struct chip c = chip(&strict, 0);

	(void)state;
	wr(&c, RB, BCD_24H | MC146818_B_PIE);
	run(&c, 5000 * DAY * SEC - 1);
	rd(&c, RC);
	assert_true(next_event(&c) == c.t + 1);
	run(&c, 1);
	rd(&c, RC);
	assert_true(next_event(&c) == c.t + 976563);
}

static void a_new_rate_begins_its_period_anew(void **state)
{
	struct chip c = now();

	(void)state;
	wr(&c, RB, BCD_24H | MC146818_B_PIE);
	wr(&c, RA, MC146818_A_DV_32KHZ | 15);
	run(&c, 300 * MS);
	wr(&c, RA, MC146818_A_DV_32KHZ | 15);
	assert_true(next_event(&c) == START + 500 * MS);
	wr(&c, RA, MC146818_A_DV_32KHZ | 14);
	assert_true(next_event(&c) == START + 550 * MS);
	wr(&c, RA, MC146818_A_DV_RESET | 14);
	run(&c, 10 * MS);
	wr(&c, RA, MC146818_A_DV_32KHZ | 14);
	assert_true(next_event(&c) == START + 560 * MS);
}

static void reset_clears_enables_and_flags(void **state)
{
	struct chip c = chip(&strict, date(2026, 11, 22, 23, 59, 59));

	(void)state;
	wr(&c, RB, 0x7f);
	run(&c, SEC);
	assert_true(line(&c));
	mc146818_model_reset(&c.model, c.t);
	assert_false(line(&c));
	assert_int_equal(rd(&c, RC), 0);
	assert_int_equal(rd(&c, RB), 0x07);
	assert_int_equal(rd(&c, RA), 0x26);
	assert_int_equal(shown(&c), date(2026, 11, 23, 0, 0, 0));
}

static void a_long_sleep_is_one_flag(void **state)
{
	struct chip c = now();

	(void)state;
	set_alarm(&c, 0x10, 0x20, 0x40);
	run(&c, 10 * SEC - 1);
	assert_int_equal(rd(&c, RC), UF);
	run(&c, 1);
	assert_int_equal(rd(&c, RC), UF | AF);
	set_alarm(&c, 0x10, 0x20, 0x45);
	run(&c, 10 * SEC);
	assert_int_equal(rd(&c, RC), UF | AF);
	assert_int_equal(rd(&c, RC), 0);
	run(&c, 100 * 366 * DAY * SEC);
	assert_int_equal(rd(&c, RC), UF | AF);
}

static void time_that_runs_backwards_does_nothing(void **state)
{
	struct chip c = now();
	struct mc146818_model before;

	(void)state;
	run(&c, 5 * SEC + 5);
	before = c.model;
	run(&c, -3 * SEC);
	assert_int_equal(shown(&c), date(2026, 11, 22, 10, 20, 35));
	assert_true(c.model.now_ns == before.now_ns && c.model.edge_ns == before.edge_ns);
	assert_memory_equal(c.model.ram, before.ram, sizeof(before.ram));
	c.t = 0;
	wr(&c, RB, BCD_24H | MC146818_B_UIE);
	rd(&c, RC);
	assert_true(next_event(&c) == START + 6 * SEC);
}

static void rebase_raises_nothing(void **state)
{
	struct chip c = now();

	(void)state;
	wr(&c, RB, BCD_24H | MC146818_B_AIE);
	set_alarm(&c, 0x10, 0x20, 0x45);
	mc146818_model_rebase(&c.model, date(2026, 11, 22, 10, 20, 50), 250 * MS, c.t);
	assert_int_equal(rd(&c, RC), 0);
	assert_int_equal(shown(&c), date(2026, 11, 22, 10, 20, 50));
	run(&c, 750 * MS - 1);
	assert_int_equal(rd(&c, S), 0x50);
	run(&c, 1);
	assert_int_equal(rd(&c, S), 0x51);
	assert_true(next_event(&c) == c.t + (86400 - 6) * SEC);
	mc146818_model_rebase(&c.model, date(2026, 11, 22, 10, 20, 44), 0, c.t);
	assert_true(next_event(&c) == c.t + SEC);
}

static void rebase_of_a_frozen_chip(void **state)
{
	struct chip c = now();

	(void)state;
	wr(&c, RB, BCD_24H | MC146818_B_SET);
	mc146818_model_rebase(&c.model, 0, 900 * MS, c.t);
	mc146818_model_step(&c.model, 100 * SEC, c.t);
	assert_int_equal(shown(&c), date(2026, 11, 22, 10, 20, 30));
	wr(&c, RB, BCD_24H);
	run(&c, 100 * MS - 1);
	assert_int_equal(rd(&c, S), 0x30);
	run(&c, 1);
	assert_int_equal(rd(&c, S), 0x31);
}

static void step_keeps_the_phase(void **state)
{
	struct chip c = quiet(&slow, date(2026, 11, 22, 10, 20, 30));

	(void)state;
	run(&c, SEC + slow.update_ns / 2);
	mc146818_model_step(&c.model, 3600 * SEC, c.t);
	assert_int_equal(rd(&c, RC), 0);
	assert_int_equal(shown(&c), date(2026, 11, 22, 11, 20, 31));
	run(&c, SEC);
	assert_int_equal(rd(&c, S), 0x32);
	mc146818_model_step(&c.model, -7200 * SEC, c.t);
	run(&c, slow.update_ns);
	assert_int_equal(shown(&c), date(2026, 11, 22, 9, 20, 32));
}

/* Edges of a crystal that is off, in exact arithmetic. */
static s64 edge_at_rate(s64 n, s64 ppb)
{
	__int128 rate = SEC + ppb;

	return START + ((__int128)n * SEC * SEC + rate - 1) / rate;
}

static void check_rate(s64 ppb)
{
	struct chip c = now();
	s64 n, jump = 1;

	wr(&c, RB, BCD_24H | MC146818_B_UIE);
	assert_int_equal(mc146818_model_rate(&c.model, ppb, c.t), 0);
	for (n = 1; n < 200000; n += jump) {
		assert_true(next_event(&c) == edge_at_rate(n, ppb));
		c.t = edge_at_rate(n, ppb) - 1;
		assert_false(line(&c));
		c.t++;
		assert_true(line(&c));
		assert_int_equal(shown(&c), date(2026, 11, 22, 10, 20, 30) + n);
		jump = n < 100 ? 1 : 9999;
		c.t = edge_at_rate(n + jump - 1, ppb);
		rd(&c, RC);
	}
}

static void rate_is_exact(void **state)
{
	static const s64 ppb[] = { 0, 1, -1, 300000, -300000, 500000000, -500000000, 7919 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ppb) / sizeof(ppb[0]); i++)
		check_rate(ppb[i]);
}

static void rate_changes_are_continuous(void **state)
{
	struct chip c = now();

	(void)state;
	mc146818_model_rate(&c.model, 100000000, c.t);
	run(&c, 5 * SEC);
	mc146818_model_rate(&c.model, -100000000, c.t);
	run(&c, 5 * SEC - 1);
	assert_int_equal(rd(&c, S), 0x39);
	run(&c, 1);
	assert_int_equal(rd(&c, S), 0x40);
	assert_int_equal(mc146818_model_rate(&c.model, 500000001, c.t), -EINVAL);
	assert_int_equal(mc146818_model_rate(&c.model, -500000001, c.t), -EINVAL);
	mc146818_model_rate(&c.model, 0, c.t);
	run(&c, SEC);
	assert_int_equal(rd(&c, S), 0x41);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_at_power_on),
		cmocka_unit_test(index_is_masked),
		cmocka_unit_test(century_stands_twice),
		cmocka_unit_test(c_and_d_are_read_only),
		cmocka_unit_test(ram_keeps_every_byte),
		cmocka_unit_test(ports_latch_the_index),
		cmocka_unit_test(uip_covers_the_lead),
		cmocka_unit_test(uip_covers_the_update),
		cmocka_unit_test(update_changes_one_register_after_the_other),
		cmocka_unit_test(counters_carry),
		cmocka_unit_test(years_beyond_come_again),
		cmocka_unit_test(first_year_is_kept),
		cmocka_unit_test(bytes_written_stay_until_the_update),
		cmocka_unit_test(digits_that_are_none_carry),
		cmocka_unit_test(writing_keeps_the_phase),
		cmocka_unit_test(set_freezes_and_keeps_the_phase),
		cmocka_unit_test(uie_can_be_enabled_under_set),
		cmocka_unit_test(set_ends_an_update),
		cmocka_unit_test(a_hold_ends_an_update),
		cmocka_unit_test(bytes_under_set_are_read_in_the_new_mode),
		cmocka_unit_test(held_divider_freezes),
		cmocka_unit_test(release_is_half_a_second_before_the_update),
		cmocka_unit_test(release_under_set_sets_the_phase),
		cmocka_unit_test(dividers_for_other_crystals_do_not_run),
		cmocka_unit_test(uf_rises_at_each_update),
		cmocka_unit_test(enabling_a_pending_flag_raises_the_line),
		cmocka_unit_test(line_stays_up_until_read),
		cmocka_unit_test(alarm_fires_at_its_second),
		cmocka_unit_test(alarm_of_now_is_tomorrow),
		cmocka_unit_test(alarm_of_each_minute),
		cmocka_unit_test(alarm_codes_that_never_match),
		cmocka_unit_test(alarm_at_noon_of_twelve_hours),
		cmocka_unit_test(alarm_without_aie_raises_no_line),
		cmocka_unit_test(alarms_fire_as_three_bytes_compare),
		cmocka_unit_test(pf_comes_at_the_rate_selected),
		cmocka_unit_test(pf_never_comes_without_a_rate),
		cmocka_unit_test(pf_comes_without_pie),
		cmocka_unit_test(periods_do_not_drift),
		cmocka_unit_test(a_new_rate_begins_its_period_anew),
		cmocka_unit_test(reset_clears_enables_and_flags),
		cmocka_unit_test(a_long_sleep_is_one_flag),
		cmocka_unit_test(time_that_runs_backwards_does_nothing),
		cmocka_unit_test(rebase_raises_nothing),
		cmocka_unit_test(rebase_of_a_frozen_chip),
		cmocka_unit_test(step_keeps_the_phase),
		cmocka_unit_test(rate_is_exact),
		cmocka_unit_test(rate_changes_are_continuous),
	};

	return cmocka_run_group_tests_name("mc146818-model", tests, setup, teardown) +
	       run_qemu_tests() + run_program_tests() + run_profile_tests();
}
