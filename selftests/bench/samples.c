// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"

static int parse(char *line, struct measurement *m)
{
	char **fields[] = { &m->configuration, &m->driver, &m->tool, &m->row };
	char *end, *value;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		*fields[i] = strsep(&line, "\t");
		if (!line || !**fields[i])
			return -EINVAL;
	}
	value = line;
	value[strcspn(value, "\n")] = '\0';
	m->value = strtod(value, &end);
	return *end || end == value || !isfinite(m->value) ? -EINVAL : 0;
}

static int append(struct samples *samples, const char *line)
{
	struct measurement *list = realloc(samples->list, (samples->count + 1) * sizeof(*list));
	char *copy = strdup(line);
	int err;

	if (list)
		samples->list = list;
	err = list && copy ? parse(copy, &list[samples->count]) : -ENOMEM;
	if (err)
		free(copy);
	else
		samples->count++;
	return err;
}

int samples_read(struct samples *samples, FILE *file, size_t *number)
{
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	*samples = (struct samples){ 0 };
	*number = 0;
	while (!err && getline(&line, &room, file) > 0) {
		++*number;
		err = append(samples, line);
	}
	free(line);
	return err;
}

void samples_free(struct samples *samples)
{
	/* The other fields stand in the same copy of the line. */
	for (size_t i = 0; i < samples->count; i++)
		free(samples->list[i].configuration);
	free(samples->list);
}

int samples_opens(const struct samples *samples, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!strcmp(samples->list[i].configuration, samples->list[at].configuration))
			return 0;
	return 1;
}

static int fits(const char *wanted, const char *is)
{
	return !wanted || !strcmp(wanted, is);
}

struct statistic samples_statistic(const struct samples *samples, const struct filter *filter,
				   int magnitude)
{
	double *values = calloc(samples->count + 1, sizeof(*values));
	struct statistic s = { 0 };
	size_t count = 0;

	for (size_t i = 0; values && i < samples->count; i++) {
		const struct measurement *m = &samples->list[i];

		if (fits(filter->configuration, m->configuration) && fits(filter->driver, m->driver) &&
		    fits(filter->tool, m->tool) && fits(filter->row, m->row))
			values[count++] = magnitude ? fabs(m->value) : m->value;
	}
	if (values)
		s = statistic_of(values, count);
	free(values);
	return s;
}
