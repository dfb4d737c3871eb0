/* SPDX-License-Identifier: GPL-2.0 */
/* A modelled chip on a bench: its own time, and the oracles that tests hold it against. */
#ifndef CHIP_H
#define CHIP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendar.h"
#include "chip/registers.h"
#include "sim/model.h"
#include "sim/profiles.h"

#define MS		1000000LL
#define SEC		1000000000LL
#define LEAD		MC146818_MODEL_UIP_LEAD_NS
#define START		(7 * SEC + 123456789)	/* an edge at no round number */

/* Short names of the registers. */
enum { S, SA, M, MA, H, HA, WD, D, MO, Y, RA, RB, RC, RD, CENTURY = 0x32 };

struct chip {
	struct mc146818_model model;
	s64 t;
};

/* The datasheet's chip, QEMU's, and one whose updates take their time. */
extern struct mc146818_model_options strict, qemu, slow;

static inline bool is_qemu(const struct mc146818_model *m)
{
	return m->options.forgets_hold;
}

static inline s64 date(int year, int month, int day, int hour, int min, int sec)
{
	return calendar_find(year, month, day) * DAY + hour * 3600 + min * 60 + sec;
}

/* On for the first time; the second begins now. */
static inline struct chip chip(const struct mc146818_model_options *options, s64 sec)
{
	struct chip c = { .t = START };

	mc146818_model_init(&c.model, options, sec, c.t);
	return c;
}

static inline u8 rd(struct chip *c, u8 reg)
{
	return mc146818_model_read(&c->model, reg, c->t);
}

static inline void wr(struct chip *c, u8 reg, u8 value)
{
	mc146818_model_write(&c->model, reg, value, c->t);
}

static inline void run(struct chip *c, s64 ns)
{
	c->t += ns;
	mc146818_model_sync(&c->model, c->t);
}

static inline bool line(struct chip *c)
{
	mc146818_model_sync(&c->model, c->t);
	return mc146818_model_line(&c->model);
}

static inline s64 next_event(struct chip *c)
{
	return mc146818_model_next_event(&c->model, c->t);
}

/* In a mode, with the bytes of that mode: seconds to day, then month to century. */
static inline void set(struct chip *c, u8 reg_b, const u8 bytes[8])
{
	static const u8 regs[] = { H, M, S, WD, D, MO, Y, CENTURY };
	int i;

	wr(c, RB, reg_b | MC146818_B_SET);
	for (i = 0; i < 8; i++)
		wr(c, regs[i], bytes[i]);
	wr(c, RB, reg_b);
}

static inline struct mc146818_time bytes_of(struct chip *c)
{
	return (struct mc146818_time){
		.seconds = rd(c, S), .minutes = rd(c, M), .hours = rd(c, H),
		.day_of_week = rd(c, WD), .date = rd(c, D), .month = rd(c, MO),
		.year = rd(c, Y), .century = rd(c, CENTURY),
	};
}

/* OpenVMM's 0 and 12 of twelve hours are the datasheet's 12 AM and 12 PM. */
static inline u8 datasheet_hour(const struct mc146818_model *m, u8 byte)
{
	u8 b = (m->ram[RB] & ~m->options.format_fixed) | m->options.format;
	u8 twelve = b & MC146818_B_DM ? 12 : 0x12;

	if (!m->options.noon_is_am || b & MC146818_B_24H)
		return byte;
	return byte == 0 ? twelve : byte == twelve ? MC146818_HOURS_PM | twelve : byte;
}

/* The time shown, in seconds since 1970; -1 for bytes that are no time. */
static inline s64 decoded(const struct mc146818_model *m, const struct mc146818_time *bytes)
{
	const struct mc146818_model_options *o = &m->options;
	struct mc146818_format f = {
		.reg_b = (m->ram[RB] & ~o->format_fixed) | o->format,
		.century = o->century != MC146818_CENTURY_NONE,
		.first_year = 2000,
	};
	struct mc146818_time t = *bytes;
	struct rtc_time tm;

	t.hours = datasheet_hour(m, t.hours);
	return mc146818_decode_time(&f, &t, &tm) ? -1 : rtc_tm_to_time64(&tm);
}

static inline s64 shown(struct chip *c)
{
	struct mc146818_time bytes = bytes_of(c);

	return decoded(&c->model, &bytes);
}

/* Numbers that are the same in each run. */
static inline u32 chance(u64 *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return *seed >> 33;
}

static inline u32 below(u64 *seed, u32 end)
{
	return chance(seed) % end;
}

int run_qemu_tests(void);
int run_program_tests(void);
int run_profile_tests(void);

#endif
