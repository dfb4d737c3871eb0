/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the command drift. */
#ifndef RTCCTL_COMMANDS_DRIFT_DRIFT_H
#define RTCCTL_COMMANDS_DRIFT_DRIFT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/drift/drift.h"
#include "ui/options.h"

struct drift_request {
	struct options options;
	const char *file;	/* NULL: the default one */
	/* record */
	double interval_s;	/* 0: one sample */
	unsigned long count;	/* 0: without end */
	size_t max_size;	/* 0: the usual one */
	int keep;		/* below 0: the usual number */
	/* show, plot */
	const char *clock;	/* NULL: that of the latest sample */
	int64_t since_ns;
	bool write;
	bool allan;
	const char *output;	/* NULL: the terminal */
};

/* Each returns the exit status. */
int drift_record(struct drift_request *request);
int drift_show(struct drift_request *request);
int drift_plot(struct drift_request *request);

/** drift_path() - The file in use. */
const char *drift_path(const struct drift_request *request, struct root_path *path);

/** drift_load() - Load and analyse. Return: 0, or the exit status, reported. */
int drift_load(const struct drift_request *request, struct drift *drift);

struct unit {
	const char *name;
	double size;
};

/** drift_unit() - Of @units, the last of which is 1, the largest of which @value has two. */
const struct unit *drift_unit(const struct unit *units, double value);

#endif
