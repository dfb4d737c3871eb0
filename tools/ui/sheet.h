/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts about one thing: for people as labelled lines, for programs as JSON.
 * A fact's key may be "group.key": a nested object in JSON. A fact without
 * label is for programs only, one without key for people only.
 */
#ifndef RTCCTL_UI_SHEET_H
#define RTCCTL_UI_SHEET_H

#include <stdbool.h>
#include <stdint.h>

struct sheet;
struct json_object;

/**
 * sheet_new() - An empty sheet.
 * @name: the top key in JSON
 * @keys: all keys that it may have, in the order of JSON, ended by NULL: what is not known
 *	is null there, and not missing; NULL: those that are given
 */
struct sheet *sheet_new(const char *name, const char *const *keys);
void sheet_free(struct sheet *sheet);

/*
 * Each takes the key and the label, either may be NULL. Out of memory shows
 * in sheet_text() and sheet_json().
 */
void sheet_string(struct sheet *sheet, const char *key, const char *label, const char *value);
void sheet_bool(struct sheet *sheet, const char *key, const char *label, bool value);
void sheet_int(struct sheet *sheet, const char *key, const char *label, int64_t value);
/** sheet_real() - For programs only: people get it with its error, in a string. */
void sheet_real(struct sheet *sheet, const char *key, double value);
void sheet_null(struct sheet *sheet, const char *key);
/** sheet_array() - @value becomes the sheet's. */
void sheet_array(struct sheet *sheet, const char *key, struct json_object *value);

/**
 * sheet_text() - Labelled lines.
 * @columns: values go on below themselves where a line is longer; 0: never
 * @text: filled in; the caller frees
 *
 * Return: 0 or -errno.
 */
int sheet_text(struct sheet *sheet, int columns, char **text);
/** sheet_json() - The same as JSON with a newline; the caller frees. */
int sheet_json(struct sheet *sheet, char **text);

#endif
