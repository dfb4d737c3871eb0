// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/boot/text.h"

#define BLANKS	" \t"
#define SIGNED	".efi.signed"
/* Of GRUB's own script for this system's kernels; others are for kernels of other systems. */
#define SECTION	"### BEGIN /etc/grub.d/10_linux ###"
#define END	"### END "
/* A line of its own, where an entry has no options. */
#define OPTIONS	"options    " BOOT_WORD "\n"

static const char *const words[] = {
	[BOOT_ALWAYS] = BOOT_WORD,
	[BOOT_UNLOCKED] = BOOT_UNLOCKED_WORD,
};

struct rewriting {
	boot_wants *wants;
	void *data;
	FILE *out;
};

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : line;
}

/* Word @number of the line, from 0. Return: whether there is one. */
static bool word_of(const char *line, int number, char *word, size_t size)
{
	size_t len;

	for (;; number--, line += len) {
		line += strspn(line, BLANKS);
		len = strcspn(line, BLANKS "\n");
		if (!len || !number)
			break;
	}
	snprintf(word, size, "%.*s", (int)len, line);
	return len;
}

static bool begins(const char *line, const char *name)
{
	char word[32];

	return word_of(line, 0, word, sizeof(word)) && !strcmp(word, name);
}

static bool boots_linux(const char *line)
{
	return begins(line, "linux") || begins(line, "linux16") || begins(line, "linuxefi");
}

static bool loads_initrd(const char *line)
{
	return begins(line, "initrd") || begins(line, "initrd16") || begins(line, "initrdefi");
}

/* Within the line. NULL: not there. */
static const char *find(const char *line, const char *wanted)
{
	char word[sizeof(BOOT_WORD) + 1];	/* no word that is looked for is longer */

	for (; word_of(line, 0, word, sizeof(word)); line += strcspn(line, BLANKS "\n")) {
		line += strspn(line, BLANKS);
		if (!strcmp(word, wanted))
			return line;
	}
	return NULL;
}

/* Where the kernel stops reading: what is behind that is for init. */
static const char *kernel_end(const char *line)
{
	const char *end = find(line, "--");

	return end ? end - 1 : line + strcspn(line, "\n");
}

static const char *find_for_kernel(const char *line, const char *wanted)
{
	const char *word = find(line, wanted);

	return word && word < kernel_end(line) ? word : NULL;
}

/* The first one that keeps rtc_cmos out, and how. */
static const char *find_word(const char *line, enum boot_without *how)
{
	const char *always = find_for_kernel(line, BOOT_WORD);
	const char *unlocked = find_for_kernel(line, BOOT_UNLOCKED_WORD);

	*how = always ? BOOT_ALWAYS : unlocked ? BOOT_UNLOCKED : BOOT_NEVER;
	return always && unlocked && unlocked < always ? unlocked : always ? always : unlocked;
}

static void read_options(struct boot_entry *entry, const char *line)
{
	static const char *const signed_only[] = {
		"lockdown=integrity", "lockdown=confidentiality", "module.sig_enforce",
		"module.sig_enforce=1",
	};
	enum boot_without how;

	if (find_word(line, &how))
		entry->without = how;
	for (size_t i = 0; i < sizeof(signed_only) / sizeof(signed_only[0]); i++)
		if (find_for_kernel(line, signed_only[i]))
			entry->signed_only = true;
}

static void add_initrds(struct boot_entry *entry, const char *line)
{
	for (int i = 1; entry->initrd_count < BOOT_INITRDS; i++) {
		if (!word_of(line, i, entry->initrds[entry->initrd_count], PATH_MAX))
			break;
		entry->initrd_count++;
	}
}

static void kernel_of_image(struct boot_entry *entry, const char *line)
{
	char image[PATH_MAX], *base;
	size_t len;

	if (!word_of(line, 1, image, sizeof(image)))
		return;
	base = strrchr(image, '/');
	base = base ? base + 1 : image;
	len = strlen(base);
	if (len > sizeof(SIGNED) && !strcmp(base + len - sizeof(SIGNED) + 1, SIGNED))
		base[len - sizeof(SIGNED) + 1] = '\0';
	if (!strncmp(base, "vmlinuz-", 8) || !strncmp(base, "vmlinux-", 8))
		snprintf(entry->kernel, sizeof(entry->kernel), "%.*s", NAME_MAX, base + 8);
}

/* From the line that names the kernel to the end of its entry. */
static void read_grub(struct boot_entry *entry, const char *line)
{
	kernel_of_image(entry, line);
	read_options(entry, line);
	for (line = next_line(line); *line; line = next_line(line)) {
		if (boots_linux(line) || begins(line, "menuentry") || begins(line, "submenu") ||
		    begins(line, "}"))
			break;
		if (loads_initrd(line))
			add_initrds(entry, line);
	}
}

static void read_file(struct boot_entry *entry, const char *text)
{
	for (const char *line = text; *line; line = next_line(line)) {
		if (begins(line, "version"))
			word_of(line, 1, entry->kernel, sizeof(entry->kernel));
		else if (begins(line, "linux") && !*entry->kernel)
			kernel_of_image(entry, line);
		else if (begins(line, "initrd"))
			add_initrds(entry, line);
		else if (begins(line, "options"))
			read_options(entry, line);
	}
}

static enum boot_without wanted(const struct rewriting *rewriting, const char *at)
{
	struct boot_entry entry = {};

	read_grub(&entry, at);
	return rewriting->wants(rewriting->data, &entry);
}

/* With what stands before the words, and without the blank in front of them. */
static const char *put_without(FILE *out, const char *line, const char *end)
{
	enum boot_without how;
	const char *word;

	while ((word = find_word(line, &how)) && word < end) {
		fwrite(line, 1, word - line - (word > line), out);
		line = word + strcspn(word, BLANKS "\n");
	}
	fwrite(line, 1, end - line, out);
	return end;
}

/* With the word a blank comes and goes, whatever stands before it. */
static void put_line(FILE *out, const char *line, enum boot_without wanted)
{
	const char *next = next_line(line);
	enum boot_without how;

	find_word(line, &how);
	if (how != wanted) {
		line = put_without(out, line, kernel_end(line));
		if (wanted)
			fprintf(out, " %s", words[wanted]);
	}
	fwrite(line, 1, next - line, out);
}

static void put_grub(const struct rewriting *rewriting, const char *text)
{
	bool inside = false;

	for (const char *line = text; *line; line = next_line(line)) {
		if (!strncmp(line, SECTION, sizeof(SECTION) - 1))
			inside = true;
		else if (!strncmp(line, END, sizeof(END) - 1))
			inside = false;
		if (inside && boots_linux(line))
			put_line(rewriting->out, line, wanted(rewriting, line));
		else
			fprintf(rewriting->out, "%.*s", (int)(next_line(line) - line), line);
	}
}

static void put_file_with(FILE *out, const char *text)
{
	const char *line = text;

	while (*line && !begins(line, "options"))
		line = next_line(line);
	if (!*line) {
		fprintf(out, OPTIONS "%s", text);
		return;
	}
	fwrite(text, 1, line - text, out);
	put_line(out, line, BOOT_ALWAYS);
	fputs(next_line(line), out);
}

static void put_file_without(FILE *out, const char *text)
{
	for (const char *line = text; *line; line = next_line(line)) {
		if (!strncmp(line, OPTIONS, sizeof(OPTIONS) - 1))
			continue;
		if (begins(line, "options"))
			put_line(out, line, BOOT_NEVER);
		else
			fwrite(line, 1, next_line(line) - line, out);
	}
}

static void put_file(const struct rewriting *rewriting, const char *text)
{
	struct boot_entry entry = {};
	bool with;

	read_file(&entry, text);
	with = rewriting->wants(rewriting->data, &entry);
	if (with == (entry.without == BOOT_ALWAYS))
		fputs(text, rewriting->out);
	else if (with)
		put_file_with(rewriting->out, text);
	else
		put_file_without(rewriting->out, text);
}

char *boot_text_rewrite(const char *text, enum boot_kind kind, boot_wants *wants, void *data)
{
	struct rewriting rewriting = { .wants = wants, .data = data };
	char *new = NULL;
	size_t size;

	rewriting.out = open_memstream(&new, &size);
	if (!rewriting.out)
		return NULL;
	if (kind == BOOT_GRUB)
		put_grub(&rewriting, text);
	else
		put_file(&rewriting, text);
	if (fclose(rewriting.out)) {
		free(new);
		return NULL;
	}
	return new;
}

static bool line_has_word(char *line)
{
	char *word;

	if (line[strspn(line, BLANKS)] == '#')
		return false;
	while ((word = strsep(&line, BLANKS "\"'")))
		if (!strcmp(word, BOOT_WORD))
			return true;
	return false;
}

bool boot_text_has_word(const char *text)
{
	char *copy = strdup(text), *rest = copy, *line;
	bool has = false;

	while (!has && copy && (line = strsep(&rest, "\n")))
		has = line_has_word(line);
	free(copy);
	return has;
}
