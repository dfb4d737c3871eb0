/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What boot loaders read: GRUB's grub.cfg, of which only what GRUB's script 10_linux has put
 * there, and the entries of the Boot Loader Specification, which are a file each. Text in,
 * text out.
 */
#ifndef RTCCTL_LIB_BOOT_TEXT_H
#define RTCCTL_LIB_BOOT_TEXT_H

#include <limits.h>
#include <stdbool.h>

/* Keeps rtc_cmos out. */
#define BOOT_WORD	"initcall_blacklist=cmos_init"

/* Of GRUB: the same, but where Secure Boot has GRUB locked down nothing. */
#define BOOT_UNLOCKED_NAME	"rtc_mc146818_unlocked"
#define BOOT_UNLOCKED_WORD	"$" BOOT_UNLOCKED_NAME

#define BOOT_INITRDS	4

enum boot_kind {
	BOOT_GRUB,
	BOOT_ENTRY,
};

/* How an entry keeps rtc_cmos out. */
enum boot_without {
	BOOT_NEVER,
	BOOT_ALWAYS,		/* by BOOT_WORD */
	BOOT_UNLOCKED,		/* by BOOT_UNLOCKED_WORD; in entries of files that is the same */
};

/* A kernel that can be booted. */
struct boot_entry {
	char kernel[NAME_MAX + 1];	/* its release; empty: not known */
	char initrds[BOOT_INITRDS][PATH_MAX];	/* as the boot loader names them */
	int initrd_count;
	enum boot_without without;
	bool signed_only;	/* its command line has the kernel take no other modules */
};

/* Return: how the entry shall keep rtc_cmos out. */
typedef enum boot_without boot_wants(void *data, const struct boot_entry *entry);

/** boot_text_rewrite() - The text with the words that are wanted; NULL: no memory. */
char *boot_text_rewrite(const char *text, enum boot_kind kind, boot_wants *wants, void *data);

/** boot_text_has_word() - Whether BOOT_WORD is a word of it, quoted or not, but in comments. */
bool boot_text_has_word(const char *text);

#endif
