// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/openmetrics.h"

struct openmetrics {
	FILE *stream;
	char *text;
	size_t size;
	/* The family; its head is written before its first sample. */
	const char *name, *type, *unit, *help;
	bool begun;
};

struct openmetrics *openmetrics_new(void)
{
	struct openmetrics *om = calloc(1, sizeof(*om));

	if (!om)
		return NULL;
	om->stream = open_memstream(&om->text, &om->size);
	if (!om->stream) {
		free(om);
		return NULL;
	}
	return om;
}

void openmetrics_family(struct openmetrics *om, const char *name, const char *type,
			const char *unit, const char *help)
{
	om->name = name;
	om->type = type;
	om->unit = unit;
	om->help = help;
	om->begun = false;
}

static void write_head(struct openmetrics *om)
{
	fprintf(om->stream, "# TYPE %s %s\n", om->name, om->type);
	if (om->unit)
		fprintf(om->stream, "# UNIT %s %s\n", om->name, om->unit);
	fprintf(om->stream, "# HELP %s %s\n", om->name, om->help);
	om->begun = true;
}

static void write_escaped(FILE *stream, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			fputs("\\n", stream);
		else if (*text == '"' || *text == '\\')
			fprintf(stream, "\\%c", *text);
		else
			fputc(*text, stream);
	}
}

static void write_labels(FILE *stream, va_list labels)
{
	const char *name, *mark = "{";

	while ((name = va_arg(labels, const char *))) {
		fprintf(stream, "%s%s=\"", mark, name);
		write_escaped(stream, va_arg(labels, const char *));
		fputc('"', stream);
		mark = ",";
	}
	if (*mark == ',')
		fputc('}', stream);
}

void openmetrics_sample(struct openmetrics *om, double value, ...)
{
	va_list labels;

	if (!om->begun)
		write_head(om);
	fprintf(om->stream, "%s%s", om->name, strcmp(om->type, "counter") ? "" : "_total");
	va_start(labels, value);
	write_labels(om->stream, labels);
	va_end(labels);
	fprintf(om->stream, " %.15g\n", value);
}

char *openmetrics_finish(struct openmetrics *om)
{
	char *text;
	bool failed;

	fputs("# EOF\n", om->stream);
	failed = ferror(om->stream);
	failed |= fclose(om->stream) != 0;
	text = om->text;
	free(om);
	if (!failed)
		return text;
	free(text);
	return NULL;
}
