// SPDX-License-Identifier: GPL-2.0
/*
 * rtcctl, and hwclock's face of it, on a clock that knows its phase.
 *
 * What they take is printed, and judged only where no load explains more.
 *
 * SHOW_RUNS and SYSTOHC_RUNS in the environment say how often (100, 4).
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "judge.h"
#include "ktap.h"
#include "ports.h"
#include "spread.h"
#include "truth.h"

#define RTCCTL		"/rtcctl/rtcctl"
#define HWCLOCK		"/rtcctl/hwclock"
#define OUTPUT		"/tmp/rtcctl.out"
#define THEIR_HWCLOCK	"/usr/sbin/hwclock"
#define SHOWS		100
#define SYSTOHCS	4
#define RUNS_MAX	1000
#define WRITES_MAX	2	/* that systohc tries */
#define SETTLE_S	60
#define SETTLED_NS	20000
#define HALF_NS		(SECOND_NS / 2)
#define ALMOST_NS	60000		/* right enough to be left alone, and seen for sure */
#define DRIFT_NS	100000	/* clock against system, from the tool's last look to ours */
#define TIMED		30
#define THEIR_RUNS	12
#define COPIES		3
#define ASKS		10
#define SETS		3
#define SHOW_LIMIT_NS	1300000000LL	/* no longer, on a machine that is not busy */
#define HANG_NS		(30 * SECOND_NS)	/* longer, it hangs */
#define MS		1000000LL

extern char **environ;

/* One run of a program: what it wrote, and what it took. */
struct outcome {
	int status;
	s64 wall_ns, cpu_ns;
	char text[2048];
};

static s64 ns_of(const struct timeval *tv)
{
	return tv->tv_sec * SECOND_NS + tv->tv_usec * 1000LL;
}

static int run(struct outcome *o, const char *program, const char *const *argv)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	s64 start;
	pid_t pid;
	int err;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, OUTPUT, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	start = raw_ns();
	err = posix_spawn(&pid, program, &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		return -err;
	if (wait4(pid, &o->status, 0, &usage) != pid)
		return -errno;
	o->wall_ns = raw_ns() - start;
	o->cpu_ns = ns_of(&usage.ru_utime) + ns_of(&usage.ru_stime);
	o->status = WIFEXITED(o->status) ? WEXITSTATUS(o->status) : -1;
	file_read(OUTPUT, o->text, sizeof(o->text));
	return 0;
}

static int rtcctl(struct clock *clock, struct outcome *o, const char *command, const char *option)
{
	const char *argv[] = { "rtcctl", command, "--json", "--noadjfile", "-u", "--rtc",
			       clock->path, option, NULL };

	return run(o, RTCCTL, argv);
}

static int wanted(const char *name, int usual)
{
	const char *value = getenv(name);
	int n = value ? atoi(value) : usual;

	return n < RUNS_MAX ? n : RUNS_MAX;
}

/* The tools open the clock alone. */
static void let_go(struct clock *clock)
{
	close(clock->fd);
	clock->fd = -1;
}

static int take_back(struct clock *clock)
{
	char path[64];

	snprintf(path, sizeof(path), "%s", clock->path);
	return clock_open(clock, path);
}

/* A number of the JSON that was written; INT64_MAX where there is none. */
static s64 number(const struct outcome *o, const char *key)
{
	char quoted[64];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\":", key);
	at = strstr(o->text, quoted);
	return at ? atoll(at + strlen(quoted)) : INT64_MAX;
}

static bool says(const struct outcome *o, const char *text)
{
	return strstr(o->text, text);
}

/* RTC minus system, measured by the driver: not by what is tested. */
static int measured(struct clock *clock, s64 *offset, s64 *bound)
{
	long long real, rtc, b;
	char value[128];
	int i, err = -EAGAIN;

	/* A busy machine hides an edge now and then. */
	for (i = 0; err == -EAGAIN && i < ASKS; i++)
		err = clock_attribute(clock, "phase/now", value, sizeof(value));
	if (err)
		return err;
	if (sscanf(value, "%lld %lld %lld", &real, &rtc, &b) != 3)
		return -EINVAL;
	*offset = rtc - real;
	*bound = b;
	return 0;
}

static int move_system(s64 by)
{
	struct timex tx = { .modes = ADJ_SETOFFSET | ADJ_NANO };

	tx.time.tv_sec = by / SECOND_NS - (by % SECOND_NS < 0);
	tx.time.tv_usec = by - tx.time.tv_sec * SECOND_NS;
	return clock_adjtime(CLOCK_REALTIME, &tx) < 0 ? -errno : 0;
}

/* The clock is @off ns ahead of the system, give or take what it is not known. */
static int put_off(struct clock *clock, s64 off)
{
	s64 offset, bound;
	int err = measured(clock, &offset, &bound);

	return err ? err : move_system(offset - off);
}

static void print_cost(const char *what, const struct outcome *o)
{
	ktap_comment("%s: %.1f ms, %.1f ms of them processor time", what, o->wall_ns / 1e6,
		     o->cpu_ns / 1e6);
}

/* It says that it could not, as where the machine stood still at each release. */
static bool gave_up(const struct outcome *o)
{
	return o->status == 1 && says(o, "to the millisecond");
}

static int run_systohc(struct clock *clock, struct outcome *o)
{
	return rtcctl(clock, o, "systohc", NULL);
}

static int run_hwclock_of(struct clock *clock, struct outcome *o, const char *hwclock)
{
	const char *argv[] = { "hwclock", "-w", "-u", "--noadjfile", "-f", clock->path, NULL };

	return run(o, hwclock, argv);
}

static int run_hwclock(struct clock *clock, struct outcome *o)
{
	return run_hwclock_of(clock, o, HWCLOCK);
}

static int run_their_hwclock(struct clock *clock, struct outcome *o)
{
	return run_hwclock_of(clock, o, THEIR_HWCLOCK);
}

typedef int set_fn(struct clock *clock, struct outcome *o);

/* Puts the clock off by @off and has it set. */
static int set_once(struct clock *clock, s64 off, set_fn *set, struct outcome *o)
{
	int err = put_off(clock, off);

	if (err)
		return err;
	let_go(clock);
	err = set(clock, o);
	return take_back(clock) ? -EIO : err;
}

/* The same again where @set gave up: that is no wrong answer. */
static int set_right(struct clock *clock, s64 off, set_fn *set, struct outcome *o)
{
	int i, err;

	for (i = 0; i < SETS; i++) {
		err = set_once(clock, off, set, o);
		if (err || !gave_up(o))
			return err;
		ktap_comment("%s", o->text);
	}
	return 0;
}

static enum ktap_result systohc_ends_right(struct clock *clock, s64 off)
{
	s64 offset, bound;
	struct outcome o = { .status = -1 };

	if (set_right(clock, off, run_systohc, &o) || o.status || measured(clock, &offset, &bound)) {
		ktap_why("exit %d: %s", o.status, o.text);
		return KTAP_FAIL;
	}
	ktap_comment("off by %.3f s: %lld writes, residual %.1f us, bound %.1f us", off / 1e9,
		     (long long)number(&o, "writes"), number(&o, "residual_ns") / 1e3,
		     number(&o, "residual_bound_ns") / 1e3);
	print_cost("systohc", &o);
	REQUIRE(number(&o, "writes") >= 1 && number(&o, "writes") <= WRITES_MAX, "writes: %s",
		o.text);
	REQUIRE(llabs(number(&o, "residual_ns")) <= number(&o, "residual_bound_ns") + MS,
		"residual: %s", o.text);
	REQUIRE(llabs(offset) <= bound + MS, "off by %lld ns", (long long)offset);
	return KTAP_PASS;
}

/*
 * Off by anything; then by the true edges, not by what the driver says. KTAP_SKIP:
 * it gave up.
 */
static enum ktap_result systohc_once(struct clock *clock, struct outcome *o, s64 *offset)
{
	s64 off = (rand() % 21 - 10) * SECOND_NS + rand() % SECOND_NS, slack, said;
	int err = set_once(clock, off, run_systohc, o);

	REQUIRE(!err, "cannot put it off, or have it set: %s", strerror(-err));
	if (gave_up(o))
		return KTAP_SKIP;
	REQUIRE(!o->status, "exit %d: %s", o->status, o->text);
	err = judge_offset(clock, offset, &slack);
	REQUIRE(!err, "no true edge: %s", strerror(-err));
	REQUIRE(llabs(*offset) < HALF_NS, "it was off by %.6f s, and is by %.6f s", off / 1e9,
		*offset / 1e9);
	said = llabs(number(o, "residual_ns")) + number(o, "residual_bound_ns");
	REQUIRE(llabs(*offset) <= said + slack + DRIFT_NS,
		"off by %lld ns, and said to be by %lld at most", (long long)*offset,
		(long long)said);
	REQUIRE(llabs(*offset) <= truth_set_limit(HALF_NS) + slack, "off by %lld ns",
		(long long)*offset);
	return KTAP_PASS;
}

static enum ktap_result systohc_is_right_each_time(struct clock *clock)
{
	static s64 offsets[RUNS_MAX], walls[RUNS_MAX], cpus[RUNS_MAX];
	int runs = wanted("SYSTOHC_RUNS", SYSTOHCS), i, n = 0, err = ports_open(clock);
	struct outcome o;

	if (err)
		SKIP("ports: %s", strerror(-err));
	for (i = 0; i < runs; i++) {
		enum ktap_result result = systohc_once(clock, &o, &offsets[n]);

		if (result == KTAP_FAIL)
			return result;
		if (result == KTAP_SKIP) {
			ktap_comment("run %d: %s", i, o.text);
			continue;
		}
		offsets[n] = llabs(offsets[n]);
		walls[n] = o.wall_ns;
		cpus[n++] = o.cpu_ns;
	}
	spread_print("systohc, off by the true edges", offsets, n);
	spread_print("systohc, wall", walls, n);
	spread_print("systohc, processor time", cpus, n);
	REQUIRE(runs - n <= 1 + runs / 20, "it gave up %d times of %d", runs - n, runs);
	return KTAP_PASS;
}

static enum ktap_result systohc_sets_within_a_millisecond(struct clock *clock)
{
	static const s64 offs[] = { 400000000, -400000000, 3 * SECOND_NS + 250000, -86400 * SECOND_NS };
	enum ktap_result result;
	size_t i;

	for (i = 0; i < sizeof(offs) / sizeof(offs[0]); i++) {
		result = systohc_ends_right(clock, offs[i]);
		if (result != KTAP_PASS)
			return result;
	}
	return KTAP_PASS;
}

/* Until it is known by how much the clock is off: a busy machine takes its time. */
static int settle(struct clock *clock)
{
	s64 offset, bound;
	int i, err = -EAGAIN;

	for (i = 0; err && i < SETTLE_S; i++) {
		sleep_ms(1000);
		err = measured(clock, &offset, &bound);
		if (!err && bound > SETTLED_NS)
			err = -EAGAIN;
	}
	return err;
}

/*
 * A set writes the day of the week too, which nobody reads: where another one is put there
 * past the driver, it stays as long as nobody sets the clock.
 */
static enum ktap_result systohc_leaves_a_right_clock_alone(struct clock *clock)
{
	s64 offset, bound;
	struct outcome o;
	int err = settle(clock), i;

	REQUIRE(!err, "the bound stays wide: %s", strerror(-err));
	err = put_off(clock, ALMOST_NS);
	REQUIRE(!err, "cannot put it right: %s", strerror(-err));
	let_go(clock);
	for (i = 0; !err && i < 3; i++) {
		err = rtcctl(clock, &o, "systohc", NULL);
		if (err || o.status || !says(&o, "\"written\": false"))
			break;
		print_cost("systohc on a right clock", &o);
	}
	REQUIRE(!take_back(clock), "cannot open it again");
	REQUIRE(i == 3, "run %d: exit %d: %s", i, o.status, o.text);
	/* A set would have taken that away. */
	err = measured(clock, &offset, &bound);
	REQUIRE(!err, "no phase: %s", strerror(-err));
	REQUIRE(offset > ALMOST_NS / 2, "it was written all the same: %lld ns are left",
		(long long)offset);
	return KTAP_PASS;
}

static enum ktap_result hctosys_steps_the_system(struct clock *clock)
{
	static const s64 offs[] = { 400000000, -300000000, 100 * SECOND_NS };
	s64 offset, slack;
	struct outcome o;
	size_t i;
	int err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	for (i = 0; i < sizeof(offs) / sizeof(offs[0]); i++) {
		err = put_off(clock, offs[i]);
		REQUIRE(!err, "cannot put it off: %s", strerror(-err));
		let_go(clock);
		err = rtcctl(clock, &o, "hctosys", NULL);
		REQUIRE(!take_back(clock), "cannot open it again");
		REQUIRE(!err && !o.status, "exit %d: %s", o.status, o.text);
		err = judge_offset(clock, &offset, &slack);
		REQUIRE(!err, "no true edge: %s", strerror(-err));
		ktap_comment("hctosys: remains %.1f +/- %.1f us, by itself %.1f us",
			     offset / 1e3, slack / 1e3, number(&o, "residual_ns") / 1e3);
		REQUIRE(llabs(offset) <= slack + DRIFT_NS, "off by %lld ns", (long long)offset);
	}
	return KTAP_PASS;
}

/* What util-linux's hwclock -w leaves. */
static enum ktap_result their_hwclock_once(struct clock *clock, s64 *offset)
{
	struct outcome o;
	s64 slack;
	int err = set_once(clock, 370000000, run_their_hwclock, &o);

	REQUIRE(!err, "cannot put it off, or have it set: %s", strerror(-err));
	REQUIRE(!o.status, "exit %d: %s", o.status, o.text);
	sleep_ms(2000);
	err = judge_offset(clock, offset, &slack);
	REQUIRE(!err, "no true edge: %s", strerror(-err));
	ktap_comment("util-linux's hwclock -w: off by %.3f ms", *offset / 1e6);
	return KTAP_PASS;
}

/*
 * Its call comes milliseconds late, on a busy machine now and then too late to be a
 * copy. Before 2.40 it often sets a whole second too much: no copy either.
 */
static enum ktap_result their_hwclock_sets_the_fraction(struct clock *clock)
{
	enum ktap_result result;
	s64 offsets[THEIR_RUNS];
	int i, n = 0, err = ports_open(clock);

	if (err || access(THEIR_HWCLOCK, X_OK))
		SKIP("no ports, or no %s", THEIR_HWCLOCK);
	for (i = 0; n < COPIES && i < THEIR_RUNS; i++) {
		result = their_hwclock_once(clock, &offsets[n]);
		if (result != KTAP_PASS)
			return result;
		offsets[n] = llabs(offsets[n]);
		n += offsets[n] < HALF_NS;
	}
	REQUIRE(n, "never the right second");
	REQUIRE(spread_median(offsets, n) < 2 * MS, "off by %lld ns",
		(long long)spread_median(offsets, n));
	return KTAP_PASS;
}

static enum ktap_result hwclock_sets_within_two_milliseconds(struct clock *clock)
{
	s64 offset, bound;
	struct outcome o = { .status = -1 };
	int err = set_right(clock, 370000000, run_hwclock, &o);

	REQUIRE(!err && !o.status, "exit %d: %s", o.status, o.text);
	err = measured(clock, &offset, &bound);
	REQUIRE(!err, "%s", strerror(-err));
	ktap_comment("hwclock -w: off by %.1f us, bound %.1f us", offset / 1e3, bound / 1e3);
	print_cost("hwclock -w", &o);
	REQUIRE(llabs(offset) <= bound + 2 * MS, "off by %lld ns", (long long)offset);
	return KTAP_PASS;
}

/* The clock's own seconds before and after the run hold the second that was shown. */
static enum ktap_result show_once(struct clock *clock, struct outcome *o)
{
	s64 before, after, shown;
	int err = clock_read(clock, &before);

	REQUIRE(!err, "cannot read it: %s", strerror(-err));
	let_go(clock);
	err = rtcctl(clock, o, "show", NULL);
	REQUIRE(!take_back(clock), "cannot open it again");
	REQUIRE(!err && !o->status, "exit %d: %s", o->status, o->text);
	err = clock_read(clock, &after);
	REQUIRE(!err, "cannot read it: %s", strerror(-err));
	shown = number(o, "time_ns") / SECOND_NS;
	REQUIRE(shown >= before && shown <= after, "%lld between %lld and %lld", (long long)shown,
		(long long)before, (long long)after);
	REQUIRE(o->wall_ns <= HANG_NS, "took %lld ns", (long long)o->wall_ns);
	return KTAP_PASS;
}

static enum ktap_result show_is_never_a_second_wrong(struct clock *clock)
{
	enum ktap_result result;
	struct outcome o;
	s64 longest = 0;
	int i, n = wanted("SHOW_RUNS", SHOWS), over = 0;

	for (i = 0; i < n; i++) {
		result = show_once(clock, &o);
		if (result != KTAP_PASS)
			return result;
		if (o.wall_ns > longest)
			longest = o.wall_ns;
		over += o.wall_ns > SHOW_LIMIT_NS;
		sleep_ms(rand() % 300);
	}
	ktap_comment("%d shows, the longest took %.1f ms, %d of them over 1.3 s", n,
		     longest / 1e6, over);
	return KTAP_PASS;
}

static enum ktap_result show_takes(struct clock *clock)
{
	s64 walls[TIMED], cpus[TIMED];
	struct outcome o;
	int i, err;

	let_go(clock);
	for (i = 0; i < TIMED; i++) {
		err = rtcctl(clock, &o, "show", NULL);
		REQUIRE(!err && !o.status, "exit %d: %s", o.status, o.text);
		REQUIRE(says(&o, "\"method\": \"phase\""), "not by the phase: %s", o.text);
		walls[i] = o.wall_ns;
		cpus[i] = o.cpu_ns;
		sleep_ms(20);
	}
	spread_print("show, wall", walls, TIMED);
	spread_print("show, processor time", cpus, TIMED);
	/* Without a second's wait; a loaded machine makes it many times what it is. */
	REQUIRE(spread_median(walls, TIMED) < 250 * MS, "it waits for something");
	REQUIRE(!take_back(clock), "cannot open it again");
	return KTAP_PASS;
}

static enum ktap_result show_precise_is_precise(struct clock *clock)
{
	struct outcome o;
	int err;

	let_go(clock);
	err = rtcctl(clock, &o, "show", "--precise");
	REQUIRE(!take_back(clock), "cannot open it again");
	REQUIRE(!err && !o.status, "exit %d: %s", o.status, o.text);
	ktap_comment("show --precise: bound %.1f us after %.1f ms", number(&o, "bound_ns") / 1e3,
		     o.wall_ns / 1e6);
	REQUIRE(number(&o, "bound_ns") <= 20000 || o.wall_ns > 2 * SECOND_NS, "%s", o.text);
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "show is never a second wrong", show_is_never_a_second_wrong },
	{ "show takes no second", show_takes },
	{ "show --precise is precise", show_precise_is_precise },
	{ "systohc sets within a millisecond", systohc_sets_within_a_millisecond,
	  .sets_time = true },
	{ "systohc is right each time", systohc_is_right_each_time, .sets_time = true },
	{ "systohc leaves a right clock alone", systohc_leaves_a_right_clock_alone },
	{ "hctosys steps the system", hctosys_steps_the_system },
	{ "util-linux's hwclock -w sets the fraction", their_hwclock_sets_the_fraction,
	  .sets_time = true },
	{ "hwclock -w sets within two milliseconds", hwclock_sets_within_two_milliseconds,
	  .sets_time = true },
};

KTAP_MAIN(tests)
