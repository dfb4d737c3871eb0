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

#define BOOT_INITRDS	4

enum boot_kind {
	BOOT_GRUB,
	BOOT_ENTRY,
};

/* A kernel that can be booted. */
struct boot_entry {
	char kernel[NAME_MAX + 1];	/* its release; empty: not known */
	char initrds[BOOT_INITRDS][PATH_MAX];	/* as the boot loader names them */
	int initrd_count;
	bool has_word;
};

/* Return: whether the entry shall have the word. */
typedef bool boot_wants(void *data, const struct boot_entry *entry);

/** boot_text_rewrite() - The text with the word where it is wanted; NULL: no memory. */
char *boot_text_rewrite(const char *text, enum boot_kind kind, boot_wants *wants, void *data);

/** boot_text_has_word() - Whether BOOT_WORD is a word of it, quoted or not, but in comments. */
bool boot_text_has_word(const char *text);

#endif
