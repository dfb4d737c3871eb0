// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>

#include "ui/json.h"
#include "ui/sheet.h"

#define SEPARATOR	"  "
/* Values get so many columns, or as many as they are. */
#define NARROWEST	20

struct line {
	char *label;
	char *text;
};

struct sheet {
	char *name;
	struct json_object *object;
	struct line *lines;
	size_t count;
	bool failed;
	bool on_heap;
};

struct sheet *sheet_new(const char *name, const char *const *keys)
{
	static struct sheet without_memory = { .failed = true };
	struct sheet *sheet = calloc(1, sizeof(*sheet));

	if (!sheet)
		return &without_memory;
	sheet->on_heap = true;
	sheet->name = strdup(name);
	sheet->object = json_object_new_object();
	sheet->failed = !sheet->name || !sheet->object;
	for (; keys && *keys; keys++)
		sheet_null(sheet, *keys);
	return sheet;
}

void sheet_free(struct sheet *sheet)
{
	json_object_put(sheet->object);
	for (size_t i = 0; i < sheet->count; i++) {
		free(sheet->lines[i].label);
		free(sheet->lines[i].text);
	}
	free(sheet->lines);
	free(sheet->name);
	if (sheet->on_heap)
		free(sheet);
}

/* The object that @key lives in, made where it is not there yet; @key is moved to its last part. */
static struct json_object *parent_of(struct sheet *sheet, const char **key)
{
	const char *dot = strchr(*key, '.');
	struct json_object *group = NULL;
	char name[64];

	if (!dot)
		return sheet->object;
	snprintf(name, sizeof(name), "%.*s", (int)(dot - *key), *key);
	*key = dot + 1;
	json_object_object_get_ex(sheet->object, name, &group);
	if (!group) {
		group = json_object_new_object();
		json_object_object_add(sheet->object, name, group);
	}
	return group;
}

static void add_value(struct sheet *sheet, const char *key, struct json_object *value)
{
	struct json_object *parent;

	if (!key || sheet->failed) {
		json_object_put(value);
		return;
	}
	parent = parent_of(sheet, &key);
	if (json_object_object_add(parent, key, value))
		sheet->failed = true;
}

static void add_line(struct sheet *sheet, const char *label, const char *text)
{
	struct line *lines;

	if (!label || sheet->failed)
		return;
	lines = reallocarray(sheet->lines, sheet->count + 1, sizeof(*lines));
	if (!lines) {
		sheet->failed = true;
		return;
	}
	sheet->lines = lines;
	lines[sheet->count] = (struct line){ strdup(label), strdup(text) };
	if (!lines[sheet->count].label || !lines[sheet->count].text)
		sheet->failed = true;
	sheet->count++;
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

void sheet_real(struct sheet *sheet, const char *key, double value)
{
	add_value(sheet, key, json_object_new_double(value));
}

void sheet_null(struct sheet *sheet, const char *key)
{
	add_value(sheet, key, NULL);
}

void sheet_array(struct sheet *sheet, const char *key, struct json_object *value)
{
	add_value(sheet, key, value);
}

/* Labels are ASCII: their bytes are their columns. */
static int widest_label(const struct sheet *sheet)
{
	size_t width = 0;

	for (size_t i = 0; i < sheet->count; i++)
		if (strlen(sheet->lines[i].label) > width)
			width = strlen(sheet->lines[i].label);
	return width;
}

/* As many words as fit. Return: how many bytes they are. */
static int fitting(const char *text, int width)
{
	int bytes = 0, columns = 0, fit = 0;

	for (; text[bytes] && columns <= width; bytes++) {
		if (text[bytes] == ' ')
			fit = bytes;
		/* What goes on a character takes no column. */
		columns += (text[bytes] & 0xc0) != 0x80;
	}
	if (!text[bytes] && columns <= width)
		return bytes;
	/* A word that is longer than a line stays whole. */
	return fit ? fit : (int)strcspn(text, " ");
}

/* The value, below itself where a line has no room for it. */
static void print_value(FILE *file, const char *text, int indent, int width)
{
	int room = width > indent + NARROWEST ? width - indent : 0, len;

	while (room && *text) {
		len = fitting(text, room);
		fprintf(file, "%.*s\n", len, text);
		text += len;
		text += strspn(text, " ");
		if (!*text)
			return;
		fprintf(file, "%*s", indent, "");
	}
	fprintf(file, "%s\n", text);
}

int sheet_text(struct sheet *sheet, int columns, char **text)
{
	int width = widest_label(sheet);
	size_t size;
	FILE *file;

	if (sheet->failed)
		return -ENOMEM;
	file = open_memstream(text, &size);
	if (!file)
		return -errno;
	for (size_t i = 0; i < sheet->count; i++) {
		fprintf(file, "%-*s" SEPARATOR, width, sheet->lines[i].label);
		print_value(file, sheet->lines[i].text, width + strlen(SEPARATOR), columns);
	}
	return fclose(file) ? -ENOMEM : 0;
}

int sheet_json(struct sheet *sheet, char **text)
{
	if (sheet->failed)
		return -ENOMEM;
	return json_text(sheet->name, json_object_get(sheet->object), false, text);
}
