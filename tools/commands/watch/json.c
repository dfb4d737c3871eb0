// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <json-c/json.h>

#include "commands/watch/watch.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/time/date.h"
#include "ui/json.h"

static struct json_object *text(const char *value)
{
	return value ? json_object_new_string(value) : NULL;
}

static struct json_object *number(bool known, int64_t value)
{
	return known ? json_object_new_int64(value) : NULL;
}

static struct json_object *real(bool known, double value)
{
	return known ? json_object_new_double(value) : NULL;
}

/* Of a driver that knows its phase. */
static struct json_object *attribute(const char *clock, const char *name)
{
	struct root_path path;
	int64_t value;
	int err;

	err = attribute_read_s64(&value, root_path(&path, "/sys/class/rtc/%s/phase/%s", clock,
						   name));
	return number(!err, value);
}

struct json_object *watch_object(const struct watch_clock *clock)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "clock", text(clock->name));
	json_object_object_add(object, "current", json_object_new_boolean(clock->is_source));
	json_object_object_add(object, "offset_ns", number(clock->dated, clock->offset_ns));
	json_object_object_add(object, "bound_ns", number(clock->dated, clock->bound_ns));
	json_object_object_add(object, "method", text(clock->method));
	json_object_object_add(object, "state", text(clock->state));
	json_object_object_add(object, "edge_age_ns",
			       number(clock->edge_age_ns >= 0, clock->edge_age_ns));
	json_object_object_add(object, "freq_ppb", attribute(clock->name, "freq_ppb"));
	json_object_object_add(object, "steps", attribute(clock->name, "steps"));
	json_object_object_add(object, "rate_ppm", real(clock->rated, clock->rate_ppm));
	json_object_object_add(object, "rate_error_ppm",
			       real(clock->rated, clock->rate_error_ppm));
	json_object_object_add(object, "hidden", text(clock->hidden));
	return object;
}

void watch_print_json(int64_t system_ns, struct json_object *clocks, struct json_object *steal)
{
	struct json_object *watch = json_object_new_object();
	char date[DATE_TEXT_SIZE], *line;

	json_object_object_add(watch, "system",
			       text(date_format(system_ns, date, sizeof(date)) ? NULL : date));
	json_object_object_add(watch, "system_ns", json_object_new_int64(system_ns));
	json_object_object_add(watch, "clocks", clocks);
	json_object_object_add(watch, "steal_percent", steal);
	if (json_text("watch", watch, true, &line))
		return;
	fputs(line, stdout);
	free(line);
}
