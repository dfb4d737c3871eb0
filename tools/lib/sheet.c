// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>
#include <libsmartcols/libsmartcols.h>

#include "sheet.h"

enum {
	COLUMN_LABEL,
	COLUMN_VALUE,
};

struct sheet {
	char *name;
	struct json_object *object;
	struct libscols_table *table;
	bool failed;
};

struct sheet *sheet_new(const char *name)
{
	struct sheet *sheet = calloc(1, sizeof(*sheet));

	if (!sheet)
		return NULL;
	sheet->name = strdup(name);
	sheet->object = json_object_new_object();
	sheet->table = scols_new_table();
	if (!sheet->name || !sheet->object || !sheet->table ||
	    !scols_table_new_column(sheet->table, "LABEL", 0, 0) ||
	    !scols_table_new_column(sheet->table, "VALUE", 0, SCOLS_FL_NOEXTREMES)) {
		sheet_free(sheet);
		return NULL;
	}
	scols_table_enable_noheadings(sheet->table, 1);
	scols_table_set_column_separator(sheet->table, "  ");
	return sheet;
}

void sheet_free(struct sheet *sheet)
{
	json_object_put(sheet->object);
	scols_unref_table(sheet->table);
	free(sheet->name);
	free(sheet);
}

/* The object that @key lives in, made where it is not there yet; @key is moved to its last part. */
static struct json_object *parent_of(struct sheet *sheet, const char **key)
{
	const char *dot = strchr(*key, '.');
	struct json_object *group;
	char name[64];

	if (!dot)
		return sheet->object;
	snprintf(name, sizeof(name), "%.*s", (int)(dot - *key), *key);
	*key = dot + 1;
	if (!json_object_object_get_ex(sheet->object, name, &group)) {
		group = json_object_new_object();
		json_object_object_add(sheet->object, name, group);
	}
	return group;
}

static void add_value(struct sheet *sheet, const char *key, struct json_object *value)
{
	struct json_object *parent;

	if (!key) {
		json_object_put(value);
		return;
	}
	parent = parent_of(sheet, &key);
	if (json_object_object_add(parent, key, value))
		sheet->failed = true;
}

static void add_line(struct sheet *sheet, const char *label, const char *text)
{
	struct libscols_line *line;

	if (!label)
		return;
	line = scols_table_new_line(sheet->table, NULL);
	if (!line || scols_line_set_data(line, COLUMN_LABEL, label) ||
	    scols_line_set_data(line, COLUMN_VALUE, text))
		sheet->failed = true;
}

void sheet_string(struct sheet *sheet, const char *key, const char *label, const char *value)
{
	add_value(sheet, key, json_object_new_string(value));
	add_line(sheet, label, value);
}

void sheet_bool(struct sheet *sheet, const char *key, const char *label, bool value)
{
	add_value(sheet, key, json_object_new_boolean(value));
	add_line(sheet, label, value ? "yes" : "no");
}

void sheet_int(struct sheet *sheet, const char *key, const char *label, int64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	add_value(sheet, key, json_object_new_int64(value));
	add_line(sheet, label, text);
}

void sheet_null(struct sheet *sheet, const char *key)
{
	add_value(sheet, key, NULL);
}

void sheet_array(struct sheet *sheet, const char *key, struct json_object *value)
{
	add_value(sheet, key, value);
}

int sheet_text(struct sheet *sheet, char **text)
{
	if (sheet->failed)
		return -ENOMEM;
	return scols_print_table_to_string(sheet->table, text);
}

int sheet_json(struct sheet *sheet, char **text)
{
	const int style = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
			  JSON_C_TO_STRING_NOSLASHESCAPE;
	struct json_object *top = json_object_new_object();
	int ret = -1;

	if (top && !sheet->failed &&
	    !json_object_object_add(top, sheet->name, json_object_get(sheet->object)))
		ret = asprintf(text, "%s\n", json_object_to_json_string_ext(top, style));
	json_object_put(top);
	return ret < 0 ? -ENOMEM : 0;
}
