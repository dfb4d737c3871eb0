// SPDX-License-Identifier: GPL-2.0
/*
 * What each known chip does, as its source says: driver/sim/profiles.c names that.
 * Each test plays the same scene with all of them.
 */
#include "chip.h"

#define AF		MC146818_C_AF
#define UF		MC146818_C_UF
#define PF		MC146818_C_PF
#define IRQF		MC146818_C_IRQF
#define UIP		MC146818_A_UIP
#define SET		MC146818_B_SET
#define AIE		MC146818_B_AIE
#define UIE		MC146818_B_UIE
#define PIE		MC146818_B_PIE
#define DM		MC146818_B_DM
#define H24		MC146818_B_24H
#define US		1000LL

/* The scenes begin at 15:20:30, with the second. */
#define BEGIN		date(2026, 11, 22, 15, 20, 30)

/*
 * What is seen of a scene: the second shown in its middle, the one at its end, how
 * long after that the next update comes, and the second that it brings.
 */
struct outcome {
	u8 meanwhile, then;
	int ms;
	u8 next;
};

enum format { LIVE, BCD_24, HOURS_24, ODD_NOON };
enum century { COUNTS, READ_ONLY, RAM };

struct facts {
	const char *name;
	u8 a, b, c, d;		/* at power-on */
	u8 a_ff;		/* A where 0xff was written */
	u8 b_7f;		/* B where 0x7f was written */
	u8 c_ff;		/* C where 0xff was written */
	u8 d_00;		/* D where 0 was written */
	struct outcome hold, set, set_write, write;
	enum format format;
	enum century century;
	u8 uip;			/* 10 us before an update */
	u8 flags;		/* of a second in which all rise, none enabled */
	u8 enabled;		/* and all enabled */
	bool host;		/* follows the host's steps */
};

/* Held from 0.3 s to 3.2 s. */
#define HALF		{ 30, 30, 500, 31 }
#define WHOLE		{ 30, 30, 1000, 31 }
#define SKIPS		{ 30, 30, 800, 31 }
#define RUNS		{ 32, 33, 800, 34 }
#define FREEZES		{ 30, 33, 800, 34 }
/* Under SET for the same time, written to 45 or not. */
#define STAYS		{ 30, 30, 800, 34 }
#define WRITTEN		{ 45, 45, 800, 46 }
#define RESTARTED	{ 45, 45, 1000, 46 }
#define ADDED		{ 45, 48, 800, 49 }
#define AT_ONCE		{ 46, 47, 800, 48 }
#define AT_ITS_WRITE	{ 45, 46, 100, 47 }
/* Written to 45 at 0.7 s. */
#define KEPT		{ 45, 45, 300, 46 }
#define BEGUN		{ 45, 45, 1000, 46 }
#define DROPPED		{ 30, 30, 300, 31 }
#define FADED		{ 45, 45, 300, 31 }
#define ALL		(UF | AF | PF)
#define LINE		(ALL | IRQF)

static const struct facts facts[] = {
	{ "mc146818", 0x26, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, HALF, SKIPS, WRITTEN, KEPT,
	  LIVE, COUNTS, UIP, ALL, LINE, false },
	{ "ds12887", 0x26, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, HALF, STAYS, WRITTEN, KEPT,
	  LIVE, RAM, UIP, ALL, LINE, false },
	{ "qemu", 0x26, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, HALF, SKIPS, WRITTEN, BEGUN,
	  LIVE, COUNTS, UIP, UF | AF, LINE, false },
	{ "virtualbox", 0x26, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, SKIPS, SKIPS, WRITTEN, KEPT,
	  LIVE, RAM, UIP, 0, LINE, false },
	{ "xen", 0x26, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, RUNS, FREEZES, ADDED, KEPT,
	  LIVE, RAM, UIP, ALL, LINE, true },
	{ "cloud-hypervisor", 0x20, 0x00, 0, 0x80, 0x20, 0x7f, 0xff, 0x80, RUNS, RUNS, RUNS,
	  DROPPED, BCD_24, READ_ONLY, UIP, 0, 0, true },
	{ "crosvm", 0x00, 0x02, 0, 0x80, 0xff, 0x22, 0, 0x80, RUNS, RUNS, RUNS, DROPPED,
	  BCD_24, READ_ONLY, 0, 0, 0, true },
	{ "kvmtool", 0x00, 0x00, 0, 0x80, 0xff, 0x7f, 0, 0x80, RUNS, RUNS, RUNS, DROPPED,
	  BCD_24, READ_ONLY, 0, 0, 0, true },
	{ "bhyve", 0x20, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, WHOLE, WHOLE, RESTARTED, DROPPED,
	  LIVE, COUNTS, 0, 0, LINE, false },
	{ "bochs", 0x26, 0x02, 0, 0x80, 0x7f, 0x77, 0, 0x80, SKIPS, STAYS, WRITTEN, KEPT,
	  LIVE, COUNTS, UIP, 0, LINE, false },
	{ "v86", 0x26, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, RUNS, RUNS, RUNS, DROPPED,
	  HOURS_24, READ_ONLY, 0, 0, UF | PF | IRQF, true },
	{ "vmd", 0x00, 0x02, 0, 0x80, 0xff, 0x7f, 0, 0x80, RUNS, RUNS, RUNS, FADED,
	  BCD_24, COUNTS, 0, PF, PF | IRQF, true },
	{ "acrn", 0x20, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, SKIPS, SKIPS, WRITTEN, KEPT,
	  LIVE, COUNTS, 0, 0, LINE, false },
	{ "acrn-hv", 0x26, 0x02, 0, 0x80, 0x26, 0x7f, 0, 0x80, RUNS, RUNS, AT_ONCE, KEPT,
	  LIVE, COUNTS, 0, 0, AF | IRQF, false },
	{ "openvmm", 0x26, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, FREEZES, RUNS, AT_ITS_WRITE, BEGUN,
	  ODD_NOON, COUNTS, 0, 0, UF | PF | IRQF, true },
	{ "intel", 0x26, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, HALF, SKIPS, WRITTEN, KEPT,
	  LIVE, RAM, UIP, ALL, LINE, false },
	{ "amd", 0x26, 0x02, 0, 0x80, 0x3f, 0x7f, 0, 0x00, RUNS, SKIPS, WRITTEN, KEPT,
	  LIVE, COUNTS, UIP, ALL, LINE, false },
	{ "zhaoxin", 0x26, 0x02, 0, 0x80, 0x7f, 0x7f, 0, 0x80, WHOLE, SKIPS, WRITTEN, KEPT,
	  LIVE, COUNTS, UIP, ALL, LINE, false },
};

#define CHIPS		((int)(sizeof(facts) / sizeof(facts[0])))

static struct chip named(const char *name)
{
	return chip(&mc_sim_profile_find(name)->options, BEGIN);
}

static void same(const struct facts *f, const char *what, int is, int should)
{
	if (is != should)
		fail_msg("%s: %s is %#x and not %#x", f->name, what, is, should);
}

/* OpenVMM's UIP shows in the first reading. */
static struct chip begun(const struct facts *f)
{
	struct chip c = named(f->name);

	rd(&c, RA);
	return c;
}

static int second(struct chip *c)
{
	u8 byte = rd(c, S);

	return (byte >> 4) * 10 + (byte & 15);
}

static void check_outcome(const struct facts *f, const char *scene, const struct outcome *o,
			  struct chip *c, int meanwhile)
{
	s64 next = mc146818_model_next_update(&c->model, c->t);

	if (meanwhile != o->meanwhile || second(c) != o->then || next != c->t + o->ms * MS)
		fail_msg("%s, %s: %d, %d, next in %lld ms; not %d, %d, %d ms", f->name, scene,
			 meanwhile, second(c), (long long)(next - c->t) / MS, o->meanwhile, o->then,
			 o->ms);
	c->t = next - 1;
	same(f, scene, second(c), o->then);
	c->t = next;
	/* Intel's update is to be over. */
	run(c, c->model.options.update_ns);
	same(f, scene, second(c), o->next);
}

static void names_are_found(void **state)
{
	char names[256], few[8];
	int i;

	(void)state;
	for (i = 0; i < CHIPS; i++)
		assert_string_equal(mc_sim_profile_at(i)->name, facts[i].name);
	assert_null(mc_sim_profile_at(CHIPS));
	assert_null(mc_sim_profile_find("pentium"));
	assert_non_null(mc_sim_profile_find(MC_SIM_PROFILE_DEFAULT));
	mc_sim_profile_names(names, sizeof(names));
	assert_memory_equal(names, "mc146818 ds12887 qemu ", 22);
	assert_string_equal(names + strlen(names) - 12, " amd zhaoxin");
	mc_sim_profile_names(few, sizeof(few));
	assert_string_equal(few, "mc14681");
}

static void firmware_names_registers(void **state)
{
	(void)state;
	assert_int_equal(mc_sim_profile_find("qemu")->century, 0x32);
	assert_int_equal(mc_sim_profile_find("virtualbox")->century, 0);
	assert_int_equal(mc_sim_profile_find("xen")->century, 0);
	assert_int_equal(mc_sim_profile_find("cloud-hypervisor")->century, 0);
	assert_int_equal(mc_sim_profile_find("crosvm")->date_alarm, 0x33);
	assert_int_equal(mc_sim_profile_find("crosvm")->month_alarm, 0x34);
	assert_int_equal(mc_sim_profile_find("intel")->date_alarm, 0x0d);
	assert_true(mc_sim_profile_find("amd")->divider_reserved);
	assert_false(mc_sim_profile_find("qemu")->divider_reserved);
}

static void registers_at_power_on(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < CHIPS; i++) {
		const struct facts *f = &facts[i];
		struct chip c = begun(f);

		same(f, "A", rd(&c, RA), f->a);
		same(f, "B", rd(&c, RB), f->b);
		same(f, "C", rd(&c, RC), f->c);
		same(f, "D", rd(&c, RD), f->d);
		same(f, "hour", rd(&c, H), 0x15);
		same(f, "weekday", rd(&c, WD), 1);
		same(f, "year", rd(&c, Y), 0x26);
		same(f, "century", rd(&c, CENTURY), 0x20);
		assert_true(shown(&c) == BEGIN);
	}
}

static void registers_that_are_written(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < CHIPS; i++) {
		const struct facts *f = &facts[i];
		struct chip c = begun(f);

		wr(&c, RA, 0xff);
		same(f, "A", rd(&c, RA), f->a_ff);
		wr(&c, RB, 0x7f);
		same(f, "B", rd(&c, RB), f->b_7f);
		wr(&c, RC, 0xff);
		same(f, "C", rd(&c, RC), f->c_ff);
		wr(&c, RD, 0);
		same(f, "D", rd(&c, RD), f->d_00);
		wr(&c, SA, 0x45);
		same(f, "alarm", rd(&c, SA), 0x45);
		wr(&c, 0x50, 0x5a);
		same(f, "RAM", rd(&c, 0x50), 0x5a);
	}
}

static void intels_d_is_the_date_alarm(void **state)
{
	struct chip c = named("intel");

	(void)state;
	wr(&c, RD, 0x7f);
	assert_int_equal(rd(&c, RD), 0x80 | 0x3f);
}

static void a_hold_and_its_release(void **state)
{
	static const u8 held[] = { 0x66, 0x76 };
	int i, k, meanwhile;

	(void)state;
	for (i = 0; i < 2 * CHIPS; i++) {
		const struct facts *f = &facts[i / 2];
		struct chip c = named(f->name);

		k = i % 2;
		run(&c, 300 * MS);
		wr(&c, RA, held[k]);
		run(&c, 1900 * MS);
		meanwhile = second(&c);
		run(&c, 1000 * MS);
		wr(&c, RA, 0x26);
		check_outcome(f, "hold", &f->hold, &c, meanwhile);
	}
}

static void set_and_its_end(void **state)
{
	int i, meanwhile;

	(void)state;
	for (i = 0; i < CHIPS; i++) {
		const struct facts *f = &facts[i];
		struct chip c = named(f->name);
		u8 b = rd(&c, RB);

		run(&c, 300 * MS);
		wr(&c, RB, b | SET);
		run(&c, 1900 * MS);
		meanwhile = second(&c);
		run(&c, 1000 * MS);
		wr(&c, RB, b);
		check_outcome(f, "SET", &f->set, &c, meanwhile);
	}
}

static void a_write_under_set(void **state)
{
	int i, meanwhile;

	(void)state;
	for (i = 0; i < CHIPS; i++) {
		const struct facts *f = &facts[i];
		struct chip c = named(f->name);
		u8 b = rd(&c, RB);

		run(&c, 300 * MS);
		wr(&c, RB, b | SET);
		run(&c, 1000 * MS);
		wr(&c, S, 0x45);
		run(&c, 900 * MS);
		meanwhile = second(&c);
		run(&c, 1000 * MS);
		wr(&c, RB, b);
		check_outcome(f, "write under SET", &f->set_write, &c, meanwhile);
	}
}

static void a_write_outside_of_set(void **state)
{
	int i, meanwhile;

	(void)state;
	for (i = 0; i < CHIPS; i++) {
		const struct facts *f = &facts[i];
		struct chip c = named(f->name);

		run(&c, 700 * MS);
		wr(&c, S, 0x45);
		meanwhile = second(&c);
		check_outcome(f, "write", &f->write, &c, meanwhile);
	}
}

/* What Linux does: SET, hold, write, end of SET, release. Second 44 at 3.2 s. */
static void hold_and_set_together(void **state)
{
	static const struct {
		const char *name;
		struct outcome o;
	} linux_set[] = {
		{ "mc146818", { 44, 44, 500, 45 } }, { "ds12887", { 44, 44, 500, 45 } },
		{ "qemu", { 44, 44, 500, 45 } }, { "virtualbox", { 44, 44, 800, 45 } },
		{ "xen", { 44, 47, 800, 48 } }, { "bhyve", { 44, 44, 1000, 45 } },
		{ "bochs", { 44, 44, 800, 45 } }, { "acrn", { 44, 44, 800, 45 } },
		{ "openvmm", { 44, 45, 100, 46 } }, { "kvmtool", { 32, 33, 800, 34 } },
		{ "amd", { 44, 44, 800, 45 } }, { "zhaoxin", { 44, 44, 1000, 45 } },
	};
	size_t i;
	int meanwhile;

	(void)state;
	for (i = 0; i < sizeof(linux_set) / sizeof(linux_set[0]); i++) {
		struct facts f = { .name = linux_set[i].name };
		struct chip c = named(f.name);

		run(&c, 300 * MS);
		wr(&c, RB, H24 | SET);
		wr(&c, RA, 0x76);
		run(&c, 1000 * MS);
		wr(&c, S, 0x44);
		run(&c, 900 * MS);
		meanwhile = second(&c);
		run(&c, 1000 * MS);
		wr(&c, RB, H24);
		wr(&c, RA, 0x26);
		check_outcome(&f, "Linux' set", &linux_set[i].o, &c, meanwhile);
	}
}

/* Of the same scene outside of SET: only a hold. */
static void a_write_under_hold(void **state)
{
	static const struct {
		const char *name;
		struct outcome o;
	} held_set[] = {
		{ "mc146818", { 44, 44, 500, 45 } }, { "ds12887", { 44, 44, 500, 45 } },
		{ "qemu", { 44, 44, 500, 45 } }, { "virtualbox", { 44, 44, 800, 45 } },
		{ "xen", { 45, 46, 800, 47 } }, { "bhyve", { 30, 30, 1000, 31 } },
		{ "bochs", { 44, 44, 800, 45 } }, { "acrn", { 44, 44, 800, 45 } },
		{ "openvmm", { 44, 45, 100, 46 } }, { "vmd", { 32, 33, 800, 34 } },
		{ "amd", { 45, 46, 800, 47 } }, { "zhaoxin", { 44, 44, 1000, 45 } },
	};
	size_t i;
	int meanwhile;

	(void)state;
	for (i = 0; i < sizeof(held_set) / sizeof(held_set[0]); i++) {
		struct facts f = { .name = held_set[i].name };
		struct chip c = named(f.name);

		run(&c, 300 * MS);
		wr(&c, RA, 0x76);
		run(&c, 1000 * MS);
		wr(&c, S, 0x44);
		run(&c, 900 * MS);
		meanwhile = second(&c);
		run(&c, 1000 * MS);
		wr(&c, RA, 0x26);
		check_outcome(&f, "write under hold", &held_set[i].o, &c, meanwhile);
	}
}

/* bhyve's century counts always, and begins a second; what else was written is gone. */
static void bhyves_century_begins_a_second(void **state)
{
	struct chip c = named("bhyve");

	(void)state;
	run(&c, 700 * MS);
	wr(&c, D, 0x05);
	wr(&c, CENTURY, 0x21);
	assert_true(shown(&c) == date(2126, 11, 22, 15, 20, 30));
	assert_true(mc146818_model_next_update(&c.model, c.t) == c.t + SEC);
	wr(&c, RA, 0x66);
	run(&c, 5 * SEC);
	wr(&c, CENTURY, 0x20);
	wr(&c, RA, 0x26);
	assert_true(shown(&c) == BEGIN);
}

/* What means no date is made one as soon as one looks, or stays until the update. */
static void bytes_that_mean_no_date(void **state)
{
	static const struct {
		const char *name;
		u8 date;
	} shows[] = {
		{ "qemu", 0x01 }, { "xen", 0x01 }, { "acrn-hv", 0x01 }, { "mc146818", 0x31 },
		{ "virtualbox", 0x31 }, { "bochs", 0x31 }, { "amd", 0x31 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shows) / sizeof(shows[0]); i++) {
		struct chip c = named(shows[i].name);

		wr(&c, D, 0x31);
		assert_int_equal(rd(&c, D), shows[i].date);
		run(&c, SEC);
		assert_true(shown(&c) == date(2026, 12, 1, 15, 20, 31));
	}
}

/* The clock is set where the bytes mean a date, and not where they change nothing. */
static void openvmms_writes_want_a_date(void **state)
{
	static const u8 bad[][2] = {
		{ S, 0x60 }, { M, 0x5a }, { H, 0x24 }, { D, 0x00 }, { MO, 0x13 }, { MO, 0x00 },
		{ Y, 0x9a }, { CENTURY, 0x18 }, { CENTURY, 0xa0 },
	};
	struct chip c = named("openvmm");
	size_t i;

	(void)state;
	run(&c, 700 * MS);
	wr(&c, S, 0x30);
	assert_true(mc146818_model_next_update(&c.model, c.t) == c.t + 300 * MS);
	wr(&c, D, 0x31);
	assert_true(shown(&c) == BEGIN);
	assert_true(mc146818_model_next_update(&c.model, c.t) == c.t + 300 * MS);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		wr(&c, bad[i][0], bad[i][1]);
		assert_true(shown(&c) == BEGIN);
	}
	assert_true(mc146818_model_next_update(&c.model, c.t) == c.t + 300 * MS);
	wr(&c, RA, 0x06);
	wr(&c, D, 0x31);
	assert_int_equal(rd(&c, D), 0x31);
	run(&c, SEC);
	wr(&c, MO, 0x12);
	run(&c, SEC);
	assert_true(shown(&c) == date(2026, 12, 31, 15, 20, 30));
	wr(&c, RA, 0x26);
	assert_true(shown(&c) == date(2026, 12, 31, 15, 20, 31));
	wr(&c, Y, 0x70);
	wr(&c, CENTURY, 0x19);
	assert_true(shown(&c) == date(1970, 12, 31, 15, 20, 31));
}

/* No hour of twelve is 0; but OpenVMM's is. */
static void hour_0_of_twelve(void **state)
{
	struct chip c = named("mc146818");

	(void)state;
	wr(&c, RB, AIE);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
	c = named("openvmm");
	wr(&c, RB, AIE);
	assert_true(next_event(&c) == c.t + (DAY - (BEGIN % DAY)) * SEC);
}

static u8 hour_byte(enum format format, u8 b, int hour)
{
	bool binary = format != BCD_24 && b & DM;
	bool twelve = format != BCD_24 && format != HOURS_24 && !(b & H24);
	u8 pm = 0;

	if (twelve && format == ODD_NOON) {
		pm = hour > 12 ? 0x80 : 0;
		hour -= pm ? 12 : 0;
	} else if (twelve) {
		pm = hour >= 12 ? 0x80 : 0;
		hour = (hour + 11) % 12 + 1;
	}
	return pm | (binary ? hour : hour / 10 << 4 | hour % 10);
}

static void formats(void **state)
{
	static const u8 modes[] = { 0, DM, H24, DM | H24 };
	int i, k, hour;

	(void)state;
	for (i = 0; i < CHIPS; i++)
		for (k = 0; k < 4; k++)
			for (hour = 0; hour < 24; hour++) {
				const struct facts *f = &facts[i];
				s64 sec = date(2026, 11, 22, hour, 20, 45);
				struct chip c = chip(&mc_sim_profile_find(f->name)->options, sec);

				wr(&c, RB, modes[k]);
				same(f, "hour", rd(&c, H), hour_byte(f->format, modes[k], hour));
				assert_true(shown(&c) == sec);
				run(&c, SEC - 1);
				same(f, "hour", rd(&c, H), hour_byte(f->format, modes[k], hour));
				run(&c, 1 + c.model.options.update_ns);
				assert_true(shown(&c) == sec + 1);
			}
}

/* What the driver would write comes back as that time. */
static void formats_are_written(void **state)
{
	static const char *const kept[] = {
		"mc146818", "ds12887", "qemu", "virtualbox", "xen", "bhyve", "bochs", "acrn",
		"acrn-hv", "intel", "amd", "zhaoxin",
	};
	static const u8 regs[] = { S, M, H, WD, D, MO, Y, CENTURY };
	s64 sec = date(2031, 1, 31, 12, 59, 59);
	size_t i;
	int mode, k;

	(void)state;
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		for (mode = 0; mode < 8; mode += 2) {
			struct chip c = named(kept[i]);
			struct mc146818_format f = { .reg_b = mode, .century = true };
			struct mc146818_time bytes;
			struct rtc_time tm;
			const u8 *byte = &bytes.seconds;

			rtc_time64_to_tm(sec, &tm);
			assert_int_equal(mc146818_encode_time(&f, &tm, &bytes), 0);
			wr(&c, RB, mode | SET);
			for (k = 0; k < 8; k++)
				wr(&c, regs[k], byte[k]);
			wr(&c, RB, mode);
			assert_true(shown(&c) == sec);
			run(&c, SEC + 3 * MS);
			assert_true(shown(&c) == sec + 1);
		}
}

static void centuries(void **state)
{
	static const int year_after[] = { 2126, 2026, 2026 };
	static const u8 byte_after[] = { 0x21, 0x20, 0x21 };
	int i;

	(void)state;
	for (i = 0; i < CHIPS; i++) {
		const struct facts *f = &facts[i];
		struct chip c = named(f->name);
		u8 b = rd(&c, RB);

		wr(&c, RB, b | SET);
		wr(&c, CENTURY, 0x21);
		same(f, "century", rd(&c, CENTURY), byte_after[f->century]);
		wr(&c, RB, b);
		if (!strcmp(f->name, "vmd"))
			continue;
		same(f, "century", rd(&c, CENTURY), byte_after[f->century]);
		assert_true(shown(&c) == date(year_after[f->century], 11, 22, 15, 20, 30));
	}
}

/* Two digits are those from 2000 on, and the first century is filled in. */
static void two_digits_of_a_year(void **state)
{
	struct chip c = chip(&mc_sim_profile_find("ds12887")->options, date(1999, 12, 31, 23, 59, 59));

	(void)state;
	assert_int_equal(rd(&c, Y), 0x99);
	assert_true(shown(&c) == date(2099, 12, 31, 23, 59, 59));
	run(&c, SEC);
	assert_true(shown(&c) == date(2000, 1, 1, 0, 0, 0));
	c = chip(&mc_sim_profile_find("xen")->options, date(2226, 1, 1, 0, 0, 0));
	assert_true(shown(&c) == date(2025, 12, 30, 0, 0, 0));
}

static void uip_before_an_update(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < CHIPS; i++) {
		const struct facts *f = &facts[i];
		struct chip c = begun(f);

		run(&c, SEC - LEAD - 250 * US);
		same(f, "UIP", rd(&c, RA) & UIP, 0);
		run(&c, LEAD + 240 * US);
		same(f, "UIP", rd(&c, RA) & UIP, f->uip);
		run(&c, 10 * US);
		same(f, "UIP", rd(&c, RA) & UIP, strcmp(f->name, "intel") ? 0 : UIP);
	}
}

static void intels_update_lasts(void **state)
{
	struct chip c = named("intel");

	(void)state;
	run(&c, SEC - 488282);
	assert_int_equal(rd(&c, RA) & UIP, 0);
	run(&c, 1);
	assert_int_equal(rd(&c, RA) & UIP, UIP);
	assert_true(shown(&c) == BEGIN);
	run(&c, 488281 + 1984000 - 1);
	assert_int_equal(rd(&c, RA) & UIP, UIP);
	assert_int_equal(rd(&c, S), 0xff);
	assert_int_equal(rd(&c, Y), 0xff);
	run(&c, 1);
	assert_int_equal(rd(&c, RA) & UIP, 0);
	assert_true(shown(&c) == BEGIN + 1);
}

/* 1 ms in each second, and not at the update. */
static void v86s_uip_goes_astray(void **state)
{
	struct chip c = named("v86");
	int i;

	(void)state;
	for (i = 0; i < 40000; i++) {
		int place = i % 10000;

		assert_int_equal(rd(&c, RA) & UIP, place >= 3770 && place < 3780 ? UIP : 0);
		run(&c, 100 * US);
	}
}

static void openvmms_uip_shows_once(void **state)
{
	struct chip c = named("openvmm");

	(void)state;
	assert_int_equal(rd(&c, RA), 0xa6);
	assert_int_equal(rd(&c, RA), 0x26);
	run(&c, SEC);
	assert_int_equal(rd(&c, RA), 0x26);
	run(&c, 1);
	assert_int_equal(rd(&c, RA), 0xa6);
	run(&c, 5 * SEC);
	wr(&c, RB, H24 | SET);
	assert_int_equal(rd(&c, RA), 0x26);
	wr(&c, RB, H24);
	assert_int_equal(rd(&c, RA), 0xa6);
	assert_int_equal(rd(&c, RA), 0x26);
}

static u8 flags_of_a_second(const struct facts *f, u8 enables)
{
	struct chip c = named(f->name);

	wr(&c, RA, 0x26);
	wr(&c, SA, 0xff);
	wr(&c, MA, 0xff);
	wr(&c, HA, 0xff);
	wr(&c, RB, H24 | enables);
	rd(&c, RC);
	run(&c, 1500 * MS);
	same(f, "line", line(&c), enables && f->enabled);
	return rd(&c, RC);
}

static void flags(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < CHIPS; i++) {
		same(&facts[i], "C", flags_of_a_second(&facts[i], 0), facts[i].flags);
		same(&facts[i], "C", flags_of_a_second(&facts[i], UIE | AIE | PIE),
		     facts[i].enabled);
	}
}

/* UIE under SET: off as SET goes on, off all along, or never off. */
static void uie_under_set(void **state)
{
	static const struct {
		const char *name;
		u8 rising, again;
	} uie[] = {
		{ "mc146818", 0, UIE }, { "qemu", 0, 0 }, { "virtualbox", UIE, UIE },
		{ "xen", UIE, UIE }, { "bhyve", 0, UIE }, { "bochs", 0, 0 }, { "v86", 0, 0 },
		{ "openvmm", 0, 0 }, { "kvmtool", UIE, UIE }, { "cloud-hypervisor", UIE, UIE },
		{ "vmd", UIE, UIE }, { "acrn-hv", UIE, UIE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(uie) / sizeof(uie[0]); i++) {
		struct chip c = named(uie[i].name);

		wr(&c, RB, H24 | UIE);
		wr(&c, RB, H24 | UIE | SET);
		assert_int_equal(rd(&c, RB), H24 | SET | uie[i].rising);
		wr(&c, RB, H24 | UIE | SET);
		assert_int_equal(rd(&c, RB), H24 | SET | uie[i].again);
	}
}

static void xens_hold_stops_pf_alone(void **state)
{
	struct chip c = named("xen");

	(void)state;
	wr(&c, RA, 0x76);
	rd(&c, RC);
	run(&c, 1500 * MS);
	assert_int_equal(rd(&c, RC), UF);
}

/* The divider's bits are others. */
static void amds_pf_does_not_mind(void **state)
{
	struct chip c = named("amd");

	(void)state;
	wr(&c, RA, 0x76);
	rd(&c, RC);
	run(&c, 100 * MS);
	assert_int_equal(rd(&c, RC), PF);
}

static void host_is_followed(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < CHIPS; i++) {
		const struct facts *f = &facts[i];
		struct chip c = named(f->name);
		bool moves = f->host && strcmp(f->name, "vmd");

		run(&c, 100 * MS);
		mc146818_model_host_step(&c.model, 1250 * MS, c.t);
		same(f, "second", second(&c), moves ? 31 : 30);
		assert_true(mc146818_model_next_update(&c.model, c.t) ==
			    c.t + (moves ? 650 : 900) * MS);
		mc146818_model_host_step(&c.model, -1250 * MS, c.t);
		same(f, "second", second(&c), 30);
		assert_true(mc146818_model_next_update(&c.model, c.t) == c.t + 900 * MS);
	}
}

/* The next second of its own takes what the host shows then. */
static void vmds_next_second_follows_the_host(void **state)
{
	struct chip c = named("vmd");

	(void)state;
	mc146818_model_rebase(&c.model, BEGIN, 800 * MS, c.t);
	assert_true(mc146818_model_next_update(&c.model, c.t) == c.t + SEC);
	mc146818_model_host_step(&c.model, 3300 * MS, c.t);
	assert_true(shown(&c) == BEGIN);
	run(&c, SEC - 1);
	assert_true(shown(&c) == BEGIN);
	run(&c, 1);
	assert_true(shown(&c) == BEGIN + 5);
	mc146818_model_host_step(&c.model, -100 * MS - 1, c.t);
	run(&c, SEC);
	assert_true(shown(&c) == BEGIN + 5);
}

/* What SET froze is still right for those who add the difference. */
static void xen_follows_under_set(void **state)
{
	struct chip c = named("xen");

	(void)state;
	run(&c, 300 * MS);
	wr(&c, RB, H24 | SET);
	mc146818_model_host_step(&c.model, 100 * SEC + 400 * MS, c.t);
	assert_true(shown(&c) == BEGIN);
	wr(&c, M, 0x21);
	wr(&c, RB, H24);
	assert_true(shown(&c) == BEGIN + 160);
	assert_true(mc146818_model_next_update(&c.model, c.t) == c.t + 300 * MS);
}

static void arm(struct chip *c, const u8 bytes[5])
{
	wr(c, HA, bytes[0]);
	wr(c, MA, bytes[1]);
	wr(c, SA, bytes[2]);
	wr(c, 0x33, bytes[3]);
	wr(c, 0x34, bytes[4]);
	wr(c, RB, H24 | AIE);
}

/* Bytes: hour, minute, second, date, month. */
static void crosvms_alarm_is_one_date(void **state)
{
	static const u8 soon[] = { 0x15, 0x21, 0x00, 0x22, 0x11 };
	static const u8 over[] = { 0x15, 0x20, 0x30, 0x22, 0x11 };
	static const u8 none[][5] = {
		{ 0xff, 0x21, 0x00, 0x22, 0x11 }, { 0x15, 0x60, 0x00, 0x22, 0x11 },
		{ 0x15, 0x21, 0x5a, 0x22, 0x11 }, { 0x15, 0x21, 0x00, 0x00, 0x11 },
		{ 0x15, 0x21, 0x00, 0x22, 0x13 }, { 0x15, 0x21, 0x00, 0x31, 0x11 },
	};
	struct chip c = named("crosvm");
	size_t i;

	(void)state;
	arm(&c, soon);
	assert_true(next_event(&c) == c.t + 30 * SEC);
	wr(&c, SA, 0x10);
	assert_true(next_event(&c) == c.t + 30 * SEC);
	run(&c, 30 * SEC - 1);
	assert_int_equal(rd(&c, RC), 0);
	run(&c, 1);
	assert_true(line(&c));
	assert_int_equal(rd(&c, RC), AF | IRQF);
	assert_int_equal(rd(&c, RC), 0);
	run(&c, 400 * DAY * SEC);
	assert_int_equal(rd(&c, RC), 0);
	c = named("crosvm");
	arm(&c, over);
	assert_true(next_event(&c) == c.t + 365 * DAY * SEC);
	wr(&c, RB, H24);
	wr(&c, RB, H24 | AIE);
	assert_true(next_event(&c) == c.t + 365 * DAY * SEC);
	wr(&c, RB, H24);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
	/* Stepped to where it is further ahead than times go. */
	wr(&c, RB, H24 | AIE);
	mc146818_model_step(&c.model, -40 * 365 * DAY * SEC, c.t);
	assert_true(next_event(&c) != MC146818_MODEL_NEVER);
	for (i = 0; i < 3; i++)
		mc146818_model_step(&c.model, -40 * 365 * DAY * SEC, c.t);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		arm(&c, none[i]);
		assert_true(next_event(&c) == MC146818_MODEL_NEVER);
	}
}

/* February 29 that is over comes in no next year. */
static void crosvms_alarm_of_a_leap_day(void **state)
{
	static const u8 leap[] = { 0x10, 0x00, 0x00, 0x29, 0x02 };
	struct chip c = chip(&mc_sim_profile_find("crosvm")->options, date(2028, 2, 29, 11, 0, 0));

	(void)state;
	arm(&c, leap);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
}

static void v86s_alarm_is_todays(void **state)
{
	static const u8 soon[5] = { 0x15, 0x21, 0x00 }, over[5] = { 0x10, 0x00, 0x00 };
	static const u8 none[5] = { 0xff, 0xff, 0xff };
	struct chip c = named("v86");

	(void)state;
	arm(&c, soon);
	assert_true(next_event(&c) == c.t + 30 * SEC);
	run(&c, 30 * SEC);
	assert_int_equal(rd(&c, RC), AF | IRQF);
	run(&c, 2 * DAY * SEC);
	assert_int_equal(rd(&c, RC), 0);
	arm(&c, over);
	assert_true(next_event(&c) == c.t + SEC);
	arm(&c, none);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
}

/* Only ff, and in binary only: in BCD it is no number that comes. */
static void openvmms_wildcard_is_ff(void **state)
{
	struct chip c = named("openvmm");

	(void)state;
	wr(&c, SA, 0xff);
	wr(&c, MA, 0xff);
	wr(&c, HA, 0xff);
	wr(&c, RB, H24 | AIE);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
	wr(&c, RB, H24 | AIE | DM);
	assert_true(next_event(&c) == c.t + SEC);
	wr(&c, SA, 0xc0);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
	wr(&c, SA, 20);
	assert_true(next_event(&c) == c.t + 50 * SEC);
	wr(&c, RB, AIE | DM);
	wr(&c, MA, 0);
	wr(&c, HA, 0);
	assert_true(next_event(&c) == c.t + (8 * 3600 + 40 * 60 - 30 + 20) * SEC);
}

/* Hour, minute, second and date of an alarm, and how long after BEGIN it comes. */
static void intels_alarm_has_a_date(void **state)
{
	static const struct {
		u8 bytes[4];
		int days, seconds;
	} alarms[] = {
		{ { 0x15, 0x20, 0x31, 0x22 }, 0, 1 },
		{ { 0x15, 0x20, 0x31, 0x00 }, 0, 1 },
		{ { 0x15, 0x20, 0x31, 0x23 }, 1, 1 },
		{ { 0x15, 0x20, 0x30, 0x22 }, 30, 0 },
		{ { 0xff, 0x00, 0x00, 0x24 }, 2, -(15 * 3600 + 20 * 60 + 30) },
		{ { 0xff, 0xff, 0xff, 0x31 }, 39, -(15 * 3600 + 20 * 60 + 30) },
		{ { 0x15, 0x20, 0x31, 0x21 }, 29, 1 },
	};
	struct chip c = named("intel");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(alarms) / sizeof(alarms[0]); i++) {
		wr(&c, HA, alarms[i].bytes[0]);
		wr(&c, MA, alarms[i].bytes[1]);
		wr(&c, SA, alarms[i].bytes[2]);
		wr(&c, RD, alarms[i].bytes[3]);
		wr(&c, RB, H24 | AIE);
		assert_true(next_event(&c) == c.t + (alarms[i].days * DAY + alarms[i].seconds) * SEC +
					      MC146818_MODEL_UPDATE_NS);
	}
	wr(&c, RD, 0x3a);
	assert_true(next_event(&c) == MC146818_MODEL_NEVER);
}

/* Whatever it was and whatever it becomes, the time goes on. */
static void another_chip_keeps_the_time(void **state)
{
	int i, k;

	(void)state;
	for (i = 0; i < CHIPS; i++)
		for (k = 0; k < CHIPS; k++) {
			const struct mc_sim_profile *new = mc_sim_profile_find(facts[k].name);
			struct chip c = named(facts[i].name);

			run(&c, 10 * SEC + 300 * MS);
			wr(&c, 0x50, 0x77);
			mc146818_model_become(&c.model, &new->options, c.t);
			assert_true(shown(&c) == BEGIN + 10);
			assert_true(mc146818_model_next_update(&c.model, c.t) == c.t + 700 * MS);
			same(&facts[k], "B", rd(&c, RB), facts[k].b);
			same(&facts[k], "RAM", rd(&c, 0x50), 0x77);
			run(&c, 703 * MS);
			assert_true(shown(&c) == BEGIN + 11);
		}
}

static void a_chip_that_stands_goes_on_as_another(void **state)
{
	struct chip c = named("mc146818");

	(void)state;
	run(&c, 300 * MS);
	wr(&c, RA, 0x66);
	run(&c, 10 * SEC);
	mc146818_model_become(&c.model, &mc_sim_profile_find("qemu")->options, c.t);
	assert_true(shown(&c) == BEGIN);
	assert_true(mc146818_model_next_update(&c.model, c.t) == c.t + SEC);
}

static void check_now(struct chip *c, bool counts, s64 sec, u32 ns)
{
	s64 is_sec;
	u32 is_ns;

	assert_int_equal(mc146818_model_now(&c->model, c->t, &is_sec, &is_ns), counts);
	assert_true(is_sec == sec);
	assert_int_equal(is_ns, ns);
	if (counts)
		assert_true(mc146818_model_next_update(&c->model, c->t) == c->t + SEC - ns);
	else
		assert_true(mc146818_model_next_update(&c->model, c->t) == MC146818_MODEL_NEVER);
}

static void the_true_time_is_told(void **state)
{
	struct chip c = named("mc146818"), slow_one = chip(&slow, BEGIN), hidden = named("ds12887");

	(void)state;
	run(&c, 2300 * MS);
	check_now(&c, true, BEGIN + 2, 300 * MS);
	wr(&c, RA, 0x66);
	run(&c, SEC);
	check_now(&c, false, BEGIN + 2, 0);
	wr(&c, RA, 0x26);
	check_now(&c, true, BEGIN + 2, 500 * MS);
	wr(&c, RB, H24 | SET);
	check_now(&c, false, BEGIN + 2, 0);
	run(&slow_one, SEC + MS);
	check_now(&slow_one, true, BEGIN + 1, MS);
	run(&slow_one, 10 * MS);
	check_now(&slow_one, true, BEGIN + 1, 11 * MS);
	wr(&hidden, RB, H24 | SET);
	run(&hidden, 4200 * MS);
	check_now(&hidden, true, BEGIN + 4, 200 * MS);
	assert_true(shown(&hidden) == BEGIN);
}

static void steps_move_the_phase(void **state)
{
	static const struct { s64 ns; s64 sec; u32 phase; } steps[] = {
		{ 250 * MS, 0, 550 * MS }, { -550 * MS, 0, 0 }, { -1, -1, 999999999 },
		{ 1, 0, 0 }, { 3700 * MS, 3, 700 * MS }, { 300 * MS, 4, 0 },
		{ -4000 * MS, 0, 0 }, { -86400 * SEC, -86400, 0 },
	};
	struct chip c = named("qemu");
	size_t i;

	(void)state;
	run(&c, 300 * MS);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		mc146818_model_step(&c.model, steps[i].ns, c.t);
		check_now(&c, true, BEGIN + steps[i].sec, steps[i].phase);
		assert_true(shown(&c) == BEGIN + steps[i].sec);
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

int run_profile_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(firmware_names_registers),
		cmocka_unit_test(registers_at_power_on),
		cmocka_unit_test(registers_that_are_written),
		cmocka_unit_test(intels_d_is_the_date_alarm),
		cmocka_unit_test(a_hold_and_its_release),
		cmocka_unit_test(set_and_its_end),
		cmocka_unit_test(a_write_under_set),
		cmocka_unit_test(a_write_outside_of_set),
		cmocka_unit_test(hold_and_set_together),
		cmocka_unit_test(a_write_under_hold),
		cmocka_unit_test(bhyves_century_begins_a_second),
		cmocka_unit_test(bytes_that_mean_no_date),
		cmocka_unit_test(openvmms_writes_want_a_date),
		cmocka_unit_test(hour_0_of_twelve),
		cmocka_unit_test(formats),
		cmocka_unit_test(formats_are_written),
		cmocka_unit_test(centuries),
		cmocka_unit_test(two_digits_of_a_year),
		cmocka_unit_test(uip_before_an_update),
		cmocka_unit_test(intels_update_lasts),
		cmocka_unit_test(v86s_uip_goes_astray),
		cmocka_unit_test(openvmms_uip_shows_once),
		cmocka_unit_test(flags),
		cmocka_unit_test(uie_under_set),
		cmocka_unit_test(xens_hold_stops_pf_alone),
		cmocka_unit_test(amds_pf_does_not_mind),
		cmocka_unit_test(host_is_followed),
		cmocka_unit_test(vmds_next_second_follows_the_host),
		cmocka_unit_test(xen_follows_under_set),
		cmocka_unit_test(crosvms_alarm_is_one_date),
		cmocka_unit_test(crosvms_alarm_of_a_leap_day),
		cmocka_unit_test(v86s_alarm_is_todays),
		cmocka_unit_test(openvmms_wildcard_is_ff),
		cmocka_unit_test(intels_alarm_has_a_date),
		cmocka_unit_test(another_chip_keeps_the_time),
		cmocka_unit_test(a_chip_that_stands_goes_on_as_another),
		cmocka_unit_test(the_true_time_is_told),
		cmocka_unit_test(steps_move_the_phase),
	};

	return cmocka_run_group_tests_name("mc146818-model as known chips", tests, setup, teardown);
}
