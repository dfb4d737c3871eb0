// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <json-c/json.h>

#include "commands/chip/chip.h"
#include "lib/rtc/chips.h"
#include "lib/rtc/cmos-layout.h"
#include "lib/time/duration.h"
#include "ui/clock-sheet.h"
#include "ui/number.h"

#define TEXT_SIZE	512
#define MEANING_SIZE	128
#define BANK_SIZE	128

static const char *reason(int err)
{
	switch (err) {
	case CHIP_NOT_ASKED:
		return "not tried (--test does)";
	case CHIP_PROCESSORS:
		return "not tried: with several processors a look might spoil the kernel's own";
	case CHIP_ALARM_SET:
		return "not tried: an alarm is set";
	case -EACCES:
	case -EPERM:
		return "only root is told";
	case -ENOENT:
	case -ENODEV:
		return "the driver does not show it";
	case -EOPNOTSUPP:
		return "this clock has none";
	default:
		return strerror(-err);
	}
}

/* null, and the reason beside it. */
static void unknown(struct sheet *sheet, const char *key, const char *label, const char *why)
{
	char text[TEXT_SIZE], reasons[64];

	snprintf(reasons, sizeof(reasons), "unknown.%s", strchr(key, '.') ? strchr(key, '.') + 1 : key);
	snprintf(text, sizeof(text), "unknown: %s", why);
	sheet_null(sheet, key);
	sheet_string(sheet, reasons, NULL, why);
	sheet_string(sheet, NULL, label, text);
}

static void register_line(struct sheet *sheet, const char *key, const char *label, uint8_t value,
			  const char *meaning)
{
	char text[TEXT_SIZE];

	snprintf(text, sizeof(text), "0x%02x: %s", value, meaning);
	sheet_int(sheet, key, NULL, value);
	sheet_string(sheet, NULL, label, text);
}

static void register_a(struct sheet *sheet, const struct registers *registers)
{
	int rate_hz = registers_rate_hz(registers);
	char text[MEANING_SIZE], rate[32];

	snprintf(rate, sizeof(rate), "%d Hz", rate_hz);
	snprintf(text, sizeof(text), "divider %s, periodic rate %s",
		 registers_divider_stopped(registers) ? "stopped" : "runs",
		 rate_hz ? rate : "none");
	register_line(sheet, "registers.a", "Register A", registers->a, text);
}

static void register_b(struct sheet *sheet, const struct registers *registers)
{
	uint8_t b = registers->b;
	char text[MEANING_SIZE];

	snprintf(text, sizeof(text), "%s, %s hours%s; interrupts:%s%s%s%s",
		 b & REGISTER_B_DM ? "binary" : "BCD", b & REGISTER_B_24H ? "24" : "12",
		 b & REGISTER_B_SET ? ", held by SET" : "",
		 b & REGISTER_B_PIE ? " periodic" : "", b & REGISTER_B_AIE ? " alarm" : "",
		 b & REGISTER_B_UIE ? " update" : "",
		 b & (REGISTER_B_PIE | REGISTER_B_AIE | REGISTER_B_UIE) ? "" : " none");
	register_line(sheet, "registers.b", "Register B", b, text);
}

static void sheet_registers(struct sheet *sheet, const struct chip_evidence *evidence)
{
	const struct registers *registers = &evidence->registers;
	const char *why = reason(evidence->registers_err);

	if (evidence->registers_err) {
		unknown(sheet, "registers.a", "Register A", why);
		unknown(sheet, "registers.b", "Register B", why);
		unknown(sheet, "registers.d", "Register D", why);
		return;
	}
	register_a(sheet, registers);
	register_b(sheet, registers);
	register_line(sheet, "registers.d", "Register D", registers->d,
		      registers_battery_dead(registers) ? "time and RAM are lost" :
							  "time and RAM are valid");
}

/*
 * Whether B says 12 hours and 24 are meant. That an hour looked like one of 12 shows nothing:
 * most are the same in both.
 */
static enum seen hides_24(const struct chip_evidence *evidence)
{
	if (evidence->registers_err || evidence->conduct_err ||
	    conduct_hours_doubtful(&evidence->conduct) ||
	    evidence->registers.b & REGISTER_B_24H)
		return NOT_SEEN;
	return strcmp(evidence->conduct.hours, "24") ? NOT_SEEN : SEEN_YES;
}

static void sheet_hours(struct sheet *sheet, const struct chip_evidence *evidence)
{
	const char *hours = evidence->conduct.hours;
	char text[TEXT_SIZE];

	if (evidence->conduct_err) {
		unknown(sheet, "format.hours", "Hours to", reason(evidence->conduct_err));
		return;
	}
	if (conduct_hours_doubtful(&evidence->conduct)) {
		unknown(sheet, "format.hours", "Hours to",
			"no hour has shown whether register B says the truth");
		return;
	}
	snprintf(text, sizeof(text), "%s%s", hours,
		 hides_24(evidence) == SEEN_YES ? ", whatever register B says" : "");
	sheet_string(sheet, "format.hours", NULL, hours);
	sheet_string(sheet, NULL, "Hours to", text);
}

/* One register's number of ACPI's, of the PC's own clock. */
static void sheet_place(struct sheet *sheet, const char *key, const char *label, uint8_t place)
{
	char text[64];

	snprintf(text, sizeof(text), "in register 0x%02x", place);
	if (place)
		sheet_int(sheet, key, NULL, place);
	else
		sheet_null(sheet, key);
	sheet_string(sheet, NULL, label, place ? text : "none, as ACPI says");
}

static void sheet_places(struct sheet *sheet, const struct chip_evidence *evidence)
{
	struct fadt fadt;
	const char *why = "no firmware describes this clock";
	int err = -ENOENT;

	if (cmos_layout_applies(&evidence->rtc)) {
		err = cmos_layout_load(&fadt);
		why = err == -ENOENT ? "there is no ACPI" : reason(err);
	}
	if (err) {
		unknown(sheet, "format.century_register", "Century", why);
		unknown(sheet, "alarm.date_register", "Date of an alarm", why);
		return;
	}
	sheet_place(sheet, "format.century_register", "Century", fadt.century);
	sheet_place(sheet, "alarm.date_register", "Date of an alarm", fadt.date_alarm);
}

static enum seen keeps(const struct chip_evidence *evidence)
{
	if (evidence->conduct_err || !strcmp(evidence->conduct.writes, "unknown"))
		return NOT_SEEN;
	return strcmp(evidence->conduct.writes, "kept") ? SEEN_NO : SEEN_YES;
}

static void sheet_writes(struct sheet *sheet, const struct chip_evidence *evidence)
{
	enum seen seen = keeps(evidence);

	if (seen == NOT_SEEN) {
		unknown(sheet, "set.keeps", "A set is",
			evidence->conduct_err ? reason(evidence->conduct_err) :
						"none was seen through yet (--test sets it)");
		return;
	}
	sheet_bool(sheet, "set.keeps", NULL, seen == SEEN_YES);
	sheet_string(sheet, NULL, "A set is", seen == SEEN_YES ? "kept" : "dropped");
}

/* The driver's bursts cannot tell the two apart that begin a second. */
static const char *release_text(unsigned int release)
{
	if (release == (CONDUCT_WHOLE | CONDUCT_WRITE))
		return "a second after the set, from its write or the divider's release";
	for (const struct bit *bit = conduct_releases; bit->key; bit++)
		if (release == bit->mask)
			return bit->text;
	return NULL;
}

static void sheet_release(struct sheet *sheet, const struct chip_evidence *evidence)
{
	const struct conduct *conduct = &evidence->conduct;
	struct json_object *array;
	const char *text = release_text(conduct->release);
	const char *why = !conduct->confirmed ? "it has not done what was known of it" :
			  keeps(evidence) == SEEN_NO ? "it keeps no set" :
			  !text ? "no set was seen through yet (--test sets it)" : NULL;

	if (evidence->conduct_err)
		why = reason(evidence->conduct_err);
	if (why) {
		unknown(sheet, "set.next_second", "Its next second", why);
		return;
	}
	array = json_object_new_array();
	for (const struct bit *bit = conduct_releases; bit->key; bit++)
		if (conduct->release & bit->mask)
			json_object_array_add(array, json_object_new_string(bit->key));
	sheet_array(sheet, "set.next_second", array);
	sheet_string(sheet, NULL, "Its next second", text);
}

static void sheet_outcome(struct sheet *sheet, const struct chip_evidence *evidence)
{
	char ns[DURATION_TEXT_SIZE], bound[DURATION_TEXT_SIZE], text[TEXT_SIZE];

	if (evidence->set_err == CHIP_NOT_ASKED)
		return;
	if (evidence->set_err) {
		unknown(sheet, "set.residual_ns", "Set and put back", reason(evidence->set_err));
		return;
	}
	snprintf(text, sizeof(text), "to %s %s %s",
		 duration_format_signed(evidence->residual.ns, ns), number_plus_minus(),
		 duration_format(evidence->residual.bound_ns, bound));
	sheet_int(sheet, "set.residual_ns", NULL, evidence->residual.ns);
	sheet_int(sheet, "set.residual_bound_ns", NULL, evidence->residual.bound_ns);
	sheet_string(sheet, NULL, "Set and put back", text);
}

static void sheet_uip(struct sheet *sheet, const struct chip_evidence *evidence)
{
	char min[DURATION_TEXT_SIZE], max[DURATION_TEXT_SIZE], text[TEXT_SIZE];
	const struct update_signs *signs = &evidence->signs;

	if (evidence->signs_err || signs->uip == NOT_SEEN) {
		unknown(sheet, "updates.uip", "UIP",
			evidence->signs_err ? reason(evidence->signs_err) :
			!signs->updates ? "the clock does not tick" :
					  "the processor was away too long to be sure");
		return;
	}
	sheet_bool(sheet, "updates.uip", NULL, signs->uip == SEEN_YES);
	if (signs->uip == SEEN_NO) {
		sheet_string(sheet, NULL, "UIP", "never up");
		return;
	}
	snprintf(text, sizeof(text), "up for %s to %s", duration_format(signs->uip_min_ns, min),
		 duration_format(signs->uip_max_ns, max));
	sheet_int(sheet, "updates.uip_min_ns", NULL, signs->uip_min_ns);
	sheet_int(sheet, "updates.uip_max_ns", NULL, signs->uip_max_ns);
	sheet_string(sheet, NULL, "UIP", text);
}

/* Why the flags are not known; NULL: they are. */
static const char *flags_missing(const struct chip_evidence *evidence)
{
	if (evidence->signs_err)
		return reason(evidence->signs_err);
	if (!evidence->signs.flags_read)
		return "an interrupt is enabled, and who waits for it needs register C";
	return evidence->signs.updates ? NULL : "the clock does not tick";
}

static enum seen update_flag(const struct chip_evidence *evidence)
{
	if (flags_missing(evidence))
		return NOT_SEEN;
	return evidence->signs.c & REGISTER_C_UF ? SEEN_YES : SEEN_NO;
}

static enum seen periodic_flag(const struct chip_evidence *evidence)
{
	if (flags_missing(evidence) || !evidence->signs.rate)
		return NOT_SEEN;
	return evidence->signs.c & REGISTER_C_PF ? SEEN_YES : SEEN_NO;
}

static void sheet_flag(struct sheet *sheet, const char *key, const char *label, enum seen seen,
		       const char *why)
{
	if (seen == NOT_SEEN) {
		unknown(sheet, key, label, why);
		return;
	}
	sheet_bool(sheet, key, NULL, seen == SEEN_YES);
	sheet_string(sheet, NULL, label, seen == SEEN_YES ? "raised without its interrupt" :
							    "not raised without its interrupt");
}

static void sheet_flags(struct sheet *sheet, const struct chip_evidence *evidence)
{
	const char *why = flags_missing(evidence);

	sheet_flag(sheet, "updates.flag", "Update's flag", update_flag(evidence), why);
	sheet_flag(sheet, "updates.periodic_flag", "Periodic flag", periodic_flag(evidence),
		   why ? why : "register A selects no rate");
}

static void sheet_alarm(struct sheet *sheet, const struct chip_evidence *evidence)
{
	int err = evidence->alarm_trial_err;

	if (err == CHIP_NOT_ASKED || err == CHIP_ALARM_SET || err == -EACCES || err == -EPERM) {
		unknown(sheet, "alarm.kept", "An alarm is", reason(err));
	} else {
		sheet_bool(sheet, "alarm.kept", NULL, !err);
		sheet_string(sheet, NULL, "An alarm is", err ? reason(err) : "kept by the driver");
	}
	unknown(sheet, "alarm.wildcards", "Alarm's wildcards", "drivers give the chip whole times alone");
}

static void sheet_ram(struct sheet *sheet, const struct chip_evidence *evidence)
{
	int size = evidence->nvram.size;
	char text[TEXT_SIZE];

	if (evidence->nvram_err) {
		unknown(sheet, "ram.bytes", "RAM", reason(evidence->nvram_err));
		return;
	}
	snprintf(text, sizeof(text), "%d bytes, in %s", size,
		 size + CMOS_LAYOUT_RAM > BANK_SIZE ? "two banks" : "one bank");
	sheet_int(sheet, "ram.bytes", NULL, size);
	sheet_int(sheet, "ram.banks", NULL, size + CMOS_LAYOUT_RAM > BANK_SIZE ? 2 : 1);
	sheet_string(sheet, NULL, "RAM", text);
}

static void sheet_access(struct sheet *sheet, const struct chip_evidence *evidence)
{
	char text[DURATION_TEXT_SIZE];

	if (evidence->conduct_err) {
		unknown(sheet, "access_ns", "An access takes", reason(evidence->conduct_err));
		return;
	}
	sheet_int(sheet, "access_ns", NULL, evidence->conduct.access_ns);
	sheet_string(sheet, NULL, "An access takes",
		     duration_format(evidence->conduct.access_ns, text));
}

static struct chip_traits traits_of(const struct chip_evidence *evidence)
{
	const struct update_signs *signs = &evidence->signs;
	const struct conduct *conduct = &evidence->conduct;
	struct chip_traits traits = {
		.keeps = keeps(evidence),
		.update_flag = update_flag(evidence),
		.periodic_flag = periodic_flag(evidence),
		.hides_24 = hides_24(evidence),
	};

	if (!evidence->conduct_err && conduct->confirmed)
		traits.release = conduct->release;
	if (!evidence->signs_err) {
		traits.uip = signs->uip;
		traits.uip_min_ns = signs->uip_min_ns;
		traits.uip_max_ns = signs->uip_max_ns;
	}
	return traits;
}

static int known_chips(void)
{
	int count = 0;

	while (chips[count].key)
		count++;
	return count;
}

static void sheet_known(struct sheet *sheet, const struct chip_evidence *evidence)
{
	struct json_object *array = json_object_new_array();
	struct chip_traits traits = traits_of(evidence);
	const struct chip *fit[CHIPS_MAX];
	int count = chips_that_fit(&traits, fit), known = known_chips();
	char text[TEXT_SIZE] = "";
	size_t len = 0;

	for (int i = 0; i < count; i++) {
		json_object_array_add(array, json_object_new_string(fit[i]->key));
		len += snprintf(text + len, sizeof(text) - len, "%s%s",
				!i ? "" : i == count - 1 ? " or " : ", ", fit[i]->text);
	}
	sheet_array(sheet, "acts_as", array);
	if (!count)
		snprintf(text, sizeof(text), "none of the %d that are known", known);
	else if (count == known)
		snprintf(text, sizeof(text), "any of the %d that are known: nothing seen tells them apart", known);
	sheet_string(sheet, NULL, "Acts as", text);
}

const char *const chip_keys[] = {
	SHEET_DEVICE_KEYS, "name", "acts_as", "registers.a", "registers.b", "registers.d",
	"format.hours", "format.century_register", "set.keeps", "set.next_second",
	"set.residual_ns", "set.residual_bound_ns", "updates.uip", "updates.uip_min_ns",
	"updates.uip_max_ns", "updates.flag", "updates.periodic_flag", "alarm.kept",
	"alarm.wildcards", "alarm.date_register", "ram.bytes", "ram.banks", "access_ns",
	"unknown", NULL
};

void chip_sheet(struct sheet *sheet, const struct chip_evidence *evidence)
{
	sheet_device(sheet, &evidence->rtc);
	sheet_string(sheet, "name", "Name", evidence->rtc.name);
	sheet_known(sheet, evidence);
	sheet_registers(sheet, evidence);
	sheet_hours(sheet, evidence);
	sheet_places(sheet, evidence);
	sheet_writes(sheet, evidence);
	sheet_release(sheet, evidence);
	sheet_outcome(sheet, evidence);
	sheet_uip(sheet, evidence);
	sheet_flags(sheet, evidence);
	sheet_alarm(sheet, evidence);
	sheet_ram(sheet, evidence);
	sheet_access(sheet, evidence);
}
