// SPDX-License-Identifier: GPL-2.0
/* Asks the driver as its users do, and holds the answers against the truth. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "kernel/control.h"
#include "machine.h"
#include "phase/tracker.h"
#include "score.h"
#include "world/chip.h"
#include "world/journal.h"
#include "world/nature.h"
#include "world/task.h"

#define SEC		1000000000LL
#define UNSEEN_NS	(1500 * 1000000LL)	/* since the last edge, while it is tracked */
#define SETTING_NS	(1200 * 1000000LL)	/* a set may take so long */
#define REUSED_NS	(25 * 1000000LL)	/* a date may be so old */
#define DOUBT_NS	(3 * SEC)		/* a step may be noticed so late while awake */
#define LATE_STEP_NS	(600 * SEC)	/* and so late where it was small and nobody asked */
#define STEP_LEAST_NS	(900 * 1000LL)	/* less is no step to the driver */
#define COMPLAINTS	4	/* of each kind */
#define KINDS		16
#define QUIET_NS	(30 * SEC)

/**
 * struct answer - a time with its bound
 * @asked:	true ns at which it was asked for, ...
 * @moment:	... and for which it is
 * @sec:	seconds since 1970 ...
 * @ns:		... and ns
 * @bound:	the truth is no further away than this, ns
 * @age:	how long ago its last edge was, ns by the raw clock
 * @state:	the driver's word for it
 */
struct answer {
	s64 asked, moment;
	s64 sec, ns, bound;
	s64 age;
	char state[16];
};

/*
 * What is told during a set: it is @sec and @ns at true ns @at; since @begun. While the call
 * is under way others may be told the one or the other.
 */
static struct {
	s64 sec, ns, at, begun;
	s64 ended;
	bool called;
} set;

s64 judge_slack_ns;
const char *judge_life = "";

static s64 edges, last_edge;	/* counted by the driver; one was seen after this, true ns */
static s64 steps, last_step, last_answer;
static bool date_lost;
static s64 booted;

/* Of each kind of complaint some are made; what goes wrong right afterwards is the same again. */
static bool may_complain(const char *kind)
{
	static struct {
		const char *kind;
		int made;
		s64 quiet_until;
	} kinds[KINDS];
	int i;

	for (i = 0; i < KINDS - 1 && kinds[i].kind && kinds[i].kind != kind; i++)
		;
	kinds[i].kind = kind;
	if (kinds[i].made >= COMPLAINTS || now < kinds[i].quiet_until)
		return false;
	kinds[i].made++;
	kinds[i].quiet_until = now + QUIET_NS;
	return true;
}

bool complain(const char *fmt, ...)
{
	va_list args;

	if (!may_complain(fmt))
		return false;
	fprintf(stderr, "# %s at %.6f s, raw clock %s: ", judge_life, now * 1e-9, nature_mood());
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\n");
	return true;
}

/* The driver is new and knows nothing. */
void judge_boot(void)
{
	edges = steps = 0;
	last_edge = last_answer = last_step = booted = now;
	set.begun = set.ended = -NEVER / 2;
	set.called = false;
}

/* The date of the chip is worth nothing until it is set: readings must be refused. */
void judge_lost(bool lost)
{
	date_lost = lost;
}

void judge_set_begins(void)
{
	set.called = true;
}

void judge_set_ended(void)
{
	set.called = false;
	set.ended = now;
}

/* A set began: it is to be @sec and @ns at true ns @at. */
void judge_set(s64 sec, s64 ns, s64 at)
{
	set.sec = sec;
	set.ns = ns;
	set.at = at;
	set.begun = now;
}

s64 judge_attribute(const char *name)
{
	char buf[4096];

	return kernel_read_attribute("phase", name, buf) < 0 ? 0 : atoll(buf);
}

/* When the time was told that a line of the driver's contains. */
static s64 moment_of(s64 real)
{
	unsigned int i;

	for (i = 1; i <= KERNEL_TOLD && i <= kernel_told_next; i++) {
		struct telling *t = &kernel_told[(kernel_told_next - i) % KERNEL_TOLD];

		if (t->real == real && t->task == task_running)
			return t->moment;
	}
	fprintf(stderr, "nobody was told that it is %lld\n", (long long)real);
	abort();
}

/* A step of part of a second may pass for drift, until more edges are seen. */
static bool not_counted_yet(void)
{
	s64 since = last_step > now - LATE_STEP_NS ? last_step : now - LATE_STEP_NS;

	return journal_moved(since) >= STEP_LEAST_NS;
}

/* Steps are counted where one may have happened since the driver last saw that all is well. */
static void judge_steps(void)
{
	s64 counted = judge_attribute("steps"), since;

	since = last_edge < last_answer ? last_edge : last_answer;
	if (counted != steps) {
		score.steps += counted - steps;
		if (!journal_jumped(since - DOUBT_NS) && !not_counted_yet()) {
			score.false_steps += counted - steps;
			if (complain("%lld steps that were none",
				     (long long)(counted - steps)))
				journal_print(now);
		}
		/* It may have been counted at any moment since. */
		last_step = last_answer;
	}
	steps = counted;
}

static void follow_edges(void)
{
	s64 counted = judge_attribute("edges");

	if (counted != edges)
		last_edge = last_answer;
	edges = counted;
}

static bool is_as_set(const struct answer *a)
{
	s64 apart = (a->sec - set.sec) * SEC + a->ns - set.ns - (a->moment - set.at);

	return now - set.begun < SETTING_NS && llabs(apart) <= a->bound;
}

/*
 * No look can show before the next edge what happened since the last one. While coasting
 * the driver says how long ago that was; 1.5 % for what its clock is off.
 */
static s64 seen_until(const struct answer *a)
{
	if (!strcmp(a->state, "coasting"))
		return a->moment - a->age - a->age / 64;
	return a->moment - UNSEEN_NS;
}

static void accuse(const struct answer *a, s64 error, const char *how)
{
	struct truth truth;

	score.wrong++;
	chip_truth(a->moment, &truth);
	if (!complain("%s: %s, off by %.9f s with a bound of %.9f s; it is %lld.%09d, %lld.%09lld was said; last edge %.3f s ago; %.3f s after the boot, %.3f s after a set; %s",
		      how, a->state, error * 1e-9, a->bound * 1e-9, (long long)truth.sec, truth.ns,
		      (long long)a->sec, (long long)a->ns, a->age * 1e-9, (now - booted) * 1e-9,
		      (now - set.begun) * 1e-9, machine_conditions_text()))
		return;
	journal_print(a->moment);
}

static void excuse(const struct answer *a, s64 beyond)
{
	s64 age = journal_age(a->moment, beyond);

	score.unseeable++;
	if (strcmp(a->state, "coasting") && age > score.worst_age)
		score.worst_age = age;
}

/* A question that was asked before a set was over, by somebody else. */
static bool crosses_set(s64 asked)
{
	return set.called || asked < set.ended;
}

static void judge_answer(const struct answer *a, const char *how)
{
	struct truth truth;
	s64 error;

	score.answers++;
	if (crosses_set(a->asked))
		return;
	if (!strcmp(a->state, "locked"))
		score.locked++;
	if (date_lost) {
		accuse(a, 0, "a time though the date is lost");
		return;
	}
	if (!chip_truth(a->moment, &truth)) {
		if (!is_as_set(a))
			accuse(a, 0, "a time though the clock stands");
		return;
	}
	error = truth_minus(&truth, a->sec, a->ns);
	if (llabs(error) <= a->bound + judge_slack_ns)
		return;
	if (is_as_set(a))
		score.as_set++;
	else if (llabs(error) - a->bound <= journal_excuses(a->moment, seen_until(a)))
		excuse(a, llabs(error) - a->bound);
	else
		accuse(a, error, how);
}

static int ask_now(struct answer *a)
{
	char line[4096];
	s64 real, rtc;
	int n;

	a->asked = now;
	n = kernel_read_attribute("phase", "now", line);
	if (n < 0)
		return n;
	if (sscanf(line, "%lld %lld %lld %15s", (long long *)&real, (long long *)&rtc,
		   (long long *)&a->bound, a->state) != 4) {
		complain("phase/now says: %s", line);
		score.wrong++;
		return -1;
	}
	a->moment = moment_of(real);
	a->age = judge_attribute("edge_age_ns");
	a->sec = rtc / SEC;
	a->ns = rtc % SEC;
	return 0;
}

static void answered(int err)
{
	/* The edge by which a step is noticed is not the one before it. */
	judge_steps();
	follow_edges();
	last_answer = now;
	if (err)
		score.refused++;
}

/* phase/now. Return: 0, or what the driver says instead. */
int judge_now(void)
{
	struct answer a;
	int err = ask_now(&a);

	answered(err);
	if (!err)
		judge_answer(&a, "phase/now");
	return err;
}

/* The bound that an answer came with, of which PTP has no place to tell. */
int __real_mc_tracker_now(struct mc_tracker *tr, s64 raw, struct mc_answer *a);
int __wrap_mc_tracker_now(struct mc_tracker *tr, s64 raw, struct mc_answer *a);
static s64 bound_of_answer;

int __wrap_mc_tracker_now(struct mc_tracker *tr, s64 raw, struct mc_answer *a)
{
	int err = __real_mc_tracker_now(tr, raw, a);

	bound_of_answer = a->bound_ns;
	return err;
}

/*
 * A reading of the PTP clock. A user of it takes phase/now's bound right before or after; where
 * an edge comes in between, its own may have been wider than both.
 */
int judge_ptp(void)
{
	struct ptp_clock_info *ptp = kernel_ptp();
	struct ptp_system_timestamp sts;
	struct timespec64 ts;
	struct answer before = { }, after = { };
	s64 asked, bound;
	int err;

	if (!ptp)
		return -1;
	ask_now(&before);
	asked = before.asked;
	err = ptp->gettimex64(ptp, &ts, &sts);
	bound = bound_of_answer;
	answered(err);
	if (err || ask_now(&after))
		return err;
	if (after.bound < before.bound)
		after.bound = before.bound;
	if (after.bound < bound)
		after.bound = bound;
	after.asked = asked;
	after.moment = sts.pre + (sts.post - sts.pre) / 2;
	after.bound += (sts.post - sts.pre) / 2 + 1;
	after.sec = ts.tv_sec;
	after.ns = ts.tv_nsec;
	judge_answer(&after, "PTP");
	return 0;
}

/*
 * The seconds that the chip showed in a stretch of time in which nothing happened to it. What
 * was written and dropped it may have shown until then, and then its own.
 */
static bool showed(s64 from, s64 until, s64 sec)
{
	struct truth first, last;

	if (!chip_truth(from, &first) || !chip_truth(until, &last))
		return true;
	return sec == last.shown || (sec >= first.shown && sec <= last.shown);
}

static void judge_date(s64 sec, s64 begun, s64 ended)
{
	struct truth truth;

	score.reads++;
	if (date_lost) {
		score.wrong_reads++;
		complain("a date though it is lost");
		return;
	}
	if (crosses_set(begun) || showed(begun, ended, sec) || journal_chip_changed(begun - REUSED_NS))
		return;
	score.wrong_reads++;
	chip_truth(ended, &truth);
	if (complain("a date of %lld while the chip shows %lld, %.3f s after a set",
		     (long long)sec, (long long)truth.shown, (now - set.begun) * 1e-9))
		journal_print(ended);
}

/* RTC_RD_TIME. */
int judge_time(void)
{
	struct rtc_device *rtc = kernel_rtc();
	struct rtc_time tm;
	s64 begun = now;
	int err;

	if (!rtc)
		return -1;
	err = rtc_read_time(rtc, &tm);
	answered(err);
	if (!err)
		judge_date(rtc_tm_to_time64(&tm), begun, now);
	return err;
}
