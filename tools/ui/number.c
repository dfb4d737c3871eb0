// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ui/number.h"

#define DIGITS_MAX	6

static bool plain;

/* Loading a locale to ask it for its character set takes longer than all else. */
static bool utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}

const char *number_plus_minus(void)
{
	return !plain && utf8() ? "\u00b1" : "+/-";
}

void number_plain(void)
{
	plain = true;
}

int number_digits(double error)
{
	int digits = 0;

	while (digits < DIGITS_MAX && error < 1) {
		error *= 10;
		digits++;
	}
	return digits + (digits < DIGITS_MAX && error < 10);
}

double number_round_up(double error, int digits)
{
	double unit = pow(10, -digits);

	return ceil(error / unit) * unit;
}
