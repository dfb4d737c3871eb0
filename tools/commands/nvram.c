// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "lib/rtc/nvram.h"
#include "ui/clock-sheet.h"
#include "ui/device.h"
#include "ui/report.h"
#include "ui/table.h"

enum {
	REGISTER,
	VALUE,
	TEXT,
	CLOCKS,
	OWNER,
};

static const struct table_column columns[] = {
	[REGISTER] = { "REGISTER", "its number, in JSON decimal", .type = TABLE_NUMBER,
		       .right = true },
	[VALUE] = { "VALUE", "the byte, in JSON decimal", .type = TABLE_NUMBER, .right = true },
	[TEXT] = { "TEXT", "the byte as a character, where it is one" },
	[CLOCKS] = { "CLOCK", "whether it belongs to the clock", .type = TABLE_BOOLEAN },
	[OWNER] = { "OWNER", "what it is for, on a PC" },
	{}
};

static void add_byte(struct table *table, const struct nvram *nvram, int reg)
{
	uint8_t byte = nvram->bytes[reg - CMOS_LAYOUT_RAM];
	const char *owner = nvram_owner(nvram, reg);
	bool clocks = nvram_clocks(nvram, reg);
	char text[16];

	table_row(table);
	snprintf(text, sizeof(text), "0x%02x", reg);
	table_number(table, REGISTER, reg, text);
	snprintf(text, sizeof(text), "%02x", byte);
	table_number(table, VALUE, byte, text);
	if (isgraph(byte)) {
		snprintf(text, sizeof(text), "%c", byte);
		table_text(table, TEXT, text);
	}
	table_bool(table, CLOCKS, clocks, clocks ? "clock" : "");
	table_colour(table, CLOCKS, TABLE_WARNING);
	if (owner)
		table_text(table, OWNER, owner);
}

static int dump(const struct nvram *nvram, const struct options *options)
{
	struct table *table = table_new("nvram", "bytes", columns, options);

	if (!table)
		return EXIT_FAILURE;
	for (size_t i = 0; i < nvram->size; i++)
		add_byte(table, nvram, CMOS_LAYOUT_RAM + i);
	return table_print(table);
}

/* Exit 0: right; 1: wrong. */
static int verify(const struct nvram *nvram, const struct options *options)
{
	uint16_t stored, computed;
	struct sheet *sheet;
	char text[32];
	int err;

	err = nvram_checksum(nvram, &stored, &computed);
	if (err) {
		report("%s: %zu bytes hold no checksum", nvram->path, nvram->size);
		return EXIT_FAILURE;
	}
	sheet = sheet_new("nvram", NULL);
	sheet_string(sheet, "file", "File", nvram->path);
	sheet_int(sheet, "size", "Bytes", nvram->size);
	snprintf(text, sizeof(text), "0x%04x", stored);
	sheet_string(sheet, NULL, "Checksum stored", text);
	sheet_int(sheet, "stored", NULL, stored);
	snprintf(text, sizeof(text), "0x%04x", computed);
	sheet_string(sheet, NULL, "Sum of 0x10 to 0x2d", text);
	sheet_int(sheet, "computed", NULL, computed);
	sheet_bool(sheet, "valid", NULL, stored == computed);
	sheet_string(sheet, NULL, "Verdict", stored == computed ? "they agree" :
		     "they differ: the firmware's settings are damaged, or it keeps no checksum");
	err = options_print(options, sheet);
	return err || stored != computed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void report_nvram(int err, const struct rtc *rtc, const struct nvram *nvram)
{
	if (err == -ENODEV)
		report("%s: its driver shows no RAM", rtc->path);
	else if (err == -EACCES || err == -EPERM)
		report_error(err, "cannot read %s without root", nvram->path);
	else
		report_error(err, "cannot read %s", nvram->path);
}

/* The RAM is read through sysfs: whoever has the clock open is not disturbed. */
static int nvram_command(const struct options *options, const char *verb)
{
	struct nvram nvram;
	struct rtc rtc;
	int err;

	if (strcmp(verb, "dump") && strcmp(verb, "verify")) {
		report("nvram: '%s' is not what it understands: dump or verify", verb);
		return report_try_help("nvram");
	}
	if (!strcmp(verb, "verify") && options_no_table("nvram verify", options) >= 0)
		return EXIT_USAGE;
	if (device_describe(&rtc, options->device))
		return EXIT_FAILURE;
	err = nvram_load(&rtc, &nvram);
	if (err) {
		report_nvram(err, &rtc, &nvram);
		return EXIT_FAILURE;
	}
	if (nvram.fadt_err && nvram.fadt_err != -ENOENT)
		report_error(nvram.fadt_err, "which bytes belong to the clock is not known: cannot read ACPI's table FACP");
	return strcmp(verb, "verify") ? dump(&nvram, options) : verify(&nvram, options);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct options options = {};
	int status;

	status = options_parse(&options, command, argc, argv, OPTIONS_SHORT_DEVICE,
			       options_device_table, 1);
	if (status >= 0)
		return status;
	return nvram_command(&options, argc - optind ? argv[optind] : "dump");
}

const struct command cmd_nvram = {
	.name = "nvram",
	.summary = "the RAM behind the clock, and its checksum; read only",
	.help = "rtcctl nvram [dump] [OPTION...]\n"
		"       rtcctl nvram verify [OPTION...]\n"
		"\n"
		"Show the bytes of the clock's RAM with those marked that belong to the clock,\n"
		"or verify the checksum that a PC's firmware keeps over its settings: exit 0\n"
		"where it is right, 1 where not. Never writes.\n"
		"\n"
		OPTIONS_HELP_TABLE
		OPTIONS_HELP_DEVICE,
	.examples = { "rtcctl nvram",
		      "rtcctl nvram verify --rtc rtc0" },
	.columns = columns,
	.run = run,
};
