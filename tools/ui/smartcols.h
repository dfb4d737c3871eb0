/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libsmartcols, loaded where a table is made: half of the commands print none, and to load
 * it costs them more than all else that they do before main().
 */
#ifndef RTCCTL_UI_SMARTCOLS_H
#define RTCCTL_UI_SMARTCOLS_H

#include <libsmartcols/libsmartcols.h>

#define SMARTCOLS_FUNCTIONS(X) \
	X(cell_set_color) X(cell_set_data) X(column_set_json_type) X(column_set_safechars) \
	X(column_set_wrapfunc) X(line_get_column_cell) X(new_table) X(print_table) \
	X(print_table_to_string) X(table_enable_colors) X(table_enable_json) \
	X(table_enable_noheadings) X(table_new_column) X(table_new_line) X(table_set_name) \
	X(unref_table) X(wrapnl_chunksize) X(wrapnl_nextchunk)

struct smartcols {
#define SMARTCOLS_MEMBER(name) __typeof__(scols_##name) *name;
	SMARTCOLS_FUNCTIONS(SMARTCOLS_MEMBER)
#undef SMARTCOLS_MEMBER
};

/** smartcols_load() - Return: the library; NULL where there is none, which was reported. */
const struct smartcols *smartcols_load(void);

#endif
