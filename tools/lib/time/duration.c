// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/time/clock.h"
#include "lib/time/duration.h"

#define SECONDS_PER_DAY	86400LL

/* Decimals of a second. */
#define DIGITS_USUAL	3
#define DIGITS_MAX	9

/* So that what is cut off is less than the bound. */
static int digits_for(int64_t bound_ns)
{
	int64_t unit_ns = NSEC_PER_MSEC;
	int digits = DIGITS_USUAL;

	for (; digits < DIGITS_MAX && unit_ns > bound_ns; unit_ns /= 10)
		digits++;
	return digits;
}

static void append_fraction(int64_t ns, int digits, char *text)
{
	size_t len = strlen(text);

	for (int i = digits; i < DIGITS_MAX; i++)
		ns /= 10;
	snprintf(text + len, DURATION_TEXT_SIZE - len, ".%0*lld", digits, (long long)ns);
}

static void format_days(int64_t s, const char *sign, char *text)
{
	int len = 0;

	if (s >= SECONDS_PER_DAY)
		len = snprintf(text, DURATION_TEXT_SIZE, "%s%lld d ", sign,
			       (long long)(s / SECONDS_PER_DAY));
	else
		len = snprintf(text, DURATION_TEXT_SIZE, "%s", sign);
	s %= SECONDS_PER_DAY;
	snprintf(text + len, DURATION_TEXT_SIZE - len, "%02d:%02d:%02d", (int)(s / 3600),
		 (int)(s / 60 % 60), (int)(s % 60));
}

static int at_least(int digits, int least)
{
	return digits > least ? digits : least;
}

/* @digits: decimals of a second; 0 where whole ones will do for a minute and more. */
static const char *format(int64_t ns, int digits, const char *sign, char *text)
{
	if (ns < NSEC_PER_USEC)
		snprintf(text, DURATION_TEXT_SIZE, "%s%lld ns", sign, (long long)ns);
	else if (ns < NSEC_PER_MSEC)
		snprintf(text, DURATION_TEXT_SIZE, "%s%.*f us", sign, at_least(digits - 6, 1),
			 ns / 1e3);
	else if (ns < NSEC_PER_SEC)
		snprintf(text, DURATION_TEXT_SIZE, "%s%.*f ms", sign, at_least(digits - 3, 3),
			 ns / 1e6);
	else if (ns < 60 * NSEC_PER_SEC)
		snprintf(text, DURATION_TEXT_SIZE, "%s%.*f s", sign, at_least(digits, 3), ns / 1e9);
	else
		format_days(ns / NSEC_PER_SEC, sign, text);
	if (digits && ns >= 60 * NSEC_PER_SEC)
		append_fraction(ns % NSEC_PER_SEC, digits, text);
	return text;
}

const char *duration_format(int64_t ns, char *text)
{
	return format(llabs(ns), 0, ns < 0 ? "-" : "", text);
}

const char *duration_format_signed(int64_t ns, char *text)
{
	return format(llabs(ns), 0, ns < 0 ? "-" : "+", text);
}

const char *duration_format_known(int64_t ns, int64_t bound_ns, char *text)
{
	return format(llabs(ns), bound_ns < NSEC_PER_SEC ? digits_for(bound_ns) : 0,
		      ns < 0 ? "-" : "+", text);
}
