// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What hwclock does, in its order and with its words: scripts match them.
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/hwclock/hwclock.h"
#include "lib/base/root.h"
#include "lib/base/savefile.h"
#include "lib/base/signals.h"
#include "lib/machine/audit.h"
#include "lib/rtc/pending.h"
#include "lib/rtc/system-follow.h"
#include "lib/rtc/take-reading.h"
#include "lib/time/date.h"
#include "lib/time/system.h"
#include "ui/device.h"
#include "ui/report.h"

#define DRIFT_MIN_INTERVAL_S	(4 * 3600)
#define SECONDS_PER_DAY		86400.0

/* Microseconds are what hwclock reckons in. */
static int64_t seconds_to_ns(double seconds)
{
	return llround(seconds * 1e6) * NSEC_PER_USEC;
}

void say(const struct hwclock *hw, const char *fmt, ...)
{
	va_list ap;

	if (!hw->verbose)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static void say_trying(const char *path)
{
	printf("Trying to open: %s\n", path);
}

static const char *adjfile(const struct hwclock *hw, struct root_path *path)
{
	return hw->adjfile ? hw->adjfile : root_path(path, ADJTIME_PATH);
}

static bool needs_device(const struct hwclock *hw)
{
	return hw->function != HWCLOCK_SYSTZ && hw->function != HWCLOCK_PREDICT;
}

static bool audited(const struct hwclock *hw)
{
	return !hw->test && hw->function != HWCLOCK_SHOW && hw->function != HWCLOCK_GET &&
	       hw->function != HWCLOCK_PREDICT && hw->function != HWCLOCK_PARAM_GET &&
	       hw->function != HWCLOCK_VOLTAGE_READ;
}

static bool sets_clock(const struct hwclock *hw)
{
	return hw->function == HWCLOCK_SET || hw->function == HWCLOCK_SYSTOHC ||
	       hw->function == HWCLOCK_ADJUST;
}

static bool writes_adjtime(const struct hwclock *hw)
{
	return sets_clock(hw) && !hw->noadjfile && !hw->test;
}

static int open_isa(struct hwclock *hw)
{
	int err = rtc_open_isa(&hw->rtc);

	if (!err)
		say(hw, "Using direct ISA access to the clock");
	else if (err == -EOPNOTSUPP)
		report("ISA port access is not implemented");
	else
		report_error(err, "iopl() port access failed");
	return err;
}

int hwclock_open(struct hwclock *hw)
{
	int err;

	if (hw->directisa)
		return open_isa(hw);
	if (hw->device)
		err = device_open_patiently(&hw->rtc, hw->device);
	else
		err = device_open_usual(&hw->rtc, hw->verbose ? say_trying : NULL);
	if (!err) {
		if (!hwclock_about_driver(hw))
			say(hw, "Using the rtc interface to the clock.");
		return 0;
	}
	say(hw, "No usable clock interface found.");
	if (err == -ENOENT && !hw->device)
		report("no clock: there is no /dev/rtc0, /dev/rtc or /dev/misc/rtc");
	else
		device_report(err, hw->rtc.path);
	report("Cannot access the Hardware Clock via any known method.");
	return err;
}

static void report_fault(const struct adjtime_fault *fault, const char *file)
{
	if (fault->line == 3)
		report("Warning: unrecognized third line in adjtime file\n"
		       "(Expected: `UTC' or `LOCAL' or nothing.)");
	else if (fault->line)
		report("Warning: unrecognized line in adjtime file: %s: line %d: %s", file,
		       fault->line, fault->reason);
}

static const char *scale_name(const struct adjtime *adjtime)
{
	if (!adjtime->scale_known)
		return "unknown";
	return adjtime->scale == TIMESCALE_LOCAL ? "local" : "UTC";
}

static int load_adjtime(struct hwclock *hw)
{
	struct adjtime_fault fault;
	struct root_path path;
	const char *file = adjfile(hw, &path);
	int err;

	if (hw->noadjfile || (hw->function == HWCLOCK_SYSTZ && (hw->utc || hw->local)))
		return 0;
	err = adjtime_load(file, &hw->adjtime, &fault);
	/* No file is as good as one that says UTC. */
	hw->adjtime.scale_known |= err == -ENOENT;
	if (err == -ENOENT)
		return 0;
	if (err == -EISDIR) {
		report("Warning: unrecognized line in adjtime file: %s: it is a directory", file);
		return 0;
	}
	if (err && err != -EBADMSG) {
		report_error(err, "cannot open %s", file);
		return err;
	}
	report_fault(&fault, file);
	say(hw, "Last drift adjustment done at %lld seconds after 1969",
	    (long long)hw->adjtime.adjusted_s);
	say(hw, "Last calibration done at %lld seconds after 1969",
	    (long long)hw->adjtime.calibrated_s);
	say(hw, "Hardware clock is on %s time", scale_name(&hw->adjtime));
	return 0;
}

/* Before the device: who waits for the lock holds nothing that others wait for. */
static int lock_clock(struct hwclock *hw)
{
	int err;

	err = sets_clock(hw) && !hw->test ? lockfile_take(&hw->lock) : 0;
	if (err)
		report_lock(err);
	return err;
}

static void settle_scale(struct hwclock *hw)
{
	bool local = hw->local || (!hw->utc && hw->adjtime.scale == TIMESCALE_LOCAL);

	hw->scale = local ? TIMESCALE_LOCAL : TIMESCALE_UTC;
	say(hw, "Assuming hardware clock is kept in %s time.", local ? "local" : "UTC");
	if (sets_clock(hw) && (!hw->adjtime.scale_known || hw->adjtime.scale != hw->scale))
		hw->dirty = !hw->noadjfile;
	hw->adjtime.scale = hw->scale;
}

static void report_clock(const struct hwclock *hw, int err)
{
	if (err == -ETIME)
		report("Timed out waiting for time change.");
	else if (err == -ERANGE)
		report_read(err, &hw->rtc);
	else
		report_error(err, "ioctl(RTC_RD_TIME) to %s to read the time failed",
			     hw->rtc.path);
}

static int take_reading(struct hwclock *hw, struct reading *reading)
{
	int err;

	say(hw, "Waiting for clock tick...");
	err = reading_take(&hw->rtc, reading);
	if (err) {
		say(hw, "...synchronization failed");
		report_clock(hw, err);
		return err;
	}
	if (reading->interrupt_err == -ETIME)
		report_interrupt(reading->interrupt_err, &hw->rtc);
	else if (reading->interrupt_err && !hw->rtc.isa)
		say(hw, "Waiting in loop for time from %s to change", hw->rtc.path);
	say(hw, "...got clock tick");
	return 0;
}

static void say_reading(const struct hwclock *hw, const struct reading *reading)
{
	struct rtc_time t;
	char text[64];

	if (timescale_rtc_s_to_fields(clock_floor_s(reading->rtc_ns), &t))
		return;
	snprintf(text, sizeof(text), "%4d/%.2d/%.2d %02d:%02d:%02d", t.tm_year + 1900,
		 t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
	say(hw, "Time read from Hardware Clock: %s", text);
	say(hw, "Hw clock time : %s = %lld seconds since 1969", text,
	    (long long)clock_floor_s(hw->clock_ns));
}

static int read_clock(struct hwclock *hw)
{
	struct reading reading;
	int err;

	err = take_reading(hw, &reading);
	if (err)
		return err;
	hw->clock_at = reading.at;
	err = timescale_to_epoch(hw->scale, reading.rtc_ns, &hw->clock_ns);
	if (err) {
		report("RTC read returned an invalid value.");
		return err;
	}
	hw->clock_read = true;
	say_reading(hw, &reading);
	return 0;
}

static void calculate_correction(struct hwclock *hw, int64_t at_s)
{
	long long since_s = at_s - hw->adjtime.adjusted_s;

	hw->correction_s = floor(adjtime_correction_s(&hw->adjtime, at_s) * 1e6) / 1e6;
	say(hw, "Time since last adjustment is %lld second%s", since_s, since_s == 1 ? "" : "s");
	say(hw, "Calculated Hardware Clock drift is %f seconds", hw->correction_s);
}

static int display(int64_t epoch_ns)
{
	char text[DATE_TEXT_SIZE];

	if (date_format(epoch_ns, text, sizeof(text))) {
		report("RTC read returned an invalid value.");
		return EXIT_FAILURE;
	}
	puts(text);
	return EXIT_SUCCESS;
}

/* What the clock showed, or should have, when the program was started. */
static int show(const struct hwclock *hw, bool corrected)
{
	int64_t ns = hw->clock_ns - (hw->clock_at.mono_ns - hw->start.mono_ns);

	return display(corrected ? ns + seconds_to_ns(hw->correction_s) : ns);
}

static void say_met(const struct hwclock *hw, const struct setting *setting)
{
	int64_t wanted_ns = setting->at.real_ns - setting->late_ns;
	struct timespec at = clock_timespec(setting->at.real_ns);
	struct timespec wanted = clock_timespec(wanted_ns);

	say(hw, "%lld.%06ld is close enough to %lld.%06ld (%.6f < %.6f)", (long long)at.tv_sec,
	    at.tv_nsec / 1000, (long long)wanted.tv_sec, wanted.tv_nsec / 1000,
	    setting->late_ns / 1e9, setting->tolerance_ns / 1e9);
}

/* @asked_ns: the real time that was asked for, at setting->when. */
static void say_written(const struct hwclock *hw, const struct setting *setting,
			int64_t asked_ns)
{
	int64_t asked_s = clock_floor_s(asked_ns);
	struct timespec ref = clock_timespec(setting->when.real_ns - asked_ns + asked_s * NSEC_PER_SEC);
	struct rtc_time t;
	int64_t epoch_ns;

	if (timescale_rtc_s_to_fields(setting->written_s, &t) ||
	    timescale_to_epoch(hw->scale, setting->written_s * NSEC_PER_SEC, &epoch_ns))
		return;
	if (!hw->test)
		say_met(hw, setting);
	say(hw, "Set RTC to %lld (%lld + %d; refsystime = %lld.%06ld)",
	    (long long)clock_floor_s(epoch_ns), (long long)asked_s,
	    (int)(clock_floor_s(epoch_ns) - asked_s), (long long)ref.tv_sec,
	    ref.tv_nsec / 1000);
	say(hw, "Setting Hardware Clock to %.2d:%.2d:%.2d = %lld seconds since 1969", t.tm_hour,
	    t.tm_min, t.tm_sec, (long long)clock_floor_s(epoch_ns));
	if (!hw->test)
		say(hw, "ioctl(RTC_SET_TIME) was successful.");
}

/* What the adjtime file will hold, but for a drift that is learnt. */
static void note_pending(const struct hwclock *hw, const struct setting *setting, int64_t epoch_ns)
{
	struct adjtime next = hw->adjtime;
	struct root_path path;

	if (!writes_adjtime(hw))
		return;
	adjtime_set_at(&next, clock_floor_s(epoch_ns));
	if (hw->function == HWCLOCK_ADJUST)
		next.calibrated_s = hw->adjtime.calibrated_s;
	pending_note(&hw->lock, &(struct pending){
		.rtc = &hw->rtc,
		.file = adjfile(hw, &path),
		.adjtime = &next,
		.when = setting->when,
		.rtc_ns = setting->rtc_ns,
		.ahead_ns = hw->function == HWCLOCK_ADJUST ? seconds_to_ns(hw->correction_s) : 0,
	});
}

static int set_by_driver(struct hwclock *hw, struct setting *setting)
{
	int err;

	if (hw->function == HWCLOCK_SYSTOHC && setting_right(&hw->rtc, setting)) {
		say(hw, "The Hardware Clock is right: %+.6f seconds off, not written.",
		    setting->residual.ns / 1e9);
		return 0;
	}
	say(hw, "Setting the Hardware Clock by its PTP clock.");
	if (hw->test)
		return 0;
	err = setting_apply(&hw->rtc, setting);
	if (err)
		report_set(err, &hw->rtc);
	return err;
}

/* A second at its moment. */
static int set_second(const struct hwclock *hw, struct setting *setting, int64_t asked_ns)
{
	int err = 0;

	if (setting->delay_ns < 0 && hw->rtc.driver[0])
		say(hw, "RTC type: '%s'", hw->rtc.driver);
	if (setting->delay_ns < 0)
		setting->delay_ns = rtc_set_delay_ns(&hw->rtc);
	say(hw, "Using delay: %.6f seconds", setting->delay_ns / 1e9);
	if (hw->test)
		setting_plan(setting, setting_now_ns(setting), &setting->written_s);
	else
		err = setting_apply(&hw->rtc, setting);
	if (err == -EAGAIN)
		report_set(err, &hw->rtc);
	else if (err)
		report_error(err, "ioctl(RTC_SET_TIME) to %s to set the time failed",
			     hw->rtc.path);
	else
		say_written(hw, setting, asked_ns);
	return err;
}

/* The clock shall show @epoch_ns at setting->when. Whoever gives a delay wants a second written. */
static int write_clock(struct hwclock *hw, struct setting *setting, int64_t epoch_ns)
{
	int err;

	setting->delay_ns = hw->delay_ns;
	err = timescale_to_rtc(hw->scale, epoch_ns, &setting->rtc_ns);
	if (err) {
		report_error(err, "ioctl(RTC_SET_TIME) to %s to set the time failed",
			     hw->rtc.path);
		return err;
	}
	note_pending(hw, setting, epoch_ns);
	if (setting_is_exact(&hw->rtc, setting))
		return set_by_driver(hw, setting);
	return set_second(hw, setting, epoch_ns);
}

static void update_drift(struct hwclock *hw, double error_s, double interval_s)
{
	double adjust = error_s / (interval_s / SECONDS_PER_DAY);
	double drift = hw->adjtime.drift_s_per_day + adjust;

	if (fabs(drift) > ADJTIME_MAX_DRIFT) {
		say(hw, "Clock drift factor was calculated as %f seconds/day.\n"
		    "It is far too much. Resetting to zero.", drift);
		drift = 0;
	} else {
		say(hw, "Clock drifted %f seconds in the past %f seconds\n"
		    "in spite of a drift factor of %f seconds/day.\n"
		    "Adjusting drift factor by %f seconds/day",
		    error_s, interval_s, hw->adjtime.drift_s_per_day, adjust);
	}
	hw->adjtime.drift_s_per_day = drift;
}

/* The real time was @true_ns when the clock was read, and the calibration is at @now_s. */
static void learn_drift(struct hwclock *hw, int64_t true_ns, double now_s)
{
	double corrected_s = hw->clock_ns / 1e9 + hw->correction_s;
	double error_s = (true_ns - hw->clock_ns) / 1e9 - hw->correction_s;

	if (!hw->update_drift)
		say(hw, "Not adjusting drift factor because the --update-drift option was not used.");
	else if (!hw->clock_read)
		say(hw, "Not adjusting drift factor because the Hardware Clock previously contained garbage.");
	else if (!hw->adjtime.calibrated_s)
		say(hw, "Not adjusting drift factor because last calibration time is zero,\n"
		    "so history is bad and calibration startover is necessary.");
	else if (corrected_s - hw->adjtime.calibrated_s < DRIFT_MIN_INTERVAL_S)
		say(hw, "Not adjusting drift factor because it has been less than four hours "
		    "since the last calibration.");
	else
		update_drift(hw, error_s, now_s - hw->adjtime.calibrated_s);
}

static int set_clock(struct hwclock *hw, int64_t epoch_ns)
{
	const struct moment *when = &hw->setting.when;
	int64_t true_ns = epoch_ns + (hw->setting.follow_system ?
				      hw->clock_at.real_ns - when->real_ns :
				      hw->clock_at.mono_ns - when->mono_ns);
	int64_t now_ns = hw->function == HWCLOCK_SET ? epoch_ns : true_ns;

	if (write_clock(hw, &hw->setting, epoch_ns))
		return EXIT_FAILURE;
	if (hw->noadjfile)
		return EXIT_SUCCESS;
	learn_drift(hw, true_ns, now_ns / 1000 / 1e6);
	adjtime_set_at(&hw->adjtime, clock_floor_s(epoch_ns));
	hw->dirty = true;
	return EXIT_SUCCESS;
}

static int set(struct hwclock *hw)
{
	hw->setting.when = hw->start;
	return set_clock(hw, hw->date_ns);
}

static int systohc(struct hwclock *hw)
{
	struct moment now = clock_moment();
	int64_t second_ns = clock_floor_s(now.real_ns) * NSEC_PER_SEC;

	hw->setting.follow_system = true;
	hw->setting.when.real_ns = second_ns;
	hw->setting.when.mono_ns = now.mono_ns - (now.real_ns - second_ns);
	return set_clock(hw, second_ns);
}

/* util-linux opens the file first, and learns then that there is no room. */
static void report_save(int err, const char *file)
{
	if (err == -ELOOP || err == -ENOSPC || err == -EDQUOT)
		report_update(err, file);
	else
		report_error(err, "cannot open %s", file);
}

/* What cannot be noted would be corrected again. */
static int check_adjtime(const struct hwclock *hw)
{
	struct root_path path;
	int err;

	err = writes_adjtime(hw) ? savefile_check(adjfile(hw, &path)) : 0;
	if (err)
		report_save(err, adjfile(hw, &path));
	return err;
}

static int adjust(struct hwclock *hw)
{
	int64_t corrected_ns = hw->clock_ns + seconds_to_ns(hw->correction_s);

	if (fabs(hw->correction_s) < 1) {
		puts("Needed adjustment is less than one second, so not setting clock.");
		return EXIT_SUCCESS;
	}
	if (!hw->adjtime.adjusted_s) {
		say(hw, "Not setting clock because last adjustment time is zero, so history is bad.");
		return EXIT_SUCCESS;
	}
	if (fabs(hw->adjtime.drift_s_per_day) > ADJTIME_MAX_DRIFT) {
		say(hw, "Not setting clock because drift factor %f is far too high.",
		    hw->adjtime.drift_s_per_day);
		return EXIT_SUCCESS;
	}
	if (check_adjtime(hw))
		return EXIT_FAILURE;
	hw->setting.when = hw->clock_at;
	if (write_clock(hw, &hw->setting, corrected_ns))
		return EXIT_FAILURE;
	hw->adjtime.adjusted_s = clock_floor_s(corrected_ns);
	hw->adjtime.not_adjusted_s = 0;
	hw->dirty = true;
	return EXIT_SUCCESS;
}

static void say_kernel(const struct hwclock *hw, int minutes_west)
{
	if (hw->scale == TIMESCALE_LOCAL) {
		say(hw, "Calling settimeofday(NULL, %d) to warp System time, set PCIL and the kernel tz.",
		    minutes_west);
		return;
	}
	say(hw, "Calling settimeofday(NULL, 0) to lock the warp_clock function.");
	if (minutes_west)
		say(hw, "Calling settimeofday(NULL, %d) to set the kernel timezone.",
		    minutes_west);
}

static int report_settime(int err)
{
	if (!err)
		return EXIT_SUCCESS;
	report_error(err, "settimeofday() failed");
	return EXIT_FAILURE;
}

static int systz(const struct hwclock *hw)
{
	int minutes_west = system_minutes_west(clock_floor_s(hw->start.real_ns));

	say_kernel(hw, minutes_west);
	if (hw->test)
		return EXIT_SUCCESS;
	return report_settime(system_set_timezone(hw->scale, minutes_west));
}

static int hctosys(const struct hwclock *hw)
{
	int64_t ns = hw->clock_ns + seconds_to_ns(hw->correction_s);
	int minutes_west = system_minutes_west(clock_floor_s(ns));
	struct timespec ts = clock_timespec(ns);
	struct residual remains;
	int err;

	say_kernel(hw, minutes_west);
	say(hw, "Calling settimeofday(%lld.%06ld, NULL) to set the System time.",
	    (long long)ts.tv_sec, ts.tv_nsec / 1000);
	if (hw->test)
		return EXIT_SUCCESS;
	err = system_set_timezone(hw->scale, minutes_west);
	if (err)
		return report_settime(err);
	err = system_follow(&hw->rtc, hw->scale, seconds_to_ns(hw->correction_s), &remains);
	if (err == -ENODEV)
		return report_settime(system_set_time(ns, hw->clock_at.mono_ns));
	if (!err)
		say(hw, "System time is %+.6f seconds off.", remains.ns / 1e9);
	return report_settime(err);
}

static int predict(const struct hwclock *hw)
{
	int64_t ns = hw->date_ns - seconds_to_ns(hw->correction_s);

	say(hw, "Target date:   %lld\nPredicted RTC: %lld", (long long)clock_floor_s(hw->date_ns),
	    (long long)clock_floor_s(ns));
	return display(ns);
}

static int perform_function(struct hwclock *hw)
{
	switch (hw->function) {
	case HWCLOCK_SHOW:
		return show(hw, false);
	case HWCLOCK_GET:
		return show(hw, true);
	case HWCLOCK_SET:
		return set(hw);
	case HWCLOCK_SYSTOHC:
		return systohc(hw);
	case HWCLOCK_ADJUST:
		return adjust(hw);
	case HWCLOCK_HCTOSYS:
		return hctosys(hw);
	case HWCLOCK_SYSTZ:
		return systz(hw);
	case HWCLOCK_PREDICT:
		return predict(hw);
	default:
		return EXIT_FAILURE;
	}
}

static int save_adjtime(struct hwclock *hw)
{
	struct root_path path;
	char text[256];
	int err;

	if (!hw->dirty)
		return EXIT_SUCCESS;
	hw->dirty = false;
	adjtime_format(&hw->adjtime, text, sizeof(text));
	if (hw->verbose)
		printf("New %s data:\n%s", adjfile(hw, &path), text);
	if (!writes_adjtime(hw))
		return EXIT_SUCCESS;
	err = adjtime_save(adjfile(hw, &path), &hw->adjtime);
	if (err)
		report_save(err, adjfile(hw, &path));
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* What is set and not noted would be corrected again. */
static int perform_and_save(struct hwclock *hw)
{
	sigset_t before;
	int status;

	signals_hold(&before);
	status = perform_function(hw);
	if (!status)
		status = save_adjtime(hw);
	pending_clear(&hw->lock);
	signals_release(&before);
	return status;
}

/* How well a driver has set the fraction of the second. */
static int verify(struct hwclock *hw)
{
	struct setting *setting = &hw->setting;
	int err;

	err = setting_verify(&hw->rtc, setting);
	if (err) {
		report_read(err, &hw->rtc);
		return EXIT_FAILURE;
	}
	say(hw, "Hardware Clock is %+.6f seconds off%s.", setting->residual.ns / 1e9,
	    setting->writes > 1 ? ", set twice" : "");
	if (report_setting(setting, &hw->rtc))
		return EXIT_FAILURE;
	if (!setting->keeps_second)
		return EXIT_SUCCESS;
	say(hw, "It keeps its own second: no set comes closer. The adjtime file has the rest.");
	hw->adjtime.not_adjusted_s = -setting->residual.ns / 1e9;
	hw->dirty = !hw->noadjfile;
	return save_adjtime(hw);
}

/* Setting works without the clock's old time, which only serves to learn its drift. */
static int find_correction(struct hwclock *hw)
{
	bool sets = hw->function == HWCLOCK_SET || hw->function == HWCLOCK_SYSTOHC;

	if (!needs_device(hw)) {
		if (hw->function == HWCLOCK_PREDICT)
			calculate_correction(hw, clock_floor_s(hw->date_ns));
		return 0;
	}
	if (sets && !hw->update_drift)
		return 0;
	if (read_clock(hw))
		return sets ? 0 : -EIO;
	calculate_correction(hw, clock_floor_s(hw->clock_ns));
	return 0;
}

static int prepare(struct hwclock *hw)
{
	int err;

	err = lock_clock(hw);
	if (!err && needs_device(hw))
		err = hwclock_open(hw);
	if (!err)
		pending_settle(&hw->lock, &hw->rtc);
	if (!err)
		err = load_adjtime(hw);
	if (err)
		return err;
	settle_scale(hw);
	return find_correction(hw);
}

static int perform(struct hwclock *hw)
{
	int status;

	say(hw, "hwclock from rtc-mc146818 %s", VERSION);
	say(hw, "System Time: %lld.%06lld", (long long)clock_floor_s(hw->start.real_ns),
		    (long long)(hw->start.real_ns % NSEC_PER_SEC) / 1000);
	if (prepare(hw))
		return EXIT_FAILURE;
	status = perform_and_save(hw);
	if (!status && hw->setting.exact && hw->setting.writes)
		status = verify(hw);
	if (!status && hw->test)
		say(hw, "Test mode: nothing was changed.");
	return status;
}

int hwclock_perform(struct hwclock *hw)
{
	int status;

	hw->audit_fd = audited(hw) ? audit_connect() : -EPROTONOSUPPORT;
	if (hw->audit_fd < 0 && hw->audit_fd != -EPROTONOSUPPORT) {
		report("Unable to connect to audit system");
		return EXIT_FAILURE;
	}
	status = hwclock_about_driver(hw) ? hwclock_driver(hw) : perform(hw);
	audit_record(hw->audit_fd, "change-system-time", status == EXIT_SUCCESS);
	lockfile_release(&hw->lock);
	return status;
}
