// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/hwclock/hwclock.h"
#include "lib/rtc/param.h"
#include "lib/time/date.h"
#include "ui/report.h"

enum {
	OPTION_ADJFILE = 0x100,
	OPTION_DATE,
	OPTION_DELAY,
	OPTION_DIRECTISA,
	OPTION_GET,
	OPTION_NOADJFILE,
	OPTION_PARAM_GET,
	OPTION_PARAM_INDEX,
	OPTION_PARAM_SET,
	OPTION_PREDICT,
	OPTION_SET,
	OPTION_SYSTZ,
	OPTION_TEST,
	OPTION_UPDATE_DRIFT,
	OPTION_VL_CLEAR,
	OPTION_VL_READ,
};

static const struct option longopts[] = {
	{ "adjust", no_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ "localtime", no_argument, NULL, 'l' },
	{ "show", no_argument, NULL, 'r' },
	{ "hctosys", no_argument, NULL, 's' },
	{ "utc", no_argument, NULL, 'u' },
	{ "version", no_argument, NULL, 'V' },
	{ "systohc", no_argument, NULL, 'w' },
	{ "debug", no_argument, NULL, 'D' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "set", no_argument, NULL, OPTION_SET },
	{ "noadjfile", no_argument, NULL, OPTION_NOADJFILE },
	{ "directisa", no_argument, NULL, OPTION_DIRECTISA },
	{ "param-get", required_argument, NULL, OPTION_PARAM_GET },
	{ "param-set", required_argument, NULL, OPTION_PARAM_SET },
	{ "param-index", required_argument, NULL, OPTION_PARAM_INDEX },
	{ "vl-read", no_argument, NULL, OPTION_VL_READ },
	{ "vl-clear", no_argument, NULL, OPTION_VL_CLEAR },
	{ "test", no_argument, NULL, OPTION_TEST },
	{ "date", required_argument, NULL, OPTION_DATE },
	{ "delay", required_argument, NULL, OPTION_DELAY },
	{ "rtc", required_argument, NULL, 'f' },
	{ "adjfile", required_argument, NULL, OPTION_ADJFILE },
	{ "systz", no_argument, NULL, OPTION_SYSTZ },
	{ "predict", no_argument, NULL, OPTION_PREDICT },
	{ "get", no_argument, NULL, OPTION_GET },
	{ "update-drift", no_argument, NULL, OPTION_UPDATE_DRIFT },
	{}
};

const char hwclock_help[] =
	"\n"
	"Usage:\n"
	" hwclock [function] [option...]\n"
	"\n"
	"Read, set and adjust the hardware clock (RTC).\n"
	"\n"
	"Functions:\n"
	" -r, --show            show the clock's time (the default)\n"
	"     --get             show it corrected for drift\n"
	"     --set             set the clock to what --date says\n"
	" -s, --hctosys         set the system time from the clock\n"
	" -w, --systohc         set the clock from the system time\n"
	"     --systz           tell the kernel the timescale and the timezone\n"
	" -a, --adjust          correct the clock for its drift\n"
	"     --predict         what the clock will show at --date, by its drift\n"
	"     --param-get PARAM show a parameter of the driver\n"
	"     --param-set PARAM=VALUE\n"
	"                       set a parameter of the driver\n"
	"     --vl-read         show what is wrong with the clock's power, if anything\n"
	"     --vl-clear        forget that something was wrong with it\n"
	"\n"
	"Options:\n"
	" -u, --utc             the clock is kept in UTC\n"
	" -l, --localtime       the clock is kept in local time\n"
	" -f, --rtc FILE        use this clock (default: rtc0, rtc, else the only one)\n"
	"     --directisa       use the PC's ports instead, behind the driver's back\n"
	"     --date TIME       the time for --set and --predict\n"
	"     --delay SECONDS   how far into a second the clock is when it was just set\n"
	"     --update-drift    learn the drift factor; with --set or --systohc\n"
	"     --noadjfile       use no adjtime file; needs --utc or --localtime\n"
	"     --adjfile FILE    use this adjtime file (default: /etc/adjtime)\n"
	"     --param-index N   which one, of a parameter that there is several times\n"
	"     --test            change nothing; implies --verbose\n"
	" -v, --verbose         say what is done\n"
	"\n"
	" -h, --help            show this help\n"
	" -V, --version         show the version\n"
	"\n"
	"PARAM is features, correction, bsm (the backup switch mode), or a number.\n"
	"Numbers are hexadecimal behind 0x.\n";

static int exclusive(const char *options)
{
	report("mutually exclusive arguments: %s", options);
	return EXIT_FAILURE;
}

static int set_function(struct hwclock *hw, enum hwclock_function function)
{
	enum hwclock_function before = hw->function;

	hw->function = function;
	if (!hw->function_given || before == function) {
		hw->function_given = true;
		return -1;
	}
	if (before < HWCLOCK_PARAM_GET && function < HWCLOCK_PARAM_GET)
		return exclusive("--adjust --show --hctosys --systohc --get --predict --set --systz");
	return exclusive("--adjust --show --hctosys --systohc --get --predict --set --systz --param-get --param-set --vl-read --vl-clear");
}

static int set_delay(struct hwclock *hw, const char *text)
{
	double seconds;
	char *end;

	errno = 0;
	seconds = strtod(text, &end);
	if (errno || end == text || *end || !isfinite(seconds) || fabs(seconds) > 1e6) {
		report("invalid --delay argument: '%s'", text);
		return EXIT_FAILURE;
	}
	hw->delay_ns = seconds < 0 ? -1 : llround(seconds * 1e9);
	return -1;
}

static int set_param(struct hwclock *hw, enum hwclock_function function, const char *text)
{
	hw->param = text;
	return set_function(hw, function);
}

static int set_index(struct hwclock *hw, const char *text)
{
	uint64_t index;

	if (param_number(text, &index) || index > UINT32_MAX) {
		report("invalid --param-index argument: '%s'", text);
		return EXIT_FAILURE;
	}
	hw->param_index = index;
	return -1;
}

/* Return: -1 to go on, else the exit status. */
static int take_function(struct hwclock *hw, int c)
{
	switch (c) {
	case 'a':
		return set_function(hw, HWCLOCK_ADJUST);
	case 'r':
		return set_function(hw, HWCLOCK_SHOW);
	case 's':
		return set_function(hw, HWCLOCK_HCTOSYS);
	case 'w':
		return set_function(hw, HWCLOCK_SYSTOHC);
	case OPTION_GET:
		return set_function(hw, HWCLOCK_GET);
	case OPTION_PREDICT:
		return set_function(hw, HWCLOCK_PREDICT);
	case OPTION_SET:
		return set_function(hw, HWCLOCK_SET);
	case OPTION_SYSTZ:
		return set_function(hw, HWCLOCK_SYSTZ);
	case OPTION_PARAM_GET:
		return set_param(hw, HWCLOCK_PARAM_GET, optarg);
	case OPTION_PARAM_SET:
		return set_param(hw, HWCLOCK_PARAM_SET, optarg);
	case OPTION_VL_READ:
		return set_function(hw, HWCLOCK_VOLTAGE_READ);
	case OPTION_VL_CLEAR:
		return set_function(hw, HWCLOCK_VOLTAGE_CLEAR);
	case 'h':
		fputs(hwclock_help, stdout);
		return EXIT_SUCCESS;
	case 'V':
		printf("hwclock from rtc-mc146818 %s\n", VERSION);
		return EXIT_SUCCESS;
	default:
		report_try_help(NULL);
		return EXIT_FAILURE;
	}
}

/* Return: as take_function(). */
static int take(struct hwclock *hw, int c)
{
	switch (c) {
	case 'u':
		hw->utc = true;
		return -1;
	case 'l':
		hw->local = true;
		return -1;
	case 'f':
		hw->device = optarg;
		return -1;
	case 'D':
		report("use --verbose, --debug has been deprecated.");
		return -1;
	case 'v':
		hw->verbose = true;
		return -1;
	case OPTION_ADJFILE:
		hw->adjfile = optarg;
		return -1;
	case OPTION_DATE:
		hw->date = optarg;
		return -1;
	case OPTION_DELAY:
		return set_delay(hw, optarg);
	case OPTION_DIRECTISA:
		hw->directisa = true;
		return -1;
	case OPTION_PARAM_INDEX:
		return set_index(hw, optarg);
	case OPTION_NOADJFILE:
		hw->noadjfile = true;
		return -1;
	case OPTION_TEST:
		hw->test = true;
		hw->verbose = true;
		return -1;
	case OPTION_UPDATE_DRIFT:
		hw->update_drift = true;
		return -1;
	default:
		return take_function(hw, c);
	}
}

static int check_pairs(const struct hwclock *hw)
{
	if (hw->utc && hw->local)
		return exclusive("--localtime --utc");
	if (hw->adjfile && hw->noadjfile)
		return exclusive("--adjfile --noadjfile");
	if (hw->noadjfile && hw->update_drift)
		return exclusive("--noadjfile --update-drift");
	return -1;
}

static int check_needs(const struct hwclock *hw)
{
	if (hw->update_drift && hw->function != HWCLOCK_SET && hw->function != HWCLOCK_SYSTOHC) {
		report("--update-drift requires --set or --systohc");
		return EXIT_FAILURE;
	}
	if (hw->noadjfile && !hw->utc && !hw->local) {
		report("With --noadjfile, you must specify either --utc or --localtime");
		return EXIT_FAILURE;
	}
	return -1;
}

static int check_date(struct hwclock *hw)
{
	int err;

	if (hw->function != HWCLOCK_SET && hw->function != HWCLOCK_PREDICT)
		return -1;
	if (!hw->date) {
		report("--date is required for --set or --predict");
		return EXIT_FAILURE;
	}
	err = date_parse(hw->date, hw->start.real_ns, &hw->date_ns);
	if (!err)
		return -1;
	report_date(err, hw->date);
	return EXIT_FAILURE;
}

static int check(struct hwclock *hw, int extra)
{
	int status;

	status = check_pairs(hw);
	if (status >= 0)
		return status;
	if (extra > 0) {
		report("%d too many arguments given", extra);
		report_try_help(NULL);
		return EXIT_FAILURE;
	}
	status = check_needs(hw);
	return status >= 0 ? status : check_date(hw);
}

int hwclock_main(int argc, char **argv)
{
	struct hwclock hw = {
		.function = HWCLOCK_SHOW,
		.delay_ns = -1,
		.start = clock_moment(),
		.rtc.fd = -1,
	};
	int c, status;

	while ((c = getopt_long(argc, argv, "hvVDalrsuwf:", longopts, NULL)) != -1) {
		status = take(&hw, c);
		if (status >= 0)
			return status;
	}
	status = check(&hw, argc - optind);
	if (status >= 0)
		return status;
	status = hwclock_perform(&hw);
	rtc_close(&hw.rtc);
	return status;
}
