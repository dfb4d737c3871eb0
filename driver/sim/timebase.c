// SPDX-License-Identifier: GPL-2.0
/*
 * Which of the system's clocks drives an emulated one, and what time it begins with.
 *
 * The clock that counts never runs backwards and is never stepped, as a chip's own
 * crystal; what CLOCK_REALTIME is stepped by is told apart from it.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/rtc.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "sim/timebase.h"

#define DATE_FORM "dddd-dd-ddTdd:dd:dd"	/* d: a digit */

/**
 * mc_timebase_parse_clock - parameter clock=
 * @tb: its clock is set
 * @text: host, rt or vm
 *
 * Return: 0 or -EINVAL.
 */
int mc_timebase_parse_clock(struct mc_timebase *tb, const char *text)
{
	static const char * const names[] = {
		[MC_TIMEBASE_RT] = "rt",
		[MC_TIMEBASE_HOST] = "host",
		[MC_TIMEBASE_VM] = "vm",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(text, names[i])) {
			tb->clock = i;
			return 0;
		}
	}
	return -EINVAL;
}

static bool has_form(const char *text, const char *form)
{
	for (; *form; form++, text++)
		if (*form == 'd' ? !isdigit(*text) : *text != *form)
			return false;
	return !*text;
}

static int parse_date(const char *text, s64 *sec)
{
	struct rtc_time tm = { };

	if (!has_form(text, DATE_FORM) ||
	    sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return -EINVAL;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	if (rtc_valid_tm(&tm))
		return -EINVAL;
	*sec = rtc_tm_to_time64(&tm);
	return 0;
}

/**
 * mc_timebase_parse_base - parameter base=
 * @tb: what it begins with is set
 * @text: utc, localtime or YYYY-MM-DDTHH:MM:SS, from 1970 on
 *
 * Return: 0 or -EINVAL.
 */
int mc_timebase_parse_base(struct mc_timebase *tb, const char *text)
{
	if (!strcmp(text, "utc"))
		tb->begin = MC_TIMEBASE_UTC;
	else if (!strcmp(text, "localtime"))
		tb->begin = MC_TIMEBASE_LOCALTIME;
	else if (!parse_date(text, &tb->sec))
		tb->begin = MC_TIMEBASE_DATE;
	else
		return -EINVAL;
	return 0;
}

/**
 * mc_timebase_now - what counts
 * @tb: the time base
 *
 * Context: any but NMI.
 * Return: ns; never goes back.
 */
s64 mc_timebase_now(const struct mc_timebase *tb)
{
	return tb->clock == MC_TIMEBASE_VM ? ktime_get_ns() : ktime_get_boottime_ns();
}

/**
 * mc_timebase_stepped - by how much the system's clock was stepped, in all
 *
 * Description: CLOCK_REALTIME and CLOCK_BOOTTIME are slewed alike, so that what lies between
 * them changes by steps alone.
 * Context: any but NMI.
 * Return: ns, of which only the changes mean anything.
 */
s64 mc_timebase_stepped(void)
{
	return ktime_sub(ktime_mono_to_any(0, TK_OFFS_REAL), ktime_mono_to_any(0, TK_OFFS_BOOT));
}

/**
 * mc_timebase_first - the time to begin with
 * @tb: the time base
 * @host: the seconds shall begin with the system's
 * @ns: filled in: how much of the second is over
 *
 * Return: seconds since 1970.
 */
s64 mc_timebase_first(const struct mc_timebase *tb, bool host, u32 *ns)
{
	struct timespec64 now;

	ktime_get_real_ts64(&now);
	*ns = tb->begin == MC_TIMEBASE_DATE && !host ? 0 : now.tv_nsec;
	if (tb->begin == MC_TIMEBASE_DATE)
		return tb->sec;
	if (tb->begin == MC_TIMEBASE_LOCALTIME)
		return max_t(s64, now.tv_sec - sys_tz.tz_minuteswest * 60, 0);
	return now.tv_sec;
}
