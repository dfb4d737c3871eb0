// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/chip/chip.h"
#include "lib/base/signals.h"
#include "lib/rtc/cmos-layout.h"
#include "lib/rtc/phase.h"
#include "lib/rtc/ptp.h"
#include "ui/progress.h"

#define ALARM_AHEAD_S	120
#define KNOWN_NS	(100 * NSEC_PER_USEC)
#define SETTLE_NS	(8 * NSEC_PER_SEC)
/* Where the next second begins is told apart best a quarter of a second off the old ones. */
#define ASIDE_NS	(NSEC_PER_SEC / 4)
/* A date that another look cannot confuse with the old one. */
#define ASIDE_DATE_NS	(3 * NSEC_PER_SEC)
#define THROUGH_NS	(5 * NSEC_PER_SEC / 2)
#define ASTRAY_NS	(NSEC_PER_SEC * 3 / 4)

void chip_look(struct chip_evidence *evidence)
{
	const struct rtc *rtc = &evidence->rtc;

	evidence->registers_err = registers_read(rtc, &evidence->registers);
	evidence->conduct_err = conduct_read(rtc, &evidence->conduct);
	evidence->alarm_err = alarm_read(rtc, &evidence->alarm);
	evidence->nvram_err = nvram_load(rtc, &evidence->nvram);
	evidence->signs_err = CHIP_NOT_ASKED;
	evidence->alarm_trial_err = CHIP_NOT_ASKED;
	evidence->set_err = CHIP_NOT_ASKED;
}

/*
 * By the ports only where there is one processor. On another one the kernel might be between
 * its index and its data, and this would have it read or write another register.
 */
static int watch(struct chip_evidence *evidence)
{
	struct register_file file;
	int err;

	if (cmos_layout_applies(&evidence->rtc) && sysconf(_SC_NPROCESSORS_ONLN) != 1)
		return CHIP_PROCESSORS;
	err = registers_open(&evidence->rtc, &file);
	if (err)
		return err;
	err = update_watch(&file, &evidence->signs);
	registers_close(&file);
	return err;
}

static int arm_and_disarm(const struct rtc *rtc)
{
	int64_t now_s;
	int err, cancel_err;

	err = rtc_read_s(rtc, &now_s);
	if (err)
		return err;
	err = alarm_set(rtc, now_s + ALARM_AHEAD_S);
	cancel_err = alarm_cancel(rtc);
	return err ? err : cancel_err;
}

static int try_alarm(const struct chip_evidence *evidence)
{
	sigset_t before;
	int err;

	if (evidence->alarm_err || evidence->alarm.enabled)
		return evidence->alarm_err ? evidence->alarm_err : CHIP_ALARM_SET;
	signals_hold(&before);
	err = arm_and_disarm(&evidence->rtc);
	signals_release(&before);
	return err;
}

static int64_t aside_ns(const struct conduct *conduct)
{
	return ASIDE_NS + (strcmp(conduct->writes, "kept") ? ASIDE_DATE_NS : 0);
}

static int measure(const struct rtc *rtc, int64_t *ahead_ns, int64_t *bound_ns)
{
	struct reading reading;
	int err;

	err = phase_settle(rtc, KNOWN_NS, SETTLE_NS, &reading);
	*ahead_ns = reading.rtc_ns - reading.at.mono_ns;
	*bound_ns = reading.bound_ns;
	return err;
}

/* What came of it, and back where it was not put back already. */
static int put_back(struct chip_evidence *evidence, int64_t ahead_ns, int64_t bound_ns)
{
	const struct rtc *rtc = &evidence->rtc;
	int64_t now_ns;
	int err;

	err = measure(rtc, &now_ns, &evidence->residual.bound_ns);
	if (!err && llabs(now_ns - ahead_ns) > ASTRAY_NS) {
		ptp_set(rtc, CLOCK_MONOTONIC, ahead_ns);
		err = measure(rtc, &now_ns, &evidence->residual.bound_ns);
	}
	evidence->residual.ns = now_ns - ahead_ns;
	evidence->residual.bound_ns += bound_ns;
	return err;
}

static int set_aside_and_back(struct chip_evidence *evidence)
{
	const struct rtc *rtc = &evidence->rtc;
	int64_t ahead_ns, bound_ns;
	int err;

	err = measure(rtc, &ahead_ns, &bound_ns);
	if (err)
		return err;
	err = ptp_set(rtc, CLOCK_MONOTONIC, ahead_ns + aside_ns(&evidence->conduct));
	if (!err) {
		clock_sleep_until(CLOCK_MONOTONIC, clock_now_ns(CLOCK_MONOTONIC) + THROUGH_NS);
		err = ptp_set(rtc, CLOCK_MONOTONIC, ahead_ns);
	}
	/* That the chip keeps nothing is an answer. */
	if (err && err != -EIO)
		return err;
	return put_back(evidence, ahead_ns, bound_ns);
}

static int try_set(struct chip_evidence *evidence)
{
	sigset_t before;
	int err;

	if (evidence->conduct_err)
		return evidence->conduct_err;
	signals_hold(&before);
	err = set_aside_and_back(evidence);
	signals_release(&before);
	evidence->conduct_err = conduct_read(&evidence->rtc, &evidence->conduct);
	return err;
}

void chip_try(struct chip_evidence *evidence)
{
	progress("watching registers A and C");
	evidence->signs_err = watch(evidence);
	progress("arming an alarm, and disarming it");
	evidence->alarm_trial_err = try_alarm(evidence);
	progress("setting the clock aside, and back");
	evidence->set_err = try_set(evidence);
	progress_end();
}
