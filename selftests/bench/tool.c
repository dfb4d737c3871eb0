// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool.h"

/* `seconds.fraction`, the fraction with six digits */
static int parse_seconds(const char *text, s64 *ns)
{
	long long seconds;
	int micros;

	if (sscanf(text, "%lld.%6d", &seconds, &micros) != 2)
		return -EINVAL;
	*ns = seconds * SECOND_NS + micros * 1000LL;
	return 0;
}

/* `2026-11-22 04:17:18.184570+00:00` */
static int parse_date(const char *text, s64 *ns)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);

	if (!rest || *rest != '.')
		return -EINVAL;
	*ns = timegm(&tm) * SECOND_NS + atoi(rest + 1) * 1000LL;
	return 0;
}

/* hwclock -v says when it was started; its answer, the last line, is for that moment. */
static int parse_hwclock(const char *output, struct shown *shown)
{
	static const char start[] = "System Time: ";
	const char *system = strstr(output, start), *last = output, *line;

	if (!system || parse_seconds(system + strlen(start), &shown->real))
		return -EINVAL;
	for (line = output; line && *line; line = strchr(line, '\n'), line += !!line)
		last = line;
	return parse_date(last, &shown->rtc);
}

/* `Sun Nov 22 04:17:22 2026  0.000000 seconds` */
static int parse_busybox(const char *output, struct shown *shown)
{
	struct tm tm = { 0 };

	if (!strptime(output, "%a %b %d %H:%M:%S %Y", &tm))
		return -EINVAL;
	shown->rtc = timegm(&tm) * SECOND_NS;
	return 0;
}

static int parse_number(const char *output, const char *key, s64 *value)
{
	const char *at = strstr(output, key);

	if (!at)
		return -EINVAL;
	*value = atoll(at + strlen(key));
	return 0;
}

static int parse_rtcctl(const char *output, struct shown *shown)
{
	int err = parse_number(output, "\"time_ns\":", &shown->rtc);

	return err ? err : parse_number(output, "\"system_ns\":", &shown->real);
}

#define HWCLOCK		"/usr/sbin/hwclock", "--utc", "--noadjfile"
#define BUSYBOX		"/busybox/hwclock", "-u"
#define RTCCTL		"/rtcctl/rtcctl"
#define RTCCTL_OPTIONS	"--utc", "--noadjfile", "--json"

const struct tool tools[] = {
	{ "hwclock",
	  { { HWCLOCK, "--show", "--verbose", "--rtc" },
	    { HWCLOCK, "--systohc", "--rtc" },
	    { HWCLOCK, "--hctosys", "--rtc" } },
	  parse_hwclock },
	{ "busybox",
	  { { BUSYBOX, "-r", "-f" }, { BUSYBOX, "-w", "-f" }, { BUSYBOX, "-s", "-f" } },
	  parse_busybox },
	{ "rtcctl",
	  { { RTCCTL, "show", RTCCTL_OPTIONS, "--rtc" },
	    { RTCCTL, "systohc", RTCCTL_OPTIONS, "--rtc" },
	    { RTCCTL, "hctosys", RTCCTL_OPTIONS, "--rtc" } },
	  parse_rtcctl },
	{ NULL }
};
