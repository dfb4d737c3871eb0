// SPDX-License-Identifier: GPL-2.0
/* The recorded file: what comes back, what survives, what is put aside. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/drift/record.h"

#define LARGE	(1 << 20)

static char dir[] = "/tmp/test-record.XXXXXX";
static char path[256];

static struct record_sample example(int64_t i)
{
	struct record_sample sample = {
		.time_ns = 1795392000000000000 + i,
		.boot = "2f0c3a5e-8a1b-4c83-a8d7-0d4b5f3f1e11",
		.clock = "rtc0",
		.offset_ns = -123456789012,
		.bound_ns = 3000,
		.method = "phase",
		.clocksource = "tsc",
		.counters = 1,
		.counter = { { "acpi_pm", 24, 3579545, { 16777215, 4611686018427387904, 900 } } },
		.stolen_ticks = 12,
		.cpu_ticks = 345678,
		.synchronised = true,
		.ntp_ppm = -1.5,
		.max_error_us = 2500,
	};

	return sample;
}

static void append(int64_t i, size_t max, int keep)
{
	struct record_sample sample = example(i);
	char *line = record_format(&sample);

	assert_non_null(line);
	assert_int_equal(record_append(path, line, max, keep), 0);
	free(line);
}

static int begin(void **state)
{
	char name[300];

	(void)state;
	unlink(path);
	for (int i = 1; i < 9; i++) {
		snprintf(name, sizeof(name), "%s.%d", path, i);
		unlink(name);
	}
	return 0;
}

static void add_text(const char *text)
{
	FILE *file = fopen(path, "a");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* Line for line the same. */
static void assert_same(const struct record_sample *sample, struct record_sample *back)
{
	char *before = record_format(sample), *after;

	assert_int_equal(record_parse(before, back), 0);
	after = record_format(back);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void test_round_trip(void **state)
{
	struct record_sample sample = example(0), back;

	(void)state;
	assert_same(&sample, &back);
	assert_true(back.offset_ns == sample.offset_ns && back.bound_ns == 3000);
	assert_int_equal(back.counter[0].sample.count, 16777215);
	assert_true(back.counter[0].sample.raw_ns == 4611686018427387904);
	assert_true(back.synchronised && back.ntp_ppm == -1.5);
	/* ... and without a clock */
	*sample.clock = '\0';
	assert_same(&sample, &back);
	assert_string_equal(back.clock, "");
}

static void test_malformed(void **state)
{
	static const char *const lines[] = {
		"", "\n", "x", "[]", "3", "{}", "{\"version\":1}", "{\"version\":1,\"time_ns\":0}",
		"{\"version\":1,\"time_ns\":1,\"clock\":\"rtc0\",\"offset_ns\":1,\"bound_ns\":0}",
		"{\"version\":1,\"time_ns\":1795392",
	};
	struct record_sample sample;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(record_parse(lines[i], &sample), -EBADMSG);
	assert_int_equal(record_parse("{\"version\":2,\"time_ns\":1}", &sample), -EPROTO);
}

static void test_torn(void **state)
{
	struct record record;

	(void)state;
	append(0, LARGE, 1);
	/* Whoever wrote this was cut off. */
	add_text("{\"version\":1,\"time_ns\":17953");
	append(1, LARGE, 1);
	assert_int_equal(record_load(path, &record), 0);
	assert_int_equal(record.count, 2);
	assert_int_equal(record.skipped, 1);
	assert_true(record.samples[1].time_ns == record.samples[0].time_ns + 1);
	record_free(&record);
}

static void test_newer(void **state)
{
	struct record record;

	(void)state;
	append(0, LARGE, 1);
	add_text("{\"version\":2,\"time_ns\":1795392000}\n");
	assert_int_equal(record_load(path, &record), -EPROTO);
	record_free(&record);
}

static void test_rotation(void **state)
{
	struct record record;
	char name[300];

	(void)state;
	/* Two samples fit into a file, and three old files stay. */
	for (int i = 0; i < 20; i++)
		append(i, 1000, 3);
	assert_int_equal(record_load(path, &record), 0);
	assert_int_equal(record.count, 8);
	for (size_t i = 0; i < record.count; i++)
		assert_true(record.samples[i].time_ns == example(12 + i).time_ns);
	record_free(&record);
	snprintf(name, sizeof(name), "%s.4", path);
	assert_int_equal(access(name, F_OK), -1);
	begin(state);
	for (int i = 0; i < 5; i++)
		append(i, 1000, 0);
	assert_int_equal(record_load(path, &record), 0);
	assert_int_equal(record.count, 1);
	record_free(&record);
}

static void test_many_writers(void **state)
{
	struct record record;
	int status;

	(void)state;
	for (int writer = 0; writer < 4; writer++) {
		if (fork())
			continue;
		for (int i = 0; i < 50; i++)
			append(i, 20000, 99);
		_exit(0);
	}
	for (int writer = 0; writer < 4; writer++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(record_load(path, &record), 0);
	assert_int_equal(record.count, 200);
	assert_int_equal(record.skipped, 0);
	record_free(&record);
}

static void test_refused(void **state)
{
	struct record record;

	(void)state;
	assert_int_equal(record_load(path, &record), -ENOENT);
	record_free(&record);
	assert_int_equal(symlink("elsewhere", path), 0);
	assert_int_equal(record_append(path, "{}\n", LARGE, 1), -ELOOP);
	unlink(path);
	assert_int_equal(record_append("/nonexistent/file", "{}\n", LARGE, 1), -ENOENT);
	assert_int_equal(record_append("/dev/full", "{}\n", LARGE, 1), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_round_trip, begin),
		cmocka_unit_test_setup(test_malformed, begin),
		cmocka_unit_test_setup(test_torn, begin),
		cmocka_unit_test_setup(test_newer, begin),
		cmocka_unit_test_setup(test_rotation, begin),
		cmocka_unit_test_setup(test_many_writers, begin),
		cmocka_unit_test_setup(test_refused, begin),
	};
	int status;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/drift.jsonl", dir);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	begin(NULL);
	for (int i = 0; i < 100; i++) {
		char name[300];

		snprintf(name, sizeof(name), "%s.%d", path, i);
		unlink(name);
	}
	return rmdir(dir) || status;
}
