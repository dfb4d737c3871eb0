// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <json-c/json.h>

#include "ui/json.h"
#include "ui/number.h"
#include "ui/report.h"
#include "ui/smartcols.h"
#include "ui/table.h"
#include "ui/terminal.h"

#define COLUMNS_MAX	32

struct table {
	const struct smartcols *lib;
	struct libscols_table *scols;
	struct libscols_line *line;
	const struct table_column *columns;
	const char *command;
	/* by index of the column; NULL: not shown */
	struct libscols_column *shown[COLUMNS_MAX];
	bool json;
	int err;
};

static void fail(struct table *table, int err)
{
	if (err && !table->err)
		table->err = err;
}

static bool colours_wanted(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb");
}

static void key_of(const struct table_column *column, char *key, size_t size)
{
	size_t i;

	snprintf(key, size, "%s", column->key ? column->key : column->name);
	for (i = 0; key[i]; i++)
		key[i] = tolower((unsigned char)key[i]);
}

static bool named(const struct table_column *column, const char *name)
{
	return !strcasecmp(column->name, name) ||
	       (column->key && !strcasecmp(column->key, name));
}

static void break_at_newlines(struct table *table, struct libscols_column *column)
{
	fail(table, table->lib->column_set_wrapfunc(column, table->lib->wrapnl_chunksize,
					      table->lib->wrapnl_nextchunk, NULL));
	fail(table, table->lib->column_set_safechars(column, "\n"));
}

static void show_column(struct table *table, int index)
{
	/* What is bare there; libsmartcols's own boolean would be false where it is empty. */
	static const int json_types[] = {
		[TABLE_STRING] = SCOLS_JSON_STRING,
		[TABLE_NUMBER] = SCOLS_JSON_NUMBER,
		[TABLE_BOOLEAN] = SCOLS_JSON_NUMBER,
	};
	const struct table_column *column = &table->columns[index];
	struct libscols_column *shown;
	char key[64];

	if (table->shown[index])
		return;
	key_of(column, key, sizeof(key));
	shown = table->lib->table_new_column(table->scols, table->json ? key : column->name, 0,
				       (column->right ? SCOLS_FL_RIGHT : 0) |
				       ((column->lines || column->folds) && !table->json ?
					SCOLS_FL_WRAP : 0));
	if (!shown) {
		fail(table, -ENOMEM);
		return;
	}
	if (column->lines && !table->json)
		break_at_newlines(table, shown);
	fail(table, table->lib->column_set_json_type(shown, json_types[column->type]));
	table->shown[index] = shown;
}

static int show_named(struct table *table, const char *name)
{
	for (int i = 0; table->columns[i].name; i++) {
		if (named(&table->columns[i], name)) {
			show_column(table, i);
			return 0;
		}
	}
	return -EINVAL;
}

static void report_unknown(const struct table_column *columns, const char *name)
{
	char list[512];
	int len = 0;

	for (; columns->name; columns++)
		len += snprintf(list + len, sizeof(list) - len, "%s%s", len ? ", " : "",
				columns->name);
	report("unknown column '%s': known are %s", name, list);
}

static int show_listed(struct table *table, const char *names)
{
	char *copy = strdup(names);
	char *rest = copy, *name;
	int err = copy ? 0 : -ENOMEM;

	while (!err && (name = strsep(&rest, ","))) {
		err = show_named(table, name);
		if (err)
			report_unknown(table->columns, name);
	}
	free(copy);
	return err;
}

static bool shown_by_itself(const struct table_column *column, int width)
{
	return !column->hidden && (!width || width >= column->from_width);
}

static int show_columns(struct table *table, const struct options *options)
{
	int width = terminal_width();

	if (options->output)
		return show_listed(table, options->output);
	for (int i = 0; table->columns[i].name; i++)
		if (options->json || shown_by_itself(&table->columns[i], width))
			show_column(table, i);
	return 0;
}

static void table_free(struct table *table)
{
	if (table->scols)
		table->lib->unref_table(table->scols);
	free(table);
}

struct table *table_new(const char *command, const char *list,
			const struct table_column *columns, const struct options *options)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->columns = columns;
	table->command = command;
	table->json = options->json;
	table->lib = smartcols_load();
	if (!table->lib) {
		table_free(table);
		return NULL;
	}
	/* For the width of what is not ASCII. */
	if (!setlocale(LC_CTYPE, ""))
		number_plain();
	table->scols = table->lib->new_table();
	if (!table->scols || table->lib->table_set_name(table->scols, list)) {
		report("cannot make a table: out of memory");
		table_free(table);
		return NULL;
	}
	table->lib->table_enable_json(table->scols, options->json);
	table->lib->table_enable_noheadings(table->scols, options->noheadings);
	table->lib->table_enable_colors(table->scols, colours_wanted());
	if (show_columns(table, options)) {
		table_free(table);
		return NULL;
	}
	return table;
}

void table_row(struct table *table)
{
	table->line = table->lib->table_new_line(table->scols, NULL);
	if (!table->line)
		fail(table, -ENOMEM);
}

static struct libscols_cell *cell_of(const struct table *table, int column)
{
	if (!table->line || !table->shown[column])
		return NULL;
	return table->lib->line_get_column_cell(table->line, table->shown[column]);
}

static void fill(struct table *table, int column, const char *value, const char *text)
{
	struct libscols_cell *cell = cell_of(table, column);

	if (cell)
		fail(table, table->lib->cell_set_data(cell, table->json || !text ? value : text));
}

void table_text(struct table *table, int column, const char *value)
{
	fill(table, column, value, NULL);
}

void table_number(struct table *table, int column, int64_t value, const char *text)
{
	char number[32];

	snprintf(number, sizeof(number), "%" PRId64, value);
	fill(table, column, number, text);
}

void table_real(struct table *table, int column, double value, const char *text)
{
	char number[64];

	snprintf(number, sizeof(number), "%.17g", value);
	fill(table, column, number, text);
}

void table_bool(struct table *table, int column, bool value, const char *text)
{
	static const char *const words[][2] = { { "no", "yes" }, { "false", "true" } };

	fill(table, column, words[table->json][value], text);
}

void table_colour(struct table *table, int column, enum table_colour colour)
{
	static const char *const names[] = {
		[TABLE_GOOD] = "green",
		[TABLE_WARNING] = "yellow",
		[TABLE_BAD] = "red",
		[TABLE_DIM] = "darkgray",
	};
	struct libscols_cell *cell = cell_of(table, column);

	if (cell)
		fail(table, table->lib->cell_set_color(cell, names[colour]));
}

int table_drop(struct table *table)
{
	table_free(table);
	return EXIT_FAILURE;
}

struct json_object *table_json(struct table *table)
{
	struct json_object *object = NULL;
	char *text = NULL;
	int err = table->err;

	if (!err)
		err = table->lib->print_table_to_string(table->scols, &text);
	if (!err)
		object = json_tokener_parse(text);
	if (!object)
		report_error(err ? err : -ENOMEM, "cannot make the answer");
	free(text);
	table_free(table);
	return object;
}

int table_print_json(const char *command, struct json_object *value)
{
	char *text;

	if (json_text(command, value, false, &text))
		return EXIT_FAILURE;
	fputs(text, stdout);
	free(text);
	return EXIT_SUCCESS;
}

static int print_text(struct table *table)
{
	int err;

	if (!table->err)
		fail(table, table->lib->print_table(table->scols));
	err = table->err;
	if (err)
		report_error(err, "cannot write the table");
	table_free(table);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int table_print(struct table *table)
{
	const char *command = table->command;

	return table->json ? table_print_json(command, table_json(table)) : print_text(table);
}
