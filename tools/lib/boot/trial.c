// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/attribute.h"
#include "lib/base/savefile.h"
#include "lib/boot/trial.h"

#define COPY		MODULE_NAME ".ko"
#define FAILED		"failed"

static const char *path_of(char path[PATH_MAX], const char *kernel, const char *name)
{
	snprintf(path, PATH_MAX, TRIAL_DIR "/%s/%s", kernel, name);
	return path;
}

static int save(const char *kernel, const char *name, const char *bytes, size_t size)
{
	static const char *const above[] = { "/var/lib/rtc-mc146818", TRIAL_DIR };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(above) / sizeof(above[0]); i++)
		mkdir(above[i], 0755);
	mkdir(path_of(path, kernel, ""), 0755);
	return savefile_write_bytes(path_of(path, kernel, name), bytes, size);
}

static bool is_version(const struct file_content *file, const char *version)
{
	return memmem(file->bytes, file->size, version, strlen(version) + 1);
}

static bool copied(const char *kernel, const char *version)
{
	struct file_content copy;
	char path[PATH_MAX];
	bool is;

	if (file_content_load(&copy, path_of(path, kernel, COPY)))
		return false;
	is = is_version(&copy, version);
	file_content_free(&copy);
	return is;
}

static void remove_all(const char *pattern, int (*remove)(const char *path))
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		remove(found.gl_pathv[i]);
	globfree(&found);
}

static int remove_kernel(const char *dir)
{
	char path[PATH_MAX + 8];

	snprintf(path, sizeof(path), "%s/*", dir);
	remove_all(path, unlink);
	return rmdir(dir);
}

/* Of a kernel that was removed since. */
static int remove_if_gone(const char *dir)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/lib/modules%s", strrchr(dir, '/'));
	return access(path, F_OK) ? remove_kernel(dir) : 0;
}

bool trial_copy(char path[PATH_MAX], const char *kernel)
{
	return !access(path_of(path, kernel, COPY), R_OK);
}

int trial_succeeded(const char *kernel)
{
	char loaded[64], version[96], path[PATH_MAX];
	struct module module;
	int err;

	unlink(path_of(path, kernel, FAILED));
	err = attribute_read(loaded, sizeof(loaded), MODULE_SYSFS "/srcversion");
	if (err)
		return err;
	snprintf(version, sizeof(version), "srcversion=%s", loaded);
	if (copied(kernel, version) || module_load(&module, kernel))
		return 0;
	if (is_version(&module.file, version))
		err = save(kernel, COPY, module.file.bytes, module.file.size);
	module_free(&module);
	remove_all(TRIAL_DIR "/*", remove_if_gone);
	return err;
}

/* What is installed for it, as far as that tells one file from another. */
static void installed(char *text, size_t size, const char *kernel)
{
	char path[PATH_MAX];
	struct stat st;

	if (module_find(path, kernel) || stat(path, &st) < 0)
		snprintf(text, size, "none\n");
	else
		snprintf(text, size, "%lld bytes of %lld.%09ld\n", (long long)st.st_size,
			 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

int trial_fail(const char *kernel)
{
	char text[96];

	installed(text, sizeof(text), kernel);
	return save(kernel, FAILED, text, strlen(text));
}

bool trial_failed(const char *kernel)
{
	struct file_content noted;
	char text[96], path[PATH_MAX];
	bool is;

	if (file_content_load(&noted, path_of(path, kernel, FAILED)))
		return false;
	installed(text, sizeof(text), kernel);
	is = !strcmp(noted.bytes, text);
	file_content_free(&noted);
	return is;
}

void trial_again(void)
{
	remove_all(TRIAL_DIR "/*/" FAILED, unlink);
}

void trial_end(void)
{
	remove_all(TRIAL_DIR "/*", remove_kernel);
	rmdir(TRIAL_DIR);
}
