// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <json-c/json.h>

#include "commands/commands.h"
#include "commands/watch/watch.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/phase.h"
#include "lib/rtc/reading.h"
#include "lib/rtc/take-reading.h"
#include "lib/time/clock.h"
#include "lib/time/date.h"
#include "lib/time/duration.h"
#include "ui/device.h"
#include "ui/number.h"
#include "ui/options.h"
#include "ui/report.h"
#include "ui/terminal.h"

enum {
	OPTION_COUNT = OPTION_OWN,
};

#define TO_LINE_END	"\033[K"

/* What one line says. */
struct view {
	struct reading reading;
	int64_t offset_ns;
	const char *state;	/* of a driver that knows its phase; or NULL */
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static void catch_interrupt(void)
{
	struct sigaction action = { .sa_handler = interrupt };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/*
 * Keys come at once and are not shown. A job in the background has no keys: it would be
 * stopped for touching the terminal. Return: whether there are keys.
 */
static bool keys_on(struct termios *before)
{
	const char *terminal = getenv("TERM");
	struct termios raw;

	/* One that knows no escape sequences gets lines. */
	if (!terminal || !strcmp(terminal, "dumb") || !isatty(STDIN_FILENO) ||
	    !isatty(STDOUT_FILENO) || terminal_is_others(STDIN_FILENO) ||
	    tcgetattr(STDIN_FILENO, before))
		return false;
	raw = *before;
	raw.c_lflag &= ~(ICANON | ECHO);
	return !tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/* Return: whether to go on. */
static bool wait_second(bool keys, int64_t until_ns)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	int64_t left_ns;
	char key;

	for (;;) {
		left_ns = until_ns - clock_now_ns(CLOCK_MONOTONIC);
		if (interrupted || left_ns <= 0)
			return !interrupted;
		if (poll(&fd, keys, (left_ns + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC) > 0 &&
		    (read(STDIN_FILENO, &key, 1) != 1 || key == 'q'))
			return false;
	}
}

static int look(const struct rtc *rtc, enum timescale scale, struct view *view)
{
	int err;

	memset(view, 0, sizeof(*view));
	err = rtc->fd < 0 ? phase_read(rtc, &view->reading) :
			    reading_take(rtc, &view->reading);
	if (!err)
		err = reading_offset_ns(&view->reading, scale, &view->offset_ns);
	if (!err && view->reading.method == READING_PHASE)
		view->state = reading_state_name(&view->reading);
	return err;
}

static void print_json(const struct view *view, const struct rtc *rtc)
{
	struct json_object *clocks = json_object_new_array();
	const struct watch_clock clock = {
		.name = rtc->node,
		.dated = true,
		.offset_ns = view->offset_ns,
		.bound_ns = view->reading.bound_ns,
		.method = reading_method_name(view->reading.method),
		.state = view->state,
		.edge_age_ns = view->reading.coasting ? view->reading.edge_age_ns : -1,
	};

	json_object_array_add(clocks, watch_object(&clock));
	watch_print_json(view->reading.at.real_ns, clocks, NULL);
}

static void print_state(const struct view *view, const struct rtc *rtc)
{
	int64_t freq_ppb = 0, steps = 0;
	char age[DURATION_TEXT_SIZE];
	struct root_path path;

	attribute_read_s64(&freq_ppb, rtc_attribute(rtc, &path, "phase/freq_ppb"));
	attribute_read_s64(&steps, rtc_attribute(rtc, &path, "phase/steps"));
	printf("  %+lld ppb  %s", (long long)freq_ppb, view->state);
	if (view->reading.coasting && view->reading.edge_age_ns >= 0)
		printf(" for %s", duration_format(view->reading.edge_age_ns, age));
	printf("  %lld step%s", (long long)steps, steps == 1 ? "" : "s");
}

static void print_text(const struct view *view, const struct rtc *rtc, const char *time)
{
	char offset[DURATION_TEXT_SIZE], bound[DURATION_TEXT_SIZE];

	printf("%s  %s %s %s", time,
	       duration_format_known(view->offset_ns, view->reading.bound_ns, offset),
	       number_plus_minus(), duration_format(view->reading.bound_ns, bound));
	if (view->state)
		print_state(view, rtc);
	else
		printf("  %s", reading_method_name(view->reading.method));
}

static int print_view(const struct view *view, const struct rtc *rtc,
		      const struct options *options, bool in_place)
{
	char time[DATE_TEXT_SIZE];
	int err;

	err = date_format(view->reading.at.real_ns + view->offset_ns, time, sizeof(time));
	if (err)
		return err;
	if (options->json) {
		print_json(view, rtc);
	} else {
		if (in_place)
			putchar('\r');
		print_text(view, rtc, time);
		fputs(in_place ? TO_LINE_END : "\n", stdout);
	}
	return fflush(stdout) ? -errno : 0;
}

static int show_line(void *data, const struct options *options, bool in_place)
{
	struct rtc *rtc = data;
	struct view view;
	int err;

	err = look(rtc, options->scale, &view);
	/* After a step there is nothing to show until the driver has found the edge. */
	if (err == -EAGAIN && rtc->fd < 0)
		return 0;
	if (err) {
		report_read(err, rtc);
		return err;
	}
	/* Others may want it, and sysfs tells. */
	if (view.reading.method == READING_PHASE)
		rtc_close(rtc);
	err = print_view(&view, rtc, options, in_place);
	if (err)
		report_error(err, "cannot write the answer");
	return err;
}

/* For @count seconds; 0: without end. */
static int follow(const struct watch_view *view, const struct options *options,
		  unsigned long count, bool keys)
{
	int64_t next_ns = clock_now_ns(CLOCK_MONOTONIC);
	int err;

	for (unsigned long i = 1;; i++) {
		err = view->show(view->data, options, keys && !options->json);
		next_ns += NSEC_PER_SEC;
		if (err || i == count || !wait_second(keys, next_ns))
			return err;
	}
}

static int watch_view(const struct watch_view *view, const struct options *options,
		      unsigned long count)
{
	struct termios before;
	bool keys;
	int err;

	catch_interrupt();
	keys = keys_on(&before);
	err = follow(view, options, count, keys);
	if (keys) {
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
		putchar('\n');
	}
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int watch(struct options *options, unsigned long count)
{
	struct watch_view view = { .show = show_line };
	struct rtc rtc;
	int status;

	options_adjtime_guess(options);
	if (!options->device)
		return watch_begin_all(&view) ? EXIT_FAILURE : watch_view(&view, options, count);
	if (device_open(&rtc, options->device))
		return EXIT_FAILURE;
	view.data = &rtc;
	status = watch_view(&view, options, count);
	rtc_close(&rtc);
	return status;
}

static int take_count(const char *text, unsigned long *count)
{
	char *end;

	errno = 0;
	*count = strtoul(text, &end, 10);
	if (*text >= '1' && *text <= '9' && !*end && !errno)
		return -1;
	report("watch: invalid count '%s'", text);
	return EXIT_USAGE;
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG,
		{ "count", required_argument, NULL, OPTION_COUNT },
		{}
	};
	struct options options = {};
	unsigned long count = 0;
	int c, status;

	while ((c = getopt_long(argc, argv, OPTIONS_SHORT, longopts, NULL)) != -1) {
		if (c == OPTION_COUNT)
			status = take_count(optarg, &count);
		else
			status = options_take(&options, command, c);
		if (status >= 0)
			return status;
	}
	status = options_finish(&options, command, argc, 0);
	return status >= 0 ? status : watch(&options, count);
}

const struct command cmd_watch = {
	.name = "watch",
	.summary = "all clocks each second: offsets, rates, stolen time; or one of them",
	.help = "rtcctl watch [OPTION...]\n"
		"\n"
		"Show each second a line for each clock of the machine: an RTC's offset from the\n"
		"system time with its bound, the rate against CLOCK_MONOTONIC_RAW, a driver's\n"
		"state, and the share of the second that the hypervisor gave to others. With\n"
		"--rtc that clock alone, with its time. On a terminal in place; ends with 'q' or\n"
		"Ctrl-C.\n"
		"\n"
		"     --count N       end after N seconds\n"
		OPTIONS_HELP,
	.examples = { "rtcctl watch",
		      "rtcctl watch --count 10 --rtc rtc0" },
	.run = run,
};
