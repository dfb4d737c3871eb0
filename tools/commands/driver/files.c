// SPDX-License-Identifier: GPL-2.0-or-later
/* The files that have the driver at boot, and what is in them. */
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/driver/driver.h"
#include "lib/base/file-content.h"
#include "lib/base/program.h"
#include "lib/boot/initramfs.h"

#define BY	"# By 'rtcctl driver enable'; 'rtcctl driver disable' takes it away.\n"

enum { MODPROBE, UPDATED, GRUB, LOCKDOWN, INSTALL };

const struct backup_file driver_files[] = {
	[MODPROBE] = { "modprobe", "/etc/modprobe.d/rtc-mc146818-blacklist.conf", 0644 },
	[UPDATED] = { "initramfs", "/etc/initramfs/post-update.d/zzz-rtc-mc146818", 0755 },
	[GRUB] = { "grub", "/etc/default/grub.d/rtc-mc146818.cfg", 0644 },
	[LOCKDOWN] = { "grub-lockdown", "/etc/grub.d/09_rtc-mc146818", 0755 },
	[INSTALL] = { "kernel-install", "/etc/kernel/install.d/95-rtc-mc146818.install", 0755 },
	{}
};

/* The tools may come from a package, or from here; for a shell. */
#define TOOLS	RTCCTL_PATH " /usr/sbin/rtcctl /usr/local/sbin/rtcctl"
/* Of the kernel $kernel. What comes of it is not to keep a kernel from being installed. */
#define REFRESH \
	"for rtcctl in " TOOLS "; do\n" \
	"\t[ ! -x $rtcctl ] || ! $rtcctl driver refresh || exit 0\n" \
	"done\n" \
	"# Nobody has looked: this kernel is not to be without rtc_cmos.\n" \
	"for file in /boot/grub/grub.cfg /boot/grub2/grub.cfg; do\n" \
	"\t[ ! -e $file ] || sed -i \"/BEGIN .*10_linux/,/END .*10_linux/{/vmlinu[xz]-$kernel/{" \
	"s/ " BOOT_WORD "//;s/ [$]" BOOT_UNLOCKED_NAME "//}}\" $file\n" \
	"done\n" \
	"for file in /boot/loader/entries/*.conf /boot/efi/loader/entries/*.conf " \
	"/efi/loader/entries/*.conf; do\n" \
	"\t! grep -qs \"^version[[:blank:]]*$kernel\\$\" \"$file\" || " \
	"sed -i 's/ " BOOT_WORD "//' \"$file\"\n" \
	"done\n" \
	"exit 0\n"

static const char *const texts[] = {
	[MODPROBE] =
		BY
		"# In place of the file of the same name below /lib/modprobe.d: udev may load the\n"
		"# driver of the PC's clock where it finds the clock.\n",
	[UPDATED] =
		"#!/bin/sh\n"
		BY
		"# An initramfs was made. rtc_cmos is kept out of those kernels whose initramfs has\n"
		"# the driver, and out of no other.\n"
		"kernel=$1\n"
		REFRESH,
	[GRUB] =
		BY
		"# grub-mkconfig makes a new grub.cfg and then has this program check it. Before that,\n"
		"# each kernel whose initramfs has the driver gets " BOOT_WORD ",\n"
		"# and no other: GRUB_CMDLINE_LINUX would give it to all of them.\n"
		"rtc_mc146818_checker=${grub_script_check-}\n"
		"rtc_mc146818_check() {\n"
		"\tfor rtcctl in " TOOLS "; do\n"
		"\t\t[ ! -x $rtcctl ] || { $rtcctl driver refresh \"$1\" >&2; break; }\n"
		"\tdone\n"
		"\t$rtc_mc146818_checker \"$1\"\n"
		"}\n"
		"[ -z \"$rtc_mc146818_checker\" ] || grub_script_check=rtc_mc146818_check\n",
	[LOCKDOWN] =
		"#!/bin/sh\n"
		BY
		"# Where the firmware starts only what is signed, GRUB knows, and the kernel takes no\n"
		"# module whose signature it does not know. So of a kernel with such a module rtc_cmos\n"
		"# is kept out by this variable, which is empty then.\n"
		"cat <<'END'\n"
		"if [ \"$lockdown\" != y ]; then\n"
		"\tset " BOOT_UNLOCKED_NAME "=\"" BOOT_WORD "\"\n"
		"fi\n"
		"export " BOOT_UNLOCKED_NAME "\n"
		"END\n",
	[INSTALL] =
		"#!/bin/sh\n"
		BY
		"# kernel-install made an entry of the boot loader's. rtc_cmos is kept out where its\n"
		"# initramfs has the driver.\n"
		"[ \"$1\" = add ] || exit 0\n"
		"kernel=$2\n"
		REFRESH,
};

const char *driver_file_text(const struct backup_file *file)
{
	int index = file - driver_files;
	bool grub, entries, use = true;
	char path[PATH_MAX];

	driver_boot_loaders(&grub, &entries);
	if (index == UPDATED)
		use = initramfs_maker() == INITRAMFS_TOOLS;
	else if (index == GRUB || index == LOCKDOWN)
		use = grub && program_find("update-grub", path, sizeof(path));
	else if (index == INSTALL)
		use = entries && program_find("kernel-install", path, sizeof(path));
	return use ? texts[index] : NULL;
}

bool driver_tools(void)
{
	static const char *const paths[] = {
		RTCCTL_PATH, "/usr/sbin/rtcctl", "/usr/local/sbin/rtcctl",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!access(paths[i], X_OK))
			return true;
	return false;
}

bool driver_uses_word(const char *path)
{
	struct file_content file;
	bool has;

	if (file_content_load(&file, path))
		return false;
	has = boot_text_has_word(file.bytes);
	file_content_free(&file);
	return has;
}

const char *driver_own_word(void)
{
	static const char *const patterns[] = {
		"/etc/default/grub", "/etc/default/grub.d/*.cfg", "/etc/kernel/cmdline",
		"/usr/lib/kernel/cmdline",
	};
	static char path[PATH_MAX];
	bool has = false;
	glob_t found;

	for (size_t i = 0; !has && i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		if (glob(patterns[i], 0, NULL, &found))
			continue;
		for (size_t n = 0; !has && n < found.gl_pathc; n++) {
			snprintf(path, sizeof(path), "%s", found.gl_pathv[n]);
			has = driver_uses_word(path);
		}
		globfree(&found);
	}
	return has ? path : NULL;
}
