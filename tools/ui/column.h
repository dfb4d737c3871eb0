/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A column of a listing. */
#ifndef RTCCTL_UI_COLUMN_H
#define RTCCTL_UI_COLUMN_H

#include <stdbool.h>

enum table_type {
	TABLE_STRING,
	TABLE_NUMBER,
	TABLE_BOOLEAN,
};

struct table_column {
	const char *name;	/* heading, in capitals */
	const char *help;
	const char *key;	/* in JSON; NULL: the name in small letters */
	enum table_type type;
	bool right;		/* aligned to the right */
	bool lines;		/* newlines in a cell begin a new line */
	bool folds;		/* what a terminal has no room for goes on below */
	bool hidden;		/* shown only where --output or --json asks for it, ... */
	int from_width;		/* ... or on a terminal that has fewer columns than this */
};

#endif
