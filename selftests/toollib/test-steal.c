// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/machine/steal.h"

static void test_parse(void **state)
{
	struct steal steal;

	(void)state;
	assert_int_equal(steal_parse("cpu  100 1 20 700 9 0 5 40 30 2\n"
				     "cpu0 60 1 10 300 9 0 5 15 30 2\n"
				     "cpu2 40 0 10 400 0 0 0 25 0 0\n"
				     "intr 123 4 5\nctxt 1\n", &steal), 0);
	/* Guests' time is the user's already, and steal is the eighth. */
	assert_int_equal(steal.all.total, 875);
	assert_int_equal(steal.all.stolen, 40);
	assert_int_equal(steal.count, 2);
	assert_int_equal(steal_cpu(&steal, 0)->stolen, 15);
	assert_int_equal(steal_cpu(&steal, 2)->total, 475);
	assert_null(steal_cpu(&steal, 1));
}

static void test_malformed(void **state)
{
	struct steal steal;

	(void)state;
	assert_int_equal(steal_parse("", &steal), -EBADMSG);
	assert_int_equal(steal_parse("intr 1\n", &steal), -EBADMSG);
	assert_int_equal(steal_parse("cpu  1 2\n", &steal), -EBADMSG);
	assert_int_equal(steal_parse("cpu  1 2 3 4\n", &steal), 0);
	assert_int_equal(steal.all.total, 10);
	assert_int_equal(steal.all.stolen, 0);
	assert_int_equal(steal_parse("cpu  1 2 3 4 5 6 7 8", &steal), 0);
	assert_int_equal(steal.all.stolen, 8);
}

static void test_percent(void **state)
{
	struct steal_ticks first = { .stolen = 100, .total = 10000 };
	struct steal_ticks last = { .stolen = 125, .total = 10200 };

	(void)state;
	assert_true(fabs(steal_percent(&first, &last) - 12.5) < 1e-9);
	assert_true(steal_percent(&first, &first) == 0);
	/* A processor that was away counts anew. */
	assert_true(steal_percent(&last, &first) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_percent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
