/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all commands of rtcctl understand. */
#ifndef RTCCTL_UI_OPTIONS_H
#define RTCCTL_UI_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "lib/rtc/pending.h"
#include "lib/rtc/rtc.h"
#include "lib/time/adjtime.h"
#include "lib/time/lockfile.h"
#include "ui/command.h"
#include "ui/sheet.h"

/* A date given as several operands. */
#define DATE_OPERAND_SIZE	256

struct options {
	const char *device;	/* NULL: the default one */
	const char *adjfile;	/* NULL: the default one */
	bool noadjfile;
	bool scale_given;
	enum timescale scale;
	struct lockfile lock;
	bool json;
	bool noheadings;
	const char *output;	/* columns; NULL: the usual ones */
	bool test;
	char date[DATE_OPERAND_SIZE];	/* by options_date() */
};

enum {
	OPTION_ADJFILE = 0x100,
	OPTION_NOADJFILE,
	OPTION_JSON,
	OPTION_TEST,
	OPTION_NOHEADINGS,
	OPTION_OUTPUT,
	OPTION_OWN,		/* a command's own long options begin here */
};

#define OPTIONS_HELP_RTC \
	" -f, --rtc FILE      use this clock: rtc1, /dev/rtc1 (default: the best one)\n"
#define OPTIONS_HELP_ADJTIME \
	" -u, --utc           the clock is kept in UTC\n" \
	" -l, --localtime     the clock is kept in local time\n" \
	"     --adjfile FILE  use this adjtime file (default: /etc/adjtime)\n" \
	"     --noadjfile     use no adjtime file; needs -u or -l\n"
#define OPTIONS_HELP_JSON \
	"     --json          write JSON\n"
#define OPTIONS_HELP_HELP \
	" -h, --help          show this help\n"

/* For commands that open no clock, or all. */
#define OPTIONS_SHORT_SCALE	"ulh"
#define OPTIONS_LONG_SCALE \
	{ "utc", no_argument, NULL, 'u' }, \
	{ "localtime", no_argument, NULL, 'l' }, \
	{ "adjfile", required_argument, NULL, OPTION_ADJFILE }, \
	{ "noadjfile", no_argument, NULL, OPTION_NOADJFILE }, \
	{ "help", no_argument, NULL, 'h' }
#define OPTIONS_HELP_SCALE	OPTIONS_HELP_ADJTIME OPTIONS_HELP_HELP
/* For those that open one. */
#define OPTIONS_SHORT	"f:" OPTIONS_SHORT_SCALE
#define OPTIONS_LONG \
	{ "rtc", required_argument, NULL, 'f' }, \
	{ "json", no_argument, NULL, OPTION_JSON }, \
	OPTIONS_LONG_SCALE
#define OPTIONS_HELP \
	OPTIONS_HELP_RTC OPTIONS_HELP_ADJTIME OPTIONS_HELP_JSON OPTIONS_HELP_HELP
/* For commands to which the clock's date is nothing. */
#define OPTIONS_SHORT_DEVICE	"f:h"
#define OPTIONS_LONG_DEVICE \
	{ "rtc", required_argument, NULL, 'f' }, \
	{ "json", no_argument, NULL, OPTION_JSON }, \
	{ "help", no_argument, NULL, 'h' }
#define OPTIONS_HELP_DEVICE	OPTIONS_HELP_RTC OPTIONS_HELP_JSON OPTIONS_HELP_HELP
/* Beside the others, for commands with a table. */
#define OPTIONS_LONG_TABLE \
	{ "noheadings", no_argument, NULL, OPTION_NOHEADINGS }, \
	{ "output", required_argument, NULL, OPTION_OUTPUT }
#define OPTIONS_HELP_TABLE \
	"     --noheadings    no line of headings\n" \
	"     --output LIST   these columns, separated by commas; 'help' tells which\n"
#define OPTIONS_HELP_TEST \
	"     --test          change nothing, say what would be done\n"

/**
 * options_ask() - Ask whether to go on.
 * @question: what it is about; "" where that was shown already
 * @nobody: what to report where nobody can be asked
 * @refused: what to report after a no; or NULL
 *
 * Return: whether the answer was yes.
 */
bool options_ask(const char *question, const char *nobody, const char *refused);

/**
 * options_take() - Handle what getopt_long() returned.
 *
 * Return: -1 to go on, else the exit status.
 */
int options_take(struct options *options, const struct command *command, int c);

/* For options_parse(). */
extern const struct option options_test[];		/* OPTIONS_LONG and --test */
extern const struct option options_device_table[];	/* those of a device and of a table */

/**
 * options_parse() - The whole command line, of a command without options of its own.
 * @options: filled in
 * @command: for help and messages
 * @longopts: OPTIONS_LONG or OPTIONS_LONG_DEVICE and what goes with it
 * @shortopts: the same
 * @operands: how many may follow
 *
 * Return: as options_take().
 */
int options_parse(struct options *options, const struct command *command, int argc, char **argv,
		  const char *shortopts, const struct option *longopts, int operands);

/* Of what the command takes, that which one of its parts has no use for. */
struct options_unused {
	bool given;
	const char *option;
};

/** options_unused() - Ended by a NULL. Return: as options_take(). */
int options_unused(const char *part, const struct options_unused *unused);

/** options_no_table() - options_unused() of OPTIONS_LONG_TABLE, for a part without one. */
int options_no_table(const char *part, const struct options *options);

/**
 * options_keep_dates() - Have "-1d" and its like taken for operands.
 *
 * For getopt_long(), before it. What is returned is never freed; NULL: no memory.
 */
char **options_keep_dates(int *argc, char **argv);

/**
 * options_number() - An option's value from @min to @max, called @what in the message.
 *
 * Return: as options_take().
 */
int options_number(const struct command *command, const char *text, double min, double max,
		   const char *what, double *value);

/** options_join() - The operands as one, with blanks between them. Return: @text. */
const char *options_join(char **operands, int count, char *text, size_t size);

/** options_date() - Keep the operands as the date; none is wrong. Return: as options_take(). */
int options_date(struct options *options, const struct command *command, int argc, char **argv);

/** options_finish() - Check what was given, with @operands allowed. Return: as options_take(). */
int options_finish(const struct options *options, const struct command *command, int argc,
		   int operands);

/** options_adjtime() - Load the adjtime file, settle the timescale; 0 or -errno, reported. */
int options_adjtime(struct options *options, struct adjtime *adjtime);

/**
 * options_adjtime_guess() - Settle the timescale for what changes nothing.
 *
 * What cannot be read of the file is reported, and the scale then UTC.
 */
void options_adjtime_guess(struct options *options);

/**
 * options_lock() - Keep others from the clock and the adjtime file, but for a test.
 *
 * To be called before the file is loaded, and before anything is changed.
 *
 * Return: 0 or -errno, reported.
 */
int options_lock(struct options *options);

/** options_unlock() - Let others have them. */
void options_unlock(struct options *options);

/** options_adjtime_check() - See that the file can be saved. Return: 0 or -errno, reported. */
int options_adjtime_check(const struct options *options);

/** options_adjtime_pending() - pending_note() of what the file shall hold; nothing without one. */
void options_adjtime_pending(const struct options *options, struct adjtime *adjtime,
			     struct pending *pending);

/** options_adjtime_save() - Save it with the timescale in use. Return: 0 or -errno, reported. */
int options_adjtime_save(const struct options *options, struct adjtime *adjtime);

/** options_print() - Print a sheet as wanted, and free it. Return: the exit status. */
int options_print(const struct options *options, struct sheet *sheet);

#endif
