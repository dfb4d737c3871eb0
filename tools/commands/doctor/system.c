// SPDX-License-Identifier: GPL-2.0-or-later
/* What depends on the clock: its date, adjtime, and the kernel's time. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands/doctor/doctor.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/machine/steal.h"
#include "lib/time/clock.h"
#include "lib/time/date.h"
#include "lib/time/duration.h"
#include "lib/time/system.h"

#define OFF_WARNING_NS	(2 * NSEC_PER_SEC)
#define OFF_ERROR_NS	(3600 * NSEC_PER_SEC)
#define STEAL_PERCENT	5.0

static const char *scale_name(enum timescale scale)
{
	return scale == TIMESCALE_LOCAL ? "local time" : "UTC";
}

static void malformed(struct doctor *doctor, const char *file, const struct adjtime_fault *fault)
{
	doctor_find(doctor, SEVERITY_ERROR, "adjtime-malformed", "%s: line %d: %s", file,
		    fault->line, fault->reason);
	doctor_advise(doctor, "remove the file, then 'rtcctl systohc --utc' (or --localtime) makes it anew");
}

void doctor_check_adjtime(struct doctor *doctor)
{
	const struct options *options = doctor->options;
	struct adjtime_fault fault = {};
	struct root_path path;
	const char *file = options->adjfile ? options->adjfile : root_path(&path, ADJTIME_PATH);
	int err = 0;

	if (!options->noadjfile)
		err = adjtime_load(file, &doctor->adjtime, &fault);
	doctor->scale = options->scale_given ? options->scale : doctor->adjtime.scale;
	if (fault.line) {
		malformed(doctor, file, &fault);
		doctor->adjtime.drift_s_per_day = 0;
	} else if (err && err != -ENOENT) {
		doctor_find(doctor, SEVERITY_ERROR, "adjtime-unreadable", "cannot read %s: %s",
			    file, strerror(-err));
		doctor_advise(doctor, "see to its permissions; without it the clock is taken to be in UTC");
	}
	if (fabs(doctor->adjtime.drift_s_per_day) > ADJTIME_MAX_DRIFT) {
		doctor_find(doctor, SEVERITY_WARNING, "drift-factor",
			    "%s: a drift factor of %.0f s/day is no drift but a fault", file,
			    doctor->adjtime.drift_s_per_day);
		doctor_advise(doctor, "rtcctl systohc, and teach the drift anew: hwclock --systohc --update-drift, some days later");
	}
}

static void wrong_scale(struct doctor *doctor)
{
	bool utc = doctor->scale == TIMESCALE_UTC;

	doctor_find(doctor, SEVERITY_ERROR, "timescale",
		    "the clock is kept in %s, but the adjtime file says %s (%s)",
		    scale_name(utc ? TIMESCALE_LOCAL : TIMESCALE_UTC), scale_name(doctor->scale),
		    doctor->adjtime.scale_known ? "in its third line" : "by saying nothing");
	doctor_advise(doctor, "rtcctl systohc --%s sets the clock, and notes it; --%s keeps the clock as another system has it",
		      utc ? "utc" : "localtime", utc ? "localtime" : "utc");
}

/* Nobody takes the time of another clock. */
static void off(struct doctor *doctor, int64_t offset_ns)
{
	bool hours = llabs(offset_ns) >= OFF_ERROR_NS;
	char text[DURATION_TEXT_SIZE];

	doctor_find(doctor, hours && !doctor->other ? SEVERITY_ERROR : SEVERITY_WARNING,
		    hours ? "off-by-hours" : "off-by-seconds", "%s is %s %s the system's time",
		    doctor->rtc.path, duration_format(llabs(offset_ns), text),
		    offset_ns > 0 ? "ahead of" : "behind");
	doctor_advise(doctor, "where the system's time is right: rtcctl systohc%s%s; where the clock's is: rtcctl hctosys%s%s",
		      doctor->other ? " -f " : "", doctor->other ? doctor->rtc.node : "",
		      doctor->other ? " -f " : "", doctor->other ? doctor->rtc.node : "");
}

void doctor_check_offset(struct doctor *doctor)
{
	int64_t offset_ns;

	/* An emulated clock may have any time. */
	if (!doctor->read || (doctor->other && strstr(doctor->rtc.name, "emulated")) ||
	    reading_offset_ns(&doctor->reading, doctor->scale, &offset_ns))
		return;
	if (!doctor->other && reading_fits_other(&doctor->reading, doctor->scale))
		wrong_scale(doctor);
	else if (llabs(offset_ns) >= OFF_WARNING_NS)
		off(doctor, offset_ns);
}

/* The kernel writes a clock that it takes to be local by its own timezone, and FAT's dates too. */
static void check_timezone(struct doctor *doctor)
{
	int wanted = system_minutes_west(clock_now_ns(CLOCK_REALTIME) / NSEC_PER_SEC);
	int kernel;

	if (doctor->scale != TIMESCALE_LOCAL || system_timezone(&kernel) || kernel == wanted)
		return;
	doctor_find(doctor, SEVERITY_WARNING, "kernel-timezone",
		    "the clock is kept in local time, %d minutes west of Greenwich, but the kernel's timezone is %d",
		    wanted, kernel);
	doctor_advise(doctor, "hwclock --systz at boot tells the kernel; after a change of daylight saving: again");
}

static void check_drift(struct doctor *doctor)
{
	if (!doctor->adjtime.drift_s_per_day || !system_synchronised())
		return;
	doctor_find(doctor, SEVERITY_WARNING, "drift-and-sync",
		    "the adjtime file has a drift factor (%f s/day), while the kernel, synchronised by NTP, sets the clock every 11 minutes: the factor corrects drift that is not there",
		    doctor->adjtime.drift_s_per_day);
	doctor_advise(doctor, "remove the adjtime file's first line's numbers (0.0 0 0.0), and do not use --adjust or --update-drift");
}

/*
 * A kernel that had the time from elsewhere lacks nothing: x86 reads the chip itself
 * early, and a driver that is loaded later leaves the system's time as it is.
 */
static void check_hctosys(struct doctor *doctor)
{
	struct root_path path;
	struct rtc rtc;
	int64_t yes, offset_ns;

	if (!doctor->read || reading_offset_ns(&doctor->reading, doctor->scale, &offset_ns) ||
	    llabs(offset_ns) < OFF_WARNING_NS)
		return;
	for (int i = 0; i < doctor->rtcs.count; i++) {
		rtc_describe(&rtc, doctor->rtcs.numbers[i]);
		if (!attribute_read_s64(&yes, rtc_attribute(&rtc, &path, "hctosys")) && yes)
			return;
	}
	doctor_find(doctor, SEVERITY_WARNING, "no-hctosys",
		    "the kernel did not set its time from a clock at boot, and the two differ: its own (rtc0) was not there yet, or could not be read");
	doctor_advise(doctor, "load the driver in the initramfs, or run 'rtcctl hctosys' early at boot");
}

static void check_clocksource(struct doctor *doctor)
{
	static const char *const slow[] = {
		"hpet", "acpi_pm", "pit", "jiffies", "refined-jiffies", NULL
	};
	struct root_path path;
	char name[64];

	if (attribute_read(name, sizeof(name),
			   root_path(&path, "/sys/devices/system/clocksource/clocksource0/current_clocksource")))
		return;
	for (int i = 0; slow[i]; i++) {
		if (strcmp(name, slow[i]))
			continue;
		doctor_find(doctor, SEVERITY_WARNING, "clocksource",
			    "the kernel has fallen back to the clocksource %s: reading the time is slow, and may be coarse",
			    name);
		doctor_advise(doctor, "'dmesg | grep -i clocksource' tells why; 'rtcctl clocks' compares them");
	}
}

/* From boot on: a look of one moment would say nothing of the rest. */
static void check_steal(struct doctor *doctor)
{
	static const struct steal_ticks boot;
	struct root_path path;
	struct steal steal;
	double percent;

	if (steal_load(root_path(&path, STEAL_PATH), &steal))
		return;
	percent = steal_percent(&boot, &steal.all);
	if (percent < STEAL_PERCENT)
		return;
	doctor_find(doctor, SEVERITY_WARNING, "steal",
		    "the hypervisor gave %.1f %% of the time since boot to others: readings of clocks are late and their bounds wide",
		    percent);
	doctor_advise(doctor, "'rtcctl watch' shows it as it happens; the host is overcommitted, or limits this machine");
}

void doctor_check_system(struct doctor *doctor)
{
	doctor->system = true;
	check_timezone(doctor);
	check_drift(doctor);
	check_hctosys(doctor);
	check_clocksource(doctor);
	check_steal(doctor);
	doctor->system = false;
}
