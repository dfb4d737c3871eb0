/* SPDX-License-Identifier: GPL-2.0 */
/* What all commands of rtcctl understand. */
#ifndef RTCCTL_OPTIONS_H
#define RTCCTL_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "command.h"
#include "lib/adjtime.h"
#include "lib/lockfile.h"
#include "lib/rtc.h"
#include "lib/sheet.h"

struct options {
	const char *device;	/* NULL: the default one */
	const char *adjfile;	/* NULL: the default one */
	bool noadjfile;
	bool scale_given;
	enum timescale scale;
	struct lockfile lock;	/* of the adjtime file */
	bool json;
	bool noheadings;
	const char *output;	/* columns; NULL: the usual ones */
	bool test;
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

#define OPTIONS_SHORT	"f:ulh"
#define OPTIONS_LONG \
	{ "rtc", required_argument, NULL, 'f' }, \
	{ "utc", no_argument, NULL, 'u' }, \
	{ "localtime", no_argument, NULL, 'l' }, \
	{ "adjfile", required_argument, NULL, OPTION_ADJFILE }, \
	{ "noadjfile", no_argument, NULL, OPTION_NOADJFILE }, \
	{ "json", no_argument, NULL, OPTION_JSON }, \
	{ "help", no_argument, NULL, 'h' }

#define OPTIONS_HELP \
	" -f, --rtc FILE      use this clock: rtc1, /dev/rtc1 (default: the best one)\n" \
	" -u, --utc           the clock is kept in UTC\n" \
	" -l, --localtime     the clock is kept in local time\n" \
	"     --adjfile FILE  use this adjtime file (default: /etc/adjtime)\n" \
	"     --noadjfile     use no adjtime file; needs -u or -l\n" \
	"     --json          write JSON\n" \
	" -h, --help          show this help\n"
/* For commands to which the clock's date is nothing. */
#define OPTIONS_SHORT_DEVICE	"f:h"
#define OPTIONS_LONG_DEVICE \
	{ "rtc", required_argument, NULL, 'f' }, \
	{ "json", no_argument, NULL, OPTION_JSON }, \
	{ "help", no_argument, NULL, 'h' }
#define OPTIONS_HELP_DEVICE \
	" -f, --rtc FILE      use this clock: rtc1, /dev/rtc1 (default: the best one)\n" \
	"     --json          write JSON\n" \
	" -h, --help          show this help\n"
/* Beside the others, for commands with a table. */
#define OPTIONS_LONG_TABLE \
	{ "noheadings", no_argument, NULL, OPTION_NOHEADINGS }, \
	{ "output", required_argument, NULL, OPTION_OUTPUT }
#define OPTIONS_HELP_TABLE \
	"     --noheadings    no line of headings\n" \
	"     --output LIST   these columns, separated by commas\n"
#define OPTIONS_HELP_TEST \
	"     --test          change nothing, say what would be done\n"

/**
 * options_take() - Handle what getopt_long() returned.
 *
 * Return: -1 to go on, else the exit status.
 */
int options_take(struct options *options, const struct command *command, int c);

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

/** options_finish() - Check what was given, with @operands allowed. Return: as options_take(). */
int options_finish(const struct options *options, const struct command *command, int argc,
		   int operands);

/** options_adjtime() - Load the adjtime file, settle the timescale; 0 or -errno, reported. */
int options_adjtime(struct options *options, struct adjtime *adjtime);

/**
 * options_adjtime_lock() - See that the file can be saved, and keep others from it.
 *
 * To be called before it is loaded, and before anything is changed.
 *
 * Return: 0 or -errno, reported.
 */
int options_adjtime_lock(struct options *options);

/** options_adjtime_unlock() - Let others save it. */
void options_adjtime_unlock(struct options *options);

/** options_adjtime_save() - Save it with the timescale in use. Return: 0 or -errno, reported. */
int options_adjtime_save(const struct options *options, struct adjtime *adjtime);

/** options_print() - Print a sheet as wanted, and free it. Return: the exit status. */
int options_print(const struct options *options, struct sheet *sheet);

#endif
