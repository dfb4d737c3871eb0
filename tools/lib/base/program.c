// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/program.h"

#define FAILED	127	/* as a shell has it: the program could not be started */

static const char *const directories[] = { "/usr/sbin", "/usr/bin", "/sbin", "/bin" };

static const char *const environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
};

/* What a program writes may be in the user's language: update-grub puts that into its file. */
static const char *const handed_on[] = { "LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "TERM" };

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

bool program_find(const char *name, char *path, size_t size)
{
	for (size_t i = 0; i < COUNT(directories); i++) {
		snprintf(path, size, "%s/%s", directories[i], name);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

static void set_environment(void)
{
	char *values[COUNT(handed_on)];

	for (size_t i = 0; i < COUNT(handed_on); i++)
		values[i] = getenv(handed_on[i]);
	clearenv();
	for (size_t i = 0; i < COUNT(environment); i++)
		putenv((char *)environment[i]);
	for (size_t i = 0; i < COUNT(handed_on); i++)
		if (values[i])
			setenv(handed_on[i], values[i], true);
}

/* Signals that wait for this program are not kept from its child. */
static void become(char *const *argv, int output)
{
	int input = open("/dev/null", O_RDONLY);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (input >= 0)
		dup2(input, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	set_environment();
	execv(argv[0], argv);
	_exit(FAILED);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static pid_t start(char *const *argv, int output)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid)
		become(argv, output);
	return pid < 0 ? -errno : pid;
}

int program_run(char *const *argv)
{
	pid_t pid = start(argv, STDERR_FILENO);

	return pid < 0 ? pid : wait_for(pid);
}

int program_capture(char *const *argv, struct file_content *output)
{
	int ends[2], err, status;
	pid_t pid;

	*output = (struct file_content){};
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = start(argv, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return pid;
	}
	err = file_content_read(output, ends[0]);
	close(ends[0]);
	status = wait_for(pid);
	return err ? err : status;
}
