// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/follow/verdict.h"
#include "lib/rtc/battery.h"
#include "lib/rtc/bits.h"
#include "lib/rtc/conduct.h"
#include "lib/rtc/reading.h"
#include "lib/rtc/take-reading.h"
#include "lib/time/clock.h"
#include "lib/time/duration.h"
#include "lib/time/system.h"
#include "ui/device.h"
#include "ui/number.h"
#include "ui/report.h"

#define HALF_NS		(NSEC_PER_SEC / 2)
/* How far from the middle of the clock's second a glance may come and still be in agreement. */
#define SLACK_NS	(NSEC_PER_SEC / 4)
/* The driver goes on for so long behind a question (QUERY_HOLD_NS there, and a second). */
#define HOLD_NS		(33 * NSEC_PER_SEC)
/* Reading the system's two clocks is not so exact; slewing moves both alike. */
#define STEPPED_NS	(10 * NSEC_PER_MSEC)
/* 2026-01-01: this program was written later, so a clock before that has lost its date. */
#define WRITTEN_NS	(1767225600 * NSEC_PER_SEC)
/* Nothing sleeps for longer: ten years. */
#define AWAY_MAX_NS	(3653LL * 86400 * NSEC_PER_SEC)

enum why {
	WHY_NOTHING,
	WHY_RIGHT,
	WHY_NTP,
	WHY_OPEN,
	WHY_BATTERY,
	WHY_HOURS,
	WHY_READING,
	WHY_SCALE,
	WHY_SEASON,
	WHY_DATE,
	WHY_SECOND_LOOK,
	WHY_MEANWHILE,
	WHY_TEST,
};

/* Return: whether it is to be said: it is not what was said last. */
static bool news(struct follow *follow, enum why why, int err)
{
	int now = why << 12 | -err;

	if (follow->told == now)
		return false;
	follow->told = now;
	return true;
}

static bool last_was(const struct follow *follow, enum why why)
{
	return follow->told >> 12 == (int)why;
}

int follow_begin(struct follow *follow)
{
	int err = device_describe(&follow->rtc, follow->options->device);

	if (err)
		return err;
	follow->cost.begun_ns = clock_now_ns(CLOCK_MONOTONIC);
	if (conduct_accesses(&follow->rtc, &follow->cost.counted))
		follow->cost.accesses = -1;
	return 0;
}

enum follow_verdict follow_gone(const struct follow *follow)
{
	report("%s is gone", follow->rtc.path);
	return FOLLOW_FAILED;
}

static enum follow_verdict unreadable(struct follow *follow, int err)
{
	if (err == -ENODEV)
		return follow_gone(follow);
	if (news(follow, WHY_READING, err))
		report_read(err, &follow->rtc);
	return FOLLOW_REFUSED;
}

static int64_t correction_ns(const struct follow *follow, int64_t epoch_ns)
{
	return adjtime_correction_s(&follow->adjtime, clock_floor_s(epoch_ns)) * NSEC_PER_SEC;
}

/* What a reading says. */
struct outcome {
	int64_t epoch_ns;	/* corrected */
	int64_t offset_ns;	/* minus the system's time */
	int64_t ahead_ns;	/* so far ahead of UTC is the clock kept */
	bool twice;		/* its local time has another meaning as well */
};

static int conclude(const struct follow *follow, const struct reading *reading,
		    struct outcome *outcome)
{
	int ret = reading_to_epoch(reading, follow->options->scale, &outcome->epoch_ns);

	if (ret < 0)
		return ret;
	outcome->twice = ret;
	outcome->ahead_ns = reading->rtc_ns - outcome->epoch_ns;
	if (__builtin_add_overflow(outcome->epoch_ns, correction_ns(follow, outcome->epoch_ns),
				   &outcome->epoch_ns) ||
	    __builtin_sub_overflow(outcome->epoch_ns, reading->at.real_ns, &outcome->offset_ns))
		return -ERANGE;
	return 0;
}

/* The clock was set since then. */
static int64_t earliest_ns(const struct follow *follow)
{
	int64_t set_ns;

	if (__builtin_mul_overflow(follow->adjtime.calibrated_s, NSEC_PER_SEC, &set_ns))
		return INT64_MAX;
	return set_ns > WRITTEN_NS ? set_ns : WRITTEN_NS;
}

/* A clock that lost its power may show any date, and not every driver tells. */
static bool lost_date(const struct follow *follow, const struct reading *reading,
		      const struct outcome *outcome)
{
	int64_t known_ns = reading->at.real_ns > WRITTEN_NS ? reading->at.real_ns : WRITTEN_NS;

	return outcome->epoch_ns < earliest_ns(follow) ||
	       outcome->epoch_ns - known_ns > AWAY_MAX_NS;
}

/* Battery and conduct say whether what the clock shows is its time. */
static bool doubtful(struct follow *follow, const struct rtc *rtc)
{
	unsigned int faults = battery_faults(rtc);
	struct conduct conduct;
	char text[256];

	if (faults) {
		if (news(follow, WHY_BATTERY, 0))
			report("%s is not to be believed: the clock's battery: %s", rtc->path,
			       bits_text(bits_voltage, faults, "good", text, sizeof(text)));
		return true;
	}
	if (conduct_read(rtc, &conduct) || !conduct_hours_doubtful(&conduct))
		return false;
	if (news(follow, WHY_HOURS, 0))
		report("%s is not to be believed: how it counts its hours is not certain; a set proves it: rtcctl systohc",
		       rtc->path);
	return true;
}

/* Sysfs would tell, whoever has the device; but whoever has it may be setting the clock. */
static enum follow_verdict open_clock(struct follow *follow, struct rtc *rtc)
{
	int err = device_open_patiently(rtc, follow->rtc.path);

	if (err == -ENOENT || err == -ENODEV || err == -ENXIO)
		return follow_gone(follow);
	if (err && news(follow, WHY_OPEN, err))
		device_report(err, follow->rtc.path);
	return err ? FOLLOW_REFUSED : FOLLOW_RIGHT;
}

static enum follow_verdict read_closely(struct follow *follow, struct reading *reading)
{
	enum follow_verdict verdict;
	struct rtc rtc;
	int err;

	verdict = open_clock(follow, &rtc);
	if (verdict != FOLLOW_RIGHT)
		return verdict;
	if (doubtful(follow, &rtc)) {
		verdict = FOLLOW_REFUSED;
	} else {
		err = reading_take(&rtc, reading);
		verdict = err ? unreadable(follow, err) : FOLLOW_RIGHT;
	}
	rtc_close(&rtc);
	return verdict;
}

static void note_agreement(struct follow *follow, const struct outcome *outcome)
{
	follow->zone = (struct follow_zone){
		.scale = follow->options->scale,
		.known = true,
		.ahead_ns = outcome->ahead_ns,
	};
}

/* Once it has shown, it holds until the two agree or the file says so: the system may sleep. */
static bool in_other_scale(struct follow *follow, const struct reading *reading)
{
	struct follow_zone *zone = &follow->zone;

	if (zone->scale != follow->options->scale)
		zone->other = false;
	zone->scale = follow->options->scale;
	if (!follow->options->scale_given)
		zone->other |= reading_fits_other(reading, zone->scale);
	return zone->other;
}

/* Local time is put forward and back, and the clock perhaps not, or by somebody, sometime. */
static bool off_season(const struct follow *follow, const struct outcome *outcome)
{
	return outcome->twice ||
	       (follow->zone.known && follow->zone.ahead_ns != outcome->ahead_ns);
}

/* Why the clock's time may not be what it is taken for. */
static enum why doubt_scale(struct follow *follow, const struct reading *reading,
			    const struct outcome *outcome)
{
	if (in_other_scale(follow, reading))
		return WHY_SCALE;
	return off_season(follow, outcome) ? WHY_SEASON : WHY_NOTHING;
}

static enum follow_verdict refuse_scale(struct follow *follow, enum why why)
{
	bool utc = follow->options->scale == TIMESCALE_UTC;

	if (!news(follow, why, 0))
		return FOLLOW_REFUSED;
	if (why == WHY_SCALE)
		report("%s seems to be kept in %s, and the adjtime file does not say so: the system's time is left alone; --utc or --localtime settles it",
		       follow->rtc.path, utc ? "local time" : "UTC");
	else
		report("%s is kept in local time, which is put forward or back, and it may not be: the system's time is left alone until the two agree",
		       follow->rtc.path);
	return FOLLOW_REFUSED;
}

static enum follow_verdict refuse_date(struct follow *follow)
{
	if (news(follow, WHY_DATE, 0))
		report("%s is not to be believed: its date is before it was last set, or years ahead; 'rtcctl hctosys' takes it nevertheless",
		       follow->rtc.path);
	return FOLLOW_REFUSED;
}

/* A second reading, by other means, that agrees. */
static enum follow_verdict look_again(struct follow *follow, const struct reading *reading)
{
	struct reading again;
	int err;

	err = reading_glance(&follow->rtc, &again);
	if (err)
		return unreadable(follow, err);
	if (!reading_agrees(reading, &again)) {
		if (news(follow, WHY_SECOND_LOOK, 0))
			report("%s showed two times that do not agree: the system's time is left alone",
			       follow->rtc.path);
		return FOLLOW_REFUSED;
	}
	return FOLLOW_RIGHT;
}

/* Since the look began: by another program, or by the kernel behind a sleep. */
static bool set_meanwhile(const struct follow *follow)
{
	const struct moment now = clock_moment(), *begun = &follow->begun;

	return llabs(now.real_ns - begun->real_ns - (now.mono_ns - begun->mono_ns)) >= STEPPED_NS;
}

static enum follow_verdict refuse_meanwhile(struct follow *follow)
{
	if (news(follow, WHY_MEANWHILE, 0))
		report("the system's time was set by another program meanwhile");
	return FOLLOW_REFUSED;
}

static bool left_to_ntp(const struct follow *follow)
{
	return !follow->always && system_synchronised();
}

static enum follow_verdict leave_to_ntp(struct follow *follow)
{
	if (news(follow, WHY_NTP, 0))
		report("the system's time follows NTP, and is left to that");
	return FOLLOW_LEFT;
}

static void report_offset(const struct follow *follow, int64_t offset_ns, int64_t bound_ns,
			  const char *done)
{
	char off[DURATION_TEXT_SIZE], bound[DURATION_TEXT_SIZE];

	/* The words say which way: not the sign. */
	duration_format_known(llabs(offset_ns), bound_ns, off);
	report("the system's time %s %s %s %s (%s %s)%s", *done ? "was" : "is",
	       off + (*off == '+'), offset_ns > 0 ? "behind" : "ahead of", follow->rtc.path,
	       number_plus_minus(), duration_format(bound_ns, bound), done);
}

static enum follow_verdict set(struct follow *follow, const struct reading *reading,
			       const struct outcome *outcome)
{
	int err;

	if (left_to_ntp(follow))
		return leave_to_ntp(follow);
	if (set_meanwhile(follow))
		return refuse_meanwhile(follow);
	if (follow->options->test) {
		if (news(follow, WHY_TEST, 0))
			report_offset(follow, outcome->offset_ns, reading->bound_ns,
				      ": not set, only a test");
		return FOLLOW_SET;
	}
	err = system_set_time(outcome->epoch_ns, reading->at.mono_ns);
	if (err) {
		report_error(err, "cannot set the system time");
		return FOLLOW_FAILED;
	}
	report_offset(follow, outcome->offset_ns, reading->bound_ns, ": set");
	news(follow, WHY_RIGHT, 0);
	return FOLLOW_SET;
}

/* Off by more than the threshold for sure, and by more than it would be afterwards. */
static bool due(const struct follow *follow, const struct reading *reading, int64_t offset_ns)
{
	int64_t least_ns = follow->threshold_ns > reading->bound_ns ? follow->threshold_ns :
								      reading->bound_ns;

	return llabs(offset_ns) - reading->bound_ns > least_ns;
}

static enum follow_verdict agrees(struct follow *follow, const struct reading *reading,
				  const struct outcome *outcome)
{
	note_agreement(follow, outcome);
	if (news(follow, WHY_RIGHT, 0))
		report_offset(follow, outcome->offset_ns, reading->bound_ns, "");
	return FOLLOW_RIGHT;
}

static enum follow_verdict judge(struct follow *follow, const struct reading *reading)
{
	enum follow_verdict verdict;
	struct outcome outcome;
	enum why why;
	int err;

	err = conclude(follow, reading, &outcome);
	if (err)
		return unreadable(follow, err);
	if (!due(follow, reading, outcome.offset_ns))
		return agrees(follow, reading, &outcome);
	why = doubt_scale(follow, reading, &outcome);
	if (why)
		return refuse_scale(follow, why);
	if (lost_date(follow, reading, &outcome))
		return refuse_date(follow);
	verdict = look_again(follow, reading);
	return verdict == FOLLOW_RIGHT ? set(follow, reading, &outcome) : verdict;
}

static enum follow_verdict look_closely(struct follow *follow)
{
	enum follow_verdict verdict;
	struct reading reading;

	follow->begun = clock_moment();
	verdict = read_closely(follow, &reading);
	follow->cost.until_ns = clock_now_ns(CLOCK_MONOTONIC) + HOLD_NS;
	return verdict == FOLLOW_RIGHT ? judge(follow, &reading) : verdict;
}

/* A glance shows half a second. */
static bool glances(const struct follow *follow)
{
	return follow->threshold_ns >= HALF_NS;
}

/* In the middle of the clock's second each other second that it shows is half a second off. */
int64_t follow_next_ns(const struct follow *follow, int64_t after_ns)
{
	int64_t next_ns = clock_now_ns(CLOCK_REALTIME) + after_ns;
	int64_t drift_ns;

	if (!glances(follow))
		return next_ns;
	drift_ns = correction_ns(follow, next_ns);
	return clock_floor_s(next_ns - drift_ns - HALF_NS) * NSEC_PER_SEC + HALF_NS + drift_ns;
}

/* Nothing new, and no reason to keep the driver busy. */
static bool still_refused(struct follow *follow, const struct reading *reading,
			  const struct outcome *outcome)
{
	enum why why = doubt_scale(follow, reading, outcome);

	if (!why && lost_date(follow, reading, outcome))
		why = WHY_DATE;
	return why && last_was(follow, why);
}

static enum follow_verdict glance(struct follow *follow)
{
	struct reading reading;
	struct outcome outcome;
	int err;

	err = reading_glance(&follow->rtc, &reading);
	if (!err)
		err = conclude(follow, &reading, &outcome);
	if (err)
		return unreadable(follow, err);
	if (llabs(outcome.offset_ns) > SLACK_NS &&
	    llabs(outcome.offset_ns) + reading.bound_ns > follow->threshold_ns)
		return still_refused(follow, &reading, &outcome) ? FOLLOW_REFUSED :
								   look_closely(follow);
	note_agreement(follow, &outcome);
	if (news(follow, WHY_RIGHT, 0))
		report("the system's time agrees with %s to the second", follow->rtc.path);
	return FOLLOW_RIGHT;
}

/* What the driver does for our sake between two looks is ours, too. */
static void count(struct follow_cost *cost, const struct rtc *rtc, bool ours)
{
	int64_t accesses;

	if (cost->accesses < 0 || conduct_accesses(rtc, &accesses))
		return;
	if (ours)
		cost->accesses += accesses - cost->counted;
	cost->counted = accesses;
}

enum follow_verdict follow_look(struct follow *follow, bool closely)
{
	struct follow_cost *cost = &follow->cost;
	enum follow_verdict verdict;

	if (left_to_ntp(follow))
		return leave_to_ntp(follow);
	/* It may have been changed since. */
	if (options_adjtime(follow->options, &follow->adjtime))
		return FOLLOW_FAILED;
	count(cost, &follow->rtc, clock_now_ns(CLOCK_MONOTONIC) < cost->until_ns);
	verdict = closely || !glances(follow) ? look_closely(follow) : glance(follow);
	count(cost, &follow->rtc, true);
	cost->looks++;
	return verdict;
}

void follow_report_cost(const struct follow *follow)
{
	const struct follow_cost *cost = &follow->cost;
	int64_t ns = clock_now_ns(CLOCK_MONOTONIC) - cost->begun_ns;
	char text[DURATION_TEXT_SIZE];

	duration_format(ns, text);
	if (cost->accesses < 0)
		report("%" PRIu64 " looks at %s in %s; how many accesses is not told", cost->looks,
		       follow->rtc.path, text);
	else
		report("%" PRIu64 " looks at %s in %s, by %" PRId64 " accesses: %.0f an hour",
		       cost->looks, follow->rtc.path, text, cost->accesses,
		       cost->accesses * 3600.0 * NSEC_PER_SEC / (ns ? ns : 1));
}
