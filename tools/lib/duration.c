// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "duration.h"

#define SECONDS_PER_DAY	86400LL

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

static const char *format(int64_t ns, const char *sign, char *text)
{
	if (ns < NSEC_PER_USEC)
		snprintf(text, DURATION_TEXT_SIZE, "%s%lld ns", sign, (long long)ns);
	else if (ns < NSEC_PER_MSEC)
		snprintf(text, DURATION_TEXT_SIZE, "%s%.1f us", sign, ns / 1e3);
	else if (ns < NSEC_PER_SEC)
		snprintf(text, DURATION_TEXT_SIZE, "%s%.3f ms", sign, ns / 1e6);
	else if (ns < 60 * NSEC_PER_SEC)
		snprintf(text, DURATION_TEXT_SIZE, "%s%.3f s", sign, ns / 1e9);
	else
		format_days(ns / NSEC_PER_SEC, sign, text);
	return text;
}

const char *duration_format(int64_t ns, char *text)
{
	return format(llabs(ns), ns < 0 ? "-" : "", text);
}

const char *duration_format_signed(int64_t ns, char *text)
{
	return format(llabs(ns), ns < 0 ? "-" : "+", text);
}
