// SPDX-License-Identifier: GPL-2.0
/* What the kernel's log says of the TSC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/machine/kernel-log.h"
#include "lib/machine/tsc.h"

static const char log_text[] =
	"<6>[    0.000020] tsc: Fast TSC calibration using PIT\n"
	"<6>[    0.000020] tsc: Detected 2099.944 MHz processor\n"
	"<4>[    0.100000] a line without more\n"
	"<6>[    5.172816] tsc: Refined TSC clocksource calibration: 2099.977 MHz\n"
	"<6>[    9.000000] clocksource: Switched to clocksource tsc";

static void test_last(void **state)
{
	char line[128];

	(void)state;
	assert_ptr_equal(kernel_log_last(log_text, "tsc: Detected", line, sizeof(line)), line);
	assert_string_equal(line, "tsc: Detected 2099.944 MHz processor");
	kernel_log_last(log_text, "tsc", line, sizeof(line));
	assert_string_equal(line, "clocksource: Switched to clocksource tsc");
	assert_null(kernel_log_last(log_text, "unstable", line, sizeof(line)));
	kernel_log_last(log_text, "Refined", line, 10);
	assert_string_equal(line, "tsc: Refi");
}

static void test_hz(void **state)
{
	(void)state;
	assert_true(tsc_log_hz("tsc: Detected 2099.944 MHz processor") == 2099944e3);
	assert_true(tsc_log_hz("tsc: Detected 2000.000 MHz TSC") == 2000e6);
	assert_true(tsc_log_hz("tsc: Refined TSC clocksource calibration: 2099.977 MHz") ==
		    2099977e3);
	assert_true(tsc_log_hz("tsc: Detected nothing") == 0);
	assert_true(tsc_log_hz("tsc: Fast TSC calibration using PIT") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last),
		cmocka_unit_test(test_hz),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
