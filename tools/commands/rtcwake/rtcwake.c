// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/rtcwake/rtcwake.h"
#include "lib/time/clock.h"
#include "lib/time/date.h"
#include "ui/report.h"


enum {
	OPTION_DATE = 0x100,
	OPTION_LIST_MODES,
};

static const struct option longopts[] = {
	{ "adjfile", required_argument, NULL, 'A' },
	{ "auto", no_argument, NULL, 'a' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "local", no_argument, NULL, 'l' },
	{ "utc", no_argument, NULL, 'u' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ "mode", required_argument, NULL, 'm' },
	{ "device", required_argument, NULL, 'd' },
	{ "seconds", required_argument, NULL, 's' },
	{ "time", required_argument, NULL, 't' },
	{ "date", required_argument, NULL, OPTION_DATE },
	{ "list-modes", no_argument, NULL, OPTION_LIST_MODES },
	{}
};

static const char rtcwake_help[] =
	"\n"
	"Usage:\n"
	" rtcwake [option...]\n"
	"\n"
	"Put the system to sleep until the clock's alarm wakes it.\n"
	"\n"
	"Options:\n"
	" -a, --auto             the adjtime file says how the clock is kept (the default)\n"
	" -A, --adjfile FILE     use this adjtime file (default: /etc/adjtime)\n"
	"     --date TIME        wake at this date; a time of day that is past means tomorrow\n"
	" -d, --device FILE      use this clock (default: rtc0)\n"
	" -n, --dry-run          change nothing, say what would be done\n"
	" -l, --local            the clock is kept in local time\n"
	"     --list-modes       list the modes\n"
	" -m, --mode MODE        how to sleep (default: mem, standby or freeze, the first there is)\n"
	" -s, --seconds SECONDS  wake after so many seconds\n"
	" -t, --time SECONDS     wake at so many seconds since 1970\n"
	" -u, --utc              the clock is kept in UTC\n"
	" -v, --verbose          say what is done\n"
	"\n"
	" -h, --help             show this help\n"
	" -V, --version          show the version\n"
	"\n"
	"Modes: what /sys/power/state offers, and\n"
	" off      shut the system down\n"
	" no       arm the alarm, and that is all\n"
	" on       arm the alarm and wait for it\n"
	" disable  disarm the alarm\n"
	" show     show the alarm\n";

/* Options of one set exclude each other; the first that is taken of each is kept. */
struct taken {
	int scale;
	int moment;
};

static int exclusive(int *taken, int c, const char *options)
{
	if (*taken && *taken != c) {
		report("mutually exclusive arguments: %s", options);
		return EXIT_FAILURE;
	}
	*taken = c;
	return -1;
}

static int check_exclusive(struct taken *taken, int c)
{
	if (c == 'a' || c == 'l' || c == 'u')
		return exclusive(&taken->scale, c, "--auto --local --utc");
	if (c == 's' || c == 't' || c == OPTION_DATE)
		return exclusive(&taken->moment, c, "--seconds --time --date");
	return -1;
}

/* Return: -1 to go on, else the exit status. */
static int set_number(int64_t *value, const char *text, const char *what)
{
	char *end;

	errno = 0;
	*value = strtoll(text, &end, 10);
	if (errno == ERANGE) {
		report_error(-ERANGE, "invalid %s argument: '%s'", what, text);
		return EXIT_FAILURE;
	}
	if (end == text || *end || !isdigit((unsigned char)end[-1])) {
		report("invalid %s argument: '%s'", what, text);
		return EXIT_FAILURE;
	}
	return -1;
}

static int set_seconds(struct rtcwake *wake, const char *text)
{
	int status = set_number(&wake->seconds, text, "seconds");

	if (status < 0 && wake->seconds < 0) {
		report("invalid seconds argument: '%s': there is no waking in the past", text);
		return EXIT_FAILURE;
	}
	return status;
}

static int set_date(struct rtcwake *wake, const char *text)
{
	int64_t date_ns;
	int err;

	err = date_parse_next(text, clock_now_ns(CLOCK_REALTIME), &date_ns);
	if (err) {
		if (err == -ERANGE)
			report("invalid time value \"%s\": too far from now", text);
		else
			report("invalid time value \"%s\": accepted are %s", text, DATE_FORMS);
		return EXIT_FAILURE;
	}
	wake->alarm_s = clock_floor_s(date_ns);
	return -1;
}

static void report_no_state(const struct sleep_states *states, const char *name)
{
	char list[sizeof(states->name) + 8] = "";

	for (int i = 0; i < states->count; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), " %s", states->name[i]);
	report("unrecognized suspend state '%s'", name);
	if (states->count)
		fprintf(stderr, "This system can sleep as:%s\n", list);
	else
		fprintf(stderr, "This system cannot sleep: %s offers nothing.\n", SLEEP_PATH);
}

static int set_mode(struct rtcwake *wake, const char *name)
{
	wake->mode_name = name;
	wake->mode = RTCWAKE_SLEEP;
	if (sleep_offers(&wake->states, name))
		return -1;
	for (int mode = 0; mode < RTCWAKE_MODES; mode++) {
		if (strcmp(name, rtcwake_mode_name(mode)))
			continue;
		wake->mode = mode;
		return -1;
	}
	report_no_state(&wake->states, name);
	return EXIT_FAILURE;
}

static int list_modes(const struct rtcwake *wake)
{
	for (int i = 0; i < wake->states.count; i++)
		printf("%s ", wake->states.name[i]);
	for (int mode = 0; mode < RTCWAKE_MODES; mode++)
		printf("%s ", rtcwake_mode_name(mode));
	putchar('\n');
	return EXIT_SUCCESS;
}

static int take_flag(struct rtcwake *wake, int c)
{
	switch (c) {
	case 'a':
		wake->scale = RTCWAKE_AUTO;
		return -1;
	case 'l':
		wake->scale = RTCWAKE_LOCAL;
		return -1;
	case 'u':
		wake->scale = RTCWAKE_UTC;
		return -1;
	case 'n':
		wake->dry_run = true;
		return -1;
	case 'v':
		wake->verbose = true;
		return -1;
	case OPTION_LIST_MODES:
		return list_modes(wake);
	case 'h':
		fputs(rtcwake_help, stdout);
		return EXIT_SUCCESS;
	case 'V':
		printf("rtcwake from rtc-mc146818 %s\n", VERSION);
		return EXIT_SUCCESS;
	default:
		report_try_help(NULL);
		return EXIT_FAILURE;
	}
}

/* Return: -1 to go on, else the exit status. */
static int take(struct rtcwake *wake, int c)
{
	switch (c) {
	case 'A':
		wake->adjfile = optarg;
		return -1;
	case 'd':
		wake->device = optarg;
		return -1;
	case 'm':
		return set_mode(wake, optarg);
	case 's':
		return set_seconds(wake, optarg);
	case 't':
		return set_number(&wake->alarm_s, optarg, "time");
	case OPTION_DATE:
		return set_date(wake, optarg);
	default:
		return take_flag(wake, c);
	}
}

/* None where the kernel offers nothing: that is told behind what else is wrong. */
static void settle_mode(struct rtcwake *wake)
{
	if (wake->mode_name)
		return;
	wake->mode_name = sleep_usual(&wake->states);
	/* A dry run does not sleep, and util-linux's has this word for it. */
	if (!wake->mode_name && wake->dry_run)
		wake->mode_name = "suspend";
}

int rtcwake_main(int argc, char **argv)
{
	struct rtcwake wake = {
		.mode = RTCWAKE_SLEEP,
		.rtc.fd = -1,
	};
	struct taken taken = {};
	int c, status;

	sleep_find(&wake.states);
	while ((c = getopt_long(argc, argv, "A:ahd:lm:ns:t:uVv", longopts, NULL)) != -1) {
		status = check_exclusive(&taken, c);
		if (status < 0)
			status = take(&wake, c);
		if (status >= 0)
			return status;
	}
	if (argc > optind) {
		report("unexpected argument '%s'", argv[optind]);
		report_try_help(NULL);
		return EXIT_FAILURE;
	}
	settle_mode(&wake);
	status = rtcwake_perform(&wake);
	rtc_close(&wake.rtc);
	return status;
}
