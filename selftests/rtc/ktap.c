// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ktap.h"

#define EXIT_PASS	0
#define EXIT_FAIL	1
#define EXIT_SKIP	4	/* as kselftest has it */

static char why[256];

void ktap_why(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
}

void ktap_comment(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("# ");
	vprintf(fmt, args);
	putchar('\n');
	va_end(args);
}

static enum ktap_result run_open(const struct ktap_test *test, struct clock *clock)
{
	enum ktap_result result;
	s64 offset = 0;
	int err;

	if (test->sets_time) {
		err = clock_save(clock, &offset);
		REQUIRE(!err, "%s: cannot read the time to put back: %s", clock->path,
			strerror(-err));
	}
	result = test->run(clock);
	clock_quiet(clock);
	if (!test->sets_time)
		return result;
	err = clock_restore(clock, offset);
	REQUIRE(!err, "%s: cannot put the time back: %s", clock->path, strerror(-err));
	return result;
}

static enum ktap_result run(const struct ktap_test *test, const char *path)
{
	struct clock clock;
	enum ktap_result result;
	int err = clock_open(&clock, path);

	why[0] = '\0';
	REQUIRE(!err, "%s: cannot open: %s", path, strerror(-err));
	result = run_open(test, &clock);
	clock_close(&clock);
	return result;
}

static void print(enum ktap_result result, size_t number, const char *name)
{
	switch (result) {
	case KTAP_PASS:
		printf("ok %zu %s\n", number, name);
		break;
	case KTAP_FAIL:
		printf("not ok %zu %s # %s\n", number, name, why);
		break;
	case KTAP_SKIP:
		printf("ok %zu %s # SKIP %s\n", number, name, why);
		break;
	}
}

static bool is_wanted(const struct ktap_test *test, const char *words)
{
	return !words || strstr(test->name, words);
}

static size_t count_wanted(const struct ktap_test *tests, size_t count, const char *words)
{
	size_t i, wanted = 0;

	for (i = 0; i < count; i++)
		wanted += is_wanted(&tests[i], words);
	return wanted;
}

int ktap_main(int argc, char **argv, const struct ktap_test *tests, size_t count)
{
	const char *words = argc > 2 ? argv[2] : NULL;
	size_t i, number = 0, results[KTAP_SKIP + 1] = { 0 };
	char path[64];

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
	if (clock_find(argc > 1 ? argv[1] : NULL, path, sizeof(path))) {
		printf("1..0 # SKIP no clock of ours; name another as the argument\n");
		return EXIT_SKIP;
	}
	printf("1..%zu\n", count_wanted(tests, count, words));
	for (i = 0; i < count; i++) {
		enum ktap_result result;

		if (!is_wanted(&tests[i], words))
			continue;
		result = run(&tests[i], path);
		results[result]++;
		print(result, ++number, tests[i].name);
	}
	if (results[KTAP_FAIL])
		return EXIT_FAIL;
	return results[KTAP_PASS] ? EXIT_PASS : EXIT_SKIP;
}
