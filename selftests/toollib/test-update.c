// SPDX-License-Identifier: GPL-2.0
/* What is made of looks at UIP and the seconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/rtc/update.h"

#define US		1000LL
#define SECOND_US	1000000LL
#define LOOK_US		17	/* from a look to the next, which is no part of a second */

/* UIP is up from here to there in each second; the seconds change at its end. */
struct uip {
	int64_t from_us, to_us;
};

static void look(struct update *update, const struct uip *uip, int64_t at_us)
{
	int64_t in_us = at_us % SECOND_US;
	const struct update_look look = {
		.before_ns = (at_us - 3) * US, .between_ns = (at_us + 3) * US,
		.after_ns = (at_us + 7) * US,
		.uip = in_us >= uip->from_us && in_us < uip->to_us,
		.seconds = at_us / SECOND_US % 60,
	};

	update_take(update, &look);
}

/* Two seconds and a half, with nobody looking between the two. */
static struct update looks(struct uip uip, int64_t away_from_us, int64_t away_to_us)
{
	struct update update = {};

	for (int64_t us = 400000; us < 2900000; us += LOOK_US)
		if (us < away_from_us || us >= away_to_us)
			look(&update, &uip, us);
	return update;
}

static void test_before_the_update(void **state)
{
	struct update update = looks((struct uip){ SECOND_US - 244, SECOND_US }, 0, 0);

	(void)state;
	assert_int_equal(update_uip(&update), SEEN_YES);
	assert_int_equal(update.updates, 2);
	assert_in_range(update.uip_min_ns, 150 * US, 244 * US);
	assert_in_range(update.uip_max_ns, 244 * US, 300 * US);
}

static void test_elsewhere(void **state)
{
	struct update update = looks((struct uip){ 500000, 501000 }, 0, 0);

	(void)state;
	assert_int_equal(update_uip(&update), SEEN_YES);
	assert_in_range(update.uip_min_ns, 900 * US, 1000 * US);
	assert_in_range(update.uip_max_ns, 1000 * US, 1100 * US);
}

static void test_never(void **state)
{
	struct update update = looks((struct uip){}, 0, 0);

	(void)state;
	assert_int_equal(update_uip(&update), SEEN_NO);
}

/* Who was away may have missed it, wherever that was. */
static void test_away(void **state)
{
	struct update update = looks((struct uip){}, 1700000, 1701000);

	(void)state;
	assert_int_equal(update_uip(&update), NOT_SEEN);
	update = looks((struct uip){}, 1999900, 2000200);
	assert_int_equal(update_uip(&update), NOT_SEEN);
	/* Far from an update none is so short. */
	update = looks((struct uip){}, 1700000, 1700300);
	assert_int_equal(update_uip(&update), SEEN_NO);
	/* Before the first update no second was whole anyway. */
	update = looks((struct uip){}, 700000, 701000);
	assert_int_equal(update_uip(&update), SEEN_NO);
}

/* The narrower one of two counts. */
static void test_seen_badly_once(void **state)
{
	struct update update = looks((struct uip){ SECOND_US - 244, SECOND_US }, 999700, 999950);

	(void)state;
	assert_int_equal(update_uip(&update), SEEN_YES);
	assert_in_range(update.uip_max_ns, 244 * US, 300 * US);
	assert_in_range(update.uip_min_ns, 150 * US, 244 * US);
}

/* It was up already at the first look: since when is not known. */
static void test_up_at_first(void **state)
{
	struct uip uip = { 0, 500000 };
	struct update update = {};

	(void)state;
	for (int64_t us = 400000; us < 900000; us += LOOK_US)
		look(&update, &uip, us);
	assert_int_equal(update_uip(&update), NOT_SEEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_before_the_update),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_never),
		cmocka_unit_test(test_away),
		cmocka_unit_test(test_seen_badly_once),
		cmocka_unit_test(test_up_at_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
