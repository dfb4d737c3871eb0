// SPDX-License-Identifier: GPL-2.0
/* ACPI's fixed table, by the offsets of its specification. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/machine/fadt.h"

#define SIZE	276

static uint8_t table[SIZE];

static void put(int at, int bytes, uint64_t value)
{
	for (int i = 0; i < bytes; i++)
		table[at + i] = value >> 8 * i;
}

/* As QEMU's q35 has it. */
static int begin(void **state)
{
	(void)state;
	memset(table, 0, sizeof(table));
	memcpy(table, "FACP", 4);
	put(4, 4, SIZE);
	put(76, 4, 0x608);
	put(91, 1, 4);
	put(108, 1, 0x32);
	put(112, 4, 0x80a5);
	return 0;
}

static void test_pm_timer(void **state)
{
	struct fadt fadt;

	(void)state;
	assert_int_equal(fadt_parse(table, SIZE, &fadt), 0);
	assert_int_equal(fadt.pm_timer_port, 0x608);
	assert_int_equal(fadt.pm_timer_bits, 24);
	assert_int_equal(fadt.century, 0x32);
	assert_false(fadt.no_cmos_rtc);
	put(112, 4, 1 << 8);
	assert_int_equal(fadt_parse(table, SIZE, &fadt), 0);
	assert_int_equal(fadt.pm_timer_bits, 32);
}

static void test_extended(void **state)
{
	struct fadt fadt;

	(void)state;
	/* I/O space, 32 bits, port 0xb008 */
	put(208, 4, 0x03002001);
	put(212, 8, 0xb008);
	assert_int_equal(fadt_parse(table, SIZE, &fadt), 0);
	assert_int_equal(fadt.pm_timer_port, 0xb008);
	/* In memory it is no port: the old address stands. */
	put(208, 1, 0);
	assert_int_equal(fadt_parse(table, SIZE, &fadt), 0);
	assert_int_equal(fadt.pm_timer_port, 0x608);
	/* A table that ends before has no such address. */
	put(208, 1, 1);
	assert_int_equal(fadt_parse(table, 132, &fadt), 0);
	assert_int_equal(fadt.pm_timer_port, 0x608);
}

static void test_nothing_there(void **state)
{
	struct fadt fadt;

	(void)state;
	put(109, 2, 1 << 5);
	put(91, 1, 0);
	assert_int_equal(fadt_parse(table, SIZE, &fadt), 0);
	assert_true(fadt.no_cmos_rtc);
	assert_int_equal(fadt.pm_timer_port, 0);
	begin(state);
	put(112, 4, 1 << 20);
	assert_int_equal(fadt_parse(table, SIZE, &fadt), 0);
	assert_int_equal(fadt.pm_timer_port, 0);
}

static void test_no_table(void **state)
{
	struct fadt fadt;

	(void)state;
	assert_int_equal(fadt_parse(table, 115, &fadt), -EBADMSG);
	assert_int_equal(fadt_parse(table, 0, &fadt), -EBADMSG);
	put(4, 4, 100);
	assert_int_equal(fadt_parse(table, SIZE, &fadt), -EBADMSG);
	begin(state);
	table[0] = 'S';
	assert_int_equal(fadt_parse(table, SIZE, &fadt), -EBADMSG);
	assert_int_equal(fadt_load("/nonexistent", &fadt), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_pm_timer, begin),
		cmocka_unit_test_setup(test_extended, begin),
		cmocka_unit_test_setup(test_nothing_there, begin),
		cmocka_unit_test_setup(test_no_table, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
