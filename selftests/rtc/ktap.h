/* SPDX-License-Identifier: GPL-2.0 */
/* Runs tests of a clock and prints their results as KTAP. */
#ifndef KTAP_H
#define KTAP_H

#include <stddef.h>

#include "clock.h"

enum ktap_result { KTAP_PASS, KTAP_FAIL, KTAP_SKIP };

/**
 * struct ktap_test - one test
 * @name:	of its result line
 * @run:	the test; the clock is open and nothing on it is enabled
 * @sets_time:	put the time back afterwards
 */
struct ktap_test {
	const char *name;
	enum ktap_result (*run)(struct clock *clock);
	bool sets_time;
};

/* For the body of a test: says why, and ends it. */
#define REQUIRE(condition, ...)				\
	do {						\
		if (!(condition)) {			\
			ktap_why(__VA_ARGS__);		\
			return KTAP_FAIL;		\
		}					\
	} while (0)

#define SKIP(...)					\
	do {						\
		ktap_why(__VA_ARGS__);			\
		return KTAP_SKIP;			\
	} while (0)

void ktap_why(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void ktap_comment(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* main() of each test program: [/dev/rtcN [WORDS]], those alone whose names hold WORDS. */
int ktap_main(int argc, char **argv, const struct ktap_test *tests, size_t count);

#define KTAP_MAIN(tests)							\
	int main(int argc, char **argv)						\
	{									\
		return ktap_main(argc, argv, tests, sizeof(tests) / sizeof((tests)[0])); \
	}

#endif
