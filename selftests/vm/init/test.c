// SPDX-License-Identifier: GPL-2.0
/* The list of tests, and one test run under its time limit. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

#define KILL_GRACE_MS	5000
#define NESTED		"  "

static int parse(char *line, struct test *test)
{
	char *name = strtok(line, " \t");
	char *limit = strtok(NULL, " \t");
	char *command = strtok(NULL, "");

	if (!command || atoi(limit) <= 0)
		return -EINVAL;
	test->name = strdup(name);
	test->limit_s = atoi(limit);
	test->command = strdup(command + strspn(command, " \t"));
	return test->name && test->command ? 0 : -ENOMEM;
}

static int append(struct plan *plan, char *line)
{
	struct test *tests = realloc(plan->tests, (plan->count + 1) * sizeof(*tests));

	if (!tests)
		return -ENOMEM;
	plan->tests = tests;
	return parse(line, &tests[plan->count++]);
}

int plan_read(const char *path, struct plan *plan)
{
	char *line = NULL;
	size_t room = 0;
	FILE *file = fopen(path, "re");
	int err = 0;

	memset(plan, 0, sizeof(*plan));
	if (!file)
		return -errno;
	while (!err && getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (line[strspn(line, " \t")] && line[0] != '#')
			err = append(plan, line);
	}
	free(line);
	fclose(file);
	return err;
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static pid_t start(const struct test *test, int *out)
{
	int pipes[2];
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		setsid();
		dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
		dup2(pipes[1], STDOUT_FILENO);
		dup2(pipes[1], STDERR_FILENO);
		execl("/bin/sh", "sh", "-c", test->command, NULL);
		_exit(127);
	}
	close(pipes[1]);
	*out = pipes[0];
	return pid;
}

/* Lines that are TAP stay as they are, for the host to count; the rest become comments. */
static void forward(struct tap *tap, const char *line)
{
	static const char *const pass[] = {
		"ok ", "not ok ", "1..", "TAP version", "KTAP version", "#", " ",
	};

	tap_line(tap, line);
	for (size_t i = 0; i < sizeof(pass) / sizeof(pass[0]); i++) {
		if (!strncmp(line, pass[i], strlen(pass[i]))) {
			port_line(NESTED, line);
			return;
		}
	}
	port_line(NESTED "# ", line);
}

struct lines {
	char text[1000];
	size_t used;
};

static void feed(struct lines *lines, struct tap *tap, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool full = lines->used == sizeof(lines->text) - 1;

		if (text[i] == '\n' || full) {
			lines->text[lines->used] = '\0';
			lines->used = 0;
			forward(tap, lines->text);
		}
		if (text[i] != '\n' && text[i] != '\r' && text[i])
			lines->text[lines->used++] = text[i];
	}
}

/* Returns whether there may be more. */
static bool pump(int fd, int wait_ms, struct lines *lines, struct tap *tap)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char text[4096];
	ssize_t len;

	if (poll(&ready, 1, wait_ms) <= 0)
		return true;
	len = read(fd, text, sizeof(text));
	if (len > 0)
		feed(lines, tap, text, len);
	return len > 0;
}

static bool reap(pid_t pid, int *status)
{
	return waitpid(pid, status, WNOHANG) == pid;
}

/*
 * Ends when the command has ended: what it left behind in the background may
 * hold the pipe open and is killed with its session.
 */
static bool follow(pid_t pid, int fd, int limit_s, struct tap *tap, int *status)
{
	long long end = now_ms() + limit_s * 1000LL;
	struct lines lines = { .used = 0 };
	bool open = true, ended = false;

	while (!ended && now_ms() < end) {
		if (open)
			open = pump(fd, 20, &lines, tap);
		else
			usleep(1000);
		ended = reap(pid, status);
	}
	kill(-pid, SIGKILL);
	while (open && pump(fd, 100, &lines, tap) && now_ms() < end + KILL_GRACE_MS)
		;
	if (lines.used)
		feed(&lines, tap, "\n", 1);
	return ended;
}

void test_run(const struct test *test, struct outcome *outcome)
{
	struct tap tap = { .plan = -1 };
	int status = 0, fd = -1;
	pid_t pid = start(test, &fd);

	memset(outcome, 0, sizeof(*outcome));
	if (pid < 0) {
		snprintf(outcome->why, sizeof(outcome->why), "cannot start: %s", strerror(errno));
		return;
	}
	klog_mark(test->name);
	if (follow(pid, fd, test->limit_s, &tap, &status))
		tap_judge(&tap, status, outcome);
	else
		snprintf(outcome->why, sizeof(outcome->why), "no end within %d s", test->limit_s);
	close(fd);
}
