// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <json-c/json.h>

#include "lib/base/attribute.h"
#include "lib/drift/record.h"

#define LINE_MAX_SIZE	8192
#define LIMIT_NS	(INT64_MAX / 2)

static struct json_object *counter_object(const struct record_counter *counter)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "name", json_object_new_string(counter->name));
	json_object_object_add(object, "bits", json_object_new_int(counter->bits));
	json_object_object_add(object, "hz", json_object_new_double(counter->nominal_hz));
	json_object_object_add(object, "count", json_object_new_int64(counter->sample.count));
	json_object_object_add(object, "raw_ns", json_object_new_int64(counter->sample.raw_ns));
	json_object_object_add(object, "bound_ns",
			       json_object_new_int64(counter->sample.bound_ns));
	return object;
}

static void add_clock(struct json_object *object, const struct record_sample *sample)
{
	json_object_object_add(object, "clock", json_object_new_string(sample->clock));
	json_object_object_add(object, "offset_ns", json_object_new_int64(sample->offset_ns));
	json_object_object_add(object, "bound_ns", json_object_new_int64(sample->bound_ns));
	json_object_object_add(object, "method", json_object_new_string(sample->method));
}

static void add_system(struct json_object *object, const struct record_sample *sample)
{
	json_object_object_add(object, "clocksource",
			       json_object_new_string(sample->clocksource));
	json_object_object_add(object, "stolen_ticks",
			       json_object_new_int64(sample->stolen_ticks));
	json_object_object_add(object, "cpu_ticks", json_object_new_int64(sample->cpu_ticks));
	json_object_object_add(object, "synchronised",
			       json_object_new_boolean(sample->synchronised));
	json_object_object_add(object, "ntp_ppm", json_object_new_double(sample->ntp_ppm));
	json_object_object_add(object, "max_error_us",
			       json_object_new_int64(sample->max_error_us));
}

char *record_format(const struct record_sample *sample)
{
	struct json_object *object = json_object_new_object();
	struct json_object *counters = json_object_new_array();
	const char *text;
	char *line = NULL;

	json_object_object_add(object, "version", json_object_new_int(RECORD_VERSION));
	json_object_object_add(object, "time_ns", json_object_new_int64(sample->time_ns));
	json_object_object_add(object, "boot", json_object_new_string(sample->boot));
	if (*sample->clock)
		add_clock(object, sample);
	add_system(object, sample);
	for (int i = 0; i < sample->counters; i++)
		json_object_array_add(counters, counter_object(&sample->counter[i]));
	json_object_object_add(object, "counters", counters);
	text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
	if (!text || asprintf(&line, "%s\n", text) < 0)
		line = NULL;
	json_object_put(object);
	return line;
}

static int64_t number(struct json_object *object, const char *key)
{
	return json_object_get_int64(json_object_object_get(object, key));
}

static double real(struct json_object *object, const char *key)
{
	return json_object_get_double(json_object_object_get(object, key));
}

static void text(struct json_object *object, const char *key, char *value, size_t size)
{
	const char *found = json_object_get_string(json_object_object_get(object, key));

	snprintf(value, size, "%s", found ? found : "");
	attribute_clean(value);
}

/* What no clock shows would not fit into sums of two. */
static bool too_far(int64_t ns)
{
	return ns < -LIMIT_NS || ns > LIMIT_NS;
}

/* Return: whether it is one. */
static bool parse_counter(struct json_object *object, struct record_counter *counter)
{
	text(object, "name", counter->name, sizeof(counter->name));
	counter->bits = number(object, "bits");
	counter->nominal_hz = real(object, "hz");
	counter->sample.count = number(object, "count");
	counter->sample.raw_ns = number(object, "raw_ns");
	counter->sample.bound_ns = number(object, "bound_ns");
	return counter->bits >= 1 && counter->bits <= 64 && counter->nominal_hz >= 0 &&
	       isfinite(counter->nominal_hz) && counter->sample.raw_ns >= 0 &&
	       counter->sample.bound_ns >= 0;
}

static void parse_counters(struct json_object *array, struct record_sample *sample)
{
	if (!json_object_is_type(array, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(array) && i < RECORD_COUNTERS; i++)
		sample->counters += parse_counter(json_object_array_get_idx(array, i),
						  &sample->counter[sample->counters]);
}

static int parse_object(struct json_object *object, struct record_sample *sample)
{
	if (!json_object_is_type(object, json_type_object) || number(object, "version") < 1)
		return -EBADMSG;
	if (number(object, "version") > RECORD_VERSION)
		return -EPROTO;
	sample->time_ns = number(object, "time_ns");
	text(object, "boot", sample->boot, sizeof(sample->boot));
	text(object, "clock", sample->clock, sizeof(sample->clock));
	sample->offset_ns = number(object, "offset_ns");
	sample->bound_ns = number(object, "bound_ns");
	text(object, "method", sample->method, sizeof(sample->method));
	text(object, "clocksource", sample->clocksource, sizeof(sample->clocksource));
	sample->stolen_ticks = number(object, "stolen_ticks");
	sample->cpu_ticks = number(object, "cpu_ticks");
	sample->synchronised = json_object_get_boolean(
		json_object_object_get(object, "synchronised"));
	sample->ntp_ppm = real(object, "ntp_ppm");
	sample->max_error_us = number(object, "max_error_us");
	parse_counters(json_object_object_get(object, "counters"), sample);
	if (sample->time_ns <= 0 || too_far(sample->time_ns) || too_far(sample->offset_ns) ||
	    too_far(sample->bound_ns) || (*sample->clock && sample->bound_ns <= 0))
		return -EBADMSG;
	return 0;
}

int record_parse(const char *line, struct record_sample *sample)
{
	struct json_object *object = json_tokener_parse(line);
	int err;

	memset(sample, 0, sizeof(*sample));
	err = parse_object(object, sample);
	json_object_put(object);
	return err;
}

/* The file that @path names at the moment, locked. */
static int open_locked(const char *path)
{
	struct stat open_st, path_st;
	int fd;

	for (;;) {
		fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
		if (fd < 0)
			return -errno;
		if (flock(fd, LOCK_EX) < 0 || fstat(fd, &open_st) < 0)
			break;
		/* Another process may have put it aside meanwhile. */
		if (!lstat(path, &path_st) && path_st.st_ino == open_st.st_ino &&
		    path_st.st_dev == open_st.st_dev) {
			if (S_ISREG(open_st.st_mode))
				return fd;
			errno = EINVAL;
			break;
		}
		close(fd);
	}
	close(fd);
	return -errno;
}

static int rotate(const char *path, int keep)
{
	char from[PATH_MAX], to[PATH_MAX];

	if (!keep)
		return unlink(path) < 0 ? -errno : 0;
	for (int i = keep; i > 0; i--) {
		snprintf(to, sizeof(to), "%s.%d", path, i);
		if (i > 1)
			snprintf(from, sizeof(from), "%s.%d", path, i - 1);
		else
			snprintf(from, sizeof(from), "%s", path);
		if (rename(from, to) < 0 && errno != ENOENT)
			return -errno;
	}
	return 0;
}

/* One write, behind a newline where a killed process has left half a line. */
static int write_line(int fd, const char *line, off_t size)
{
	char buf[LINE_MAX_SIZE], last = '\n';
	int len;

	if (size && pread(fd, &last, 1, size - 1) != 1)
		return -EIO;
	len = snprintf(buf, sizeof(buf), "%s%s", last == '\n' ? "" : "\n", line);
	if (len >= (int)sizeof(buf))
		return -E2BIG;
	if (write(fd, buf, len) != len) {
		/* No space for all of it: none is better than a part. */
		if (ftruncate(fd, size) < 0)
			return -errno;
		return -ENOSPC;
	}
	return fdatasync(fd) < 0 ? -errno : 0;
}

int record_append(const char *path, const char *line, size_t max, int keep)
{
	struct stat st;
	int fd, err;

	fd = open_locked(path);
	if (fd < 0)
		return fd;
	err = fstat(fd, &st) < 0 ? -errno : 0;
	if (!err && st.st_size && st.st_size + strlen(line) > max) {
		err = rotate(path, keep);
		close(fd);
		fd = err ? -1 : open_locked(path);
		if (!err && fd < 0)
			return fd;
		if (!err)
			err = fstat(fd, &st) < 0 ? -errno : 0;
	}
	if (!err)
		err = write_line(fd, line, st.st_size);
	if (fd >= 0)
		close(fd);
	return err;
}

static int add_sample(struct record *record, const struct record_sample *sample)
{
	struct record_sample *more;

	/* Room is doubled each time it is used up. */
	if (!(record->count & (record->count - 1))) {
		more = reallocarray(record->samples, record->count ? 2 * record->count : 1,
				    sizeof(*more));
		if (!more)
			return -ENOMEM;
		record->samples = more;
	}
	record->samples[record->count++] = *sample;
	return 0;
}

/* What is no file has no end, or none that comes. */
static FILE *open_file(const char *path)
{
	struct stat st;
	FILE *file;
	int fd;

	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	errno = EINVAL;
	file = fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ? NULL : fdopen(fd, "r");
	if (!file)
		close(fd);
	return file;
}

/* No line that is longer has been written here. Return: whether there was another one. */
static bool next_line(FILE *file, char *line)
{
	bool whole;
	int c;

	if (!fgets(line, LINE_MAX_SIZE, file))
		return false;
	whole = strchr(line, '\n') || feof(file);
	if (whole)
		return true;
	line[0] = '\0';
	do {
		c = getc(file);
	} while (c != '\n' && c != EOF);
	return true;
}

static int load_file(const char *path, struct record *record)
{
	char line[LINE_MAX_SIZE];
	struct record_sample sample;
	int err = 0;
	FILE *file;

	file = open_file(path);
	if (!file)
		return -errno;
	while (!err && next_line(file, line)) {
		err = record_parse(line, &sample);
		if (err == -EBADMSG) {
			record->skipped++;
			err = 0;
		} else if (!err) {
			err = add_sample(record, &sample);
		}
	}
	if (!err && ferror(file))
		err = -EIO;
	fclose(file);
	return err;
}

int record_load(const char *path, struct record *record)
{
	char old[PATH_MAX];
	int err;

	memset(record, 0, sizeof(*record));
	for (int i = RECORD_KEEP_MAX; i > 0; i--) {
		snprintf(old, sizeof(old), "%s.%d", path, i);
		err = load_file(old, record);
		if (err && err != -ENOENT)
			return err;
	}
	err = load_file(path, record);
	return err == -ENOENT && record->count ? 0 : err;
}

void record_free(struct record *record)
{
	free(record->samples);
	memset(record, 0, sizeof(*record));
}
