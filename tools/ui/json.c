// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <json-c/json.h>

#include "ui/json.h"

int json_text(const char *command, struct json_object *value, bool line, char **text)
{
	int style = JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE |
		    (line ? 0 : JSON_C_TO_STRING_PRETTY);
	struct json_object *top = json_object_new_object();
	int ret = -1;

	if (!top || !value || json_object_object_add(top, command, value))
		json_object_put(value);
	else
		ret = asprintf(text, "%s\n", json_object_to_json_string_ext(top, style));
	json_object_put(top);
	return ret < 0 ? -ENOMEM : 0;
}
