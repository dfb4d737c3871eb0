/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listings, by libsmartcols.
 *
 *	static const struct table_column columns[] = {
 *		[CLOCK] = { "CLOCK", "device node" },
 *		[OFFSET] = { "OFFSET", "clock minus system", .key = "offset_ns",
 *			     .type = TABLE_NUMBER, .right = true },
 *		{}
 *	};
 *
 *	table = table_new("clocks", "clocks", columns, &options);	reports what fails
 *	table_row(table);
 *	table_text(table, CLOCK, "rtc0");
 *	table_number(table, OFFSET, -1234567, "-1.235 ms");	what JSON and people get
 *	return table_print(table);				frees
 *
 * struct command's .columns = columns puts them into --help; its getopt_long()
 * takes OPTIONS_LONG_TABLE, and its help OPTIONS_HELP_TABLE.
 */
#ifndef RTCCTL_UI_TABLE_H
#define RTCCTL_UI_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/column.h"
#include "ui/options.h"

enum table_colour {
	TABLE_PLAIN,
	TABLE_GOOD,
	TABLE_WARNING,
	TABLE_BAD,
	TABLE_DIM,
};

struct table;
struct json_object;

/**
 * table_new() - An empty table.
 * @command: top key in JSON
 * @list: the key of the rows in there
 * @columns: all there are, ended by an empty one; they are shown in this order
 * @options: --json, --noheadings, --output
 *
 * Return: NULL where --output names an unknown column or there is no memory,
 * which has been reported.
 */
struct table *table_new(const char *command, const char *list,
			const struct table_column *columns, const struct options *options);

/** table_row() - Begin a row; its cells are empty, null in JSON. */
void table_row(struct table *table);

/*
 * Fill a cell of the row. @column: index into the columns. @text: what people
 * get in place of the value; NULL: the value itself.
 */
void table_text(struct table *table, int column, const char *value);
void table_number(struct table *table, int column, int64_t value, const char *text);
void table_real(struct table *table, int column, double value, const char *text);
void table_bool(struct table *table, int column, bool value, const char *text);

/** table_colour() - Of a cell; seen on a terminal only, and not with NO_COLOR. */
void table_colour(struct table *table, int column, enum table_colour colour);

/** table_drop() - Free it unprinted. Return: EXIT_FAILURE. */
int table_drop(struct table *table);

/**
 * table_json() - What --json prints below the top key, and free the table.
 *
 * Return: the caller's, to add to and for table_print_json(); NULL where there is no memory, which has been
 * reported.
 */
struct json_object *table_json(struct table *table);

/** table_print_json() - Print what table_json() returned, and put it. Return: the exit status. */
int table_print_json(const char *command, struct json_object *value);

/** table_print() - Print it, and free it. Return: the exit status. */
int table_print(struct table *table);

#endif
