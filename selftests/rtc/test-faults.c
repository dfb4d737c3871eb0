// SPDX-License-Identifier: GPL-2.0
/*
 * Faults of an emulated clock: the right time or a clear error, never a wrong time
 * called right, by ioctl, phase/ and rtcctl; and all is well when the fault is lifted.
 *
 * What is right is told by the monotonic clock, from a tick before the fault.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"
#include "ports.h"
#include "sleep.h"

#define SET_MS		14000	/* all its tries, each of which moves the second */
#define SLACK_NS	(60 * 1000000LL)	/* of a tick seen on a busy machine */
#define WATCH_NS	(5 * SECOND_NS)		/* how long a fault is watched; by then it is noticed */
#define STEP_MS		100
#define TICK_MS		2500
#define SOON_MS		1500	/* ... of a clock that runs */
#define RATES		10	/* so many changes of the rate */
#define LATEST_MS	30	/* a reading serves again until then */
#define RECOVER_NS	(8 * SECOND_NS)
#define ALARM_S		3	/* an alarm, and soon after it the fault */
#define DEAD_MS		35000	/* how long a fault lasts until it is hardly asked any more */
#define ASKED_MAX	40	/* accesses in such a time: three readings, and some */
#define AGAIN_MS	16000	/* the longest wait between two tries of an alarm, ... */
#define HURRIED_MS	1500	/* ... and where the clock was read meanwhile */
#define NOISY_SEC	1900000000LL	/* 2030 */
#define NOISY_ACCESSES	100000
#define NOISY_CALL_NS	(20 * SECOND_NS)

enum outcome {
	RIGHT,		/* the right time, always */
	REFUSED,	/* the right time or an error, and soon an error */
	EITHER,		/* the right time or an error */
};

/* It was @sec sharp at @mono, to within SLACK_NS. */
struct known {
	s64 sec, mono;
};

/* Answers by what came: times that were right, and errors; and the last one. */
struct seen {
	int right, refused, last;
};

static int injected(struct clock *clock, char *value, size_t size)
{
	char path[160];

	snprintf(path, sizeof(path), DEBUG_DIR "/%s/inject", clock->device);
	return file_read(path, value, size);
}

static int synchronise(struct clock *clock, struct known *known)
{
	unsigned long data;
	int err;

	clock_quiet(clock);
	err = clock_ioctl_value(clock, RTC_UIE_ON, 0);
	if (!err)
		err = clock_event(clock, TICK_MS, &data);
	if (!err)
		err = clock_event(clock, TICK_MS, &data);
	known->mono = now_ns();
	clock_ioctl_value(clock, RTC_UIE_OFF, 0);
	return err ? err : clock_read(clock, &known->sec);
}

static s64 second_at(const struct known *known, s64 mono)
{
	return known->sec + (mono - known->mono + 1000 * SECOND_NS) / SECOND_NS - 1000;
}

static bool is_right(const struct known *known, s64 sec, s64 before, s64 after)
{
	return sec >= second_at(known, before - SLACK_NS) &&
	       sec <= second_at(known, after + SLACK_NS);
}

/* The time with its nanoseconds, where the driver says it knows it. */
static enum ktap_result phase_is_right(struct clock *clock, const struct known *known)
{
	s64 before = now_ns(), after, error;
	long long real, rtc, bound;
	char value[128];

	if (clock_attribute(clock, "phase/now", value, sizeof(value)))
		return KTAP_PASS;
	after = now_ns();
	REQUIRE(sscanf(value, "%lld %lld %lld", &real, &rtc, &bound) == 3, "phase/now: %s", value);
	error = rtc - known->sec * SECOND_NS - (after - known->mono);
	REQUIRE(error < bound + SLACK_NS && error > -bound - SLACK_NS - (after - before),
		"phase/now is off by %lld ns, and says %lld", (long long)error, bound);
	return KTAP_PASS;
}

static enum ktap_result answer_is_right(struct clock *clock, const struct known *known,
					struct seen *seen)
{
	s64 sec = 0, before = now_ns();

	seen->last = clock_read(clock, &sec);
	if (seen->last) {
		seen->refused++;
		REQUIRE(seen->last == -EIO || seen->last == -EINVAL, "RTC_RD_TIME: %s",
			strerror(-seen->last));
		return KTAP_PASS;
	}
	seen->right++;
	REQUIRE(is_right(known, sec, before, now_ns()), "it says %lld, and it is %lld",
		(long long)sec, (long long)second_at(known, now_ns()));
	return KTAP_PASS;
}

static enum ktap_result watch(struct clock *clock, const struct known *known, struct seen *seen)
{
	enum ktap_result result = KTAP_PASS;
	s64 end = now_ns() + WATCH_NS;
	int i;

	*seen = (struct seen){ 0 };
	for (i = 0; result == KTAP_PASS && now_ns() < end; i++) {
		result = answer_is_right(clock, known, seen);
		if (result == KTAP_PASS && i % 5 == 4)
			result = phase_is_right(clock, known);
		sleep_ms(STEP_MS);
	}
	return result;
}

/* What `rtcctl show` prints; its exit code, or -1. */
static int rtcctl(struct clock *clock, char *output, size_t size)
{
	size_t used = 0;
	ssize_t n = 1;
	int status, fds[2];
	pid_t pid;

	if (pipe(fds))
		return -1;
	pid = fork();
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		execlp("rtcctl", "rtcctl", "show", "--utc", "--rtc", clock->path, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	while (n > 0 && used < size - 1) {
		n = read(fds[0], output + used, size - 1 - used);
		used += n > 0 ? n : 0;
	}
	output[used] = '\0';
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* The right time, or one line that says why not; the latter never of a sound clock. */
static enum ktap_result tool_is_right(struct clock *clock, const struct known *known,
				      enum outcome outcome)
{
	struct tm tm = { 0 };
	char output[1000], *time;
	s64 before = now_ns();
	int status;

	clock_close(clock);
	status = rtcctl(clock, output, sizeof(output));
	REQUIRE(!clock_open(clock, clock->path), "cannot open it again");
	if (status == 1 && outcome != RIGHT) {
		ktap_comment("%.*s", (int)strcspn(output, "\n"), output);
		return KTAP_PASS;
	}
	REQUIRE(!status, "rtcctl show: exit code %d: %.100s", status, output);
	time = strstr(output, "Time ");
	REQUIRE(time && strptime(time + strlen("Time "), " %Y-%m-%d %H:%M:%S", &tm),
		"rtcctl show: no time in %.100s", output);
	REQUIRE(is_right(known, timegm(&tm), before, now_ns()), "rtcctl shows %.40s, and it is %lld",
		time, (long long)second_at(known, now_ns()));
	return KTAP_PASS;
}

static enum ktap_result ticks_come_within(struct clock *clock, int n, int ms)
{
	unsigned long data;
	int err = clock_ioctl_value(clock, RTC_UIE_ON, 0);

	REQUIRE(!err, "RTC_UIE_ON: %s", strerror(-err));
	while (!err && n--)
		err = clock_event(clock, ms, &data);
	clock_ioctl_value(clock, RTC_UIE_OFF, 0);
	REQUIRE(!err, "no tick within %d ms: %s", ms, strerror(-err));
	return KTAP_PASS;
}

static enum ktap_result ticks_come(struct clock *clock, int n)
{
	return ticks_come_within(clock, n, TICK_MS);
}

/* It may have lost time, and runs: the right time from here on, and ticks. */
static enum ktap_result recovers(struct clock *clock)
{
	s64 sec, end = now_ns() + RECOVER_NS;
	enum ktap_result result;
	struct known known;
	struct seen seen;
	int err;

	do {
		err = clock_read(clock, &sec);
		sleep_ms(STEP_MS);
	} while (err && now_ns() < end);
	REQUIRE(!err, "lifted, it still reads: %s", strerror(-err));
	result = ticks_come(clock, 3);
	if (result != KTAP_PASS)
		return result;
	err = synchronise(clock, &known);
	REQUIRE(!err, "no tick to go by after it: %s", strerror(-err));
	result = watch(clock, &known, &seen);
	if (result != KTAP_PASS)
		return result;
	REQUIRE(!seen.refused, "%d readings fail after it", seen.refused);
	return tool_is_right(clock, &known, RIGHT);
}

static enum ktap_result judge(struct clock *clock, const struct known *known, enum outcome outcome)
{
	enum ktap_result result;
	struct seen seen;

	result = watch(clock, known, &seen);
	ktap_comment("%d right, %d refused", seen.right, seen.refused);
	if (result != KTAP_PASS)
		return result;
	if (outcome == RIGHT)
		REQUIRE(!seen.refused, "%d readings fail", seen.refused);
	if (outcome == REFUSED)
		REQUIRE(seen.last, "it still reads as if all was well");
	result = tool_is_right(clock, known, outcome);
	return result == KTAP_PASS && outcome == RIGHT ? ticks_come(clock, 3) : result;
}

#define PREPARE(clock, known)							\
	do {									\
		int prepared;							\
		if (!clock_is_emulated(clock))					\
			SKIP("only an emulated clock takes faults");		\
		prepared = synchronise(clock, known);				\
		REQUIRE(!prepared, "no tick to begin with: %s", strerror(-prepared)); \
	} while (0)

static enum ktap_result fault(struct clock *clock, const char *text, enum outcome outcome)
{
	enum ktap_result result;
	struct known known;
	char on[128];
	int err;

	PREPARE(clock, &known);
	err = clock_inject(clock, text);
	REQUIRE(!err, "inject %s: %s", text, strerror(-err));
	err = injected(clock, on, sizeof(on));
	result = judge(clock, &known, outcome);
	REQUIRE(!clock_inject(clock, "none"), "inject none fails");
	if (result != KTAP_PASS)
		return result;
	REQUIRE(!err && !strcmp(on, text), "inject says '%s'", on);
	return recovers(clock);
}

static enum ktap_result dead_bus(struct clock *clock)
{
	return fault(clock, "dead-bus", REFUSED);
}

static enum ktap_result stuck_uip(struct clock *clock)
{
	return fault(clock, "stuck-uip", EITHER);
}

static enum ktap_result stopped_divider(struct clock *clock)
{
	return fault(clock, "stopped-divider", REFUSED);
}

static enum ktap_result stuck_set(struct clock *clock)
{
	return fault(clock, "stuck-set", REFUSED);
}

static enum ktap_result garbage_month(struct clock *clock)
{
	return fault(clock, "garbage 0x8 0x13", REFUSED);
}

static enum ktap_result garbage_seconds(struct clock *clock)
{
	return fault(clock, "garbage 0x0 0x7f", REFUSED);
}

static enum ktap_result lost_interrupt(struct clock *clock)
{
	return fault(clock, "lost-interrupt", RIGHT);
}

static enum ktap_result slow_access(struct clock *clock)
{
	return fault(clock, "slow 100", RIGHT);
}

static enum ktap_result rate_off(struct clock *clock)
{
	return fault(clock, "rate -200", RIGHT);
}

/* Each edge is later than it can be, until the rate is learnt: no tick is lost for that. */
static enum ktap_result ticks_at_a_new_rate(struct clock *clock)
{
	enum ktap_result result = KTAP_PASS;
	struct known known;
	int i;

	for (i = 0; result == KTAP_PASS && i < RATES; i++) {
		PREPARE(clock, &known);
		REQUIRE(!clock_inject(clock, i % 2 ? "none" : "rate -200"), "inject fails");
		result = ticks_come_within(clock, 10, SOON_MS);
	}
	REQUIRE(!clock_inject(clock, "none"), "inject none fails");
	return result == KTAP_PASS ? recovers(clock) : result;
}

static enum ktap_result interrupt_storm(struct clock *clock)
{
	unsigned long long before, after;
	enum ktap_result result;

	REQUIRE(!clock_is_emulated(clock) || !clock_counter(clock, "spurious", &before),
		"no spurious in debugfs");
	result = fault(clock, "storm 1000", RIGHT);
	if (result != KTAP_PASS)
		return result;
	REQUIRE(!clock_counter(clock, "spurious", &after), "no spurious in debugfs");
	REQUIRE(after - before > 1000, "only %llu interrupts came", after - before);
	return KTAP_PASS;
}

static enum ktap_result battery_lost(struct clock *clock)
{
	unsigned int flags = 0;
	struct known known;
	int err;

	PREPARE(clock, &known);
	REQUIRE(!clock_inject(clock, "vrt-lost"), "inject fails");
	err = clock_ioctl(clock, RTC_VL_READ, &flags);
	REQUIRE(!clock_inject(clock, "none"), "inject none fails");
	REQUIRE(!err && flags & RTC_VL_DATA_INVALID, "RTC_VL_READ: %s, %#x", strerror(-err), flags);
	err = clock_ioctl(clock, RTC_VL_READ, &flags);
	REQUIRE(!err && flags, "RTC_VL_READ forgets it: %s, %#x", strerror(-err), flags);
	err = clock_ioctl(clock, RTC_VL_CLR, NULL);
	REQUIRE(!err, "RTC_VL_CLR: %s", strerror(-err));
	err = clock_ioctl(clock, RTC_VL_READ, &flags);
	REQUIRE(!err && !flags, "RTC_VL_READ after it: %s, %#x", strerror(-err), flags);
	return recovers(clock);
}

/* From the end of the kernel's log on. */
static int log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

static bool log_says(int fd, const char *words)
{
	char record[8192];
	bool yes = false;
	ssize_t n;

	while ((n = read(fd, record, sizeof(record) - 1)) > 0) {
		record[n] = '\0';
		yes |= !!strstr(record, words);
	}
	close(fd);
	return yes;
}

static enum ktap_result date_is_lost_until_it_is_set(struct clock *clock, s64 sec)
{
	unsigned int flags = 0;
	s64 shown;
	int err = clock_read(clock, &shown);

	REQUIRE(err == -EINVAL, "RTC_RD_TIME: %s", strerror(-err));
	/* That the battery is there again does not bring the date back. */
	REQUIRE(!clock_inject(clock, "none"), "inject none fails");
	err = clock_ioctl(clock, RTC_VL_READ, &flags);
	REQUIRE(!err && flags & RTC_VL_DATA_INVALID && flags & RTC_VL_BACKUP_EMPTY,
		"RTC_VL_READ: %s, %#x", strerror(-err), flags);
	err = clock_read(clock, &shown);
	REQUIRE(err == -EINVAL, "RTC_RD_TIME with the battery back: %s", strerror(-err));
	REQUIRE(!clock_set(clock, sec), "it cannot be set");
	err = clock_read(clock, &shown);
	REQUIRE(!err && shown >= sec && shown <= sec + 1, "RTC_RD_TIME after a set of %lld: %s, %lld",
		(long long)sec, strerror(-err), (long long)shown);
	REQUIRE(!clock_ioctl(clock, RTC_VL_CLR, NULL), "RTC_VL_CLR fails");
	err = clock_ioctl(clock, RTC_VL_READ, &flags);
	REQUIRE(!err && !flags, "RTC_VL_READ after it: %s, %#x", strerror(-err), flags);
	return KTAP_PASS;
}

/* The battery died while no driver was there: whatever the date is, nobody has set it. */
static enum ktap_result battery_found_dead(struct clock *clock)
{
	enum ktap_result result = KTAP_FAIL;
	struct known known;
	int err, log;

	PREPARE(clock, &known);
	REQUIRE(!clock_unbind(clock), "unbind fails");
	clock_close(clock);
	log = log_open();
	err = clock_inject(clock, "vrt-lost");
	if (!err)
		err = clock_bind(clock);
	if (!err)
		result = date_is_lost_until_it_is_set(clock, known.sec);
	clock_inject(clock, "none");
	REQUIRE(!err, "it does not come up: %s", strerror(-err));
	REQUIRE(log_says(log, "battery is dead or was"), "the log does not say it");
	return result == KTAP_PASS ? recovers(clock) : result;
}

/* The time is read all along while all of its fields change. */
static enum ktap_result read_across_midnight(struct clock *clock)
{
	enum ktap_result result = KTAP_PASS;
	struct seen seen = { 0 };
	struct known known;
	s64 end;

	/* A set whose outcome is not known beforehand waits for it. */
	known = (struct known){ 1924991997, now_ns() };			/* 2030-12-31 23:59:57 */
	REQUIRE(!clock_set(clock, known.sec), "RTC_SET_TIME fails");
	end = known.mono + 4 * SECOND_NS;
	while (result == KTAP_PASS && now_ns() < end)
		result = answer_is_right(clock, &known, &seen);
	ktap_comment("%d right, %d refused", seen.right, seen.refused);
	return result;
}

static enum ktap_result tearing(struct clock *clock)
{
	enum ktap_result result = KTAP_PASS;
	struct known known;
	int i;

	PREPARE(clock, &known);
	REQUIRE(!clock_inject(clock, "tearing"), "inject fails");
	for (i = 0; result == KTAP_PASS && i < 3; i++)
		result = read_across_midnight(clock);
	REQUIRE(!clock_inject(clock, "none"), "inject none fails");
	return result == KTAP_PASS ? recovers(clock) : result;
}

static enum ktap_result step(struct clock *clock)
{
	unsigned long long before, after;
	enum ktap_result result;
	struct known known;

	PREPARE(clock, &known);
	REQUIRE(!clock_counter(clock, "steps", &before), "no steps in debugfs");
	REQUIRE(!clock_inject(clock, "step 3600"), "inject fails");
	sleep_ms(LATEST_MS);
	known.sec += 3600;
	result = judge(clock, &known, RIGHT);
	if (result == KTAP_PASS)
		result = recovers(clock);
	REQUIRE(!clock_counter(clock, "steps", &after), "no steps in debugfs");
	if (result == KTAP_PASS)
		REQUIRE(after == before + 1, "%llu steps", after - before);
	return result;
}

/* An alarm that is due while @text is wrong. Return: as soon as the clock is hardly asked. */
static enum ktap_result asked_less(struct clock *clock, const char *text)
{
	unsigned long long asked, asked_then, events, events_then;
	struct known known;

	PREPARE(clock, &known);
	REQUIRE(!clock_alarm_set(clock, known.sec + ALARM_S, true), "RTC_WKALM_SET fails");
	REQUIRE(!clock_inject(clock, text), "inject %s fails", text);
	sleep_ms(DEAD_MS);
	REQUIRE(!clock_counter(clock, "accesses", &asked) && !clock_counter(clock, "ticks", &events),
		"no counters");
	sleep_ms(DEAD_MS);
	REQUIRE(!clock_counter(clock, "accesses", &asked_then) &&
		!clock_counter(clock, "ticks", &events_then), "no counters");
	ktap_comment("%s: in %d s %llu accesses, %llu events", text, DEAD_MS / 1000,
		     asked_then - asked, events_then - events);
	REQUIRE(asked_then - asked <= ASKED_MAX, "%s: %llu accesses", text, asked_then - asked);
	REQUIRE(asked_then > asked, "%s: it is given up", text);
	REQUIRE(events_then == events, "%s: %llu events", text, events_then - events);
	return KTAP_PASS;
}

static enum ktap_result alarm_comes_within(struct clock *clock, int ms)
{
	unsigned long event = 0;
	int err = clock_event(clock, ms, &event);

	REQUIRE(!err && event & RTC_AF, "event %#lx: %s", event, strerror(-err));
	return KTAP_PASS;
}

/* Dead, or standing still, which only one reading after the other tells. */
static enum ktap_result alarm_of_a_dead_clock(struct clock *clock)
{
	static const char *const faults[] = { "dead-bus", "stopped-divider" };
	enum ktap_result result = KTAP_PASS;
	size_t i;

	for (i = 0; result == KTAP_PASS && i < sizeof(faults) / sizeof(faults[0]); i++) {
		result = asked_less(clock, faults[i]);
		if (clock_is_emulated(clock))
			REQUIRE(!clock_inject(clock, "none"), "inject none fails");
		if (result == KTAP_PASS)
			result = alarm_comes_within(clock, AGAIN_MS + ALARM_S * 1000);
	}
	return result == KTAP_PASS ? recovers(clock) : result;
}

/* A reading that works shows that the clock is there again. */
static enum ktap_result alarm_once_it_is_read(struct clock *clock)
{
	struct known known;
	s64 sec;

	PREPARE(clock, &known);
	REQUIRE(!clock_alarm_set(clock, known.sec + ALARM_S, true), "RTC_WKALM_SET fails");
	REQUIRE(!clock_inject(clock, "dead-bus"), "inject dead-bus fails");
	sleep_ms(DEAD_MS);
	REQUIRE(!clock_inject(clock, "none"), "inject none fails");
	REQUIRE(!clock_read(clock, &sec), "RTC_RD_TIME fails");
	return alarm_comes_within(clock, HURRIED_MS);
}

/* What cannot be set says so. */
static enum ktap_result set_is_refused(struct clock *clock)
{
	static const char *const faults[] = { "dead-bus", "stuck-set" };
	struct known known;
	size_t i;
	int err;

	PREPARE(clock, &known);
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		REQUIRE(!clock_inject(clock, faults[i]), "inject %s fails", faults[i]);
		err = clock_set(clock, known.sec);
		REQUIRE(!clock_inject(clock, "none"), "inject none fails");
		REQUIRE(err == -EIO, "%s: RTC_SET_TIME: %s", faults[i], strerror(-err));
	}
	return recovers(clock);
}

/* What a dead bus reads as at resume is no format, and no clock that was found stopped. */
static enum ktap_result dead_bus_at_resume(struct clock *clock)
{
	struct known known;
	int err;

	PREPARE(clock, &known);
	if (!sleep_playable())
		SKIP("this kernel does not play a sleep");
	REQUIRE(!clock_inject(clock, "dead-bus"), "inject dead-bus fails");
	err = sleep_played(1);
	REQUIRE(!clock_inject(clock, "none"), "inject none fails");
	REQUIRE(!err, "suspend: %s", strerror(-err));
	return recovers(clock);
}

static enum ktap_result bad_input_changes_nothing(struct clock *clock)
{
	static const char *const bad[] = {
		"", "\n", "nothing", "dead-bus 1", "slow", "slow 0", "slow 3001", "slow x",
		"slow 1 2", "storm 10001", "rate 100001", "garbage 8", "garbage 0x80 1",
		"garbage 8 256", "garbage 8 0x13 1", "step", "step 99999999999",
		"step 1.0000000001", "step .5", "hour-off 24", "wrong-format 4", "noise 0",
		"noise 1001", "conduct", "conduct pentium", "conduct xen 1",
		"slow 1000000000000000000000000000000000000000000000",
	};
	char text[64];
	size_t i;

	if (!clock_is_emulated(clock))
		SKIP("only an emulated clock takes faults");
	REQUIRE(!clock_inject(clock, "vrt-lost\n"), "inject fails");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int err = clock_inject(clock, bad[i]);

		REQUIRE(err == -EINVAL, "'%s': %s", bad[i], strerror(-err));
		REQUIRE(!injected(clock, text, sizeof(text)) && !strcmp(text, "vrt-lost"),
			"after '%s' it is '%s'", bad[i], text);
	}
	REQUIRE(!clock_inject(clock, "none"), "inject none fails");
	REQUIRE(!injected(clock, text, sizeof(text)) && !strcmp(text, "none"), "it is '%s'", text);
	return KTAP_PASS;
}

static int open_inject(struct clock *clock)
{
	char path[160];
	int fd;

	snprintf(path, sizeof(path), DEBUG_DIR "/%s/inject", clock->name);
	fd = open(path, O_RDONLY);
	return fd < 0 ? errno : 0;
}

static enum ktap_result inject_is_for_root(struct clock *clock)
{
	if (!clock_is_emulated(clock))
		SKIP("only an emulated clock takes faults");
	REQUIRE(!open_inject(clock), "root cannot open it");
	REQUIRE(as_nobody(clock, open_inject) == EACCES, "nobody opens it");
	return KTAP_PASS;
}

/* What a call may say of a chip whose bytes are random: of itself, or of its clock. */
static bool may_say(int err)
{
	switch (-err) {
	case 0:
	case EIO:
	case EINVAL:
	case EAGAIN:
	case ERANGE:
	case ETIME:
	case ENODATA:
		return true;
	default:
		return false;
	}
}

/* Return: 0, or what is wrong with what a call says. */
static int say(struct clock *clock, int which)
{
	s64 sec;
	int err;

	switch (which % 6) {
	case 0:
		err = clock_read(clock, &sec);
		break;
	case 1:
		err = clock_set(clock, NOISY_SEC + which);
		break;
	case 2:
		err = clock_alarm_set(clock, NOISY_SEC + which + 100, true);
		break;
	case 3:
		err = clock_ioctl(clock, RTC_UIE_ON, NULL);
		break;
	case 4:
		err = clock_ioctl(clock, RTC_UIE_OFF, NULL);
		break;
	default:
		err = clock_ioctl(clock, RTC_AIE_OFF, NULL);
	}
	return may_say(err) ? 0 : err;
}

/* Of each byte, of one in three and so on; 100,000 accesses in all, and no call takes long. */
static enum ktap_result noise(struct clock *clock)
{
	static const int one_in[] = { 1, 3, 10, 30, 100, 300 };
	int levels = sizeof(one_in) / sizeof(one_in[0]), calls = 0, i, err;
	unsigned long long first, accesses = 0;
	s64 begun, longest = 0;
	struct known known;
	char text[32];

	PREPARE(clock, &known);
	REQUIRE(!clock_counter(clock, "accesses", &first), "no count of accesses");
	for (i = 0; i < levels; i++) {
		snprintf(text, sizeof(text), "noise %d", one_in[i]);
		REQUIRE(!clock_inject(clock, text), "inject %s fails", text);
		do {
			begun = now_ns();
			err = say(clock, calls++);
			longest = now_ns() - begun > longest ? now_ns() - begun : longest;
			if (err)
				break;
			err = clock_counter(clock, "accesses", &accesses);
			if (err)
				break;
		} while (accesses - first < (unsigned long long)(i + 1) * NOISY_ACCESSES / levels);
		REQUIRE(!clock_inject(clock, "none"), "inject none fails");
		REQUIRE(!err, "%s, call %d: %s", text, calls, strerror(-err));
	}
	ktap_comment("%d calls, %llu accesses, the longest took %lld ms", calls,
		     accesses - first, (long long)(longest / 1000000));
	REQUIRE(longest < NOISY_CALL_NS, "a call took %lld ms",
		(long long)(longest / 1000000));
	clock_ioctl(clock, RTC_UIE_OFF, NULL);
	clock_ioctl(clock, RTC_AIE_OFF, NULL);
	for (i = 0; i < 3 && (err = clock_set(clock, NOISY_SEC)); i++)
		;
	REQUIRE(!err, "cannot set it: %s", strerror(-err));
	sleep_ms(SET_MS);
	return recovers(clock);
}

static const struct ktap_test tests[] = {
	{ "dead_bus", dead_bus },
	{ "dead_bus_at_resume", dead_bus_at_resume },
	{ "stuck_uip", stuck_uip },
	{ "stopped_divider", stopped_divider },
	{ "stuck_set", stuck_set },
	{ "battery_lost", battery_lost },
	{ "garbage_month", garbage_month },
	{ "garbage_seconds", garbage_seconds },
	{ "tearing", tearing, true },
	{ "lost_interrupt", lost_interrupt },
	{ "interrupt_storm", interrupt_storm },
	{ "step", step, true },
	{ "rate_off", rate_off },
	{ "ticks_at_a_new_rate", ticks_at_a_new_rate },
	{ "slow_access", slow_access },
	{ "set_is_refused", set_is_refused },
	{ "noise", noise },
	{ "bad_input_changes_nothing", bad_input_changes_nothing },
	{ "inject_is_for_root", inject_is_for_root },
	{ "alarm_of_a_dead_clock", alarm_of_a_dead_clock },
	{ "alarm_once_it_is_read", alarm_once_it_is_read },
	{ "battery_found_dead", battery_found_dead, true },
};

KTAP_MAIN(tests)
