// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/follow/verdict.h"
#include "lib/rtc/uevent.h"
#include "lib/time/clock.h"
#include "lib/time/system.h"
#include "lib/time/timer.h"
#include "ui/report.h"

enum {
	OPTION_INTERVAL = OPTION_OWN,
	OPTION_THRESHOLD,
	OPTION_ONCE,
	OPTION_ALWAYS,
};

#define INTERVAL_S	5
#define INTERVAL_MAX_S	3600
#define LOOKS_MAX	3	/* one after the other: to set the time is heard as well */
#define THRESHOLD_S	0.5
#define THRESHOLD_MIN_S	0.001
#define THRESHOLD_MAX_S	86400

struct follow_request {
	struct options options;
	double interval_s;
	double threshold_s;
	bool once;
	bool always;
};

/* What wakes it; poll() leaves out what is negative. */
enum {
	SIGNALS,
	TIMER,
	UEVENTS,
	WAKERS,
};

struct wake {
	bool ended;
	bool gone;
	bool look;
	bool closely;
};

static int listen_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

static int open_wakers(struct pollfd *wakers)
{
	wakers[SIGNALS] = (struct pollfd){ .fd = listen_signals(), .events = POLLIN };
	wakers[TIMER] = (struct pollfd){ .fd = timer_open(), .events = POLLIN };
	wakers[UEVENTS] = (struct pollfd){ .fd = uevent_listen(), .events = POLLIN };
	for (int i = SIGNALS; i <= TIMER; i++) {
		if (wakers[i].fd >= 0)
			continue;
		report_error(wakers[i].fd, "cannot wait");
		return wakers[i].fd;
	}
	if (wakers[UEVENTS].fd < 0)
		report_error(wakers[UEVENTS].fd, "cannot hear of the clock's steps");
	return 0;
}

static void take_signals(int fd, const struct follow *follow, struct wake *wake)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGUSR1)
			follow_report_cost(follow);
		else
			wake->ended = true;
	}
}

static void take_timer(int fd, struct wake *wake)
{
	int err = timer_take(fd);

	wake->look |= err != -EAGAIN;
	wake->closely |= err == -ECANCELED;
}

static void take_uevents(int fd, const struct follow *follow, struct wake *wake)
{
	enum uevent event;
	int err;

	while ((err = uevent_take(fd, &follow->rtc, &event)) != -EAGAIN) {
		wake->gone |= !err && event == UEVENT_GONE;
		/* What was lost may have been a step. */
		wake->closely |= err || event == UEVENT_STEP;
		if (err && err != -ENOBUFS && err != -EINTR)
			break;
	}
	wake->look |= wake->closely;
}

static void take(struct pollfd *wakers, const struct follow *follow, struct wake *wake)
{
	if (wakers[SIGNALS].revents)
		take_signals(wakers[SIGNALS].fd, follow, wake);
	if (wakers[TIMER].revents)
		take_timer(wakers[TIMER].fd, wake);
	if (wakers[UEVENTS].revents)
		take_uevents(wakers[UEVENTS].fd, follow, wake);
}

static int wait_for(struct pollfd *wakers, const struct follow *follow, struct wake *wake)
{
	*wake = (struct wake){};
	if (poll(wakers, WAKERS, -1) < 0)
		return errno == EINTR ? 0 : -errno;
	take(wakers, follow, wake);
	return 0;
}

static int aim(const struct pollfd *wakers, const struct follow *follow, int64_t interval_ns)
{
	int err = timer_at(wakers[TIMER].fd, follow_next_ns(follow, interval_ns));

	if (err && err != -ECANCELED)
		report_error(err, "cannot wait");
	return err;
}

/*
 * Where the time was set during the look, also by that, or the system slept, no wake comes of
 * it: another look shows what it has become.
 */
static int look(struct follow *follow, const struct pollfd *wakers, bool closely,
		int64_t interval_ns)
{
	int err;

	for (int again = 0; again < LOOKS_MAX; again++) {
		if (follow_look(follow, closely || again) == FOLLOW_FAILED)
			return -EIO;
		err = aim(wakers, follow, interval_ns);
		if (err != -ECANCELED)
			return err;
	}
	while (err == -ECANCELED)
		err = aim(wakers, follow, interval_ns);
	return err;
}

static int keep_following(struct follow *follow, struct pollfd *wakers, int64_t interval_ns)
{
	struct wake wake = { .look = true, .closely = true };
	int err = 0;

	while (!err && !wake.ended) {
		if (wake.gone) {
			follow_gone(follow);
			return EXIT_FAILURE;
		}
		if (wake.look)
			err = look(follow, wakers, wake.closely, interval_ns);
		if (!err)
			err = wait_for(wakers, follow, &wake);
	}
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int follow_on(struct follow *follow, int64_t interval_ns)
{
	struct pollfd wakers[WAKERS];
	int status;

	if (open_wakers(wakers))
		return EXIT_FAILURE;
	/* From here on the timer knows when the time is set. */
	if (aim(wakers, follow, interval_ns))
		return EXIT_FAILURE;
	status = keep_following(follow, wakers, interval_ns);
	follow_report_cost(follow);
	return status;
}

static int check_leave(const struct options *options)
{
	int err = options->test ? 0 : system_may_set();

	if (err)
		report_error(err, "cannot set the system time without root (CAP_SYS_TIME)");
	return err;
}

static int perform(struct follow_request *request)
{
	struct follow follow = {
		.options = &request->options,
		.threshold_ns = request->threshold_s * NSEC_PER_SEC,
		.always = request->always,
	};

	if (check_leave(follow.options) || follow_begin(&follow))
		return EXIT_FAILURE;
	if (!request->once)
		return follow_on(&follow, request->interval_s * NSEC_PER_SEC);
	return follow_look(&follow, true) < FOLLOW_REFUSED ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int take_option(struct follow_request *request, const struct command *command, int c)
{
	switch (c) {
	case OPTION_INTERVAL:
		return options_number(command, optarg, 1, INTERVAL_MAX_S, "interval",
				      &request->interval_s);
	case OPTION_THRESHOLD:
		return options_number(command, optarg, THRESHOLD_MIN_S, THRESHOLD_MAX_S,
				      "threshold", &request->threshold_s);
	case OPTION_ONCE:
		request->once = true;
		return -1;
	case OPTION_ALWAYS:
		request->always = true;
		return -1;
	default:
		return options_take(&request->options, command, c);
	}
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG_SCALE,
		{ "rtc", required_argument, NULL, 'f' },
		{ "interval", required_argument, NULL, OPTION_INTERVAL },
		{ "threshold", required_argument, NULL, OPTION_THRESHOLD },
		{ "once", no_argument, NULL, OPTION_ONCE },
		{ "always", no_argument, NULL, OPTION_ALWAYS },
		{ "test", no_argument, NULL, OPTION_TEST },
		{}
	};
	struct follow_request request = { .threshold_s = THRESHOLD_S };
	int c, status = -1;

	while (status < 0 && (c = getopt_long(argc, argv, OPTIONS_SHORT, longopts, NULL)) != -1)
		status = take_option(&request, command, c);
	if (status < 0)
		status = options_finish(&request.options, command, argc, 0);
	if (status < 0 && request.once && request.interval_s) {
		report("follow: --once has no use for --interval");
		status = EXIT_USAGE;
	}
	if (!request.interval_s)
		request.interval_s = INTERVAL_S;
	return status >= 0 ? status : perform(&request);
}

const struct command cmd_follow = {
	.name = "follow",
	.summary = "keep the system's time near the clock's: a guest that follows its host",
	.help = "rtcctl follow [OPTION...]\n"
		"\n"
		"Look at the clock each 5 seconds, and when it or the system's time was stepped\n"
		"or the system woke up; where they are further apart than the reading's bound\n"
		"and half a second, set the system's time from the clock. For a VM whose host\n"
		"sleeps, or that is stopped, moved or restored. A time that follows NTP is left\n"
		"alone, and so is all where the clock is in doubt. SIGTERM ends it.\n"
		"\n"
		"     --interval N    look each N seconds (5)\n"
		"     --threshold N   leave N seconds alone (0.5)\n"
		"     --always        also where the system's time follows NTP\n"
		"     --once          look once; exit status 1: the clock is not to be believed\n"
		OPTIONS_HELP_TEST
		OPTIONS_HELP_RTC
		OPTIONS_HELP_SCALE,
	.examples = { "rtcctl follow --once --test",
		      "rtcctl follow --interval 1 --threshold 2" },
	.run = run,
};
