/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the command driver is made of. */
#ifndef RTCCTL_COMMANDS_DRIVER_DRIVER_H
#define RTCCTL_COMMANDS_DRIVER_DRIVER_H

#include <limits.h>
#include <stdbool.h>

#include "lib/boot/backup.h"
#include "lib/boot/text.h"
#include "lib/rtc/rtc.h"
#include "ui/column.h"
#include "ui/options.h"

#define DRIVER_KERNELS	32

/* Of the kernel that runs. */
#define DRIVER_COMMAND_LINE	"/proc/cmdline"

struct driver_options {
	struct options common;
	const char *root;	/* NULL: the running system */
	bool dry_run;
	bool yes;
	bool undo;
};

/* A kernel that is installed. */
struct driver_kernel {
	char release[NAME_MAX + 1];
	char image[PATH_MAX];
	/* 0; -ENOENT: none; -ENOEXEC: damaged; -EKEYREJECTED; -ENODEV: had no clock; -errno */
	int module;
	bool trusted;		/* by its signature */
	char initramfs[PATH_MAX];	/* empty: none in /boot */
	int in_initramfs;	/* 1 or 0, or -errno */
	int entries;		/* of boot loaders */
	int entries_with;	/* BOOT_WORD */
	int entries_bare;	/* of these, without the module in their initramfs */
};

struct driver_kernels {
	int count;
	struct driver_kernel kernels[DRIVER_KERNELS];
	bool offline;		/* not the system that runs: what that takes says nothing */
};

/** driver_kernels() - Which there are, with their modules. Return: 0 or -errno. */
int driver_kernels(struct driver_kernels *kernels, bool offline);

/** driver_look() - At their initramfs and their entries of boot loaders, too. */
void driver_look(struct driver_kernels *kernels);

/** driver_why_not() - Why a kernel's module cannot be used; NULL: it can. */
const char *driver_why_not(const struct driver_kernel *kernel);

/**
 * driver_rewrite() - Keep rtc_cmos out of the kernels that have the module in their initramfs.
 * @on: false: out of none
 * @file: a grub.cfg; NULL: everything that boot loaders read
 *
 * Return: 0 or -errno, reported.
 */
int driver_rewrite(struct driver_kernels *kernels, bool on, const char *file);

/** driver_boot_loaders() - Whether there is a grub.cfg, or entries in files. */
void driver_boot_loaders(bool *grub, bool *entries);

/* Ended by one without a key. */
extern const struct backup_file driver_files[];

/** driver_file_text() - What the file shall hold; NULL: it is of no use here. */
const char *driver_file_text(const struct backup_file *file);

/** driver_tools() - Whether these tools are installed there, for what is written to call them. */
bool driver_tools(void);

/** driver_uses_word() - Whether a file has BOOT_WORD, but in comments. */
bool driver_uses_word(const char *path);

/** driver_own_word() - The file in which somebody put BOOT_WORD for all kernels; NULL: none. */
const char *driver_own_word(void);

/**
 * driver_wait_for_clock() - The loaded module's one, of the PC, for some seconds.
 *
 * Return: whether it is there.
 */
bool driver_wait_for_clock(struct rtc *rtc);

/* Of the table of kernels. */
extern const struct table_column driver_columns[];

int driver_status(const struct driver_options *options);
int driver_try(const struct driver_options *options);
int driver_enable(const struct driver_options *options);
int driver_disable(const struct driver_options *options);
int driver_rescue(const struct driver_options *options);

#endif
