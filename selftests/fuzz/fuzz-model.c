// SPDX-License-Identifier: GPL-2.0
/* The chip's model, as any known chip, under any program of reads, writes and waits. */
#include <stdio.h>
#include <stdlib.h>

#include "chip/registers.h"
#include "sim/profiles.h"

#define SEC		1000000000LL
#define LAST_SEC	253402300799LL	/* of 9999 */
#define END		(1LL << 62)	/* the last time that the model takes */

#define MUST(what)							\
	do {								\
		if (!(what)) {						\
			fprintf(stderr, "line %d: %s\n", __LINE__, #what); \
			abort();					\
		}							\
	} while (0)

struct program {
	const u8 *at, *end;
};

struct chip {
	struct mc146818_model model;
	s64 t;
};

static u8 byte(struct program *p)
{
	return p->at < p->end ? *p->at++ : 0;
}

/* As many bytes as an operand has; less at the end of the program. */
static u64 number(struct program *p, int bytes)
{
	u64 v = 0;

	while (bytes--)
		v = v << 8 | byte(p);
	return v;
}

static u8 enables(const struct mc146818_model *m)
{
	return m->ram[MC146818_B] & MC146818_B_IRQ_ENABLES;
}

/* Where C is RAM, it tells nothing. */
static u8 pending(const struct mc146818_model *m)
{
	return m->options.c_ram ? 0 : m->ram[MC146818_C] & enables(m);
}

static void check_state(const struct mc146818_model *m)
{
	MUST(m->sec >= 0 && m->sec <= LAST_SEC);
	MUST(m->index < MC146818_MODEL_RAM);
	MUST(m->options.a_ram || !(m->ram[MC146818_A] & MC146818_A_UIP));
	MUST(m->options.c_ram || !(m->ram[MC146818_C] & ~MC146818_B_IRQ_ENABLES));
	MUST(!((m->ram[MC146818_D] ^ MC146818_D_VRT) & ~m->options.d_writable));
	MUST(mc146818_model_line(m) == !!pending(m));
}

/* QEMU's alarm is worked out anew each time that one looks. */
static bool alarm_may_recede(const struct mc146818_model *m)
{
	return m->options.alarm == MC_SIM_ALARM_QEMU && m->ram[MC146818_B] & MC146818_B_AIE;
}

static void check_next_event(const struct chip *chip)
{
	struct chip c = *chip;
	s64 event = mc146818_model_next_event(&c.model, c.t);
	u8 before = pending(&c.model);

	if (alarm_may_recede(&c.model))
		return;
	if (event == MC146818_MODEL_NEVER) {
		mc146818_model_sync(&c.model, END);
		MUST(pending(&c.model) == before);
		return;
	}
	MUST(event > c.t);
	mc146818_model_sync(&c.model, event - 1);
	MUST(pending(&c.model) == before);
	mc146818_model_sync(&c.model, event);
	MUST(pending(&c.model) != before);
}

/* Waiting in two pieces is waiting. */
static void wait(struct chip *c, s64 ns, u8 share)
{
	struct mc146818_model pieces = c->model;
	s64 end = ns > END - c->t ? END : c->t + ns;

	mc146818_model_sync(&pieces, c->t + (end - c->t) / 256 * share);
	mc146818_model_sync(&pieces, end);
	mc146818_model_sync(&c->model, end);
	c->t = end;
	if (c->model.options.alarm == MC_SIM_ALARM_QEMU)
		return;
	MUST(!__builtin_memcmp(pieces.ram, c->model.ram, sizeof(pieces.ram)));
	MUST(pieces.sec == c->model.sec && pieces.edge_ns == c->model.edge_ns);
}

static s64 shown(const struct chip *chip)
{
	struct mc146818_model m = chip->model;
	struct mc146818_format f = {
		.reg_b = (m.ram[MC146818_B] & ~m.options.format_fixed) | m.options.format,
		.century = m.options.century != MC146818_CENTURY_NONE,
		.first_year = 2000,
	};
	struct mc146818_time bytes = {
		.seconds = mc146818_model_read(&m, MC146818_SECONDS, chip->t),
		.minutes = mc146818_model_read(&m, MC146818_MINUTES, chip->t),
		.hours = mc146818_model_read(&m, MC146818_HOURS, chip->t),
		.date = mc146818_model_read(&m, MC146818_DATE, chip->t),
		.month = mc146818_model_read(&m, MC146818_MONTH, chip->t),
		.year = mc146818_model_read(&m, MC146818_YEAR, chip->t),
		.century = mc146818_model_read(&m, MC146818_MODEL_CENTURY, chip->t),
	};
	struct rtc_time tm;

	return mc146818_decode_time(&f, &bytes, &tm) ? -1 : rtc_tm_to_time64(&tm);
}

/* What it shows was not always counted. */
static bool is_late(const struct chip *c)
{
	return c->model.options.writes == MC146818_WRITES_FADE;
}

static bool uip(const struct chip *c)
{
	struct mc146818_model m = c->model;

	return mc146818_model_read(&m, MC146818_A, c->t) & MC146818_A_UIP;
}

/* What @sec is followed by: nothing, at the end of the years that it can show. */
static bool is_last(const struct chip *c, s64 sec)
{
	struct mc_sim_coding coding = mc146818_model_coding(&c->model);

	return mc_sim_representable(&coding, sec + 1) != sec + 1;
}

/* The second that the chip counts, where its registers show that; else -1. */
static s64 counted(const struct chip *chip)
{
	struct chip c = *chip;
	s64 sec;
	u32 ns;

	if (!mc146818_model_now(&c.model, c.t, &sec, &ns) || ns < c.model.options.update_ns)
		return -1;
	return shown(&c) == sec && !uip(&c) ? sec : -1;
}

/*
 * A second later the clock shows a second more, if it counts and shows a time at
 * all; where an update was cut short the next one is in the way.
 */
static void check_second(const struct chip *chip)
{
	struct chip c = *chip;
	s64 before = counted(&c);

	if (before < 0 || is_last(&c, before) || c.model.rate_hz != SEC || c.t > END - SEC ||
	    c.model.ram[MC146818_B] & MC146818_B_SET || is_late(&c) ||
	    (c.model.ram[MC146818_A] & MC146818_A_DV) != MC146818_A_DV_32KHZ)
		return;
	c.t += SEC;
	MUST(shown(&c) == before + 1);
}

/* The update comes when it was said to. */
static void check_update(const struct chip *chip)
{
	struct chip c = *chip;
	s64 next = mc146818_model_next_update(&c.model, c.t), before, after;
	u32 ns;

	if (next == MC146818_MODEL_NEVER || next > END || is_late(&c))
		return;
	MUST(next > c.t);
	MUST(mc146818_model_now(&c.model, next - 1, &before, &ns));
	MUST(mc146818_model_now(&c.model, next, &after, &ns));
	MUST(after == before + 1 || is_last(&c, before));
}

static struct mc146818_model_options some_options(u8 kind)
{
	struct mc146818_model_options options;
	unsigned int n = 0;

	while (mc_sim_profile_at(n))
		n++;
	options = mc_sim_profile_at(kind % n)->options;
	/* Beyond a whole turn of them their updates last. */
	if (kind >= 2 * n && options.uip == MC146818_UIP_LEADS && !options.renders)
		options.update_ns = MC146818_MODEL_UPDATE_NS;
	return options;
}

/* The chip, the host, or from one chip to another. */
static void step(struct mc146818_model *m, struct program *p, u8 which, s64 t)
{
	struct mc146818_model_options options;

	switch (which & 3) {
	case 0:
		mc146818_model_step(m, ((s64)(number(p, 4) << 32) >> 32) * SEC, t);
		break;
	case 1:
		mc146818_model_step(m, (s64)(number(p, 5) << 24) >> 24, t);
		break;
	case 2:
		mc146818_model_host_step(m, (s64)(number(p, 5) << 24) >> 24, t);
		break;
	case 3:
		options = some_options(byte(p));
		mc146818_model_become(m, &options, t);
		break;
	}
}

static void operate(struct chip *c, struct program *p)
{
	struct mc146818_model *m = &c->model;
	u8 operation = byte(p), reg;

	switch (operation & 15) {
	case 0 ... 4:
		reg = byte(p);
		mc146818_model_write(m, reg, byte(p), c->t);
		break;
	case 5:
		mc146818_model_read(m, byte(p), c->t);
		break;
	case 6:
		MUST(mc146818_model_port_in(m, 0x70, c->t) == 0xff);
		mc146818_model_port_in(m, 0x71, c->t);
		break;
	case 7:
		mc146818_model_port_out(m, 0x70 | (operation >> 4 & 1), byte(p), c->t);
		break;
	case 8:
		wait(c, number(p, 2), byte(p));
		break;
	case 9:
		wait(c, number(p, 4), byte(p));
		break;
	case 10:
		wait(c, number(p, 7), byte(p));
		break;
	case 11:
		wait(c, (s64)number(p, 1) * SEC, byte(p));
		break;
	case 12:
		mc146818_model_reset(m, c->t);
		break;
	case 13:
		mc146818_model_rebase(m, (s64)(number(p, 6) << 16) >> 16, number(p, 4) % SEC, c->t);
		break;
	case 14:
		step(m, p, operation >> 4, c->t);
		break;
	case 15:
		mc146818_model_rate(m, (s32)number(p, 4), c->t);
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct program p = { data, data + size };
	struct mc146818_model_options options = some_options(byte(&p));
	struct chip c = { .t = number(&p, 4) };

	mc146818_model_init(&c.model, &options, (s64)number(&p, 5), c.t);
	while (p.at < p.end) {
		operate(&c, &p);
		check_state(&c.model);
		check_next_event(&c);
		check_second(&c);
		check_update(&c);
	}
	return 0;
}
