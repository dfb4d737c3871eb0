// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"

static s64 timeval_ns(const struct timeval *tv)
{
	return tv->tv_sec * SECOND_NS + tv->tv_usec * 1000LL;
}

static int spawn(pid_t *pid, const char *const argv[], int output)
{
	posix_spawn_file_actions_t actions;
	int err;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	err = posix_spawn(pid, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

static int finish(struct command_run *run, pid_t pid)
{
	struct rusage usage;
	int status;

	if (wait4(pid, &status, 0, &usage) != pid)
		return -errno;
	run->end = raw_ns();
	run->cpu_ns = timeval_ns(&usage.ru_utime) + timeval_ns(&usage.ru_stime);
	run->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return 0;
}

int command_run(struct command_run *run, const char *const argv[])
{
	int output = memfd_create("output", MFD_CLOEXEC), err;
	ssize_t length = 0;
	pid_t pid;

	if (output < 0)
		return -errno;
	run->begin = raw_ns();
	err = spawn(&pid, argv, output);
	if (!err)
		err = finish(run, pid);
	if (!err)
		length = pread(output, run->output, sizeof(run->output) - 1, 0);
	run->output[length > 0 ? length : 0] = '\0';
	close(output);
	return err;
}
