// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether the clock runs, ticks, and keeps its time and alarm. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands/doctor/doctor.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/alarm.h"
#include "lib/rtc/battery.h"
#include "lib/rtc/bits.h"
#include "lib/rtc/cmos-layout.h"
#include "lib/rtc/procfs.h"
#include "lib/rtc/registers.h"
#include "lib/rtc/take-reading.h"
#include "lib/rtc/tick.h"
#include "lib/time/clock.h"

#define WITH_OURS	"use rtc-mc146818 in place of rtc_cmos: it needs no interrupt"

/* Whether its registers are known; a dead bus or another chip has none. */
static bool registers_seen(const struct doctor *doctor, struct registers *registers)
{
	return cmos_layout_applies(&doctor->rtc) && !registers_read(&doctor->rtc, registers);
}

/* Why a chip holds its time, where the registers say it. Return: whether they do. */
static bool held(struct doctor *doctor, const struct registers *registers)
{
	const char *path = doctor->rtc.path;

	if (registers_set_stuck(registers)) {
		doctor_find(doctor, SEVERITY_ERROR, "set-stuck",
			    "%s does not tick: the SET bit in its register B (0x%02x) is stuck, so that its time is held",
			    path, registers->b);
		doctor_advise(doctor, "set it: rtcctl set now; rtc-mc146818 clears the bit with that");
		return true;
	}
	if (registers_divider_stopped(registers)) {
		doctor_find(doctor, SEVERITY_ERROR, "divider-stopped",
			    "%s does not tick: its divider is stopped (register A is 0x%02x)",
			    path, registers->a);
		doctor_advise(doctor, "load rtc-mc146818 and set it (rtcctl set now), or set the clock in the firmware's setup");
		return true;
	}
	return false;
}

static void standing_still(struct doctor *doctor)
{
	const char *path = doctor->rtc.path;
	struct registers registers;

	if (!registers_seen(doctor, &registers)) {
		doctor_find(doctor, SEVERITY_ERROR, "stopped",
			    "%s does not tick: its seconds stay the same", path);
		doctor_advise(doctor, "set it: rtcctl set now; as root doctor looks further into a PC's clock");
	} else if (!held(doctor, &registers)) {
		doctor_find(doctor, SEVERITY_ERROR, "stopped",
			    "%s does not tick, though its registers say that it runs (A 0x%02x, B 0x%02x): the oscillator stands still",
			    path, registers.a, registers.b);
		doctor_advise(doctor, "the hardware is broken, or the hypervisor does not move its clock");
	}
}

static bool uses_acpi(void)
{
	struct root_path path;
	char value[8];

	return !attribute_read(value, sizeof(value),
			       root_path(&path, "/sys/module/rtc_cmos/parameters/use_acpi_alarm")) &&
	       value[0] == 'Y';
}

/* Enabled without complaint, and then nothing comes. */
static void no_ticks(struct doctor *doctor)
{
	const char *path = doctor->rtc.path;
	bool cmos = !strcmp(doctor->rtc.driver, "rtc_cmos");

	if (cmos && uses_acpi()) {
		doctor_find(doctor, SEVERITY_ERROR, "ticks-lost-acpi",
			    "%s sends no update interrupt: rtc_cmos leaves alarms to ACPI, which nobody raises here",
			    path);
		doctor_advise(doctor, "boot with rtc_cmos.use_acpi_alarm=0, or " WITH_OURS);
	} else if (cmos && procfs_says(&doctor->rtc, "HPET_emulated", "yes")) {
		doctor_find(doctor, SEVERITY_ERROR, "ticks-lost-hpet",
			    "%s sends no update interrupt: the HPET has taken the clock's interrupt, and does not deliver",
			    path);
		doctor_advise(doctor, "boot with hpet=disable, or " WITH_OURS);
	} else {
		doctor_find(doctor, SEVERITY_ERROR, "ticks-lost",
			    "%s takes update interrupts, but none comes: programs that wait for one hang for seconds",
			    path);
		doctor_advise(doctor, "see in /proc/interrupts whether the clock's interrupt (8 on a PC) counts; " WITH_OURS);
	}
}

static void check_interrupts(struct doctor *doctor, const struct tick *tick)
{
	bool beside;

	if (tick->interrupt_err == -ETIME) {
		no_ticks(doctor);
	} else if (tick->interrupt_err) {
		doctor_find(doctor, SEVERITY_NOTE, "no-update-interrupt",
			    "%s has no update interrupt (%s): its tick is found by polling",
			    doctor->rtc.path, strerror(-tick->interrupt_err));
		doctor_advise(doctor, "none is needed by these tools; others may fail to wait for a tick");
	} else if (!strcmp(doctor->rtc.driver, "rtc_cmos") &&
		   procfs_says(&doctor->rtc, "HPET_emulated", "yes")) {
		beside = doctor_bound_by(doctor, RTC_OURS);
		doctor_find(doctor, beside ? SEVERITY_NOTE : SEVERITY_WARNING, "ticks-by-hpet",
			    "the HPET stands in for the clock's interrupt: the kernel polls %s 64 times a second while somebody waits for a tick, and ticks come late",
			    doctor->rtc.path);
		doctor_advise(doctor, beside ? "wait for ticks at the clock of rtc-mc146818, which needs no interrupt" :
					       "boot with hpet=disable, or " WITH_OURS);
	}
}

/* Drivers call a clock that stands still unreadable, too. */
static void unreadable(struct doctor *doctor, int err)
{
	struct registers registers;

	if (err == -EINVAL || err == -ERANGE) {
		doctor_find(doctor, SEVERITY_ERROR, "invalid-date", err == -EINVAL ?
			    "%s holds no valid date" : "%s shows a date beyond the year 2261",
			    doctor->rtc.path);
		doctor_advise(doctor, "set it: rtcctl systohc; where it comes back, the battery is empty");
		return;
	}
	if (err == -EIO && registers_seen(doctor, &registers) && held(doctor, &registers))
		return;
	doctor_find(doctor, SEVERITY_ERROR, "unreadable", "%s cannot be read: %s",
		    doctor->rtc.path, strerror(-err));
	doctor_advise(doctor, "'dmesg | grep -i rtc' may tell more");
}

static void check_battery(struct doctor *doctor)
{
	unsigned int flags = battery_faults(&doctor->rtc);
	char text[256];

	if (!flags)
		return;
	doctor_find(doctor, flags & (RTC_VL_DATA_INVALID | RTC_VL_BACKUP_EMPTY) ?
		    SEVERITY_ERROR : SEVERITY_WARNING, "battery", "the clock's battery: %s",
		    bits_text(bits_voltage, flags, "good", text, sizeof(text)));
	doctor_advise(doctor, "replace the battery, then set the clock: rtcctl systohc");
}

void doctor_check_clock(struct doctor *doctor)
{
	struct tick tick;
	int64_t rtc_s;
	int err;

	if (doctor->rtc.fd < 0)
		return;
	check_battery(doctor);
	err = rtc_read_s(&doctor->rtc, &rtc_s);
	if (!err)
		err = tick_wait(&doctor->rtc, &tick);
	if (err == -ETIME)
		standing_still(doctor);
	else if (err)
		unreadable(doctor, err);
	if (err)
		return;
	check_interrupts(doctor, &tick);
	doctor->read = true;
	reading_from_tick(&tick, &doctor->reading);
}

static void check_past(struct doctor *doctor, const struct alarm *alarm)
{
	if (!doctor->read || alarm->rtc_s >= clock_floor_s(doctor->reading.rtc_ns))
		return;
	doctor_find(doctor, SEVERITY_WARNING, "alarm-past",
		    "the alarm is set to a time that is past, %lld s ago: it was lost, or the clock was set meanwhile",
		    (long long)(clock_floor_s(doctor->reading.rtc_ns) - alarm->rtc_s));
	doctor_advise(doctor, "rtcctl alarm cancel, or set it anew");
}

void doctor_check_alarm(struct doctor *doctor)
{
	struct alarm alarm;

	if (doctor->rtc.fd < 0 || alarm_read(&doctor->rtc, &alarm) || !alarm.enabled ||
	    !alarm.dated)
		return;
	check_past(doctor, &alarm);
	if (alarm_wakes(&doctor->rtc) == 1)
		return;
	doctor_find(doctor, SEVERITY_WARNING, "no-wakeup",
		    "an alarm is set, but the clock may not wake the system");
	doctor_advise(doctor, "echo enabled > /sys/class/rtc/%s/device/power/wakeup; where that file is missing, the hardware or the hypervisor cannot",
		      doctor->rtc.node);
}
