// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What rtcwake does, in its order and with its words: scripts match them.
 *
 * All times are real times as the clock's scale has them: for a clock that is
 * kept in UTC the process's timezone is UTC.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "commands/rtcwake/rtcwake.h"
#include "lib/base/root.h"
#include "lib/rtc/alarm.h"
#include "lib/rtc/candidates.h"
#include "lib/time/adjtime.h"
#include "lib/time/clock.h"
#include "ui/device.h"
#include "ui/report.h"
#include "ui/terminal.h"

#define DEFAULT_DEVICE		"/dev/rtc0"
#define CTIME_SIZE		64
#define EXIT_NOT_EXECUTED	127
#define KEYS_QUIET_MS		10
#define KEYS_PAUSE_NS		(250 * NSEC_PER_MSEC)
#define KEYS_TRIES		8

static const char *const mode_names[RTCWAKE_MODES] = {
	[RTCWAKE_OFF] = "off",
	[RTCWAKE_NO] = "no",
	[RTCWAKE_ON] = "on",
	[RTCWAKE_DISABLE] = "disable",
	[RTCWAKE_SHOW] = "show",
};

/* For alarm_wait(), which knows no more than the interrupt. */
static const struct rtcwake *waiting;

const char *rtcwake_mode_name(enum rtcwake_mode mode)
{
	return mode_names[mode];
}

__attribute__((format(printf, 2, 3)))
static void say(const struct rtcwake *wake, const char *fmt, ...)
{
	va_list ap;

	if (!wake->verbose)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

/* As ctime() has it, without the newline; years of more digits included. */
static const char *date_text(int64_t epoch_s, char *text)
{
	time_t s = epoch_s;
	struct tm tm;

	if (!localtime_r(&s, &tm) || !strftime(text, CTIME_SIZE, "%a %b %e %H:%M:%S %Y", &tm))
		snprintf(text, CTIME_SIZE, "@%lld", (long long)epoch_s);
	return text;
}

static bool arms(const struct rtcwake *wake)
{
	return wake->mode != RTCWAKE_DISABLE && wake->mode != RTCWAKE_SHOW;
}

static bool must_wake(const struct rtcwake *wake)
{
	return wake->mode == RTCWAKE_OFF || wake->mode == RTCWAKE_SLEEP;
}

/* Only the third line of the adjtime file matters here. */
static void find_scale(struct rtcwake *wake)
{
	struct adjtime_fault fault;
	struct adjtime adjtime;
	struct root_path path;
	const char *file = wake->adjfile ? wake->adjfile : root_path(&path, ADJTIME_PATH);
	int err;

	if (wake->scale != RTCWAKE_AUTO)
		return;
	err = adjtime_load(file, &adjtime, &fault);
	wake->scale = adjtime.scale == TIMESCALE_LOCAL ? RTCWAKE_LOCAL : RTCWAKE_UTC;
	if (err && err != -ENOENT && err != -EBADMSG)
		report_error(err, "cannot read %s", file);
	else if (!adjtime.scale_known && fault.line)
		report("unexpected line %d in: %s: %s", fault.line, file, fault.reason);
	if (!adjtime.scale_known)
		printf("%s: assuming RTC uses UTC ...\n", program_invocation_short_name);
}

/* By its usual name; else the only one there is. */
static const char *default_device(void)
{
	static char only[CANDIDATE_PATH_SIZE];

	return access(DEFAULT_DEVICE, F_OK) && candidates_only(only) ? only : DEFAULT_DEVICE;
}

static int open_device(struct rtcwake *wake)
{
	char path[PATH_MAX];
	int err;

	if (!wake->device)
		wake->device = default_device();
	snprintf(path, sizeof(path), "%s%s", strncmp(wake->device, "/dev", 4) ? "/dev/" : "",
		 wake->device);
	err = device_open_patiently(&wake->rtc, path);
	if (err == -EBUSY || err == -ENOTTY)
		device_report(err, path);
	else if (err)
		report_error(err, "%s: unable to find device", path);
	return err;
}

static int check_wakeup(const struct rtcwake *wake)
{
	int ret;

	if (!must_wake(wake))
		return 0;
	ret = alarm_wakes(&wake->rtc);
	if (ret > 0)
		return 0;
	report("%s not enabled for wakeup events", wake->device);
	return -EPERM;
}

static void say_times(const struct rtcwake *wake)
{
	time_t system_s = wake->system_s, clock_s = wake->clock_s;
	char text[CTIME_SIZE];
	struct tm tm;

	if (!wake->verbose)
		return;
	printf("\tdelta   = %lld\n", (long long)(system_s - clock_s));
	printf("\ttzone   = %ld\n", timezone);
	printf("\ttzname  = %s\n", tzname[daylight]);
	gmtime_r(&system_s, &tm);
	printf("\tsystime = %lld, (UTC) %s", (long long)system_s, asctime_r(&tm, text));
	gmtime_r(&clock_s, &tm);
	printf("\trtctime = %lld, (UTC) %s", (long long)clock_s, asctime_r(&tm, text));
}

static int take_times(struct rtcwake *wake)
{
	int64_t rtc_s, clock_ns;
	int err;

	if (wake->scale == RTCWAKE_UTC)
		setenv("TZ", "UTC", 1);
	tzset();
	err = rtc_read_s(&wake->rtc, &rtc_s);
	if (err) {
		report_error(err, "read rtc time failed");
		return err;
	}
	wake->system_s = clock_floor_s(clock_now_ns(CLOCK_REALTIME));
	err = timescale_to_epoch(TIMESCALE_LOCAL, rtc_s * NSEC_PER_SEC, &clock_ns);
	if (err) {
		report("convert rtc time failed");
		return err;
	}
	wake->clock_s = clock_floor_s(clock_ns);
	say_times(wake);
	return 0;
}

static void report_alarm(int err)
{
	if (err == -ERANGE)
		report("set rtc wake alarm failed: the clock's alarm does not reach so far");
	else if (err == -EPROTO)
		report("set rtc wake alarm failed: another alarm was read back");
	else if (err == -ETIME)
		report("set rtc wake alarm failed: the moment is past");
	else
		report_error(err, "set rtc wake alarm failed");
}

/* The alarm as real time by the clock's scale, in wake->alarm_s. */
static int settle_alarm(struct rtcwake *wake)
{
	char text[CTIME_SIZE];

	if (!wake->alarm_s) {
		if (__builtin_add_overflow(wake->clock_s + 1, wake->seconds, &wake->alarm_s))
			wake->alarm_s = INT64_MAX;
	} else if (wake->alarm_s < wake->system_s) {
		report("time doesn't go backward to %s\n", date_text(wake->alarm_s, text));
		return -ETIME;
	} else {
		wake->alarm_s -= wake->system_s - wake->clock_s;
	}
	/* Nanoseconds in 64 bits end in 2262, and no clock goes further. */
	if (wake->alarm_s < INT64_MAX / NSEC_PER_SEC)
		return 0;
	report_alarm(-ERANGE);
	return -ERANGE;
}

static int arm(struct rtcwake *wake)
{
	char text[CTIME_SIZE];
	int64_t rtc_ns;
	int err;

	err = settle_alarm(wake);
	if (err)
		return err;
	err = timescale_to_rtc(TIMESCALE_LOCAL, wake->alarm_s * NSEC_PER_SEC, &rtc_ns);
	if (!err && !wake->dry_run)
		err = alarm_set(&wake->rtc, clock_floor_s(rtc_ns));
	if (err) {
		report_alarm(err);
		return err;
	}
	if (must_wake(wake))
		printf("%s: wakeup from \"%s\" using %s at %s\n", program_invocation_short_name,
		       wake->mode_name, wake->device, date_text(wake->alarm_s, text));
	else
		printf("%s: wakeup using %s at %s\n", program_invocation_short_name,
		       wake->device, date_text(wake->alarm_s, text));
	fflush(stdout);
	return 0;
}

static int disarm(const struct rtcwake *wake)
{
	int err;

	if (wake->dry_run)
		return EXIT_SUCCESS;
	err = alarm_cancel(&wake->rtc);
	if (err)
		report_error(err, "disable rtc alarm interrupt failed");
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int show(const struct rtcwake *wake)
{
	char text[CTIME_SIZE];
	struct alarm alarm;
	int64_t alarm_ns;
	int err;

	err = alarm_read(&wake->rtc, &alarm);
	if (err) {
		report_error(err, "read rtc alarm failed");
		return EXIT_FAILURE;
	}
	if (!alarm.enabled || !alarm.dated) {
		puts("alarm: off");
		return EXIT_SUCCESS;
	}
	err = timescale_to_epoch(TIMESCALE_LOCAL, alarm.rtc_s * NSEC_PER_SEC, &alarm_ns);
	if (err) {
		report("convert time failed");
		return EXIT_FAILURE;
	}
	printf("alarm: on  %s\n", date_text(clock_floor_s(alarm_ns) + wake->system_s -
						   wake->clock_s, text));
	return EXIT_SUCCESS;
}

static void saw_interrupt(unsigned long flags)
{
	say(waiting, "... %s: %03lx", waiting->device, flags);
}

static int wait_for_alarm(const struct rtcwake *wake)
{
	int64_t rtc_ns;
	int err;

	say(wake, "suspend mode: on; reading rtc");
	if (wake->dry_run)
		return EXIT_SUCCESS;
	waiting = wake;
	err = timescale_to_rtc(TIMESCALE_LOCAL, wake->alarm_s * NSEC_PER_SEC, &rtc_ns);
	if (!err)
		err = alarm_wait(&wake->rtc, clock_floor_s(rtc_ns), saw_interrupt);
	if (err == -ETIME)
		report("%s sent no alarm interrupt: found by reading it that the time is past",
		       wake->device);
	else if (err)
		report_error(err, "rtc read failed");
	return disarm(wake) || (err && err != -ETIME);
}

static int switch_off(const struct rtcwake *wake)
{
	static char *const shutdown[] = { "/sbin/shutdown", "-h", "-P", "now", NULL };
	static char *const poweroff[] = { "/sbin/poweroff", NULL };
	char *const *argv = access(shutdown[0], X_OK) ? poweroff : shutdown;
	int err = 0;

	if (access(argv[0], X_OK)) {
		report("failed to find shutdown command");
		disarm(wake);
		return EXIT_NOT_EXECUTED;
	}
	say(wake, "suspend mode: off; executing %s", argv[0]);
	if (wake->dry_run)
		return EXIT_SUCCESS;
	fflush(stdout);
	if (execv(argv[0], argv) < 0)
		err = -errno;
	report_error(err, "failed to execute %s", argv[0]);
	disarm(wake);
	return EXIT_NOT_EXECUTED;
}

/*
 * The key that started this is still being let go, which would end the sleep at once. A job
 * in the background has no keys: it would be stopped for touching the terminal.
 */
static void discard_keys(const struct rtcwake *wake)
{
	struct pollfd keys = { .fd = STDIN_FILENO, .events = POLLIN };

	if (!isatty(STDIN_FILENO) || terminal_is_others(STDIN_FILENO))
		return;
	for (int i = 0; i < KEYS_TRIES && poll(&keys, 1, KEYS_QUIET_MS) == 1; i++) {
		if (wake->verbose)
			report("discarding stdin");
		clock_sleep_until(CLOCK_MONOTONIC, clock_now_ns(CLOCK_MONOTONIC) + KEYS_PAUSE_NS);
		tcflush(STDIN_FILENO, TCIFLUSH);
	}
}

static int suspend(const struct rtcwake *wake)
{
	int err, status;

	say(wake, "suspend mode: %s; suspending system", wake->mode_name);
	if (wake->dry_run)
		return EXIT_SUCCESS;
	discard_keys(wake);
	fflush(stdout);
	err = sleep_enter(wake->mode_name);
	status = disarm(wake);
	if (err)
		report_error(err, "cannot suspend to \"%s\", the alarm is off again",
			     wake->mode_name);
	return err ? EXIT_FAILURE : status;
}

static int perform_mode(const struct rtcwake *wake)
{
	switch (wake->mode) {
	case RTCWAKE_OFF:
		return switch_off(wake);
	case RTCWAKE_NO:
		say(wake, "suspend mode: no; leaving");
		return EXIT_SUCCESS;
	case RTCWAKE_ON:
		return wait_for_alarm(wake);
	case RTCWAKE_DISABLE:
		say(wake, "suspend mode: disable; disabling alarm");
		return disarm(wake);
	case RTCWAKE_SHOW:
		say(wake, "suspend mode: show; printing alarm info");
		return show(wake);
	case RTCWAKE_SLEEP:
		return suspend(wake);
	}
	return EXIT_FAILURE;
}

int rtcwake_perform(struct rtcwake *wake)
{
	find_scale(wake);
	say(wake, "%s", wake->scale == RTCWAKE_UTC ? "Using UTC time." : "Using local time.");
	if (arms(wake) && !wake->alarm_s && !wake->seconds) {
		report("must provide wake time (see --seconds, --time and --date options)");
		return EXIT_FAILURE;
	}
	if (!wake->mode_name) {
		report("cannot sleep: %s offers neither mem, standby nor freeze: choose a --mode",
		       SLEEP_PATH);
		return EXIT_FAILURE;
	}
	if (open_device(wake) || check_wakeup(wake) || take_times(wake))
		return EXIT_FAILURE;
	say(wake, "alarm %lld, sys_time %lld, rtc_time %lld, seconds %lld",
	    (long long)wake->alarm_s, (long long)wake->system_s, (long long)wake->clock_s,
	    (long long)wake->seconds);
	if (arms(wake) && arm(wake))
		return EXIT_FAILURE;
	return perform_mode(wake);
}
