// SPDX-License-Identifier: GPL-2.0
/*
 * A clock and a time that exist only for the program it is preloaded into.
 *
 * Time is simulated: it passes by what the program does (a sleep takes its
 * length, a reading of the clock some microseconds) and by nothing else, so
 * that results repeat exactly and no test waits. It goes on in the next
 * program through the file that FAKE_STATE names. The host's clocks are never
 * touched. Environment:
 *
 *   FAKE_STATE     file with the state; made from FAKE_REAL and FAKE_RTC where missing
 *   FAKE_REAL      CLOCK_REALTIME at the start, seconds[.fraction]
 *   FAKE_RTC       the clock at the start, seconds[.fraction]
 *   FAKE_DEVICE    device node (/dev/rtc0)
 *   FAKE_NUMBER    its device number, "major:minor" (250:0)
 *   FAKE_SYSFS     what open() and fopen() find as /sys and /dev/ptp*
 *   FAKE_LOG       file that gets a line for each change of a clock
 *   FAKE_TICKS     interrupt (default), none (enabled, never come), refused
 *   FAKE_LATE_NS   how late the update interrupt is
 *   FAKE_STOPPED   set: the clock stands still
 *   FAKE_SET       half (the divider restarts: T.5, default), exact (T.0, by two bursts as below),
 *                  phase (the chip keeps its own second), dropped (and every write)
 *   FAKE_OVERSLEEP_NS  how late a sleep ends
 *   FAKE_REAL_SLEEP  set: a sleep also takes that long in truth, for what others do meanwhile
 *   FAKE_OPEN      errno of open(), by number; FAKE_OPEN_MS: only for so long
 *   FAKE_READ, FAKE_WRITE  errno of RTC_RD_TIME and sysfs's since_epoch; of RTC_SET_TIME
 *   FAKE_SETTIME   errno of setting the system time
 *   FAKE_FEATURES  RTC_PARAM_FEATURES; FAKE_CORRECTION, FAKE_BSM: the other parameters
 *   FAKE_VL        RTC_VL_READ
 *   FAKE_ALARM     date of the alarm at the start; FAKE_ALARM_REACH: how many seconds ahead it may be
 *   FAKE_ALARM_LATE so many seconds later than asked
 *   FAKE_CALL_NS   how long it takes into the kernel where a PTP clock is set, and back
 *   FAKE_ALARM_SET errno of RTC_WKALM_SET, or lost: taken, and forgotten; or kept: past, and not cleared
 *   FAKE_SLEEP     set: writing /sys/power/state fails
 *   FAKE_EXEC      errno of running them
 *   FAKE_SHUTDOWN  which of /sbin/shutdown and /sbin/poweroff there are (both); none is ever run
 *   FAKE_AUDIT     file that gets a line for each audit record; FAKE_AUDIT_OPEN: errno of that
 *   FAKE_STALL     the program is stopped for 7 ms behind so many looks at the system's clocks
 *   FAKE_SYNC      set: the kernel says that its time follows NTP
 *   FAKE_PORTS     the chip's registers, "A B D" behind /dev/port; missing: that may not be opened
 *   FAKE_PTP_BIAS_NS, FAKE_PTP_ERRNO  the PTP clock's error, or its failure; phase/now's too
 *   FAKE_PTP_AGAIN_MS  for so long the driver finds no edge
 *   FAKE_PTP_SET   errno of setting the PTP clock; 13 shows before
 *   FAKE_PHASE     there is phase/, and its bound is so many ns
 *   FAKE_UNSETTLED set: the bound is that only from the second edge on, as after a step
 *   FAKE_COASTING  at the start, the driver saw the last edge so many ns ago; or never
 *   FAKE_SET_LATE_NS  how late the PTP clock's sets come out, one after the other: "400000,0"
 *   FAKE_FIRST_SET set: the first set waits until the driver has seen its outcome
 *   FAKE_READ_FROM only from that reading on, the first being 1
 *   FAKE_INT       SIGINT comes with that look at the system's clocks
 *   FAKE_TERM      set: SIGTERM comes with each set of the clock
 *   FAKE_JUMP      "MS:S": after MS somebody sets the system's clock S seconds ahead
 *   FAKE_EVENTS    "MS:WHAT,...": after MS, in this order, system=S, rtc=S: that clock jumps S
 *                  seconds ahead; sync, unsync: it follows NTP or not; step, other, lost: such a
 *                  uevent comes, or was lost; spoofed: not from the kernel; slept=S: both clocks went
 *                  on by that and CLOCK_MONOTONIC did not; gone: the clock is taken away; term, usr1:
 *                  a signal
 *   FAKE_AT        "N:WHAT": the same, just before that look at the system's clocks
 *   FAKE_FALSE     "N:S": the Nth reading of the clock, by whatever means, is S seconds ahead
 *   FAKE_ACCESSES  set: the driver counts its accesses in debugfs, nine for each reading
 *   FAKE_UEVENTS   errno of listening for uevents
 *
 * A set by the driver is two bursts. The first one is at once: the chip's next update is
 * half a second behind it. The second one is half a second into the second, as far as
 * that is from the call: from then on the clock is exact, and the phase known.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>
#include <linux/netlink.h>
#include <linux/ptp_clock.h>
#include <linux/rtc.h>

#define NSEC_PER_SEC		1000000000LL
#define COST_CLOCK_NS		200
#define COST_ACCESS_NS		25000	/* to the moment a reading or writing counts, and again */
#define COST_OPEN_NS		20000
#define HANGS_NS		(10 * 86400 * NSEC_PER_SEC)	/* no program sleeps for so long */

#define REAL(name)	((__typeof__(&name))dlsym(RTLD_NEXT, #name))

struct state {
	int64_t now_ns;		/* CLOCK_MONOTONIC */
	int64_t real_ns;	/* CLOCK_REALTIME minus that */
	int64_t rtc_ns;		/* the clock minus that */
	int64_t minutes_west;
	int64_t timezone_set;
	int64_t unsettled_ns;	/* CLOCK_MONOTONIC when the phase was last lost; or 0 */
	int64_t burst_ns;	/* CLOCK_MONOTONIC at the second burst of a set; or 0 */
	int64_t burst_rtc_ns;	/* rtc_ns from then on */
	int64_t edge_ns;	/* CLOCK_MONOTONIC at the last edge seen before an idle time; or 0 */
	int64_t locked_ns;	/* CLOCK_MONOTONIC when the phase is locked again */
	int64_t sets;
	/* UNSET until the program sets it: then the environment says it. */
	int64_t alarm_s;
	int64_t alarm_on;
	int64_t param[3];	/* features, correction, backup switch mode */
	int64_t vl;		/* RTC_VL_READ */
};

#define UNSET			(-1)

static struct state state = {
	.now_ns = 1000 * NSEC_PER_SEC,
	.alarm_s = UNSET,
	.alarm_on = UNSET,
	.param = { UNSET, UNSET, UNSET },
	.vl = UNSET,
};
static bool ready;
static int rtc_fd = -1;
static int ptp_fd = -1;
static int audit_fd = -1;
static int port_fd = -1;
static uint8_t port_index;
static bool uie;
static bool blocking;
static int64_t served_s;	/* the second whose interrupt has been read */
static int64_t start_ns;
static bool jumped;
static int64_t looks;		/* at the system's clocks */
static int64_t readings;	/* of the clock */
static const char *events;	/* what is still to come of FAKE_EVENTS */
static bool gone;
static bool synchronised;

/* A timer on CLOCK_REALTIME. */
static struct {
	int fd;
	bool armed;
	int64_t real_ns;	/* when it goes off */
	int64_t offset_ns;	/* state.real_ns when it was set */
	bool cancel;		/* ends where that has changed */
} timer = { .fd = -1 };

/* The uevents that have come. */
#define UEVENTS_MAX	8
static struct {
	int fd;
	int count;
	const char *queue[UEVENTS_MAX];
} uevents = { .fd = -1 };

#define STATE_NUMBERS	(sizeof(struct state) / sizeof(int64_t))

static int64_t number(const char *name)
{
	const char *value = getenv(name);

	return value ? strtoll(value, NULL, 0) : 0;
}

static int64_t decimal_ns(const char *name)
{
	const char *value = getenv(name);
	int64_t ns, weight = NSEC_PER_SEC / 10;
	char *end;

	if (!value)
		return 0;
	ns = strtoll(value, &end, 10) * NSEC_PER_SEC;
	if (*end == '.')
		for (end++; *end && weight; end++, weight /= 10)
			ns += (*end - '0') * weight;
	return ns;
}

static bool is(const char *name, const char *value)
{
	return getenv(name) && !strcmp(getenv(name), value);
}

/* Whole or not at all: the program may be killed. */
static void save(void)
{
	char temp[4096];
	FILE *file;

	if (!getenv("FAKE_STATE"))
		return;
	snprintf(temp, sizeof(temp), "%s.%d", getenv("FAKE_STATE"), getpid());
	file = REAL(fopen)(temp, "w");
	if (!file)
		abort();
	for (size_t i = 0; i < STATE_NUMBERS; i++)
		fprintf(file, "%ld ", ((int64_t *)&state)[i]);
	fclose(file);
	if (rename(temp, getenv("FAKE_STATE")))
		abort();
}

static void load(void)
{
	FILE *file;

	if (ready)
		return;
	ready = true;
	file = getenv("FAKE_STATE") ? REAL(fopen)(getenv("FAKE_STATE"), "r") : NULL;
	if (!file) {
		state.real_ns = decimal_ns("FAKE_REAL") - state.now_ns;
		state.rtc_ns = decimal_ns("FAKE_RTC") - state.now_ns;
		state.unsettled_ns = getenv("FAKE_UNSETTLED") ? state.now_ns : 0;
		state.locked_ns = getenv("FAKE_COASTING") ? INT64_MAX : 0;
		state.edge_ns = state.locked_ns && !is("FAKE_COASTING", "never") ?
				state.now_ns - number("FAKE_COASTING") : 0;
	} else {
		for (size_t i = 0; i < STATE_NUMBERS; i++)
			if (fscanf(file, "%ld", &((int64_t *)&state)[i]) != 1)
				abort();
		fclose(file);
	}
	start_ns = state.now_ns;
	events = getenv("FAKE_EVENTS");
	synchronised = getenv("FAKE_SYNC");
}

__attribute__((constructor)) static void begin(void)
{
	load();
}

__attribute__((destructor)) static void end(void)
{
	save();
}

__attribute__((format(printf, 1, 2))) static void note(const char *fmt, ...)
{
	FILE *file;
	va_list ap;

	save();
	if (!getenv("FAKE_LOG"))
		return;
	file = REAL(fopen)(getenv("FAKE_LOG"), "a");
	if (!file)
		abort();
	va_start(ap, fmt);
	vfprintf(file, fmt, ap);
	va_end(ap);
	fputc('\n', file);
	fclose(file);
}

static int fail(int err)
{
	errno = err;
	return -1;
}

static void second_burst(void)
{
	if (!state.burst_ns || state.now_ns < state.burst_ns)
		return;
	state.burst_ns = 0;
	state.rtc_ns = state.burst_rtc_ns;
	note("burst");
}

static void jump(void)
{
	const char *text = getenv("FAKE_JUMP");
	char *end;

	if (!text || jumped || state.now_ns < start_ns + strtoll(text, &end, 10) * 1000000)
		return;
	jumped = true;
	state.real_ns += strtoll(end + 1, NULL, 10) * NSEC_PER_SEC;
}

/* What comes by itself. */

static void come(const char *uevent)
{
	if (uevents.fd < 0)
		return;
	if (uevents.count == UEVENTS_MAX)
		abort();
	uevents.queue[uevents.count++] = uevent;
}

static void happen(const char *what, int64_t ahead_ns)
{
	if (!strcmp(what, "system"))
		state.real_ns += ahead_ns;
	else if (!strcmp(what, "rtc"))
		state.rtc_ns += ahead_ns;
	else if (!strcmp(what, "slept")) {
		state.real_ns += ahead_ns;
		state.rtc_ns += ahead_ns;
	} else if (!strcmp(what, "sync") || !strcmp(what, "unsync"))
		synchronised = *what == 's';
	else if (!strcmp(what, "step") || !strcmp(what, "spoofed"))
		come(*what == 's' && what[1] == 't' ? "step" : "spoofed");
	else if (!strcmp(what, "other") || !strcmp(what, "lost"))
		come(*what == 'o' ? "other" : "lost");
	else if (!strcmp(what, "term") || !strcmp(what, "usr1"))
		raise(*what == 't' ? SIGTERM : SIGUSR1);
	else if (strcmp(what, "gone"))
		abort();
	else {
		gone = true;
		come("gone");
	}
}

static int64_t next_event_ns(void)
{
	return events && *events ? start_ns + strtoll(events, NULL, 10) * 1000000 : INT64_MAX;
}

/* "N:WHAT[=S]" */
static void happen_by(const char *text)
{
	double ahead_s = 0;
	char what[16];

	if (sscanf(text, "%*d:%15[a-z0-9]=%lf", what, &ahead_s) < 1)
		abort();
	happen(what, ahead_s * NSEC_PER_SEC);
}

static void events_due(void)
{
	const char *event;

	while (next_event_ns() <= state.now_ns) {
		event = events;
		events += strcspn(events, ",");
		events += *events == ',';
		happen_by(event);
	}
}

static void pass(int64_t ns)
{
	load();
	state.now_ns += ns;
	if (state.now_ns - start_ns > HANGS_NS)
		abort();
	if (getenv("FAKE_STOPPED"))
		state.rtc_ns -= ns;
	second_burst();
	jump();
	events_due();
}

static void pass_until(int64_t ns)
{
	if (ns > state.now_ns)
		pass(ns - state.now_ns);
}

/* The system's clocks. */

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	int64_t ns;

	pass(COST_CLOCK_NS);
	if (getenv("FAKE_AT") && looks + 1 == number("FAKE_AT"))
		happen_by(getenv("FAKE_AT"));
	ns = state.now_ns;
	if (++looks == number("FAKE_STALL"))
		pass(7000000);
	if (looks == number("FAKE_INT"))
		raise(SIGINT);
	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		ns += state.real_ns;
	ts->tv_sec = ns / NSEC_PER_SEC;
	ts->tv_nsec = ns % NSEC_PER_SEC;
	return 0;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	struct timespec ts;

	(void)tz;
	clock_gettime(CLOCK_REALTIME, &ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *t)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (t)
		*t = ts.tv_sec;
	return ts.tv_sec;
}

static int64_t clock_s(void)
{
	return (state.now_ns + state.rtc_ns) / NSEC_PER_SEC;
}

static int64_t update_ns(void)
{
	return uie ? (served_s + 1) * NSEC_PER_SEC - state.rtc_ns : INT64_MAX;
}

static int64_t or_number(int64_t value, const char *name)
{
	return value == UNSET ? number(name) : value;
}

static bool alarm_on(void)
{
	return state.alarm_on == UNSET ? !!getenv("FAKE_ALARM") : state.alarm_on;
}

static int64_t alarm_s(void)
{
	return or_number(state.alarm_s, "FAKE_ALARM");
}

static int64_t alarm_ns(void)
{
	return alarm_on() ? alarm_s() * NSEC_PER_SEC - state.rtc_ns : INT64_MAX;
}

/* When the next interrupt comes. */
static int64_t interrupt_ns(void)
{
	int64_t ns = update_ns() < alarm_ns() ? update_ns() : alarm_ns();

	if (is("FAKE_TICKS", "none") || getenv("FAKE_STOPPED") || ns == INT64_MAX)
		return INT64_MAX;
	return ns + number("FAKE_LATE_NS");
}

/* Return: whether one comes until then; time passes until it does, or until then. */
static bool wait_for_interrupt(int64_t until_ns)
{
	bool comes = interrupt_ns() <= until_ns;

	pass_until((comes ? interrupt_ns() : until_ns) + number("FAKE_OVERSLEEP_NS"));
	return comes;
}

static int poll_clock(struct pollfd *fds, int ms)
{
	int64_t until_ns = ms < 0 ? INT64_MAX / 4 : state.now_ns + ms * 1000000LL;

	fds[0].revents = wait_for_interrupt(until_ns) ? POLLIN : 0;
	return !!fds[0].revents;
}

static void sleep_really(int64_t ns)
{
	const struct timespec ts = { .tv_sec = ns / NSEC_PER_SEC, .tv_nsec = ns % NSEC_PER_SEC };

	REAL(nanosleep)(&ts, NULL);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *ts, struct timespec *left)
{
	int64_t ns = ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;

	(void)left;
	load();
	if (!(flags & TIMER_ABSTIME))
		ns += state.now_ns;
	else if (clock == CLOCK_REALTIME)
		ns -= state.real_ns;
	if (getenv("FAKE_REAL_SLEEP") && ns > state.now_ns)
		sleep_really(ns - state.now_ns);
	pass_until(ns + number("FAKE_OVERSLEEP_NS"));
	return 0;
}

int nanosleep(const struct timespec *ts, struct timespec *left)
{
	return clock_nanosleep(CLOCK_MONOTONIC, 0, ts, left);
}

int timerfd_create(clockid_t clock, int flags)
{
	if (clock != CLOCK_REALTIME)
		return REAL(timerfd_create)(clock, flags);
	timer.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return timer.fd;
}

/* Also behind its end, as the kernel has it. */
static bool timer_cancelled(void)
{
	return timer.cancel && timer.offset_ns != state.real_ns;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *at, struct itimerspec *old)
{
	bool cancelled = timer_cancelled();

	if (fd != timer.fd)
		return REAL(timerfd_settime)(fd, flags, at, old);
	timer.armed = true;
	timer.real_ns = at->it_value.tv_sec * NSEC_PER_SEC + at->it_value.tv_nsec;
	timer.offset_ns = state.real_ns;
	timer.cancel = flags & TFD_TIMER_CANCEL_ON_SET;
	return cancelled ? fail(ECANCELED) : 0;
}

static bool timer_due(void)
{
	return timer_cancelled() ||
	       (timer.armed && state.now_ns + state.real_ns >= timer.real_ns);
}

static ssize_t read_timer(void *buf)
{
	bool cancelled = timer_cancelled();

	if (!timer_due())
		return fail(EAGAIN);
	timer.armed = false;
	timer.offset_ns = state.real_ns;
	if (cancelled)
		return fail(ECANCELED);
	*(uint64_t *)buf = 1;
	return sizeof(uint64_t);
}

/* Return: how many are ready; the program's own descriptors and ours. */
static int ready_now(struct pollfd *fds, nfds_t n)
{
	__typeof__(&poll) real_poll = (__typeof__(&poll))dlsym(RTLD_NEXT, "poll");
	int count = real_poll(fds, n, 0);

	for (nfds_t i = 0; i < n; i++) {
		if (fds[i].fd < 0 || (fds[i].fd != timer.fd && fds[i].fd != uevents.fd))
			continue;
		fds[i].revents = (fds[i].fd == timer.fd ? timer_due() : uevents.count) ? POLLIN : 0;
		count += !!fds[i].revents;
	}
	return count;
}

static int poll_many(struct pollfd *fds, nfds_t n)
{
	int64_t next_ns;
	int count;

	while (!(count = ready_now(fds, n))) {
		next_ns = timer.armed ? timer.real_ns - state.real_ns : INT64_MAX;
		if (next_event_ns() < next_ns)
			next_ns = next_event_ns();
		if (next_ns == INT64_MAX)
			abort();
		pass_until(next_ns);
		if (getenv("FAKE_REAL_SLEEP"))
			sleep_really(10000000);
	}
	return count;
}

/* By another name, as the C library's header says that poll() does not read its argument. */
int any_poll(struct pollfd *fds, nfds_t n, int ms) __asm__("poll");

int any_poll(struct pollfd *fds, nfds_t n, int ms)
{
	int ret;

	if (n == 1 && rtc_fd >= 0 && fds[0].fd == rtc_fd)
		return poll_clock(fds, ms);
	if (n == 1 && audit_fd >= 0 && fds[0].fd == audit_fd) {
		fds[0].revents = POLLIN;
		return 1;
	}
	if (timer.fd >= 0 && ms < 0)
		return poll_many(fds, n);
	ret = n ? REAL(poll)(fds, n, 0) : 0;
	if (!ret)
		pass(ms * 1000000LL);
	return ret;
}

/*
 * Threads wait for each other in real time, and on a busy machine longer than the
 * program would: ours always answer.
 */
#define THREADS_NS	(5LL * NSEC_PER_SEC)

int pthread_cond_clockwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict lock,
			   clockid_t clock, const struct timespec *restrict ts)
{
	int64_t left_ns = ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec - state.now_ns;
	struct timespec until;

	REAL(clock_gettime)(CLOCK_MONOTONIC, &until);
	if (left_ns > 0 && left_ns < THREADS_NS)
		left_ns = THREADS_NS;
	left_ns += until.tv_sec * NSEC_PER_SEC + until.tv_nsec;
	until.tv_sec = left_ns / NSEC_PER_SEC;
	until.tv_nsec = left_ns % NSEC_PER_SEC;
	(void)clock;
	return REAL(pthread_cond_clockwait)(cond, lock, CLOCK_MONOTONIC, &until);
}

int usleep(useconds_t us)
{
	pass(us * 1000LL);
	return 0;
}

static int64_t next_edge_ns(void)
{
	int64_t rtc_ns = state.now_ns + state.rtc_ns;

	return state.now_ns + NSEC_PER_SEC - rtc_ns % NSEC_PER_SEC;
}

static int64_t set_late_ns(void)
{
	const char *list = getenv("FAKE_SET_LATE_NS");

	for (int64_t i = 0; list && i < state.sets; i++)
		list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL;
	return list ? strtoll(list, NULL, 10) : 0;
}

static void keep_second(int64_t rtc_ns)
{
	int64_t off_ns = rtc_ns - state.now_ns - state.rtc_ns;

	off_ns += (off_ns < 0 ? -1 : 1) * NSEC_PER_SEC / 2;
	state.rtc_ns += off_ns / NSEC_PER_SEC * NSEC_PER_SEC;
	/* The next edge tells what came of it. */
	state.locked_ns = next_edge_ns();
}

static void two_bursts(int64_t rtc_ns)
{
	int64_t half_ns = rtc_ns / NSEC_PER_SEC * NSEC_PER_SEC + NSEC_PER_SEC / 2;
	int64_t late_ns = set_late_ns();

	state.burst_rtc_ns = rtc_ns - state.now_ns - late_ns;
	state.rtc_ns = half_ns - state.now_ns;
	state.burst_ns = state.now_ns + half_ns - rtc_ns + (half_ns < rtc_ns ? NSEC_PER_SEC : 0);
	state.locked_ns = state.burst_ns;
	second_burst();
}

/* It is @rtc_ns now. */
static int driver_set(int64_t rtc_ns)
{
	bool first = getenv("FAKE_FIRST_SET") && !state.sets;

	if (is("FAKE_SET", "dropped")) {
		pass(first ? 1600000000 : 0);
		return fail(EIO);
	}
	if (is("FAKE_SET", "phase"))
		keep_second(rtc_ns);
	else
		two_bursts(rtc_ns);
	state.edge_ns = 0;
	state.sets++;
	if (first)
		pass(1600000000);
	pass(COST_ACCESS_NS);
	save();
	return 0;
}

static int set_ptp(const struct timespec *ts)
{
	pass(COST_ACCESS_NS / 5);
	pass(number("FAKE_CALL_NS"));
	if (number("FAKE_PTP_SET"))
		return fail(number("FAKE_PTP_SET"));
	note("set %ld.%09ld", ts->tv_sec, ts->tv_nsec);
	if (getenv("FAKE_TERM"))
		raise(SIGTERM);
	return driver_set(ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec);
}

int clock_settime(clockid_t clock, const struct timespec *ts)
{
	if (clock < 0 && (~clock >> 3) == ptp_fd)
		return set_ptp(ts);
	if (clock != CLOCK_REALTIME) {
		pass(2 * number("FAKE_CALL_NS"));
		return fail(EINVAL);
	}
	if (number("FAKE_SETTIME"))
		return fail(number("FAKE_SETTIME"));
	pass(COST_CLOCK_NS);
	state.real_ns = ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec - state.now_ns;
	note("settime %ld.%09ld", ts->tv_sec, ts->tv_nsec);
	return 0;
}

/* As the kernel: the first timezone moves the time by it, where no time comes along. */
static int set_timezone(const struct timezone *tz, bool warp)
{
	if (number("FAKE_SETTIME"))
		return fail(number("FAKE_SETTIME"));
	if (!state.timezone_set && warp)
		state.real_ns += tz->tz_minuteswest * 60 * NSEC_PER_SEC;
	state.timezone_set = 1;
	state.minutes_west = tz->tz_minuteswest;
	note("timezone %d", tz->tz_minuteswest);
	return 0;
}

int settimeofday(const struct timeval *tv, const struct timezone *tz)
{
	struct timespec ts;

	if (number("FAKE_SETTIME"))
		return fail(number("FAKE_SETTIME"));
	if (tz && set_timezone(tz, !tv))
		return -1;
	if (!tv)
		return 0;
	ts.tv_sec = tv->tv_sec;
	ts.tv_nsec = tv->tv_usec * 1000;
	return clock_settime(CLOCK_REALTIME, &ts);
}

static long tell_timezone(struct timezone *tz)
{
	load();
	tz->tz_minuteswest = state.minutes_west;
	tz->tz_dsttime = 0;
	return 0;
}

long syscall(long n, ...)
{
	long a[6];
	va_list ap;

	va_start(ap, n);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (n == SYS_settimeofday)
		return settimeofday((void *)a[0], (void *)a[1]);
	if (n == SYS_gettimeofday && !a[0])
		return tell_timezone((void *)a[1]);
	return REAL(syscall)(n, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* The device node. */

static const char *device(void)
{
	return getenv("FAKE_DEVICE") ? getenv("FAKE_DEVICE") : "/dev/rtc0";
}

static bool clock_path(const char *path)
{
	return !strcmp(path, "/dev/rtc") || !strncmp(path, "/dev/rtc", 8) ||
	       !strcmp(path, "/dev/misc/rtc");
}

static const char *moved(const char *path, char *buf, size_t size)
{
	if (!getenv("FAKE_SYSFS") || strncmp(path, "/sys/", 5))
		return path;
	snprintf(buf, size, "%s%s", getenv("FAKE_SYSFS"), path);
	return buf;
}

static int open_clock(const char *path, int flags)
{
	int64_t busy_ns = number("FAKE_OPEN_MS") * 1000000;

	pass(COST_OPEN_NS);
	if (strcmp(path, device()) || gone)
		return fail(ENOENT);
	if (number("FAKE_OPEN") && (!busy_ns || state.now_ns < start_ns + busy_ns))
		return fail(number("FAKE_OPEN"));
	rtc_fd = REAL(open)("/dev/null", O_RDONLY | O_CLOEXEC);
	blocking = !(flags & O_NONBLOCK);
	return rtc_fd;
}

static int64_t phase_bound(void)
{
	int64_t since_ns = state.now_ns - state.unsettled_ns;

	if (!state.unsettled_ns || since_ns > 2 * NSEC_PER_SEC)
		return number("FAKE_PHASE");
	return since_ns > 3 * NSEC_PER_SEC / 4 ? 100000 : 1000000;
}

static bool lost(void)
{
	return state.now_ns < start_ns + number("FAKE_PTP_AGAIN_MS") * 1000000;
}

static bool locked(void)
{
	return !lost() && state.now_ns >= state.locked_ns;
}

static const char *phase_state(void)
{
	if (locked())
		return "locked";
	if (state.locked_ns == INT64_MAX)
		return "idle";
	return state.edge_ns ? "coasting" : "acquiring";
}

/* One more reading. Return: what it is ahead of the truth. */
static int64_t false_ns(void)
{
	const char *text = getenv("FAKE_FALSE");
	char *end;

	readings++;
	if (!text || strtoll(text, &end, 10) != readings)
		return 0;
	return strtoll(end + 1, NULL, 10) * NSEC_PER_SEC;
}

/* The driver is used: it looks at the next edge. */
static void look_at_edge(void)
{
	if (state.locked_ns == INT64_MAX)
		state.locked_ns = next_edge_ns();
}

static int text_file(const char *fmt, ...)
{
	char text[128];
	va_list ap;
	int fd;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fd = memfd_create("phase", MFD_CLOEXEC);
	if (fd < 0 || pwrite(fd, text, strlen(text), 0) < 0)
		abort();
	return fd;
}

static int open_now(void)
{
	if (number("FAKE_PTP_ERRNO"))
		return fail(number("FAKE_PTP_ERRNO"));
	look_at_edge();
	/* Nothing is known yet: not even what was set. */
	if (!state.edge_ns && !state.sets)
		pass_until(state.locked_ns);
	return text_file("%ld %ld %ld %s\n", state.now_ns + state.real_ns,
			 state.now_ns + state.rtc_ns + number("FAKE_PTP_BIAS_NS") + false_ns(),
			 phase_bound() + (!locked() && !state.edge_ns ? NSEC_PER_SEC / 2 : 0),
			 phase_state());
}

static int open_phase(const char *name)
{
	pass(COST_OPEN_NS);
	if (!strcmp(name, "now"))
		return open_now();
	if (!strcmp(name, "state"))
		return text_file("%s\n", phase_state());
	return text_file("%ld\n", state.edge_ns && !locked() ? state.now_ns - state.edge_ns : 300000000);
}

static bool read_fails(void)
{
	static int64_t seconds;

	return number("FAKE_READ") && ++seconds >= number("FAKE_READ_FROM");
}

/* Without opening the clock. */
static int open_since_epoch(void)
{
	if (read_fails())
		return fail(number("FAKE_READ"));
	pass(2 * COST_ACCESS_NS);
	return text_file("%ld\n", clock_s() + false_ns() / NSEC_PER_SEC);
}

static bool ends_with(const char *path, const char *end)
{
	size_t len = strlen(path), end_len = strlen(end);

	return len >= end_len && !strcmp(path + len - end_len, end);
}

static const char *phase_name(const char *path)
{
	static const char *const names[] = { "now", "state", "edge_age_ns" };
	const char *end = strstr(path, "/phase/");

	for (size_t i = 0; end && getenv("FAKE_PHASE") && i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(end + strlen("/phase/"), names[i]))
			return names[i];
	return NULL;
}

static bool sleep_path(const char *path)
{
	const char *end = strstr(path, "/sys/power/state");

	return getenv("FAKE_SLEEP") && end && !strcmp(end, "/sys/power/state");
}

static int open_ports(void)
{
	if (!getenv("FAKE_PORTS"))
		return fail(EACCES);
	port_fd = REAL(open)("/dev/null", O_RDWR | O_CLOEXEC);
	return port_fd;
}

/* Port 0x70 takes the register's number, 0x71 has its value. */
ssize_t pwrite(int fd, const void *buf, size_t size, off_t offset)
{
	if (fd < 0 || fd != port_fd)
		return REAL(pwrite)(fd, buf, size, offset);
	if (size != 1 || offset != 0x70)
		return fail(EIO);
	port_index = *(const uint8_t *)buf;
	return 1;
}

ssize_t pread(int fd, void *buf, size_t size, off_t offset)
{
	unsigned int a, b, d;

	if (fd < 0 || fd != port_fd)
		return REAL(pread)(fd, buf, size, offset);
	if (size != 1 || offset != 0x71 || sscanf(getenv("FAKE_PORTS"), "%x %x %x", &a, &b, &d) != 3)
		return fail(EIO);
	*(uint8_t *)buf = port_index == 0x0a ? a : port_index == 0x0b ? b : d;
	return 1;
}

static int open_any(const char *path, int flags, mode_t mode)
{
	char buf[4096];

	if (clock_path(path))
		return open_clock(path, flags);
	if (gone && strstr(path, "/sys/class/rtc/"))
		return fail(ENOENT);
	if (phase_name(path))
		return open_phase(phase_name(path));
	if (ends_with(path, "/rtc0/since_epoch"))
		return open_since_epoch();
	if (ends_with(path, "/rtc0/accesses") && getenv("FAKE_ACCESSES"))
		return text_file("%ld\n", 1000 + 9 * readings);
	if (sleep_path(path) && (flags & O_ACCMODE) != O_RDONLY)
		return REAL(open)("/dev/full", flags, mode);
	if (!strcmp(path, "/dev/port"))
		return open_ports();
	if (!strncmp(path, "/dev/ptp", 8)) {
		ptp_fd = REAL(open)("/dev/null", O_RDONLY | O_CLOEXEC);
		return ptp_fd;
	}
	return REAL(open)(moved(path, buf, sizeof(buf)), flags, mode);
}

#define OPEN(name)						\
int name(const char *path, int flags, ...)			\
{								\
	mode_t mode;						\
	va_list ap;						\
								\
	va_start(ap, flags);					\
	mode = va_arg(ap, int);					\
	va_end(ap);						\
	return open_any(path, flags, mode);			\
}

OPEN(open)
OPEN(open64)

FILE *fopen(const char *restrict path, const char *restrict mode)
{
	char buf[4096];

	if (sleep_path(path) && *mode == 'w')
		return REAL(fopen)("/dev/full", mode);
	return REAL(fopen)(moved(path, buf, sizeof(buf)), mode);
}

FILE *fopen64(const char *restrict path, const char *restrict mode)
{
	return fopen(path, mode);
}

static void become_clock(struct stat *st)
{
	const char *text = getenv("FAKE_NUMBER") ? getenv("FAKE_NUMBER") : "250:0";

	st->st_mode = S_IFCHR | 0600;
	st->st_rdev = makedev(strtoul(text, NULL, 10), strtoul(strchr(text, ':') + 1, NULL, 10));
}

int fstat(int fd, struct stat *st)
{
	int ret = REAL(fstat)(fd, st);

	if (fd == rtc_fd)
		become_clock(st);
	return ret;
}

int stat(const char *restrict path, struct stat *restrict st)
{
	if (strcmp(path, device()))
		return REAL(stat)(path, st);
	memset(st, 0, sizeof(*st));
	become_clock(st);
	return 0;
}

int close(int fd)
{
	if (fd == rtc_fd)
		rtc_fd = -1;
	if (fd == ptp_fd)
		ptp_fd = -1;
	if (fd == port_fd)
		port_fd = -1;
	return REAL(close)(fd);
}

/* Its ioctls. */

static void to_fields(int64_t s, struct rtc_time *fields)
{
	time_t t = s;
	struct tm tm;

	gmtime_r(&t, &tm);
	memcpy(fields, &tm, sizeof(*fields));
	fields->tm_isdst = 0;
}

static int read_time(struct rtc_time *fields)
{
	int64_t ahead_ns = false_ns();

	pass(COST_ACCESS_NS);
	if (read_fails())
		return fail(number("FAKE_READ"));
	to_fields(clock_s() + ahead_ns / NSEC_PER_SEC, fields);
	pass(COST_ACCESS_NS);
	return 0;
}

static int set_time(const struct rtc_time *fields)
{
	int64_t now_ns, s;
	struct tm tm = {};

	pass(COST_ACCESS_NS);
	if (number("FAKE_WRITE"))
		return fail(number("FAKE_WRITE"));
	memcpy(&tm, fields, sizeof(*fields));
	s = timegm(&tm);
	note("rtc %ld at %.6f", s, (state.now_ns + state.real_ns) / 1e9);
	if (getenv("FAKE_TERM"))
		raise(SIGTERM);
	if (is("FAKE_SET", "exact") || is("FAKE_SET", "dropped"))
		return driver_set(s * NSEC_PER_SEC);
	now_ns = state.now_ns + state.rtc_ns;
	if (is("FAKE_SET", "phase"))
		state.rtc_ns += (s - now_ns / NSEC_PER_SEC) * NSEC_PER_SEC;
	else
		state.rtc_ns += s * NSEC_PER_SEC - now_ns + NSEC_PER_SEC / 2;
	pass(COST_ACCESS_NS);
	save();
	return 0;
}

static int update_interrupt(bool on)
{
	if (is("FAKE_TICKS", "refused"))
		return fail(EINVAL);
	uie = on;
	served_s = clock_s();
	return 0;
}

static int read_alarm(struct rtc_wkalrm *alarm)
{
	memset(alarm, 0, sizeof(*alarm));
	if (alarm_on() && alarm_s() <= clock_s() && !is("FAKE_ALARM_SET", "kept"))
		state.alarm_on = 0;
	alarm->enabled = alarm_on();
	to_fields(alarm_s(), &alarm->time);
	return 0;
}

static int set_alarm(const struct rtc_wkalrm *alarm)
{
	struct tm tm = {};

	memcpy(&tm, &alarm->time, sizeof(alarm->time));
	tm.tm_isdst = 0;
	if (is("FAKE_ALARM_SET", "lost"))
		return 0;
	if (number("FAKE_ALARM_SET"))
		return fail(number("FAKE_ALARM_SET"));
	state.alarm_on = 0;
	if (getenv("FAKE_ALARM_REACH") && timegm(&tm) > clock_s() + number("FAKE_ALARM_REACH"))
		return fail(EINVAL);
	state.alarm_s = timegm(&tm) + number("FAKE_ALARM_LATE");
	state.alarm_on = alarm->enabled;
	note("alarm %s %ld", alarm->enabled ? "on" : "off", state.alarm_s);
	return 0;
}

static int get_param(struct rtc_param *param)
{
	static const char *const names[] = { "FAKE_FEATURES", "FAKE_CORRECTION", "FAKE_BSM" };

	if (!getenv("FAKE_FEATURES") || param->param > 2)
		return fail(EINVAL);
	param->uvalue = or_number(state.param[param->param], names[param->param]);
	return 0;
}

static int set_param(const struct rtc_param *param)
{
	if (!getenv("FAKE_FEATURES") || !param->param || param->param > 2)
		return fail(EINVAL);
	state.param[param->param] = param->uvalue;
	note("param %ld[%ld] %ld", (long)param->param, (long)param->index, (long)param->uvalue);
	return 0;
}

static int clock_control(unsigned long request, void *arg)
{
	if (gone)
		return fail(ENODEV);
	switch (request) {
	case RTC_RD_TIME:
		return read_time(arg);
	case RTC_SET_TIME:
		return set_time(arg);
	case RTC_UIE_ON:
	case RTC_UIE_OFF:
		return update_interrupt(request == RTC_UIE_ON);
	case RTC_IRQP_READ:
		*(unsigned long *)arg = 1024;
		return 0;
	case RTC_WKALM_RD:
		return read_alarm(arg);
	case RTC_WKALM_SET:
		return set_alarm(arg);
	case RTC_AIE_OFF:
		state.alarm_on = 0;
		note("alarm off %ld", alarm_s());
		return 0;
	case RTC_PARAM_GET:
		return get_param(arg);
	case RTC_PARAM_SET:
		return set_param(arg);
	case RTC_VL_READ:
		if (!getenv("FAKE_VL"))
			return fail(EINVAL);
		*(unsigned int *)arg = or_number(state.vl, "FAKE_VL");
		return 0;
	case RTC_VL_CLR:
		if (!getenv("FAKE_VL"))
			return fail(EINVAL);
		state.vl = 0;
		note("voltage cleared");
		return 0;
	default:
		return fail(ENOTTY);
	}
}

static void ptp_time(struct ptp_clock_time *t, int64_t ns)
{
	t->sec = ns / NSEC_PER_SEC;
	t->nsec = ns % NSEC_PER_SEC;
}

/* The samples get narrower, so that taking the first one shows. */
static int ptp_control(unsigned long request, void *arg)
{
	/* The narrowest is neither the first nor the last. */
	static const int64_t widths[] = { 20000, 7000, 4000, 13000, 9000 };
	struct ptp_sys_offset_extended *offsets = arg;

	if (request != PTP_SYS_OFFSET_EXTENDED)
		return fail(ENOTTY);
	if (number("FAKE_PTP_ERRNO"))
		return fail(number("FAKE_PTP_ERRNO"));
	if (lost()) {
		pass(2 * NSEC_PER_SEC);
		return fail(EAGAIN);
	}
	look_at_edge();
	if (getenv("FAKE_REAL_SLEEP") && state.locked_ns > state.now_ns)
		sleep_really(state.locked_ns - state.now_ns);
	pass_until(state.locked_ns);
	for (unsigned int i = 0; i < offsets->n_samples; i++) {
		ptp_time(&offsets->ts[i][0], state.now_ns + state.real_ns);
		pass(widths[i % (sizeof(widths) / sizeof(widths[0]))]);
		ptp_time(&offsets->ts[i][1],
			 state.now_ns + state.rtc_ns + number("FAKE_PTP_BIAS_NS"));
		pass(1000);
		ptp_time(&offsets->ts[i][2], state.now_ns + state.real_ns);
	}
	return 0;
}

/* From what the clock shows then. */
static int step_ptp(int64_t delta_ns)
{
	int64_t later_ns = COST_ACCESS_NS / 5 + number("FAKE_CALL_NS");
	int64_t rtc_ns = state.now_ns + later_ns + state.rtc_ns + delta_ns;
	struct timespec ts = { rtc_ns / NSEC_PER_SEC, rtc_ns % NSEC_PER_SEC };

	return set_ptp(&ts);
}

int clock_adjtime(clockid_t clock, struct timex *tx)
{
	int64_t delta_ns = tx->time.tv_sec * NSEC_PER_SEC + tx->time.tv_usec;

	if (!tx->modes && clock == CLOCK_REALTIME) {
		tx->status = synchronised ? 0 : STA_UNSYNC;
		return synchronised ? TIME_OK : TIME_ERROR;
	}
	if (tx->modes != (ADJ_SETOFFSET | ADJ_NANO) || tx->time.tv_usec < 0 ||
	    tx->time.tv_usec >= NSEC_PER_SEC)
		return fail(EINVAL);
	if (clock < 0 && (~clock >> 3) == ptp_fd)
		return step_ptp(delta_ns);
	pass(COST_ACCESS_NS);
	if (clock != CLOCK_REALTIME)
		return fail(EBADF);
	if (number("FAKE_SETTIME"))
		return fail(number("FAKE_SETTIME"));
	state.real_ns += delta_ns;
	note("stepped the system by %ld", delta_ns);
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (fd >= 0 && fd == rtc_fd)
		return clock_control(request, arg);
	if (fd >= 0 && fd == ptp_fd)
		return ptp_control(request, arg);
	return REAL(ioctl)(fd, request, arg);
}

/* Its interrupts. */

int select(int n, fd_set *restrict r, fd_set *restrict w, fd_set *restrict x,
	   struct timeval *restrict tv)
{
	int64_t until_ns = state.now_ns + (tv ? tv->tv_sec * NSEC_PER_SEC + tv->tv_usec * 1000
					      : INT64_MAX / 4);

	if (rtc_fd < 0 || !r || !FD_ISSET(rtc_fd, r))
		return REAL(select)(n, r, w, x, tv);
	if (wait_for_interrupt(until_ns))
		return 1;
	FD_CLR(rtc_fd, r);
	return 0;
}

/* Return: the flags of what came, as a read of the device has them. */
static unsigned long take_interrupt(void)
{
	if (alarm_ns() <= state.now_ns) {
		state.alarm_on = 0;
		return 1 << 8 | RTC_IRQF | RTC_AF;
	}
	served_s = clock_s();
	return 1 << 8 | RTC_IRQF | RTC_UF;
}

ssize_t read(int fd, void *buf, size_t size)
{
	if (fd >= 0 && fd == timer.fd)
		return read_timer(buf);
	if (fd < 0 || fd != rtc_fd)
		return REAL(read)(fd, buf, size);
	if (blocking && interrupt_ns() < INT64_MAX)
		pass_until(interrupt_ns());
	if (interrupt_ns() > state.now_ns)
		return fail(EAGAIN);
	*(unsigned long *)buf = take_interrupt();
	return sizeof(unsigned long);
}

/* Switching off. */

static bool shutdown_path(const char *path)
{
	return !strcmp(path, "/sbin/shutdown") || !strcmp(path, "/usr/sbin/shutdown") ||
	       !strcmp(path, "/sbin/poweroff") || !strcmp(path, "/usr/sbin/poweroff");
}

int access(const char *path, int mode)
{
	const char *there = getenv("FAKE_SHUTDOWN");

	if (!strncmp(path, "/dev/ptp", 8))
		return number("FAKE_PTP_SET") == EACCES ? fail(EACCES) : 0;
	if (!shutdown_path(path))
		return REAL(access)(path, mode);
	return !there || strstr(there, strrchr(path, '/') + 1) ? 0 : fail(ENOENT);
}

int execv(const char *path, char *const argv[])
{
	char line[256] = "";

	if (!shutdown_path(path))
		return REAL(execv)(path, argv);
	for (; *argv; argv++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), " %s", *argv);
	note("exec%s", line);
	if (number("FAKE_EXEC"))
		return fail(number("FAKE_EXEC"));
	exit(0);
}

/* The kernel's uevents. */

static int listen_uevents(void)
{
	if (number("FAKE_UEVENTS"))
		return fail(number("FAKE_UEVENTS"));
	uevents.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return uevents.fd;
}

int bind(int fd, __CONST_SOCKADDR_ARG address, socklen_t size)
{
	return fd >= 0 && fd == uevents.fd ? 0 : REAL(bind)(fd, address, size);
}

/* As the kernel writes them: of this clock, or of another one. */
static ssize_t take_uevent(char *text, size_t size, struct sockaddr_nl *from)
{
	const char *what;
	bool remove;
	int len;

	if (!uevents.count)
		return fail(EAGAIN);
	what = uevents.queue[0];
	memmove(uevents.queue, uevents.queue + 1, --uevents.count * sizeof(*uevents.queue));
	if (!strcmp(what, "lost"))
		return fail(ENOBUFS);
	remove = !strcmp(what, "gone");
	len = snprintf(text, size, "%s@/rtc/rtc0%cACTION=%s%cSUBSYSTEM=rtc%cDEVNAME=rtc%d%c%s",
		       remove ? "remove" : "change", 0, remove ? "remove" : "change", 0, 0,
		       !strcmp(what, "other"), 0, remove ? "" : "EVENT=step");
	*from = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	if (!strcmp(what, "spoofed"))
		from->nl_pid = 4711;
	return len + 1;
}

/* The kernel's audit. */

int socket(int domain, int type, int protocol)
{
	if (domain == AF_NETLINK && protocol == NETLINK_KOBJECT_UEVENT)
		return listen_uevents();
	if (domain != AF_NETLINK || protocol != NETLINK_AUDIT)
		return REAL(socket)(domain, type, protocol);
	if (number("FAKE_AUDIT_OPEN"))
		return fail(number("FAKE_AUDIT_OPEN"));
	audit_fd = REAL(open)("/dev/null", O_RDWR | O_CLOEXEC);
	return audit_fd;
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, __CONST_SOCKADDR_ARG to,
	       socklen_t to_size)
{
	const struct nlmsghdr *header = data;
	FILE *file;

	if (fd < 0 || fd != audit_fd)
		return REAL(sendto)(fd, data, size, flags, to, to_size);
	file = getenv("FAKE_AUDIT") ? REAL(fopen)(getenv("FAKE_AUDIT"), "a") : NULL;
	if (!file)
		return size;
	fprintf(file, "%d %s\n", header->nlmsg_type, (char *)NLMSG_DATA(header));
	fclose(file);
	return size;
}

/* It acknowledges everything. */
ssize_t recvfrom(int fd, void *data, size_t size, int flags, __SOCKADDR_ARG from,
		 socklen_t *from_size)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} answer = {
		.header = { .nlmsg_len = sizeof(answer), .nlmsg_type = NLMSG_ERROR, .nlmsg_seq = 1 },
	};

	if (fd >= 0 && fd == uevents.fd)
		return take_uevent(data, size, (void *)from.__sockaddr__);
	if (fd < 0 || fd != audit_fd)
		return REAL(recvfrom)(fd, data, size, flags, from, from_size);
	if (size < sizeof(answer))
		return fail(EINVAL);
	memcpy(data, &answer, sizeof(answer));
	memcpy(from.__sockaddr__, &kernel, sizeof(kernel));
	*from_size = sizeof(kernel);
	return sizeof(answer);
}
