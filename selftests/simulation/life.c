// SPDX-License-Identifier: GPL-2.0
/*
 * life - what befalls a clock besides being asked: sets and alarms on the way to sleep and
 * down, a driver that goes meanwhile, a kernel that refuses some of its faces, and whether
 * ticks and alarms come when the clock's rate jumps or another alarm is armed; as TAP
 */
#include <stdio.h>
#include <stdlib.h>

#include "clock/clock.h"
#include "kernel/control.h"
#include "kernel/user.h"
#include "world/bus.h"
#include "world/chip.h"
#include "world/clocks.h"
#include "world/even.h"
#include "world/nature.h"
#include "world/random.h"
#include "world/task.h"

#define SEC		1000000000LL
#define FIRST_SEC	1893456000	/* 2030 */
#define AHEAD_S		1000		/* an alarm, or a set */
#define ACCESS_NS	1000
#define WATCHED_NS	(100 * SEC)	/* so long nothing may happen */
#define TICK_STEP_NS	500000
#define SOON_NS		(SEC + SEC / 2)	/* a tick of a clock that runs */
#define STAND_NS	1000000
#define NEW_RATE_PPB	200000
#define RATES		1000
#define SLOW_PPB	(-8000000)
#define RACES		300
#define RACE_NS		100000
#define PREEMPTED_NS	200000
#define LOOK_NS		(60 * SEC)	/* how often a far alarm is looked at */
#define EDGES		200
#define NOON_S		45296		/* 12:34:56 */
#define HALF_DAY_S	(12 * 3600)
#define STEPS		50
#define SEC_2032	1956528000LL	/* its first; the year's byte may be BCD or binary */
#define ASKED_NS	10000		/* from the answer to the comparison, in an even world */
#define REQUIRE(condition)	do { if (!(condition)) return #condition; } while (0)

static struct mc_bus *bus;
static const struct interruptions preemptions = {
	.preempted_every = 5, .preempted_ns = PREEMPTED_NS,
};

static int bind(void)
{
	const struct mc_options options = { .ptp = true };

	return mc_clock_probe(bus, &options);
}

/* A machine with a clock that can wake it. */
static int boot(void)
{
	kernel_boot();
	bus = bus_init();
	bus->can_wake = true;
	return bind();
}

static int set_ptp(s64 sec)
{
	struct timespec64 ts = { .tv_sec = sec };

	return kernel_ptp()->settime64(kernel_ptp(), &ts);
}

static bool chip_is_armed(void)
{
	return chip_read(MC146818_B) & MC146818_B_AIE;
}

/* Neither a timer nor the worker is left that would. */
static bool nobody_asks(void)
{
	s64 accesses = bus_accesses;

	task_sleep(now + WATCHED_NS);
	return bus_accesses == accesses;
}

static bool near(s64 sec, s64 wanted)
{
	return sec >= wanted && sec <= wanted + 1;
}

/* A set that the sleep would end, or whose second burst nobody would do, is refused. */
static const char *set_on_the_way(void (*way)(struct device *dev), int err)
{
	unsigned int events;
	s64 sec;

	REQUIRE(!boot());
	sec = user_read();
	REQUIRE(sec > 0);
	way(bus->dev);
	events = kernel_events;
	REQUIRE(user_set(sec + AHEAD_S) == err);
	REQUIRE(set_ptp(sec + AHEAD_S) == err);
	REQUIRE(kernel_events == events);
	REQUIRE(near(chip_sec(), sec));
	return NULL;
}

static void suspend(struct device *dev)
{
	mc_clock_suspend(dev);
}

static const char *set_while_asleep(void)
{
	const char *why = set_on_the_way(suspend, -EBUSY);
	s64 sec;

	if (why)
		return why;
	mc_clock_resume(bus->dev);
	sec = user_read() + AHEAD_S;
	REQUIRE(!user_set(sec));
	REQUIRE(near(user_read(), sec));
	return NULL;
}

static const char *set_on_the_way_down(void)
{
	return set_on_the_way(mc_clock_shutdown, -ESHUTDOWN);
}

/* The chip has it, as no timer of ours runs any more; and nobody asks the chip. */
static const char *alarm_on_the_way(void (*way)(struct device *dev))
{
	s64 sec;

	REQUIRE(!boot());
	way(bus->dev);
	REQUIRE(!chip_is_armed());
	sec = user_read();
	REQUIRE(!user_set_alarm(sec + 10));
	REQUIRE(chip_is_armed());
	REQUIRE(kernel_rtc()->aie_timer.enabled);
	REQUIRE(nobody_asks());
	return NULL;
}

static const char *alarm_while_asleep(void)
{
	const char *why = alarm_on_the_way(suspend);

	if (why)
		return why;
	mc_clock_resume(bus->dev);
	task_sleep(now + 2 * SEC);
	REQUIRE(!kernel_rtc()->aie_timer.enabled);
	REQUIRE(!chip_is_armed());
	return NULL;
}

static const char *alarm_on_the_way_down(void)
{
	return alarm_on_the_way(mc_clock_shutdown);
}

/* With an alarm in the chip, and a set that was not over. */
static const char *unbound_on_the_way(void (*way)(struct device *dev))
{
	s64 sec;

	REQUIRE(!boot());
	sec = user_read();
	REQUIRE(!user_set(sec + AHEAD_S));
	REQUIRE(!user_set_alarm(sec + 2 * AHEAD_S));
	way(bus->dev);
	REQUIRE(chip_is_armed());
	kernel_unbind(bus->dev);
	REQUIRE(!kernel_rtc());
	REQUIRE(!chip_is_armed());
	REQUIRE(nobody_asks());
	sec = chip_sec();
	REQUIRE(!bind());
	REQUIRE(near(user_read(), sec));
	return NULL;
}

static const char *unbound_while_asleep(void)
{
	return unbound_on_the_way(suspend);
}

static const char *unbound_on_the_way_down(void)
{
	return unbound_on_the_way(mc_clock_shutdown);
}

/* The clock is there all the same, with its other faces. */
static const char *without(const char *face)
{
	bool ptp = !strcmp(face, "ptp"), debugfs = !strcmp(face, "debugfs");
	char text[32];
	s64 sec;

	kernel_refused = face;
	REQUIRE(!boot());
	kernel_refused = NULL;
	REQUIRE(kernel_rtc());
	sec = user_read();
	REQUIRE(sec > 0);
	REQUIRE(!user_set(sec + AHEAD_S));
	REQUIRE(near(user_read(), sec + AHEAD_S));
	REQUIRE(!kernel_ptp() == ptp);
	REQUIRE(!kernel_read_debugfs("accesses", text, sizeof(text)) != debugfs);
	kernel_unbind(bus->dev);
	REQUIRE(!kernel_rtc());
	REQUIRE(!bind());
	REQUIRE(kernel_ptp());
	return NULL;
}

static const char *without_a_ptp_clock(void)
{
	return without("ptp");
}

static const char *without_nvmem(void)
{
	return without("nvmem");
}

static const char *without_procfs(void)
{
	return without("procfs");
}

static const char *without_sysctl(void)
{
	return without("sysctl");
}

static const char *without_debugfs(void)
{
	return without("debugfs");
}

/* One chip for all tests, in an even world: what an access takes, and how late timers come. */
static void be_even(s64 access_ns, s64 late_ns)
{
	bus_access_takes(access_ns, 0);
	kernel_time_takes(EVEN_TELLING_NS, late_ns);
	clocks_set_rate(0, 0);
	tasks_interrupt(&(struct interruptions){ });
}

static int ticks_on(bool on)
{
	return rtc_update_irq_enable(kernel_rtc(), on);
}

/* Return: how long the next ticks took at most, each, ns. */
static s64 longest_tick(unsigned int n)
{
	unsigned int ticks = kernel_ticks;
	s64 last = now, longest = 0;

	while (n && now - last < 10 * SEC) {
		task_sleep(now + TICK_STEP_NS);
		if (kernel_ticks == ticks)
			continue;
		longest = max(longest, now - last);
		last = now;
		ticks = kernel_ticks;
		n--;
	}
	return max(longest, now - last);
}

/* Each edge comes when it cannot, until the rate is learnt: no tick is lost for that. */
static const char *ticks_at_new_rates(s64 access_ns, s64 late_ns)
{
	unsigned int i;

	be_even(access_ns, late_ns);
	REQUIRE(!boot());
	for (i = 0; i < RATES; i++) {
		REQUIRE(!ticks_on(true));
		longest_tick(2);
		REQUIRE(!ticks_on(false));
		task_sleep(now + random_below(SEC));
		clocks_set_rate(i % 2 ? 0 : NEW_RATE_PPB, 0);
		REQUIRE(!ticks_on(true));
		REQUIRE(longest_tick(10) < SOON_NS);
		REQUIRE(!ticks_on(false));
	}
	be_even(ACCESS_NS, EVEN_LATE_NS);
	return NULL;
}

static const char *ticks_at_a_new_rate(void)
{
	return ticks_at_new_rates(ACCESS_NS, EVEN_LATE_NS);
}

static const char *ticks_at_a_new_rate_fast(void)
{
	return ticks_at_new_rates(ACCESS_NS / 5, 10 * EVEN_LATE_NS);
}

static const char *ticks_at_a_new_rate_slow(void)
{
	return ticks_at_new_rates(35 * ACCESS_NS, EVEN_LATE_NS);
}

static void stand(void *unused)
{
	for (;;) {
		task_sleep(now + STAND_NS);
		chip_step(-STAND_NS);
	}
}

/*
 * It is stepped to just before its next second, and that begins, far too early. Until it is
 * looked at again it runs on, or ticks no more. The first reading does not wait for a tick.
 */
static const char *tick_early(s64 *sec, s64 looked_at, struct task **standing)
{
	struct mc_clock *clock;
	struct timespec64 ts;
	s64 before;

	REQUIRE(!boot());
	clock = dev_get_drvdata(bus->dev);
	REQUIRE(!kernel_ptp()->gettimex64(kernel_ptp(), &ts, NULL));
	*sec = user_read() + 1;
	chip_step(SEC - 10 * STAND_NS);
	task_sleep(now + 10 * STAND_NS);
	REQUIRE(chip_sec() == *sec);
	if (standing) {
		*standing = task_start("standing", stand, NULL);
		(*standing)->outside = true;
	}
	task_sleep(now + looked_at);
	REQUIRE(!mc_tracker_check(&clock->tracker));
	REQUIRE(atomic64_read(&clock->tracker.steps) == 1);
	before = now;
	REQUIRE(user_read() == *sec);
	REQUIRE(now - before < SEC / 20);
	return NULL;
}

static const char *early_tick(void)
{
	s64 sec;

	return tick_early(&sec, 0, NULL);
}

/* That second is not believed for longer than one can last, whenever it was looked at. */
static const char *stands_after_an_early_tick(void)
{
	struct task *standing;
	const char *why;
	s64 sec, i;

	for (i = 0; i < 10; i++) {
		why = tick_early(&sec, i * SEC / 10, &standing);
		if (why)
			return why;
		task_sleep(now + SEC + SEC / 5 - i * SEC / 10);
		REQUIRE(user_read() == -EIO);
		REQUIRE(chip_sec() == sec);
		task_end(standing);
	}
	return NULL;
}

/* An alarm is armed just when the far one of alarmtimer is looked at. */
static const char *alarm_before_another(void)
{
	struct rtc_timer far = { };
	unsigned int i;
	s64 sec;

	be_even(ACCESS_NS, EVEN_LATE_NS);
	REQUIRE(!boot());
	for (i = 0; i < RACES; i++) {
		sec = user_read() + AHEAD_S;
		REQUIRE(!rtc_timer_start(kernel_rtc(), &far, sec * SEC, 0));
		tasks_interrupt(&preemptions);
		task_sleep(now + LOOK_NS - RACE_NS / 2 + random_below(RACE_NS));
		REQUIRE(!user_set_alarm(user_read() + 4));
		tasks_interrupt(&(struct interruptions){ });
		task_sleep(now + 5 * SEC);
		REQUIRE(!kernel_rtc()->aie_timer.enabled);
	}
	return NULL;
}

/* So many reads of a register give another byte than the chip says. */
static struct {
	u8 reg, value;
	int reads;
} bad;

static u8 misread(u8 reg, u8 value)
{
	if (reg != bad.reg || bad.reads <= 0)
		return value;
	bad.reads--;
	return bad.value;
}

static void be_bad(u8 reg, u8 value, int reads)
{
	bad.reg = reg;
	bad.value = value;
	bad.reads = reads;
	bus_misread = misread;
}

/* Whatever it makes of the date, and of how the bytes are to be read. */
static const char *one_bad_byte(void)
{
	static const u8 registers[] = {
		MC146818_SECONDS, MC146818_MINUTES, MC146818_HOURS, MC146818_DATE,
		MC146818_MONTH, MC146818_YEAR,
	};
	static const u8 values[] = { 0x00, 0x01, 0x07, 0x0a, 0x0c, 0x12, 0x1f, 0x81, 0xff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(registers) * ARRAY_SIZE(values); i++) {
		REQUIRE(!boot());
		if (i % 2)
			REQUIRE(user_read() == chip_sec());
		be_bad(registers[i % ARRAY_SIZE(registers)], values[i / ARRAY_SIZE(registers)], 1);
		REQUIRE(near(user_read(), chip_sec() - 1));
		REQUIRE(!bad.reads);
		bus_misread = NULL;
		REQUIRE(near(user_read(), chip_sec() - 1));
	}
	return NULL;
}

/* At each edge one look, at most, shows the next second too early. */
static u8 misread_early(u8 reg, u8 value)
{
	static s64 lied;
	struct truth truth;

	if (reg != MC146818_SECONDS || !chip_truth(now, &truth) || truth.sec == lied ||
	    truth.ns < SEC - 300 * 1000 || truth.ns > SEC - 2 * 1000 || random_one_in(2))
		return value;
	lied = truth.sec;
	bad.reads++;
	return (value & 0xf) == 9 ? value : value + 1;
}

static const char *bad_byte_before_an_edge(void)
{
	struct mc_clock *clock;
	unsigned int i, answers = 0;

	REQUIRE(!boot());
	clock = dev_get_drvdata(bus->dev);
	REQUIRE(!ticks_on(true));
	bad.reads = 0;
	bus_misread = misread_early;
	for (i = 0; i < EDGES; i++) {
		char line[4096], state[16];
		long long real, rtc, bound;
		struct truth truth;

		task_sleep(now + SEC / 3);
		if (kernel_read_attribute("phase", "now", line) < 0)
			continue;
		REQUIRE(sscanf(line, "%lld %lld %lld %15s", &real, &rtc, &bound, state) == 4);
		REQUIRE(chip_truth(now, &truth));
		answers++;
		/* What was asked a moment ago. */
		REQUIRE(llabs(truth_minus(&truth, rtc / SEC, rtc % SEC)) < bound + ASKED_NS);
	}
	bus_misread = NULL;
	REQUIRE(answers > EDGES / 2 && bad.reads > EDGES / 40);
	REQUIRE(!atomic64_read(&clock->tracker.steps));
	REQUIRE(!ticks_on(false));
	return NULL;
}

/*
 * The raw clock is so slow that a burst meets the second after the one it was meant for. It has
 * held and released the divider all the same: edges come elsewhere from then on, and that is no
 * step.
 */
static const char *burst_after_the_edge(void)
{
	struct mc_conduct conduct;
	struct mc_clock *clock;
	s64 until, retries;
	int i;

	REQUIRE(!boot());
	clock = dev_get_drvdata(bus->dev);
	for (i = 0; i < 5; i++) {
		REQUIRE(!user_set(FIRST_SEC + 1000 * i));
		task_sleep(now + 10 * SEC + random_below(SEC));
	}
	conduct = mc_chip_conduct(&clock->chip);
	REQUIRE(mc_conduct_known(&conduct));
	retries = atomic64_read(&clock->set.retries);
	clocks_set_rate(SLOW_PPB, 0);
	task_sleep(now + 5 * SEC);
	REQUIRE(!user_set(FIRST_SEC));
	for (until = now + 4 * SEC; now < until; task_sleep(now + SEC / 50))
		REQUIRE(near(user_read(), chip_sec() - 1));
	clocks_set_rate(0, 0);
	REQUIRE(atomic64_read(&clock->set.retries) > retries);
	REQUIRE(!atomic64_read(&clock->tracker.steps));
	return NULL;
}

/* Somebody has the chip count otherwise, from @sec on. */
static void count_as(u8 bits, s64 sec)
{
	chip_write(MC146818_B, (chip_read(MC146818_B) & ~(MC146818_B_DM | MC146818_B_24H)) | bits);
	chip_set_by_another(sec);
}

/* It is set to @sec, and back to what the other tests begin with. */
static const char *set_once(s64 sec)
{
	REQUIRE(!user_set(sec));
	REQUIRE(near(chip_sec(), sec));
	REQUIRE(near(user_read(), sec));
	kernel_unbind(bus->dev);
	count_as(MC146818_B_24H, FIRST_SEC);
	return NULL;
}

/* Of the bytes of that moment none shows how they are to be read. */
static const char *set_after_another_format(void)
{
	static const u8 formats[] = { MC146818_B_24H | MC146818_B_DM, MC146818_B_DM, 0 };
	const char *why = NULL;
	unsigned int i;

	for (i = 0; !why && i < ARRAY_SIZE(formats); i++) {
		REQUIRE(!boot());
		REQUIRE(user_read() > 0);
		count_as(formats[i], SEC_2032 + 3 * 3600);
		why = set_once(SEC_2032 + NOON_S);
	}
	return why;
}

/* It counts to 12, and shows an hour that only one of 24 has until it is bound. */
static const char *set_after_a_bad_hour(void)
{
	count_as(0, FIRST_SEC + 3 * 3600);
	be_bad(MC146818_HOURS, 0x21, INT_MAX);
	REQUIRE(!boot());
	REQUIRE(user_read() > 0);
	bus_misread = NULL;
	return set_once(FIRST_SEC + NOON_S);
}

/* Whoever steps it by less than a second while nobody asks moves the edge, and nobody sees that. */
static const char *reading_across_a_moved_edge(void)
{
	struct truth truth;
	s64 sec;
	int i;

	REQUIRE(!boot());
	for (i = 0; i < STEPS; i++) {
		REQUIRE(!ticks_on(true));
		task_sleep(now + 10 * SEC);
		REQUIRE(!ticks_on(false));
		task_sleep(now + 20 * SEC + random_below(SEC));
		REQUIRE(chip_truth(now, &truth));
		/* The edge is to come some ms from now. */
		chip_step(SEC - 5 * STAND_NS - truth.ns);
		sec = user_read();
		REQUIRE(sec == chip_sec());
		task_sleep(now + 10 * STAND_NS);
		REQUIRE(chip_sec() == sec + 1);
		REQUIRE(user_read() == sec + 1);
	}
	return NULL;
}

/*
 * It says 12 hours and did not show yet that it counts so. Stepped by half a day while nobody asked
 * it shows a twelve, and what the hour was before does not tell which.
 */
static const char *twelve_after_half_a_day(void)
{
	static const s64 steps[] = { 0, -HALF_DAY_S, HALF_DAY_S };
	unsigned int i;
	s64 sec;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		count_as(0, FIRST_SEC + 11 * 3600);
		REQUIRE(!boot());
		REQUIRE(near(user_read(), chip_sec() - 1));
		task_sleep(now + 100 * SEC);
		if (steps[i])
			chip_step(steps[i] * SEC);
		task_sleep(now + 3600 * SEC);
		sec = user_read();
		REQUIRE(sec == -EINVAL || sec == chip_sec());
		kernel_unbind(bus->dev);
	}
	count_as(MC146818_B_24H, FIRST_SEC);
	return NULL;
}

/* Watched from the hour before, each second, it is known which twelve comes. */
static const char *twelve_is_seen_to_come(void)
{
	int i;

	count_as(0, FIRST_SEC + NOON_S / 3600 * 3600 - 5);
	REQUIRE(!boot());
	for (i = 0; i < 20; i++) {
		REQUIRE(near(user_read(), chip_sec() - 1));
		task_sleep(now + SEC / 2);
	}
	kernel_unbind(bus->dev);
	count_as(MC146818_B_24H, FIRST_SEC);
	return NULL;
}

static const struct {
	const char *name;
	const char *(*run)(void);
} tests[] = {
	{ "set_while_asleep", set_while_asleep },
	{ "set_on_the_way_down", set_on_the_way_down },
	{ "alarm_while_asleep", alarm_while_asleep },
	{ "alarm_on_the_way_down", alarm_on_the_way_down },
	{ "unbound_while_asleep", unbound_while_asleep },
	{ "unbound_on_the_way_down", unbound_on_the_way_down },
	{ "without_a_ptp_clock", without_a_ptp_clock },
	{ "without_nvmem", without_nvmem },
	{ "without_procfs", without_procfs },
	{ "without_sysctl", without_sysctl },
	{ "without_debugfs", without_debugfs },
	{ "alarm_before_another", alarm_before_another },
	{ "early_tick", early_tick },
	{ "stands_after_an_early_tick", stands_after_an_early_tick },
	{ "one_bad_byte", one_bad_byte },
	{ "bad_byte_before_an_edge", bad_byte_before_an_edge },
	{ "burst_after_the_edge", burst_after_the_edge },
	{ "set_after_another_format", set_after_another_format },
	{ "set_after_a_bad_hour", set_after_a_bad_hour },
	{ "reading_across_a_moved_edge", reading_across_a_moved_edge },
	{ "twelve_after_half_a_day", twelve_after_half_a_day },
	{ "twelve_is_seen_to_come", twelve_is_seen_to_come },
	{ "ticks_at_a_new_rate", ticks_at_a_new_rate },
	{ "ticks_at_a_new_rate_fast", ticks_at_a_new_rate_fast },
	{ "ticks_at_a_new_rate_slow", ticks_at_a_new_rate_slow },
};

/* One chip for all of them, in an even world where nothing is late. */
static void begin(void)
{
	random_seed(1);
	even_world(0, false, false, FIRST_SEC);
	bus_access_takes(ACCESS_NS, 0);
}

int main(void)
{
	unsigned int i, warnings, failed = 0;
	const char *why;

	begin();
	printf("1..%zu\n", ARRAY_SIZE(tests));
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		warnings = kernel_warnings;
		why = tests[i].run();
		if (!why && kernel_warnings != warnings)
			why = "the kernel warns";
		failed += !!why;
		printf("%sok %u - %s%s%s\n", why ? "not " : "", i + 1, tests[i].name,
		       why ? ": " : "", why ? why : "");
	}
	return !!failed;
}
