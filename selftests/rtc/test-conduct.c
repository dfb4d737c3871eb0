// SPDX-License-Identifier: GPL-2.0
/*
 * An emulated clock that does as another chip does (conduct=NAME): no claim of the driver's
 * is false after a set, what the chip does is found out, and what it cannot do is an error.
 *
 * The truth is the chip's own registers in debugfs, past the bus and its faults.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge.h"
#include "ktap.h"
#include "ports.h"
#include "truth.h"

#define MS		1000000LL
#define HALF_NS		(SECOND_NS / 2)
#define HOUR		3600
#define ELSEWHERE_S	100	/* no time zone's now, and so no copy of the system's time */
#define SETS		4
#define CLAIMS_MS	2600	/* claims are held against the registers for so long after a set */
#define CLAIM_STEP_US	4000
#define THROUGH_MS	2500	/* all bursts of a set are over */
#define NOTICED_MS	3000
#define MOVED_SETS	2
#define AHEAD_NS	(50 * MS)	/* the true edge is waited for for so long */
#define ANSWERS		20

/* What a chip does: see driver/chip/conduct.h, and driver/sim/profiles.c for where that is said. */
static const struct chip {
	const char *name, *release;	/* NULL: its time is not to be set */
	bool counts_24;			/* whatever its register B says */
	bool fades;			/* what was written is gone at its next update */
} chips[] = {
	{ "mc146818", "half" }, { "qemu", "half" }, { "virtualbox", "none" }, { "xen", "none" },
	{ "bhyve", "whole write" }, { "zhaoxin", "whole write" }, { "openvmm", "whole write" }, { "amd", "none" },
	{ "bochs", "none" }, { "kvmtool", NULL, true }, { "cloud-hypervisor", NULL, true },
	{ "crosvm", NULL }, { "vmd", NULL, .fades = true }, { "v86", NULL },
};

static const struct chip *chip;

static enum ktap_result prepare(struct clock *clock)
{
	char name[32];
	size_t i;

	if (!clock_is_emulated(clock))
		SKIP("only an emulated clock does as others do");
	REQUIRE(!clock_emulates(name, sizeof(name)), "it plays no chip");
	for (i = 0; i < sizeof(chips) / sizeof(chips[0]); i++)
		if (!strcmp(chips[i].name, name))
			chip = &chips[i];
	if (!chip)
		SKIP("what %s does is not known here", name);
	ports_count_24(chip->counts_24);
	REQUIRE(!ports_open(clock), "no registers in debugfs");
	REQUIRE(!clock_inject(clock, "none"), "inject fails");
	return KTAP_PASS;
}

#define PREPARE(clock)						\
	do {							\
		enum ktap_result prepared = prepare(clock);	\
		if (prepared != KTAP_PASS)			\
			return prepared;			\
	} while (0)

/* A claim that the seconds shown just before and after it contradict. */
static bool is_false(const struct answer *a, s64 before, s64 after)
{
	return a->rtc + a->bound < before * SECOND_NS ||
	       a->rtc - a->bound > (after + 1) * SECOND_NS;
}

/*
 * Every few ms: a claim that is off by more than these, within the second too, is so around
 * an edge.
 */
static enum ktap_result claims_are_true(struct clock *clock, int *locked)
{
	s64 until = raw_ns() + CLAIMS_MS * MS, before, after;
	struct answer a;
	int err;

	while (raw_ns() < until) {
		REQUIRE(!ports_time(&before), "the registers hold no time");
		err = phase_ask(clock, &a);
		REQUIRE(!ports_time(&after), "the registers hold no time");
		REQUIRE(!err || err == -EAGAIN || (!chip->release && err == -EIO), "phase/now: %s",
			strerror(-err));
		if (!err) {
			REQUIRE(!is_false(&a, before, after),
				"locked, and %lld +/- %lld ns between %lld and %lld s",
				(long long)a.rtc, (long long)a.bound, (long long)before,
				(long long)after);
			++*locked;
		}
		usleep(CLAIM_STEP_US);
	}
	return KTAP_PASS;
}

typedef int set_fn(int fd, struct clock *clock, s64 sec);

static int set_class(int fd, struct clock *clock, s64 sec)
{
	(void)fd;
	return clock_set(clock, sec);
}

static int set_ptp(int fd, struct clock *clock, s64 sec)
{
	(void)clock;
	return phc_set(fd, sec * SECOND_NS);
}

/* What a chip that drops the time makes of a set: nothing, and the caller is told. */
static enum ktap_result is_refused(struct clock *clock, int err, s64 was, s64 since)
{
	s64 now, shown, passed;

	REQUIRE(err == -EIO, "a set that is dropped: %s", strerror(-err));
	REQUIRE(!ports_time(&shown), "the registers hold no time");
	passed = (raw_ns() - since) / SECOND_NS;
	REQUIRE(shown >= was + passed && shown <= was + passed + 1,
		"it was %lld, and %lld s later %lld", (long long)was, (long long)passed,
		(long long)shown);
	err = clock_read(clock, &now);
	REQUIRE(!err && now >= shown && now <= shown + 1,
		"the registers show %lld, and it reads %lld: %s", (long long)shown,
		(long long)now, strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result set_once(struct clock *clock, int fd, set_fn *set, int *locked)
{
	s64 was, since, sec = real_ns() / SECOND_NS + ELSEWHERE_S;
	enum ktap_result result;
	int err;

	usleep(rand() % 1000000);
	REQUIRE(!ports_time(&was), "the registers hold no time");
	since = raw_ns();
	err = set(fd, clock, sec);
	if (chip->release)
		REQUIRE(!err, "set: %s", strerror(-err));
	/* A write that fades is there until the next second. */
	result = claims_are_true(clock, locked);
	if (result == KTAP_PASS && !chip->release)
		result = is_refused(clock, err, was, since);
	return result;
}

/* Sets of both kinds, from the first one of the driver's life on. */
static enum ktap_result no_claim_is_false_after_a_set(struct clock *clock)
{
	static set_fn *const kinds[] = { set_class, set_ptp };
	enum ktap_result result = KTAP_PASS;
	unsigned long long steps = 0, after = 0;
	int i, fd, locked = 0;

	PREPARE(clock);
	REQUIRE(!clock_unbind(clock), "unbind fails");
	clock_close(clock);
	REQUIRE(!clock_bind(clock), "bind fails");
	REQUIRE(!clock_conduct_is_known(clock), "the conduct is known before anything was seen");
	fd = phc_open(clock, O_RDWR);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	clock_counter(clock, "steps", &steps);
	for (i = 0; result == KTAP_PASS && i < SETS; i++)
		result = set_once(clock, fd, kinds[i % 2], &locked);
	close(fd);
	clock_counter(clock, "steps", &after);
	ktap_comment("%d claims of a lock", locked);
	if (result != KTAP_PASS)
		return result;
	/* Where a set is found to be dropped by an edge after it, the phase is acquired anew. */
	REQUIRE(locked > SETS * CLAIMS_MS * 1000 / CLAIM_STEP_US / (chip->fades ? 128 : 8),
		"only %d claims of a lock", locked);
	if (chip->release)
		REQUIRE(after == steps, "%llu sets count as steps", after - steps);
	return KTAP_PASS;
}

static enum ktap_result conduct_is_found_out(struct clock *clock)
{
	char words[64];
	int err;

	PREPARE(clock);
	err = chip->release ? phc_learn_conduct(clock) :
			      clock_set(clock, real_ns() / SECOND_NS + ELSEWHERE_S);
	REQUIRE(chip->release || err == -EIO, "a set that is dropped: %s", strerror(-err));
	REQUIRE(!clock_conduct(clock, "writes", words, sizeof(words)), "no conduct");
	REQUIRE(!strcmp(words, chip->release ? "kept" : "dropped"), "writes: %s", words);
	if (!chip->release)
		return KTAP_PASS;
	REQUIRE(!clock_conduct(clock, "release", words, sizeof(words)), "no conduct");
	REQUIRE(!err, "not known after a set: %s, release: %s", strerror(-err), words);
	REQUIRE(!strcmp(words, chip->release), "release: %s, and it is %s", words, chip->release);
	return KTAP_PASS;
}

/* Where the driver expects it, which only says when to begin to look. */
static int next_edge(struct clock *clock, struct edge *edge)
{
	struct answer a;
	int err = clock_settle(clock);

	if (!err)
		err = phase_ask(clock, &a);
	if (err)
		return err;
	return truth_after(raw_ns() + (2 * SECOND_NS - AHEAD_NS - a.rtc % SECOND_NS) % SECOND_NS,
			   edge);
}

static bool is_between(s64 early, s64 late, s64 from, s64 until)
{
	return late >= from && early <= until;
}

/* Exact where the divider rule holds, whatever it is; else the nearest second. */
static enum ktap_result set_is_as_close_as_can_be(struct clock *clock)
{
	s64 sec, begin, n, early, late, limit = truth_set_limit(10 * MS);
	struct edge edge;
	int i, err;

	PREPARE(clock);
	if (!chip->release)
		SKIP("its time is not to be set");
	for (i = 0; i < SETS; i++) {
		usleep(rand() % 1000000);
		sec = real_ns() / SECOND_NS + ELSEWHERE_S;
		begin = raw_ns();
		err = clock_set(clock, sec);
		REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
		sleep_ms(THROUGH_MS);
		err = next_edge(clock, &edge);
		REQUIRE(!err, "no edge after the set: %s", strerror(-err));
		n = (edge.second - sec % 60 + 60) % 60;
		early = edge.before - begin - n * SECOND_NS;
		late = edge.after - begin - n * SECOND_NS;
		ktap_comment("%.1f to %.1f us behind", early / 1e3, late / 1e3);
		if (!strcmp(chip->release, "none"))
			REQUIRE(is_between(early, late, -HALF_NS - MS, HALF_NS + MS),
				"another second is nearer");
		else
			REQUIRE(is_between(early, late, -limit, 2 * limit),
				"off by more than %.3f ms", limit / 1e6);
	}
	return KTAP_PASS;
}

static enum ktap_result answers_are_within_their_bounds(struct clock *clock)
{
	static struct judged j;
	int err, fd;

	PREPARE(clock);
	fd = phc_open(clock, O_RDONLY);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	memset(&j, 0, sizeof(j));
	err = judge_answers(clock, fd, ANSWERS, &j);
	close(fd);
	REQUIRE(!err, "%s, with %d answers judged", strerror(-err), j.count);
	judge_print(&j, chip->name);
	REQUIRE(!j.outside, "%d of %d answers outside their bound", j.outside, j.count);
	return KTAP_PASS;
}

/* It reads as the registers have it, and so says the phase, soon. */
static enum ktap_result nothing_but_the_registers(struct clock *clock)
{
	s64 shown, now;
	int err, locked = 0;

	REQUIRE(!ports_time(&shown), "the registers hold no time");
	err = clock_read(clock, &now);
	REQUIRE(!err && now >= shown && now <= shown + 1,
		"the registers show %lld, and it reads %lld: %s", (long long)shown,
		(long long)now, strerror(-err));
	return claims_are_true(clock, &locked);
}

/* A fault that changes what is written, or loses it. */
static enum ktap_result set_under(struct clock *clock, const char *fault)
{
	static set_fn *const kinds[] = { set_class, set_ptp };
	enum ktap_result result = KTAP_PASS;
	int i, fd, err;

	PREPARE(clock);
	if (!chip->release)
		SKIP("its time is not to be set");
	fd = phc_open(clock, O_RDWR);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	REQUIRE(!clock_inject(clock, fault), "inject %s fails", fault);
	for (i = 0; result == KTAP_PASS && i < 2; i++) {
		/* Another time than it shows: else nothing is lost. */
		err = kinds[i](fd, clock, real_ns() / SECOND_NS + (i + 2) * ELSEWHERE_S);
		if (err != -EIO) {
			ktap_why("%s: set: %s", fault, strerror(-err));
			result = KTAP_FAIL;
		} else {
			result = nothing_but_the_registers(clock);
		}
	}
	close(fd);
	REQUIRE(!clock_inject(clock, "none"), "inject none fails");
	if (result != KTAP_PASS)
		return result;
	err = clock_set(clock, real_ns() / SECOND_NS + ELSEWHERE_S);
	REQUIRE(!err, "lifted: set: %s", strerror(-err));
	return nothing_but_the_registers(clock);
}

static enum ktap_result another_hour_is_noticed(struct clock *clock)
{
	return set_under(clock, "hour-off 1");
}

static enum ktap_result dropped_writes_are_noticed(struct clock *clock)
{
	return set_under(clock, "drop-writes");
}

static int become(struct clock *clock, const char *name)
{
	char fault[40];

	snprintf(fault, sizeof(fault), "conduct %s", name);
	return clock_inject(clock, fault);
}

/* Sets by a fraction of a second each, until what came of the last one is seen. */
static enum ktap_result moved_to(struct clock *clock, const char *release)
{
	char words[64];
	int i, locked = 0;

	for (i = 0; i < MOVED_SETS; i++) {
		phc_learn_conduct(clock);
		sleep_ms(NOTICED_MS);
		phase_value(clock, "offset_ns");
		sleep_ms(NOTICED_MS);
	}
	REQUIRE(!clock_conduct(clock, "release", words, sizeof(words)), "no conduct");
	REQUIRE(!strcmp(words, release), "release: %s, and it is %s", words, release);
	return claims_are_true(clock, &locked);
}

/*
 * Moved to a host with another hypervisor: the first set there may go by what the old one
 * did; what came of it is seen. Where the divider was never held nothing is to be seen of it.
 */
static enum ktap_result another_chip_is_noticed(struct clock *clock)
{
	enum ktap_result result;
	int err;

	PREPARE(clock);
	if (!chip->release || !strcmp(chip->release, "none"))
		SKIP("its divider is not held");
	err = phc_learn_conduct(clock);
	REQUIRE(!err, "the conduct is not known after a set: %s", strerror(-err));
	sleep_ms(NOTICED_MS);
	REQUIRE(!become(clock, "virtualbox"), "inject fails");
	result = moved_to(clock, "none");
	REQUIRE(!become(clock, chip->name), "inject fails");
	return result;
}

/* So that the registers show this time of the day. */
static int step_to(struct clock *clock, s64 second_of_day)
{
	char fault[40];
	s64 now;
	int err = ports_time(&now);

	snprintf(fault, sizeof(fault), "step %lld", (long long)(second_of_day - now % (24 * HOUR)));
	return err ? err : clock_inject(clock, fault);
}

static int bind_again(struct clock *clock)
{
	int err = clock_unbind(clock);

	clock_close(clock);
	return err ? err : clock_bind(clock);
}

/*
 * Register B says 12 hours, and 24 are meant. Twelve is noon or midnight until another hour
 * has told, and the day has an hour of each kind.
 */
/* The clock reads as this hour. */
static enum ktap_result reads_as(struct clock *clock, int hour)
{
	s64 now;
	int err = clock_read(clock, &now);

	REQUIRE(!err && now / HOUR % 24 == hour, "%d o'clock reads as %lld: %s", hour, (long long)now,
		strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result told_by_one_oclock(struct clock *clock)
{
	static const int hours[] = { 9, 13, 12 };
	enum ktap_result result = KTAP_PASS;
	size_t i;

	for (i = 0; result == KTAP_PASS && i < sizeof(hours) / sizeof(hours[0]); i++) {
		REQUIRE(!step_to(clock, hours[i] * HOUR + 1800), "cannot step it");
		sleep_ms(NOTICED_MS);
		result = reads_as(clock, hours[i]);
	}
	return result == KTAP_PASS ? nothing_but_the_registers(clock) : result;
}

static enum ktap_result twelve_is_no_time_until_told(struct clock *clock)
{
	s64 now;
	int err;

	PREPARE(clock);
	if (!chip->counts_24)
		SKIP("its register B says what it does");
	REQUIRE(!step_to(clock, 12 * HOUR + 1800), "cannot step it");
	REQUIRE(!bind_again(clock), "cannot bind it again");
	err = clock_read(clock, &now);
	REQUIRE(err == -EINVAL, "twelve o'clock reads as %lld: %s", (long long)now, strerror(-err));
	return told_by_one_oclock(clock);
}

/* A set asks the chip how it counts. One that takes no hour shows the one that it had. */
static enum ktap_result midnight_says_nothing(struct clock *clock)
{
	char words[64];
	int err;

	PREPARE(clock);
	if (!chip->counts_24)
		SKIP("its register B says what it does");
	REQUIRE(!step_to(clock, 1800), "cannot step it");
	REQUIRE(!bind_again(clock), "cannot bind it again");
	err = clock_set(clock, 2 * HOUR);
	REQUIRE(err == -EIO, "a set that is dropped: %s", strerror(-err));
	err = clock_conduct(clock, "hours", words, sizeof(words));
	REQUIRE(!err && !strcmp(words, "24"), "after that it counts to %s", words);
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "no_claim_is_false_after_a_set", no_claim_is_false_after_a_set },
	{ "conduct_is_found_out", conduct_is_found_out },
	{ "set_is_as_close_as_can_be", set_is_as_close_as_can_be },
	{ "answers_are_within_their_bounds", answers_are_within_their_bounds },
	{ "another_hour_is_noticed", another_hour_is_noticed },
	{ "dropped_writes_are_noticed", dropped_writes_are_noticed },
	{ "another_chip_is_noticed", another_chip_is_noticed },
	{ "midnight_says_nothing", midnight_says_nothing },
	{ "twelve_is_no_time_until_told", twelve_is_no_time_until_told },
};

KTAP_MAIN(tests)
