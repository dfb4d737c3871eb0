// SPDX-License-Identifier: GPL-2.0
/*
 * liar - the driver over a chip that answers anything, in each profile
 *
 * Whatever is read, each call ends in time and with a stated error, the lock is held for a
 * few accesses, nobody sleeps with interrupts off, no storm begins, and where each byte is
 * random no second is said to be known. When the chip is honest again, and was set, its dates
 * and bounds hold. But for two lies: one that moves an edge by no more than it is wide, which
 * no later edge contradicts; and the same one of the hour, told twice, until the bytes refute it.
 * As TAP.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "judge.h"
#include "kernel/control.h"
#include "kernel/user.h"
#include "score.h"
#include "world/bus.h"
#include "world/chip.h"
#include "world/even.h"
#include "world/journal.h"
#include "world/nature.h"
#include "world/random.h"
#include "world/task.h"

#define MS		1000000LL
#define SEC		1000000000LL
#define FIRST_SEC	1893456000LL	/* 2030 */
#define ACCESSES	1000000LL	/* of all lives together */
#define REGISTERS	128
#define CALL_NS		(9 * SEC)	/* no call may take longer, four times two readings, ... */
#define PHASE_NS	(CALL_NS + 5 * SEC)	/* ... but one that waits for a set, as tracker.c says, ... */
#define PTP_NS		(2 * PHASE_NS)	/* ... one that asks again, as phc.c does, ... */
#define SET_NS		(16500 * MS)	/* ... and a set that is tried again, as set.c says */
#define HELD_ACCESSES	23		/* under one hold of the lock */
#define HONEST_NS	(30 * SEC)	/* from the set on: by then the answers are right */
#define LIES_MAX	40		/* calls in a row, before the chip is honest again */
#define KNOWN_NS	(SEC / 2)	/* a lesser bound claims to know where in the second it is */
#define CONFIRMED	3		/* such claims in a row are no chance */
#define LOCKED		5		/* answers of an honest chip */
#define SETS		3		/* the first ones may be refused, for what was seen before */
#define BAD_EDGE_NS	(3 * MS)	/* a bad byte right at an edge moves it so far: one sample */
#define DATES_S		(3650 * 86400LL)

/* What is wrong with what is read, or written. */
enum lie { NOISE, STUCK, FLIPS, SWAPS, OLD, DEAF, TWISTED, ALL, LIES };

static const char * const lie_names[LIES] = {
	[NOISE] = "each byte is random",
	[STUCK] = "registers are stuck for a while",
	[FLIPS] = "bits flip",
	[SWAPS] = "other registers answer",
	[OLD] = "the byte that was read before comes again",
	[DEAF] = "writes are dropped",
	[TWISTED] = "writes are twisted",
	[ALL] = "anything of this",
};

static enum lie lie;
static s64 one_in;			/* accesses that are lied about */
static u8 stuck[REGISTERS], last[REGISTERS];
static bool is_stuck[REGISTERS];
static struct mc_bus *bus;
static s64 answers, refused, known;	/* while the chip lies */
static s64 longest_ns;
static u8 register_b;			/* as the chip has it at power-on */

static enum lie lie_now(void)
{
	return lie == ALL ? random_below(ALL) : lie;
}

static u8 flip(u8 value)
{
	return value ^ 1 << random_below(8);
}

static u8 stuck_at(u8 reg, u8 value)
{
	static const u8 likely[] = { 0, 0xff, 0x80, 0x26, 0x66, 0x06 };

	if (random_one_in(one_in)) {
		is_stuck[reg] = !is_stuck[reg];
		stuck[reg] = random_one_in(2) ? value : likely[random_below(sizeof(likely))];
	}
	return is_stuck[reg] ? stuck[reg] : value;
}

static u8 misread(u8 reg, u8 value)
{
	enum lie l = lie_now();
	u8 before;

	reg %= REGISTERS;
	before = last[reg];
	last[reg] = value;
	if (l == STUCK)
		return stuck_at(reg, value);
	if (l != NOISE && !random_one_in(one_in))
		return value;
	switch (l) {
	case NOISE:
		return random_bits();
	case FLIPS:
		return flip(value);
	case SWAPS:
		return chip_read(random_below(14));
	case OLD:
		return before;
	default:
		return value;
	}
}

static bool miswrite(u8 reg, u8 *value)
{
	enum lie l = lie_now();

	if (l == DEAF)
		return !random_one_in(one_in);
	if (l == TWISTED && random_one_in(one_in))
		*value = flip(*value);
	return true;
}

static void begin_to_lie(void)
{
	memset(is_stuck, 0, sizeof(is_stuck));
	one_in = random_scale(1, 300);
	bus_misread = misread;
	bus_miswrite = miswrite;
}

static void be_honest(void)
{
	bus_misread = NULL;
	bus_miswrite = NULL;
}

/* Binds; without a clock where the chip looks like none. */
static int boot(void)
{
	const struct mc_options options = { .ptp = true, .shared = random_one_in(4) };

	kernel_boot();
	bus = bus_init();
	bus->can_wake = true;
	return mc_clock_probe(bus, &options);
}

static int ask_now(void)
{
	char line[4096], state[16];
	long long real, rtc, bound;
	int n = kernel_read_attribute("phase", "now", line);

	if (n < 0)
		return n;
	if (sscanf(line, "%lld %lld %lld %15s", &real, &rtc, &bound, state) != 4)
		return -EPROTO;
	known = bound < KNOWN_NS ? known + 1 : 0;
	return 0;
}

static int ask_ptp(void)
{
	struct timespec64 ts;

	return kernel_ptp()->gettimex64(kernel_ptp(), &ts, NULL);
}

/* The core refuses what is no date, so it is the driver that must not give it one. */
static int ask_time(void)
{
	struct rtc_time tm = { };
	int err;

	mutex_lock(&kernel_rtc()->ops_lock);
	err = kernel_rtc()->ops->read_time(bus->dev, &tm);
	mutex_unlock(&kernel_rtc()->ops_lock);
	return err ? err : rtc_valid_tm(&tm) ? -EPROTO : 0;
}

static int set(void)
{
	return user_set(FIRST_SEC + random_below(DATES_S));
}

static int set_alarm(void)
{
	s64 sec = user_read();
	int err = sec < 0 ? sec : user_set_alarm(sec + random_scale(1, 100000));

	return err == -ETIME ? 0 : err;
}

static int ticks(void)
{
	return rtc_update_irq_enable(kernel_rtc(), !kernel_rtc()->uie_rtctimer.enabled);
}

static int sleep(void)
{
	if (!mc_clock_suspend(bus->dev)) {
		nature_suspend(random_scale(MS, 3000 * SEC));
		mc_clock_resume(bus->dev);
	}
	return 0;
}

static int bind_again(void)
{
	kernel_unbind(bus->dev);
	boot();
	return 0;
}

static int wait(void)
{
	task_sleep(now + random_scale(MS, 100 * SEC));
	return 0;
}

static const struct act {
	const char *name;
	int (*act)(void);
	s64 limit;		/* of a call, ns */
} acts[] = {
	{ "phase/now", ask_now, PHASE_NS },
	{ "PTP", ask_ptp, PTP_NS },
	{ "RTC_RD_TIME", ask_time, CALL_NS },
	{ "RTC_SET_TIME", set, SET_NS },
	{ "RTC_WKALM_SET", set_alarm, CALL_NS },
	{ "RTC_UIE_ON", ticks, CALL_NS },
	{ "suspend", sleep }, { "unbind", bind_again }, { "nothing", wait },
};

/* What a call may say of such a chip. */
static bool is_stated(int err)
{
	return !err || err == -EIO || err == -EINVAL || err == -EAGAIN || err == -ERANGE ||
	       err == -EBUSY || err == -ENODATA;
}

static const char *do_act(const struct act *a)
{
	static char why[128];
	s64 begun = now;
	int err;

	if (!kernel_rtc() && a->limit)
		return NULL;
	if (!kernel_rtc()) {
		boot();
		return NULL;
	}
	err = a->act();
	if (a->limit) {
		err ? refused++ : answers++;
		longest_ns = max(longest_ns, now - begun);
	}
	why[0] = 0;
	if (!is_stated(err))
		snprintf(why, sizeof(why), "%s says %d", a->name, err);
	else if (a->limit && now - begun > a->limit)
		snprintf(why, sizeof(why), "%s takes %.3f s", a->name, (now - begun) * 1e-9);
	return why[0] ? why : NULL;
}

/* Random bytes are no clock: no second of theirs is known, but by a chance. */
static const char *claims(void)
{
	if (lie == NOISE && known >= CONFIRMED)
		return "where the second is was said to be known";
	return NULL;
}

static const char *lies(void)
{
	s64 n = random_between(1, LIES_MAX);
	const char *why = NULL;

	known = 0;
	begin_to_lie();
	while (n-- && !why) {
		why = do_act(&acts[random_below(ARRAY_SIZE(acts))]);
		if (!why)
			why = claims();
		task_sleep(now + random_scale(MS / 10, 2 * SEC));
	}
	be_honest();
	return why;
}

/*
 * Its owner sets it in the firmware's menu, which puts right what register B says of its bytes.
 * So does a user of the driver, which is bound to it anew where it was not, and at times where
 * it was. From that set on each answer is judged.
 */
static const char *is_right_again(void)
{
	s64 until, wrong = score_wrong(&score), locked = score.locked;
	static char why[64];
	int i, err;

	chip_write(MC146818_B, register_b);
	chip_set_by_firmware(FIRST_SEC + random_below(DATES_S));
	/* One that cannot be set must be seen anew: a date that was lost stays so. */
	if (!kernel_rtc() || random_one_in(3) || chip_nature() == NATURE_DROPS)
		bind_again();
	if (!kernel_rtc())
		return "an honest chip is not bound";
	for (i = 0; i < SETS && (err = set()); i++)
		;
	if (err && chip_nature() != NATURE_DROPS) {
		snprintf(why, sizeof(why), "an honest chip is not set: %d", err);
		return why;
	}
	journal_init();
	judge_boot();
	for (until = now + HONEST_NS; now < until && score.locked < locked + LOCKED;) {
		task_sleep(now + random_scale(MS, SEC));
		judge_now();
		judge_time();
	}
	if (score_wrong(&score) != wrong)
		return "a wrong time of an honest chip";
	return score.locked < locked + LOCKED ? "an honest chip is not known in time" : NULL;
}

/* A machine of its own, with one profile and one kind of lies. */
static const char *live(int profile, enum lie kind, s64 accesses)
{
	static const s64 takes[] = { 1000, 6000, 35000, 300000 };
	s64 until = bus_accesses + accesses;
	const char *why = NULL;

	be_honest();
	lie = kind;
	even_world(profile, random_one_in(2), random_one_in(2), FIRST_SEC);
	register_b = chip_read(MC146818_B);
	bus_access_takes(takes[random_below(ARRAY_SIZE(takes))], 0);
	judge_slack_ns = BAD_EDGE_NS;
	if (random_one_in(2))
		begin_to_lie();
	boot();
	while (!why && bus_accesses < until) {
		why = lies();
		if (!why)
			why = is_right_again();
	}
	return why;
}

/* Return: whether all profiles live through it. */
static bool test(enum lie kind, s64 accesses, u64 seed)
{
	unsigned int warnings = kernel_warnings;
	int profile, n = chip_profiles();
	s64 before = bus_accesses;
	const char *why = NULL;

	answers = refused = longest_ns = 0;
	bus_longest_hold = 0;
	for (profile = 0; !why && profile < n; profile++) {
		random_seed(seed * 1000 + kind * 100 + profile);
		why = live(profile, kind, accesses / n);
		if (!why && kernel_warnings != warnings)
			why = "the kernel warns";
		if (!why && bus_longest_hold > HELD_ACCESSES)
			why = "the lock is held too long";
	}
	printf("# %lld accesses; %lld answers, %lld refused; the longest call took %.3f s, the longest hold of the lock %u accesses\n",
	       (long long)(bus_accesses - before), (long long)answers, (long long)refused,
	       longest_ns * 1e-9, bus_longest_hold);
	printf("%sok %d - %s", why ? "not " : "", kind + 1, lie_names[kind]);
	if (why)
		printf(": %s: %s", chip_profile_name(profile - 1), why);
	printf("\n");
	fflush(stdout);
	return !why;
}

int main(int argc, char **argv)
{
	s64 accesses = argc > 1 ? atoll(argv[1]) : ACCESSES;
	u64 seed = argc > 2 ? atoll(argv[2]) : 1;

	kernel_verbose = getenv("LOG");
	int kind, failed = 0;

	if (argc > 3 || accesses <= 0) {
		fprintf(stderr, "usage: liar [accesses [seed]]\n");
		return 1;
	}
	printf("1..%d\n# seed %llu\n", LIES, (unsigned long long)seed);
	for (kind = 0; kind < LIES; kind++)
		failed += !test(kind, accesses / LIES, seed);
	return !!failed;
}
