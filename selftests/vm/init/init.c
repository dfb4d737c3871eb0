// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

#define CONFIG_FILE	"/vm/config"
#define PLAN_FILE	"/vm/tests"
#define CLASS_DIR	"/sys/class/rtc"
#define OUR_NAME	"rtc-mc146818"

static void mount_all(void)
{
	static const struct {
		const char *type, *path;
	} mounts[] = {
		{ "proc", "/proc" },
		{ "sysfs", "/sys" },
		{ "devtmpfs", "/dev" },
		{ "tmpfs", "/tmp" },
		{ "tmpfs", "/run" },
		{ "debugfs", "/sys/kernel/debug" },
		{ "tracefs", "/sys/kernel/tracing" },
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].path, 0755);
		mount(mounts[i].type, mounts[i].path, mounts[i].type, 0, NULL);
	}
}

static void terminal_open(const char *path)
{
	int fd = open(path, O_RDWR);

	if (fd < 0)
		return;
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

static bool is_ours(const char *rtc)
{
	char path[300], name[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), CLASS_DIR "/%s/name", rtc);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	return !strncmp(name, OUR_NAME, strlen(OUR_NAME));
}

/* Where there is one ours, else the first; an empty name where there is none. */
static bool choose_rtc(char chosen[64])
{
	bool ours = false;
	DIR *dir = opendir(CLASS_DIR);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "rtc", 3) || ours)
			continue;
		ours = is_ours(entry->d_name);
		if (ours || !chosen[0] || strcmp(entry->d_name, chosen) < 0)
			snprintf(chosen, 64, "%.60s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return ours;
}

/* A clock of ours that sets the system's time is registered up to 3 s after it was loaded. */
static bool wanted(const struct config *config)
{
	return strcmp(config->driver, "rtc_cmos") && strcmp(config->driver, "none");
}

/* Tests find their clock in $RTC. */
static void name_rtc(const struct config *config)
{
	char chosen[64] = "", device[80];
	int tries = 50;

	while (!choose_rtc(chosen) && wanted(config) && tries--)
		usleep(100000);
	if (!chosen[0])
		return;
	snprintf(device, sizeof(device), "/dev/%s", chosen);
	setenv("RTC", device, 1);
	if (symlink(chosen, "/dev/rtc") && errno != EEXIST)
		port_print("# /dev/rtc: %s\n", strerror(errno));
}

static void environment(const struct config *config)
{
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/busybox", 1);
	setenv("HOME", "/tmp", 1);
	setenv("LANG", "C", 1);
	setenv("DRIVER", config->driver, 1);
	setenv("MODULE", MODULE_FILE, 1);
	setenv("PARAMS", config->params, 1);
	if (config->counted)
		setenv("COUNTED", "1", 1);
	name_rtc(config);
}

static void load(const struct config *config)
{
	int err = module_load(config->params);

	if (!err)
		return;
	if (port_open() == 0)
		port_print("Bail out! %s: cannot load: %s\n", MODULE_FILE, strerror(-err));
	port_exit(false);
}

static void shell(const char *terminal)
{
	pid_t pid = fork();

	if (!pid) {
		setsid();
		terminal_open(terminal);
		printf("\nThe clock is %s. Ctrl-A X or exit leaves.\n", getenv("RTC") ?: "not there");
		fflush(stdout);
		execl("/bin/sh", "-sh", NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	port_exit(true);
}

static bool result(size_t number, const char *name, const struct outcome *outcome)
{
	const char *mark = outcome->skip ? " # SKIP " : outcome->why[0] ? " # " : "";

	port_print("%sok %zu %s%s%s\n", outcome->pass ? "" : "not ", number, name, mark,
		   outcome->why);
	return outcome->pass;
}

static bool unload(size_t number)
{
	struct outcome outcome = { .pass = true };
	int err = module_unload();

	if (err) {
		outcome.pass = false;
		snprintf(outcome.why, sizeof(outcome.why), "%s", strerror(-err));
	}
	return result(number, "rmmod", &outcome);
}

/* What only the module still knew of is a leak once that is gone. */
static bool leaks(size_t number)
{
	struct outcome outcome;

	kmemleak_judge(&outcome);
	return result(number, "kmemleak", &outcome);
}

static bool run(const struct config *config, const struct plan *plan)
{
	bool unloads = config_wants_module(config) && !config->keep && !config->end[0];
	bool ends = config->end[0], looks = kmemleak_looks();
	struct outcome outcome;
	bool pass = true;
	size_t i;

	port_print("KTAP version 1\n1..%zu\n", plan->count + unloads + looks + 1 + ends);
	for (i = 0; i < plan->count; i++) {
		port_print("  # Subtest: %s\n", plan->tests[i].name);
		test_run(&plan->tests[i], &outcome);
		pass &= result(i + 1, plan->tests[i].name, &outcome);
	}
	if (unloads)
		pass &= unload(++i);
	if (looks)
		pass &= leaks(++i);
	klog_judge(&outcome);
	pass &= result(++i, "kernel-log", &outcome);
	if (!strncmp(config->end, "kexec ", strlen("kexec ")))
		kexec_end(i + 1, config->end + strlen("kexec "));
	if (ends)
		port_end(i + 1, config->end);
	return pass;
}

int main(void)
{
	struct config config;
	struct plan plan;
	int err;

	if (kexec_found() && !port_open())
		kexec_judge(kexec_found());
	err = config_read(CONFIG_FILE, &config);
	if (!err && config.early && config_wants_module(&config))
		load(&config);
	mount_all();
	terminal_open("/dev/console");
	if (port_open())
		return 1;
	if (!err && !config.early && config_wants_module(&config))
		load(&config);
	environment(&config);
	if (!err)
		err = plan_read(PLAN_FILE, &plan);
	if (err) {
		port_print("Bail out! %s or %s: %s\n", CONFIG_FILE, PLAN_FILE, strerror(-err));
		port_exit(false);
	}
	if (config.shell[0])
		shell(config.shell);
	port_exit(run(&config, &plan));
}
