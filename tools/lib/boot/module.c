// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <elf.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/program.h"
#include "lib/base/root.h"
#include "lib/boot/module.h"

#define SIGNED		"~Module signature appended~\n"
#define SIGNED_SIZE	(sizeof(SIGNED) - 1)

/* In front of that. */
struct signature_end {
	uint8_t what[8];
	uint32_t size_be;
};

static const struct {
	const char *name, *program;
} packers[] = {
	{ MODULE_NAME ".ko.xz", "xz" },
	{ MODULE_NAME ".ko.zst", "zstd" },
	{ MODULE_NAME ".ko.gz", "gzip" },
};

/* A line is a module's path, a colon and what it needs. */
static bool find_line(const char *text, char *name, size_t size)
{
	const char *end, *base;

	for (const char *line = text; *line; line = end + strspn(end, "\n")) {
		end = line + strcspn(line, "\n");
		snprintf(name, size, "%.*s", (int)strcspn(line, ":\n"), line);
		base = strrchr(name, '/');
		base = base ? base + 1 : name;
		if (!strncmp(base, MODULE_NAME ".ko", sizeof(MODULE_NAME ".ko") - 1))
			return true;
	}
	return false;
}

int module_find(char path[PATH_MAX], const char *kernel)
{
	char name[PATH_MAX / 2];
	struct file_content deps;
	bool found;
	int err;

	snprintf(path, PATH_MAX, "/lib/modules/%s/modules.dep", kernel);
	err = file_content_load(&deps, path);
	if (err)
		return err;
	found = find_line(deps.bytes, name, sizeof(name));
	file_content_free(&deps);
	if (!found)
		return -ENOENT;
	snprintf(path, PATH_MAX, "%s%.256s/%s", *name == '/' ? "" : "/lib/modules/",
		 *name == '/' ? "" : kernel, name);
	return 0;
}

static int unpack(struct module *module, const char *program)
{
	char path[PATH_MAX];
	char *argv[] = { path, "-d", "-c", module->path, NULL };
	int status;

	if (!program_find(program, path, sizeof(path)))
		return -ENOPKG;
	status = program_capture(argv, &module->file);
	if (status > 0)
		file_content_free(&module->file);
	return status > 0 ? -ENOEXEC : status;
}

static int read_file(struct module *module)
{
	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		if (!strcmp(strrchr(module->path, '/') + 1, packers[i].name))
			return unpack(module, packers[i].program);
	return file_content_load(&module->file, module->path);
}

static void find_signature(struct module *module, size_t *size)
{
	struct signature_end last;
	const char *end;

	*size = module->file.size;
	if (*size < SIGNED_SIZE + sizeof(last))
		return;
	end = module->file.bytes + *size - SIGNED_SIZE;
	if (memcmp(end, SIGNED, SIGNED_SIZE))
		return;
	memcpy(&last, end - sizeof(last), sizeof(last));
	*size -= SIGNED_SIZE + sizeof(last);
	module->signature_size = ntohl(last.size_be);
	if (module->signature_size > *size)
		return;
	*size -= module->signature_size;
	module->signature = module->file.bytes + *size;
}

/* The table of sections stands last: a file that was cut off lacks it. */
static bool whole(const struct file_content *file, size_t size)
{
	Elf64_Ehdr head;
	Elf32_Ehdr head32;

	if (size < sizeof(head) || memcmp(file->bytes, ELFMAG, SELFMAG))
		return false;
	memcpy(&head, file->bytes, sizeof(head));
	memcpy(&head32, file->bytes, sizeof(head32));
	if (head.e_ident[EI_CLASS] == ELFCLASS32)
		return head32.e_shoff &&
		       head32.e_shoff + (size_t)head32.e_shnum * head32.e_shentsize <= size;
	return head.e_shoff && head.e_shoff <= size &&
	       (size_t)head.e_shnum * head.e_shentsize <= size - head.e_shoff;
}

static bool made_for(const struct file_content *file, size_t size, const char *kernel)
{
	char magic[256];

	snprintf(magic, sizeof(magic), "vermagic=%s ", kernel);
	return memmem(file->bytes, size, magic, strlen(magic));
}

int module_load(struct module *module, const char *kernel)
{
	size_t size;
	int err;

	*module = (struct module){};
	err = module_find(module->path, kernel);
	if (!err && access(module->path, R_OK) < 0)
		err = -errno;
	if (!err)
		err = read_file(module);
	if (err)
		return err;
	find_signature(module, &size);
	if (whole(&module->file, size) && made_for(&module->file, size, kernel))
		return 0;
	module_free(module);
	return -ENOEXEC;
}

void module_free(struct module *module)
{
	file_content_free(&module->file);
	module->signature = NULL;
}

bool module_loaded(void)
{
	struct root_path path;

	return !access(root_path(&path, MODULE_SYSFS), F_OK);
}
