/* SPDX-License-Identifier: GPL-2.0 */
/* A table in Markdown, its columns aligned: to be read as it is, too. */
#ifndef GRID_H
#define GRID_H

#include <stdio.h>

#define GRID_COLUMNS	10
#define GRID_ROWS	40
#define GRID_CELL	64

struct grid {
	size_t columns, rows;
	char cells[GRID_ROWS][GRID_COLUMNS][GRID_CELL];
};

/* Starts a new row; its first cell is @label, the others are empty. */
void grid_row(struct grid *grid, const char *label);
/* The next free cell of the last row. */
void grid_cell(struct grid *grid, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The first row is the head. */
void grid_print(const struct grid *grid, FILE *file);

#endif
