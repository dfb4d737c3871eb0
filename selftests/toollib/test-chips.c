// SPDX-License-Identifier: GPL-2.0
/* Which known chips could do what was seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/rtc/chips.h"
#include "lib/rtc/conduct.h"

/* The keys, with blanks between them. */
static const char *fit(const struct chip_traits *seen)
{
	const struct chip *list[CHIPS_MAX];
	static char text[512];
	int count = chips_that_fit(seen, list), len = 0;

	text[0] = '\0';
	for (int i = 0; i < count; i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s", i ? " " : "", list[i]->key);
	return text;
}

static void test_nothing_seen(void **state)
{
	struct chip_traits nothing = {};
	const struct chip *list[CHIPS_MAX];

	(void)state;
	assert_int_equal(chips_that_fit(&nothing, list), 18);
}

/* A chip that shows all it does is one of few. */
static void test_all_seen(void **state)
{
	static const char *const sets[] = {
		"mc146818 ds12887", "mc146818 ds12887", "qemu", "virtualbox bochs", "xen amd",
		"cloud-hypervisor", "crosvm kvmtool", "crosvm kvmtool", "bhyve",
		"virtualbox bochs", "v86", "vmd", "acrn acrn-hv", "acrn acrn-hv", "openvmm",
		"intel", "xen amd", "zhaoxin",
	};

	(void)state;
	for (int i = 0; chips[i].key; i++)
		assert_string_equal(fit(&chips[i].traits), sets[i]);
}

static void test_release(void **state)
{
	struct chip_traits seen = { .keeps = SEEN_YES, .release = CONDUCT_WHOLE | CONDUCT_WRITE };

	(void)state;
	assert_string_equal(fit(&seen), "bhyve openvmm zhaoxin");
	seen.release = CONDUCT_HALF;
	assert_string_equal(fit(&seen), "mc146818 ds12887 qemu intel");
	seen.release = CONDUCT_HALF | CONDUCT_WHOLE;
	assert_string_equal(fit(&seen), "mc146818 ds12887 qemu bhyve openvmm intel zhaoxin");
	/* Of one that drops each set it means nothing. */
	seen = (struct chip_traits){ .keeps = SEEN_NO, .release = CONDUCT_HALF };
	assert_string_equal(fit(&seen), "cloud-hypervisor crosvm kvmtool v86 vmd");
}

static void test_uip(void **state)
{
	struct chip_traits seen = { .keeps = SEEN_YES, .uip = SEEN_YES };

	(void)state;
	seen.uip_min_ns = 230000;
	seen.uip_max_ns = 260000;
	assert_string_equal(fit(&seen), "mc146818 ds12887 qemu virtualbox xen bochs amd zhaoxin");
	seen.uip_min_ns = 0;
	seen.uip_max_ns = 50000;
	assert_string_equal(fit(&seen), "openvmm");
	seen.uip_min_ns = 2400000;
	seen.uip_max_ns = 2500000;
	assert_string_equal(fit(&seen), "intel");
	/* Seen badly it may be anybody's who has one. */
	seen.uip_min_ns = 0;
	seen.uip_max_ns = 3000000;
	assert_string_equal(fit(&seen),
			    "mc146818 ds12887 qemu virtualbox xen bochs openvmm intel amd zhaoxin");
	seen.uip_min_ns = 6000000;
	seen.uip_max_ns = 7000000;
	assert_string_equal(fit(&seen), "");
}

static void test_flags(void **state)
{
	struct chip_traits seen = { .release = CONDUCT_NONE, .keeps = SEEN_YES };

	(void)state;
	seen.update_flag = SEEN_YES;
	assert_string_equal(fit(&seen), "xen amd");
	seen.update_flag = SEEN_NO;
	assert_string_equal(fit(&seen), "virtualbox bochs acrn acrn-hv");
	seen = (struct chip_traits){ .release = CONDUCT_HALF, .periodic_flag = SEEN_NO };
	assert_string_equal(fit(&seen), "qemu cloud-hypervisor crosvm kvmtool v86");
}

static void test_hours(void **state)
{
	struct chip_traits seen = { .hides_24 = SEEN_YES };

	(void)state;
	assert_string_equal(fit(&seen), "cloud-hypervisor kvmtool");
	seen.keeps = SEEN_YES;
	assert_string_equal(fit(&seen), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_seen),
		cmocka_unit_test(test_all_seen),
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_uip),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
