// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <string.h>

#include "grid.h"

void grid_row(struct grid *grid, const char *label)
{
	if (grid->rows == GRID_ROWS)
		return;
	grid->rows++;
	grid_cell(grid, "%s", label);
}

void grid_cell(struct grid *grid, const char *fmt, ...)
{
	char (*row)[GRID_CELL] = grid->cells[grid->rows - 1];
	size_t column = 0;
	va_list args;

	while (column < GRID_COLUMNS && row[column][0])
		column++;
	if (column == GRID_COLUMNS)
		return;
	va_start(args, fmt);
	vsnprintf(row[column], GRID_CELL, fmt, args);
	va_end(args);
	if (column + 1 > grid->columns)
		grid->columns = column + 1;
}

static int width_of(const struct grid *grid, size_t column)
{
	size_t width = 3;

	for (size_t row = 0; row < grid->rows; row++)
		if (strlen(grid->cells[row][column]) > width)
			width = strlen(grid->cells[row][column]);
	return width;
}

static void print_rule(const struct grid *grid, FILE *file)
{
	for (size_t column = 0; column < grid->columns; column++) {
		fprintf(file, "|-");
		for (int i = width_of(grid, column); i > 0; i--)
			fputc('-', file);
		fprintf(file, column ? ":" : "-");
	}
	fprintf(file, "|\n");
}

void grid_print(const struct grid *grid, FILE *file)
{
	for (size_t row = 0; row < grid->rows; row++) {
		for (size_t column = 0; column < grid->columns; column++)
			fprintf(file, column ? "| %*s " : "| %-*s ", width_of(grid, column),
				grid->cells[row][column]);
		fprintf(file, "|\n");
		if (!row)
			print_rule(grid, file);
	}
}
