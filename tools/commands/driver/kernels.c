// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/driver/driver.h"
#include "lib/base/file-content.h"
#include "lib/base/savefile.h"
#include "lib/boot/initramfs.h"
#include "lib/boot/module.h"
#include "lib/boot/secure-boot.h"
#include "lib/boot/trial.h"
#include "ui/report.h"

static const char *const grub_files[] = { "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg" };

/* Where entries stand below, and what they name is. */
static const char *const entry_roots[] = { "/boot", "/boot/efi", "/efi" };


#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static bool find_image(struct driver_kernel *kernel)
{
	static const char *const images[] = {
		"/boot/vmlinuz-%s", "/boot/vmlinux-%s", "/lib/modules/%s/vmlinuz",
	};

	for (size_t i = 0; i < COUNT(images); i++) {
		snprintf(kernel->image, sizeof(kernel->image), images[i], kernel->release);
		if (!access(kernel->image, R_OK))
			return true;
	}
	return false;
}

static void check_module(struct driver_kernel *kernel, bool signed_only)
{
	struct module module;

	kernel->module = module_load(&module, kernel->release);
	if (kernel->module)
		return;
	kernel->trusted = secure_boot_trusts(&module);
	if (signed_only && !kernel->trusted)
		kernel->module = -EKEYREJECTED;
	else if (trial_failed(kernel->release))
		kernel->module = -ENODEV;
	module_free(&module);
}

static int by_release(const void *a, const void *b)
{
	return strverscmp(((const struct driver_kernel *)b)->release,
			  ((const struct driver_kernel *)a)->release);
}

int driver_kernels(struct driver_kernels *kernels, bool offline)
{
	bool signed_only = !offline && secure_boot_signed_only();
	struct driver_kernel *kernel;
	struct dirent *entry;
	DIR *dir;

	*kernels = (struct driver_kernels){ .offline = offline };
	dir = opendir("/lib/modules");
	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while (kernels->count < DRIVER_KERNELS && (entry = readdir(dir))) {
		kernel = &kernels->kernels[kernels->count];
		snprintf(kernel->release, sizeof(kernel->release), "%s", entry->d_name);
		if (entry->d_name[0] == '.' || !find_image(kernel))
			continue;
		check_module(kernel, signed_only);
		kernels->count++;
	}
	closedir(dir);
	qsort(kernels->kernels, kernels->count, sizeof(*kernel), by_release);
	return 0;
}

const char *driver_why_not(const struct driver_kernel *kernel)
{
	switch (kernel->module) {
	case 0:
		return NULL;
	case -ENOENT:
		return "no module was built for it";
	case -ENOEXEC:
		return "its module is damaged, or was built for another kernel";
	case -EKEYREJECTED:
		return "its module is not signed by a key that this machine trusts";
	case -ENODEV:
		return "its last boot with the module had no clock: 'rtcctl driver enable' tries again";
	default:
		return strerror(-kernel->module);
	}
}

static struct driver_kernel *find_kernel(struct driver_kernels *kernels, const char *release)
{
	for (int i = 0; i < kernels->count; i++)
		if (!strcmp(kernels->kernels[i].release, release))
			return &kernels->kernels[i];
	return NULL;
}

/* The names in an entry begin where the boot loader sees the file system begin. */
struct rewriting {
	struct driver_kernels *kernels;
	const char *root;
	enum boot_kind kind;
	bool on;
};

static bool initrd_has(const struct rewriting *rewriting, const char *name, const char *release)
{
	char path[PATH_MAX + 16];

	/* A boot loader may see what is above, too, as GRUB does with subvolumes of btrfs. */
	for (; name && *name == '/'; name = strchr(name + 1, '/')) {
		snprintf(path, sizeof(path), "%s%s", rewriting->root, name);
		if (access(path, F_OK))
			snprintf(path, sizeof(path), "/boot%s", name);
		if (!access(path, F_OK))
			return initramfs_has(path, release) == 1;
	}
	return false;
}

static bool entry_has(const struct rewriting *rewriting, const struct boot_entry *entry,
		      const struct driver_kernel *kernel)
{
	for (int i = 0; i < entry->initrd_count; i++)
		if (initrd_has(rewriting, entry->initrds[i], kernel->release))
			return true;
	return false;
}

/* Also one whose image was not found, or that is one too many. */
static bool installed(const char *release)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/lib/modules/%s", release);
	return *release && !access(path, F_OK);
}

static enum boot_without wants_word(void *data, const struct boot_entry *entry)
{
	const struct rewriting *rewriting = data;
	struct driver_kernel *kernel = find_kernel(rewriting->kernels, entry->kernel);

	/* Other systems may have entries beside those of this one. */
	if (!kernel && rewriting->kind == BOOT_ENTRY && !installed(entry->kernel))
		return entry->without;
	if (!rewriting->on || !kernel || kernel->module ||
	    (entry->signed_only && !kernel->trusted) || !entry_has(rewriting, entry, kernel))
		return BOOT_NEVER;
	return kernel->trusted || rewriting->kind == BOOT_ENTRY ? BOOT_ALWAYS : BOOT_UNLOCKED;
}

/* Where kernel-install makes the initramfs there is none but that of the entry. */
static void count(struct driver_kernel *kernel, const struct boot_entry *entry, bool has, bool locked)
{
	bool with = entry->without == BOOT_ALWAYS || (entry->without == BOOT_UNLOCKED && !locked);

	kernel->entries++;
	kernel->entries_with += with;
	kernel->entries_bare += with && !has;
	if (!*kernel->initramfs && entry->initrd_count)
		kernel->in_initramfs = kernel->in_initramfs == 1 || has;
}

static enum boot_without count_entry(void *data, const struct boot_entry *entry)
{
	struct rewriting *rewriting = data;
	struct driver_kernel *kernel = find_kernel(rewriting->kernels, entry->kernel);

	if (kernel)
		count(kernel, entry, entry_has(rewriting, entry, kernel),
		      !rewriting->kernels->offline && secure_boot_state() == SECURE_BOOT_ON);
	return entry->without;
}

static bool put_blanks(int fd, off_t at, size_t size)
{
	char blanks[sizeof(BOOT_WORD)];

	memset(blanks, ' ', size);
	return pwrite(fd, blanks, size, at) == (ssize_t)size;
}

/* Of a blank and a word that keeps rtc_cmos out; 0: there is none. */
static size_t blank_word(const char *at)
{
	static const char *const words[] = { " " BOOT_WORD, " " BOOT_UNLOCKED_WORD };

	for (size_t i = 0; i < COUNT(words); i++)
		if (!strncmp(at, words[i], strlen(words[i])))
			return strlen(words[i]);
	return 0;
}

/* Where there is no room for a new file, blanks take the place of what must not stay. */
static void blank(const char *path, const char *old, const char *new)
{
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	const char *at = old;

	while (fd >= 0 && *at && *new) {
		size_t had = blank_word(at), has = blank_word(new);

		if (had && had != has && !put_blanks(fd, at - old, had))
			break;
		if (!had && !has && *at != *new)
			break;
		at += had || has ? had : 1;
		new += had || has ? has : 1;
	}
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/* A file that is as it shall be is left alone. */
static int rewrite(const char *path, enum boot_kind kind, boot_wants *wants,
		   struct rewriting *rewriting)
{
	struct file_content old;
	char *new;
	int err;

	rewriting->kind = kind;
	err = file_content_load(&old, path);
	if (err)
		return err == -ENOENT ? 0 : err;
	new = boot_text_rewrite(old.bytes, kind, wants, rewriting);
	if (!new)
		err = -ENOMEM;
	else if (strlen(old.bytes) != old.size)
		err = -EINVAL;
	else if (strcmp(new, old.bytes))
		err = savefile_write(path, new);
	if (err && new)
		blank(path, old.bytes, new);
	free(new);
	file_content_free(&old);
	return err;
}

static int rewrite_reported(const char *path, enum boot_kind kind, boot_wants *wants,
			    struct rewriting *rewriting)
{
	int err = rewrite(path, kind, wants, rewriting);

	if (err)
		report_update(err, path);
	return err;
}

static int each_entry(const char *root, boot_wants *wants, struct rewriting *rewriting)
{
	char pattern[PATH_MAX];
	int err = 0, one;
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/loader/entries/*.conf", root);
	rewriting->root = root;
	if (glob(pattern, 0, NULL, &found))
		return 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		one = rewrite_reported(found.gl_pathv[i], BOOT_ENTRY, wants, rewriting);
		err = err ? err : one;
	}
	globfree(&found);
	return err;
}

static int each(boot_wants *wants, struct rewriting *rewriting)
{
	int err = 0, one;

	rewriting->root = "";
	for (size_t i = 0; i < COUNT(grub_files); i++) {
		one = rewrite_reported(grub_files[i], BOOT_GRUB, wants, rewriting);
		err = err ? err : one;
	}
	for (size_t i = 0; i < COUNT(entry_roots); i++) {
		one = each_entry(entry_roots[i], wants, rewriting);
		err = err ? err : one;
	}
	return err;
}

int driver_rewrite(struct driver_kernels *kernels, bool on, const char *file)
{
	struct rewriting rewriting = { .kernels = kernels, .root = "", .on = on };

	return file ? rewrite_reported(file, BOOT_GRUB, wants_word, &rewriting) :
		      each(wants_word, &rewriting);
}

void driver_look(struct driver_kernels *kernels)
{
	struct rewriting rewriting = { .kernels = kernels };
	struct driver_kernel *kernel;

	initramfs_changed();
	for (int i = 0; i < kernels->count; i++) {
		kernel = &kernels->kernels[i];
		kernel->entries = 0;
		kernel->entries_with = 0;
		kernel->entries_bare = 0;
		kernel->in_initramfs = -ENOENT;
		if (initramfs_path(kernel->release, kernel->initramfs, sizeof(kernel->initramfs)))
			kernel->in_initramfs = initramfs_has(kernel->initramfs, kernel->release);
		else
			*kernel->initramfs = '\0';
	}
	each(count_entry, &rewriting);
}

void driver_boot_loaders(bool *grub, bool *entries)
{
	char pattern[PATH_MAX];
	glob_t found;

	*grub = false;
	*entries = false;
	for (size_t i = 0; i < COUNT(grub_files); i++)
		*grub |= !access(grub_files[i], F_OK);
	for (size_t i = 0; i < COUNT(entry_roots); i++) {
		snprintf(pattern, sizeof(pattern), "%s/loader/entries/*.conf", entry_roots[i]);
		if (!glob(pattern, 0, NULL, &found)) {
			*entries = true;
			globfree(&found);
		}
	}
}
