/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the command watch. */
#ifndef RTCCTL_COMMANDS_WATCH_WATCH_H
#define RTCCTL_COMMANDS_WATCH_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/options.h"

/* What is shown each second. */
struct watch_view {
	/* @in_place: over what it showed before. Returns 0 or -errno, reported. */
	int (*show)(void *data, const struct options *options, bool in_place);
	void *data;
};

/* What is known of one clock. */
struct watch_clock {
	const char *name;
	bool is_source;		/* the kernel's clocksource */
	bool dated;		/* and then: */
	int64_t offset_ns, bound_ns;
	const char *method, *state;	/* NULL: none */
	int64_t edge_age_ns;	/* negative: not known */
	bool rated;		/* and then: */
	double rate_ppm, rate_error_ppm;
	const char *hidden;	/* why it cannot be read; or NULL */
};

struct json_object;

/** watch_object() - What JSON has of it, with what the driver tells of its rate and steps. */
struct json_object *watch_object(const struct watch_clock *clock);

/**
 * watch_print_json() - One line.
 * @system_ns: the system's time
 * @clocks: an array of what watch_object() returned; is put
 * @steal: in percent; NULL: not known; is put
 */
void watch_print_json(int64_t system_ns, struct json_object *clocks, struct json_object *steal);

/** watch_begin_all() - All clocks of the machine. Return: 0 or -errno, reported. */
int watch_begin_all(struct watch_view *view);

#endif
