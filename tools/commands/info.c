// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <json-c/json.h>

#include "commands/commands.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/bits.h"
#include "lib/rtc/conduct.h"
#include "lib/rtc/param.h"
#include "lib/rtc/phase.h"
#include "lib/rtc/ptp.h"
#include "lib/rtc/tick.h"
#include "lib/time/date.h"
#include "lib/time/duration.h"
#include "ui/clock-sheet.h"
#include "ui/device.h"
#include "ui/options.h"
#include "ui/report.h"

enum {
	OPTION_PROBE = OPTION_OWN,
};

static const char *const keys[] = {
	SHEET_DEVICE_KEYS, "number", "name", "parent", "bus_driver", "hctosys", "timescale",
	"features", "alarm", "battery", "ticks.source", "ticks.probed", "ticks.interrupt",
	"phase", "ptp", "accesses", "interrupts", "conduct", NULL
};

/* The texts of the bits that are set, and their keys as an array. */
static void sheet_bits(struct sheet *sheet, const char *key, const char *label,
		       const struct bit *bits, uint64_t set, const char *none)
{
	struct json_object *array = json_object_new_array();
	char text[512];

	for (const struct bit *bit = bits; bit->key; bit++)
		if (set & bit->mask)
			json_object_array_add(array, json_object_new_string(bit->key));
	sheet_array(sheet, key, array);
	sheet_string(sheet, NULL, label, bits_text(bits, set, none, text, sizeof(text)));
}

static void sheet_attribute(struct sheet *sheet, const struct rtc *rtc, const char *key,
			    const char *label, const char *name)
{
	struct root_path path;
	char value[128];

	if (rtc->node[0] &&
	    !attribute_read(value, sizeof(value), rtc_attribute(rtc, &path, name)))
		sheet_string(sheet, key, label, value);
}

static void sheet_link(struct sheet *sheet, const struct rtc *rtc, const char *key,
		       const char *label, const char *name)
{
	char target[PATH_MAX];
	struct root_path path;
	ssize_t len;

	len = readlink(rtc_attribute(rtc, &path, name), target, sizeof(target) - 1);
	if (!rtc->node[0] || len < 0)
		return;
	target[len] = '\0';
	sheet_string(sheet, key, label, basename(target));
}

static void sheet_identity(struct sheet *sheet, const struct rtc *rtc)
{
	struct root_path path;
	char number[32];
	int64_t hctosys;

	sheet_device(sheet, rtc);
	snprintf(number, sizeof(number), "%u:%u", major(rtc->rdev), minor(rtc->rdev));
	sheet_string(sheet, "number", "Device number", number);
	if (rtc->name[0])
		sheet_string(sheet, "name", "Name", rtc->name);
	sheet_link(sheet, rtc, "parent", "Parent device", "device");
	sheet_link(sheet, rtc, "bus_driver", "Bound to driver", "device/driver");
	if (rtc->node[0] && !attribute_read_s64(&hctosys, rtc_attribute(rtc, &path, "hctosys")))
		sheet_bool(sheet, "hctosys", "Set system at boot", hctosys);
}

static void sheet_features(struct sheet *sheet, const struct rtc *rtc)
{
	uint64_t set;

	if (param_features(rtc, &set)) {
		sheet_null(sheet, "features");
		sheet_string(sheet, NULL, "Features", "not told by this kernel");
		return;
	}
	sheet_bits(sheet, "features", "Features", bits_features, set, "none");
}

static void alarm_text(const struct rtc_wkalrm *alarm, int64_t epoch_ns, char *text, size_t size)
{
	char date[DATE_TEXT_SIZE];

	if (!alarm->enabled || date_format_second(epoch_ns, date, sizeof(date)))
		snprintf(text, size, "not set");
	else
		snprintf(text, size, "%s%s", date, alarm->pending ? ", pending" : "");
}

static void sheet_alarm(struct sheet *sheet, const struct rtc *rtc, enum timescale scale)
{
	int64_t rtc_s, epoch_ns = 0;
	struct rtc_wkalrm alarm;
	char text[128];
	int err;

	err = rtc_read_alarm(rtc, &alarm);
	if (err) {
		sheet_null(sheet, "alarm");
		sheet_string(sheet, NULL, "Alarm", "none in this clock");
		return;
	}
	if (alarm.enabled)
		alarm.enabled = !timescale_fields_to_rtc_s(&alarm.time, &rtc_s) &&
				!timescale_to_epoch(scale, rtc_s * NSEC_PER_SEC, &epoch_ns);
	alarm_text(&alarm, epoch_ns, text, sizeof(text));
	sheet_string(sheet, NULL, "Alarm", text);
	sheet_bool(sheet, "alarm.enabled", NULL, alarm.enabled);
	sheet_bool(sheet, "alarm.pending", NULL, alarm.pending);
	sheet_null(sheet, "alarm.time_s");
	sheet_null(sheet, "alarm.wakeup");
	if (alarm.enabled)
		sheet_int(sheet, "alarm.time_s", NULL, clock_floor_s(epoch_ns));
	sheet_attribute(sheet, rtc, "alarm.wakeup", "Wakes the system", "device/power/wakeup");
}

static void sheet_battery(struct sheet *sheet, const struct rtc *rtc)
{
	unsigned int flags;

	if (rtc_read_voltage(rtc, &flags)) {
		sheet_null(sheet, "battery");
		sheet_string(sheet, NULL, "Battery", "not told by the driver");
		return;
	}
	sheet_bits(sheet, "battery", "Battery", bits_voltage, flags, "good");
}

static void sheet_probe(struct sheet *sheet, const struct rtc *rtc)
{
	char width[DURATION_TEXT_SIZE], text[160];
	struct tick tick;
	int err;

	err = tick_wait(rtc, &tick);
	if (err)
		snprintf(text, sizeof(text), "none: the clock does not tick (%s)", strerror(-err));
	else if (tick.method == TICK_INTERRUPT)
		snprintf(text, sizeof(text), "update interrupt, seen at most %s after the edge",
			 duration_format(tick.after.mono_ns - tick.before.mono_ns, width));
	else
		snprintf(text, sizeof(text), "no update interrupt%s; only polling finds the tick",
			 tick.interrupt_err == -ETIME ? " came" : "");
	sheet_string(sheet, "ticks.probed", "Ticks, tried", text);
	sheet_bool(sheet, "ticks.interrupt", NULL, !err && tick.method == TICK_INTERRUPT);
}

static void sheet_ticks(struct sheet *sheet, const struct rtc *rtc, bool probe)
{
	bool own = !strcmp(rtc->driver, RTC_OURS);
	bool known, update;
	uint64_t set;

	known = !param_features(rtc, &set);
	update = known && set & 1U << RTC_FEATURE_UPDATE_INTERRUPT;
	if (own)
		sheet_string(sheet, NULL, "Ticks", "a timer of the driver, aimed at the clock's edge");
	else if (known)
		sheet_string(sheet, NULL, "Ticks",
			     !update ? "no update interrupt, polling only" :
			     probe ? "update interrupt claimed" :
				     "update interrupt claimed (--probe tries it)");
	else
		sheet_string(sheet, NULL, "Ticks", "unknown (--probe tries)");
	sheet_string(sheet, "ticks.source", NULL,
		     own ? "driver-timer" : update ? "update-interrupt" : known ? "none" : "unknown");
	if (probe)
		sheet_probe(sheet, rtc);
}

static void sheet_debug(struct sheet *sheet, const struct rtc *rtc, const char *key,
			const char *label)
{
	struct root_path path;
	int64_t value;

	if (!attribute_read_s64(&value, root_path(&path, "/sys/kernel/debug/rtc-mc146818/%s/%s",
						  rtc->node, key)))
		sheet_int(sheet, key, label, value);
}

static const char *release_text(const struct conduct *conduct)
{
	if (!conduct->confirmed)
		return "to be seen again: it has not done what was known of it";
	for (const struct bit *bit = conduct_releases; bit->key; bit++)
		if (conduct->release == bit->mask)
			return bit->text;
	return "not known: no set was seen through yet";
}

/* For root alone, who may look into debugfs. */
static void sheet_conduct(struct sheet *sheet, const struct rtc *rtc)
{
	char text[DURATION_TEXT_SIZE];
	struct conduct conduct;

	if (conduct_read(rtc, &conduct))
		return;
	sheet_bits(sheet, "conduct.release", NULL, conduct_releases, conduct.release, "");
	sheet_bool(sheet, "conduct.confirmed", NULL, conduct.confirmed);
	sheet_string(sheet, NULL, "Second after a set", release_text(&conduct));
	sheet_string(sheet, "conduct.writes", "Writes", conduct.writes);
	sheet_string(sheet, "conduct.hours", "Hours to", conduct.hours);
	sheet_int(sheet, "conduct.access_ns", NULL, conduct.access_ns);
	sheet_string(sheet, NULL, "An access takes", duration_format(conduct.access_ns, text));
}

static void sheet_phase_state(struct sheet *sheet, const struct rtc *rtc)
{
	char state[16], age[DURATION_TEXT_SIZE], text[96];
	struct root_path path;
	int64_t age_ns;

	if (!rtc->node[0] ||
	    attribute_read(state, sizeof(state), rtc_attribute(rtc, &path, "phase/state")))
		return;
	sheet_string(sheet, "phase.state", NULL, state);
	sheet_null(sheet, "phase.edge_age_ns");
	snprintf(text, sizeof(text), "%s", state);
	if (!phase_edge_age(rtc, &age_ns)) {
		sheet_int(sheet, "phase.edge_age_ns", NULL, age_ns);
		snprintf(text, sizeof(text), "%s, last edge %s ago", state,
			 duration_format(age_ns, age));
	}
	sheet_string(sheet, NULL, "Phase", text);
}

static void sheet_phase(struct sheet *sheet, const struct rtc *rtc)
{
	char ptp[64];

	sheet_phase_state(sheet, rtc);
	if (!ptp_find(rtc, ptp, sizeof(ptp)))
		sheet_string(sheet, "ptp", "Sub-second clock", ptp);
	if (!rtc->node[0])
		return;
	sheet_debug(sheet, rtc, "accesses", "Accesses");
	sheet_debug(sheet, rtc, "interrupts", "Interrupts");
	sheet_conduct(sheet, rtc);
}

static int info(struct options *options, bool probe)
{
	struct sheet *sheet;
	struct rtc rtc;

	options_adjtime_guess(options);
	if (device_open(&rtc, options->device))
		return EXIT_FAILURE;
	sheet = sheet_new("info", keys);
	sheet_identity(sheet, &rtc);
	sheet_scale(sheet, options->scale);
	sheet_features(sheet, &rtc);
	sheet_alarm(sheet, &rtc, options->scale);
	sheet_battery(sheet, &rtc);
	sheet_ticks(sheet, &rtc, probe);
	sheet_phase(sheet, &rtc);
	rtc_close(&rtc);
	return options_print(options, sheet);
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG,
		{ "probe", no_argument, NULL, OPTION_PROBE },
		{}
	};
	struct options options = {};
	bool probe = false;
	int c, status;

	while ((c = getopt_long(argc, argv, OPTIONS_SHORT, longopts, NULL)) != -1) {
		if (c == OPTION_PROBE) {
			probe = true;
			continue;
		}
		status = options_take(&options, command, c);
		if (status >= 0)
			return status;
	}
	status = options_finish(&options, command, argc, 0);
	return status >= 0 ? status : info(&options, probe);
}

const struct command cmd_info = {
	.name = "info",
	.summary = "driver, device, features, alarm, battery and tick source of the clock",
	.help = "rtcctl info [OPTION...]\n"
		"\n"
		"Show what the clock is and can do. Changes nothing.\n"
		"\n"
		"     --probe         wait for a tick, to see whether update interrupts come\n"
		OPTIONS_HELP,
	.examples = { "rtcctl info",
		      "rtcctl info --probe --json" },
	.run = run,
};
