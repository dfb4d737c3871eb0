// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/time/date.h"
#include "lib/time/duration.h"
#include "lib/time/lockfile.h"
#include "ui/report.h"

static void begin(const char *fmt, va_list ap)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, fmt, ap);
}

void report(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	begin(fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void report_error(int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	begin(fmt, ap);
	va_end(ap);
	fprintf(stderr, ": %s\n", strerror(-err));
}

void report_date(int err, const char *text)
{
	if (err == -ERANGE)
		report("invalid date '%s': too far from now", text);
	else
		report("invalid date '%s': accepted are %s", text, DATE_FORMS);
}

void report_set(int err, const struct rtc *rtc)
{
	if (err == -EAGAIN)
		report("cannot set %s: the machine is too busy to meet the right moment",
		       rtc->path);
	else if (err == -EACCES || err == -EPERM)
		report_error(err, "cannot set %s without root (CAP_SYS_TIME)", rtc->path);
	else if (err == -ERANGE || err == -EINVAL)
		report_error(err, "cannot set %s: the clock cannot hold this date", rtc->path);
	else if (err == -EIO && !strcmp(rtc->driver, RTC_OURS))
		report("cannot set %s: the clock does not keep what is written to it", rtc->path);
	else
		report_error(err, "cannot set %s", rtc->path);
}

int report_setting(const struct setting *setting, const struct rtc *rtc)
{
	char off[DURATION_TEXT_SIZE], bound[DURATION_TEXT_SIZE];

	if (setting->keeps_second && !setting->exact)
		report("%s did not take the fraction of the second: the driver %s keeps the phase of its seconds",
		       rtc->path, rtc->driver[0] ? rtc->driver : "(unknown)");
	if (!setting_failed(setting))
		return 0;
	report("cannot set %s to the millisecond: it is %s off, with a bound of %s, after %d tries",
	       rtc->path, duration_format_known(setting->residual.ns, setting->residual.bound_ns, off),
	       duration_format(setting->residual.bound_ns, bound), setting->writes);
	return -EIO;
}

void report_read(int err, const struct rtc *rtc)
{
	if (err == -ETIME)
		report("%s does not tick: its seconds stay the same", rtc->path);
	else if (err == -EINVAL)
		report("%s holds no valid date: set it first", rtc->path);
	else if (err == -EAGAIN)
		report("cannot tell how %s stands inside its second: its driver does not find where the seconds begin; try again, and see 'rtcctl doctor'",
		       rtc->path);
	else if (err == -ERANGE)
		report("%s shows a date beyond the year 2261, which cannot be reckoned with: set it first",
		       rtc->path);
	else if (err == -ESTALE)
		report("cannot trust %s: its date is not the one that its driver tells",
		       rtc->path);
	else
		report_error(err, "cannot read %s", rtc->path);
}

void report_interrupt(int err, const struct rtc *rtc)
{
	if (err == -ETIME)
		report("%s sends no update interrupt: found its tick by polling", rtc->path);
	else if (err)
		report_error(err, "%s refuses update interrupts: found its tick by polling",
			     rtc->path);
}

void report_update(int err, const char *file)
{
	if (err == -ELOOP)
		report("cannot update %s: it is a symbolic link in a directory that not only root may write",
		       file);
	else
		report_error(err, "cannot update %s", file);
}

void report_lock(int err)
{
	if (err == -EBUSY)
		report("another program has been setting the clock for too long");
	else
		report_error(err, "cannot lock %s", LOCKFILE_PATH);
}

int report_try_help(const char *command)
{
	fprintf(stderr, "Try '%s%s%s --help' for more information.\n",
		program_invocation_short_name, command ? " " : "", command ? command : "");
	return EXIT_USAGE;
}
