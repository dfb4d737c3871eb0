// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <json-c/json.h>

#include "commands/driver/driver.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/boot/module.h"
#include "lib/boot/secure-boot.h"
#include "lib/rtc/list.h"
#include "lib/rtc/rtc.h"
#include "ui/report.h"
#include "ui/sheet.h"
#include "ui/table.h"

enum {
	KERNEL,
	RUNNING,
	MODULE,
	SIGNED,
	INITRAMFS,
	ENTRIES,
	WITH,
	NEXT,
	WHY,
};

const struct table_column driver_columns[] = {
	[KERNEL] = { "KERNEL", "an installed kernel" },
	[RUNNING] = { "RUNNING", "whether it runs now", .type = TABLE_BOOLEAN },
	[MODULE] = { "MODULE", "whether rtc-mc146818 is there for it", .type = TABLE_BOOLEAN },
	[SIGNED] = { "SIGNED", "... signed by a machine owner key", .type = TABLE_BOOLEAN,
		     .hidden = true },
	[INITRAMFS] = { "INITRAMFS", "whether its initramfs has the module",
			.type = TABLE_BOOLEAN },
	[ENTRIES] = { "ENTRIES", "of boot loaders", .type = TABLE_NUMBER, .right = true },
	[WITH] = { "BLACKLIST", "of these, with " BOOT_WORD,
		   .type = TABLE_NUMBER, .right = true },
	[NEXT] = { "NEXT-BOOT", "the driver of the PC's clock when it is booted next",
		   .key = "next_boot" },
	[WHY] = { "WHY", "why it is not rtc-mc146818" },
	{}
};

/* Return: how this clock is held. */
static const char *role_of(const struct rtc *rtc)
{
	struct root_path path;
	char value[16];

	if (strcmp(rtc->driver, RTC_OURS))
		return NULL;
	if (strstr(rtc->name, "mc146818-emulated"))
		return "emulated";
	if (strstr(rtc->name, "mc146818-shared"))
		return "shared";
	if (!attribute_read(value, sizeof(value),
			    root_path(&path, MODULE_SYSFS "/parameters/takeover")) && *value == 'Y')
		return "takeover";
	return "alone";
}

static const char *const keys[] = {
	"clocks", "module_loaded", "command_line_blacklist", "secure_boot", "lockdown",
	"signed_only", "enabled", "changed", "every_kernel_blacklist", "kernels", NULL
};

static const char *why_of(const struct rtc *rtc, const char *role, bool blacklisted)
{
	if (!role)
		return strcmp(rtc->driver, "rtc_cmos") ? NULL : "of the kernel, bound first";
	if (!strcmp(role, "shared"))
		return "beside rtc_cmos, which was there first";
	if (!strcmp(role, "takeover"))
		return "taken over from rtc_cmos by takeover=1";
	if (!strcmp(role, "emulated"))
		return "in software";
	return blacklisted ? "rtc_cmos was kept out by " BOOT_WORD : "this kernel has no rtc_cmos";
}

static void add_clock(struct sheet *sheet, struct json_object *clocks, int number, bool blacklisted)
{
	struct json_object *clock = json_object_new_object();
	const char *role, *why;
	char text[256];
	struct rtc rtc;

	rtc_describe(&rtc, number);
	role = role_of(&rtc);
	why = why_of(&rtc, role, blacklisted);
	json_object_object_add(clock, "clock", json_object_new_string(rtc.node));
	json_object_object_add(clock, "driver",
			       *rtc.driver ? json_object_new_string(rtc.driver) : NULL);
	json_object_object_add(clock, "role", role ? json_object_new_string(role) : NULL);
	json_object_object_add(clock, "why", why ? json_object_new_string(why) : NULL);
	json_object_array_add(clocks, clock);
	snprintf(text, sizeof(text), "%s%s%s%s%s", rtc.driver, role ? ", " : "", role ? role : "",
		 why ? ": " : "", why ? why : "");
	sheet_string(sheet, NULL, rtc.node, text);
}

static void sheet_running(struct sheet *sheet)
{
	static const char *const states[][2] = {
		[SECURE_BOOT_NONE] = { "none", "none: no EFI, or it does not tell" },
		[SECURE_BOOT_OFF] = { "off", "off" },
		[SECURE_BOOT_ON] = { "on", "on" },
		[SECURE_BOOT_SHIM_OFF] = { "shim-off", "on, but shim does not check" },
	};
	struct json_object *clocks = json_object_new_array();
	enum secure_boot state = secure_boot_state();
	bool blacklisted = driver_uses_word(DRIVER_COMMAND_LINE);
	struct rtc_list rtcs;
	char mode[32];

	if (!rtc_list_load(&rtcs))
		for (int i = 0; i < rtcs.count; i++)
			add_clock(sheet, clocks, rtcs.numbers[i], blacklisted);
	sheet_array(sheet, "clocks", clocks);
	sheet_bool(sheet, "module_loaded", "Module loaded", module_loaded());
	sheet_bool(sheet, "command_line_blacklist", "Booted without rtc_cmos", blacklisted);
	sheet_string(sheet, "secure_boot", NULL, states[state][0]);
	sheet_string(sheet, NULL, "Secure Boot", states[state][1]);
	secure_boot_lockdown(mode, sizeof(mode));
	if (*mode)
		sheet_string(sheet, "lockdown", "Lockdown", mode);
	sheet_bool(sheet, "signed_only", "Signed modules only", secure_boot_signed_only());
}

static void sheet_enabled(struct sheet *sheet)
{
	static const char *const states[][2] = {
		[BACKUP_NONE] = { "no", "no" },
		[BACKUP_BEGUN] = { "interrupted",
				   "half: 'rtcctl driver disable' takes back what was done" },
		[BACKUP_DONE] = { "yes", "yes" },
		[BACKUP_ENDING] = { "interrupted",
				    "no, but 'rtcctl driver disable' has not finished" },
	};
	struct json_object *changed = json_object_new_array();
	enum backup_state state = backup_state();
	const char *own = driver_own_word();

	sheet_string(sheet, "enabled", NULL, states[state][0]);
	sheet_string(sheet, NULL, "Enabled", states[state][1]);
	for (const struct backup_file *file = driver_files; file->key; file++) {
		if (backup_now(file) != BACKUP_CHANGED)
			continue;
		json_object_array_add(changed, json_object_new_string(file->path));
		sheet_string(sheet, NULL, "Changed since", file->path);
	}
	sheet_array(sheet, "changed", changed);
	if (own)
		sheet_string(sheet, "every_kernel_blacklist", "rtc_cmos kept out of all by", own);
}

/* What drives the clock at the next boot, and how good that is. */
static const char *next_boot(const struct driver_kernel *kernel, bool enabled,
			     enum table_colour *colour)
{
	*colour = TABLE_PLAIN;
	/* What is enabled is loaded by udev, later. */
	if (kernel->entries_bare && (kernel->module || !enabled)) {
		*colour = TABLE_BAD;
		return "none";
	}
	if (kernel->entries_with == kernel->entries && kernel->entries) {
		*colour = TABLE_GOOD;
		return RTC_OURS;
	}
	if (enabled && !kernel->module)
		*colour = TABLE_WARNING;
	return kernel->entries_with ? "by the entry" : "rtc_cmos";
}

static const char *why_not(const struct driver_kernel *kernel, bool enabled)
{
	const char *why = driver_why_not(kernel);

	if (why || !enabled)
		return why ? why : "not enabled";
	if (!*kernel->initramfs && kernel->in_initramfs == -ENOENT)
		return "it has no initramfs";
	if (kernel->in_initramfs == -ENOPKG)
		return "nothing here lists an initramfs";
	if (kernel->in_initramfs < 0)
		return strerror(-kernel->in_initramfs);
	if (!kernel->in_initramfs)
		return "its initramfs does not have the module";
	return kernel->entries ? "its entry lacks " BOOT_WORD ": 'rtcctl driver refresh'" :
				 "no boot loader has an entry for it";
}

static void add_kernel(struct table *table, const struct driver_kernel *kernel,
		       const char *running, bool enabled)
{
	enum table_colour colour;
	const char *next = next_boot(kernel, enabled, &colour);

	table_row(table);
	table_text(table, KERNEL, kernel->release);
	table_bool(table, RUNNING, !strcmp(kernel->release, running), NULL);
	table_bool(table, MODULE, kernel->module != -ENOENT, NULL);
	table_bool(table, SIGNED, kernel->trusted, NULL);
	if (kernel->in_initramfs >= 0)
		table_bool(table, INITRAMFS, kernel->in_initramfs, NULL);
	table_number(table, ENTRIES, kernel->entries, NULL);
	table_number(table, WITH, kernel->entries_with, NULL);
	table_text(table, NEXT, next);
	table_colour(table, NEXT, colour);
	if (strcmp(next, RTC_OURS))
		table_text(table, WHY, why_not(kernel, enabled));
}

static int print_json(const struct options *options, struct sheet *sheet, struct table *table)
{
	struct json_object *top = table_json(table), *rows;

	if (!top) {
		sheet_free(sheet);
		return EXIT_FAILURE;
	}
	if (json_object_object_get_ex(top, "kernels", &rows))
		sheet_array(sheet, "kernels", json_object_get(rows));
	json_object_put(top);
	return options_print(options, sheet);
}

int driver_status(const struct driver_options *options)
{
	static struct driver_kernels kernels;
	struct utsname running = {};
	struct table *table;
	struct sheet *sheet;
	int err, status;

	table = table_new("driver", "kernels", driver_columns, &options->common);
	if (!table)
		return EXIT_FAILURE;
	err = driver_kernels(&kernels, options->root);
	if (err) {
		report_error(err, "cannot list the kernels in /lib/modules");
		return table_drop(table);
	}
	driver_look(&kernels);
	if (!options->root)
		uname(&running);
	for (int i = 0; i < kernels.count; i++)
		add_kernel(table, &kernels.kernels[i], running.release,
			   backup_state() == BACKUP_DONE);
	sheet = sheet_new("driver", keys);
	if (!options->root)
		sheet_running(sheet);
	sheet_enabled(sheet);
	if (options->common.json)
		return print_json(&options->common, sheet, table);
	status = options_print(&options->common, sheet);
	putchar('\n');
	return table_print(table) || status ? EXIT_FAILURE : EXIT_SUCCESS;
}
