// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/savefile.h"
#include "lib/time/adjtime.h"

/* Three lines; more than that is another file. */
#define ADJTIME_MAX_SIZE	65536
#define SECONDS_PER_DAY		86400.0
#define BLANKS			" \t"
#define TOKEN_SIZE		64
/* What no clock can have drifted: years. */
#define MAX_CORRECTION_S	1e9

/*
 * The number at the beginning of the line, and the blanks around it: strtod() and
 * its like would also take other whitespace, hexadecimal and infinity. Returns what
 * follows, NULL where there is no number of these characters.
 */
static const char *take_token(const char *s, const char *characters, char *token, size_t size)
{
	size_t len;

	s += strspn(s, BLANKS);
	len = strcspn(s, BLANKS);
	if (!len || len >= size || len != strspn(s, characters))
		return NULL;
	memcpy(token, s, len);
	token[len] = '\0';
	s += len;
	return s + strspn(s, BLANKS);
}

static const char *take_double(const char *s, double *value)
{
	char token[TOKEN_SIZE], *end;

	s = take_token(s, "+-.0123456789eE", token, sizeof(token));
	if (!s)
		return NULL;
	*value = strtod(token, &end);
	return *end || end == token || !(fabs(*value) <= ADJTIME_MAX_NUMBER) ? NULL : s;
}

static const char *take_s64(const char *s, int64_t *value)
{
	char token[TOKEN_SIZE], *end;

	s = take_token(s, "+-0123456789", token, sizeof(token));
	if (!s)
		return NULL;
	errno = 0;
	*value = strtoll(token, &end, 10);
	if (errno || *end || end == token || llabs(*value) > ADJTIME_MAX_S)
		return NULL;
	return s;
}

static const char *parse_drift(const char *s, struct adjtime *adjtime)
{
	double drift, rest;
	int64_t adjusted_s;

	s = take_double(s, &drift);
	if (!s)
		return "no drift factor";
	s = take_s64(s, &adjusted_s);
	if (!s)
		return "no time of the last adjustment";
	s = take_double(s, &rest);
	if (!s)
		return "no residual adjustment";
	if (*s)
		return "more than three numbers";
	adjtime->drift_s_per_day = drift;
	adjtime->adjusted_s = adjusted_s;
	adjtime->not_adjusted_s = rest;
	return NULL;
}

static const char *parse_calibration(const char *s, struct adjtime *adjtime)
{
	int64_t calibrated_s;

	s = take_s64(s, &calibrated_s);
	if (!s)
		return "no time of the last calibration";
	if (*s)
		return "more than one number";
	adjtime->calibrated_s = calibrated_s;
	return NULL;
}

static const char *parse_scale(const char *s, struct adjtime *adjtime)
{
	adjtime->scale_known = !strcmp(s, "UTC") || !strcmp(s, "LOCAL");
	adjtime->scale = strcmp(s, "LOCAL") ? TIMESCALE_UTC : TIMESCALE_LOCAL;
	return adjtime->scale_known ? NULL : "neither UTC nor LOCAL";
}

/* Cuts the line off at its newline, and blanks before that. Returns what follows. */
static char *cut_line(char *s)
{
	char *end = s + strcspn(s, "\n");
	char *next = end + (*end == '\n');

	while (end > s && strchr(" \t\r", end[-1]))
		end--;
	*end = '\0';
	return next;
}

int adjtime_parse(const char *text, struct adjtime *adjtime, struct adjtime_fault *fault)
{
	static const char *(*const parsers[])(const char *, struct adjtime *) = {
		parse_drift, parse_calibration, parse_scale,
	};
	char copy[ADJTIME_MAX_SIZE];
	char *line = copy, *next;
	const char *reason;

	memset(adjtime, 0, sizeof(*adjtime));
	memset(fault, 0, sizeof(*fault));
	snprintf(copy, sizeof(copy), "%s", text);
	for (int i = 0; i < 3 && *line; i++, line = next) {
		next = cut_line(line);
		reason = parsers[i](line, adjtime);
		if (!reason || fault->line)
			continue;
		fault->line = i + 1;
		fault->reason = reason;
	}
	return fault->line && fault->line < 3 ? -EBADMSG : 0;
}

int adjtime_load(const char *path, struct adjtime *adjtime, struct adjtime_fault *fault)
{
	char text[ADJTIME_MAX_SIZE];
	ssize_t len;
	int fd, err;

	memset(adjtime, 0, sizeof(*adjtime));
	memset(fault, 0, sizeof(*fault));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, text, sizeof(text) - 1);
	err = errno;
	close(fd);
	if (len < 0)
		return -err;
	if (len == sizeof(text) - 1)
		return -EFBIG;

	text[len] = '\0';
	/* A line does not end in the middle. */
	for (ssize_t i = 0; i < len; i++)
		if (!text[i])
			text[i] = '?';
	return adjtime_parse(text, adjtime, fault);
}

void adjtime_format(const struct adjtime *adjtime, char *text, size_t size)
{
	snprintf(text, size, "%f %lld %f\n%lld\n%s\n", adjtime->drift_s_per_day,
		 (long long)adjtime->adjusted_s, adjtime->not_adjusted_s,
		 (long long)adjtime->calibrated_s,
		 adjtime->scale == TIMESCALE_LOCAL ? "LOCAL" : "UTC");
}

int adjtime_save(const char *path, const struct adjtime *adjtime)
{
	char text[ADJTIME_MAX_SIZE];

	adjtime_format(adjtime, text, sizeof(text));
	return savefile_write(path, text);
}

double adjtime_correction_s(const struct adjtime *adjtime, int64_t epoch_s)
{
	double correction_s = (epoch_s - adjtime->adjusted_s) * adjtime->drift_s_per_day /
			      SECONDS_PER_DAY + adjtime->not_adjusted_s;

	return fmax(-MAX_CORRECTION_S, fmin(correction_s, MAX_CORRECTION_S));
}

void adjtime_set_at(struct adjtime *adjtime, int64_t epoch_s)
{
	adjtime->calibrated_s = epoch_s;
	adjtime->adjusted_s = epoch_s;
	adjtime->not_adjusted_s = 0;
}
