/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --json prints: one object, whose only key is the command's name. */
#ifndef RTCCTL_UI_JSON_H
#define RTCCTL_UI_JSON_H

#include <stdbool.h>

struct json_object;

/**
 * json_text() - A command's answer as JSON with a newline.
 * @command: its name
 * @value: the answer; it is put
 * @line: all on one line
 * @text: the caller frees it
 *
 * Return: 0 or -ENOMEM.
 */
int json_text(const char *command, struct json_object *value, bool line, char **text);

#endif
