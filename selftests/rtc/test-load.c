// SPDX-License-Identifier: GPL-2.0
/*
 * The PTP clock and phase/ under load: the truth stays within the bound of every
 * answer. How close the answers are is printed; judged is only what no load explains.
 *
 * PHC_ANSWERS in the environment says how many answers to judge (60). The loads are
 * stress-ng's.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "judge.h"
#include "ktap.h"
#include "ports.h"
#include "spread.h"

#define ANSWERS		60
#define IDLE_MS		10000
#define IDLE_BOUND_NS	2000000		/* not locked beyond this: see phase/state in the ABI */
#define LOAD_MS		2000		/* until a load is under way */
#define LOG		"/tmp/stress-ng.log"

static bool have(const char *program)
{
	char command[80];

	snprintf(command, sizeof(command), "command -v %.40s >/dev/null", program);
	return !system(command);
}

/* The load. It may not set the clock, which would hold its divider over and over. */
static pid_t start(const char *const *argv)
{
	pid_t pid = fork();
	int log;

	if (pid)
		return pid;
	log = open(LOG, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	if (prctl(PR_CAPBSET_DROP, CAP_SYS_TIME, 0, 0, 0))
		_exit(126);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

/* Whether it had run until now. It ends its own processes. */
static bool stop(pid_t pid)
{
	int status;
	bool running = !waitpid(pid, &status, WNOHANG);

	kill(pid, SIGINT);
	if (running)
		waitpid(pid, &status, 0);
	return running;
}

static enum ktap_result judge_it(struct clock *clock, const char *what, struct judged *j)
{
	int err = ports_open(clock), wanted = judge_wanted(ANSWERS), fd;

	if (err)
		SKIP("ports: %s", strerror(-err));
	fd = phc_open(clock, O_RDONLY);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	memset(j, 0, sizeof(*j));
	err = judge_answers(clock, fd, wanted, j);
	close(fd);
	if (j->count)
		judge_print(j, what);
	REQUIRE(!err, "%s, with %d answers judged", strerror(-err), j->count);
	REQUIRE(j->count >= wanted, "only %d answers could be judged", j->count);
	REQUIRE(!j->outside, "%d of %d answers outside their bound", j->outside, j->count);
	return KTAP_PASS;
}

static void print_log(void)
{
	char text[1000], *line;

	if (file_read(LOG, text, sizeof(text)))
		return;
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		ktap_comment("%s", line);
}

static enum ktap_result judge_under(struct clock *clock, const char *what, const char *const *argv)
{
	static struct judged j;
	enum ktap_result result;
	pid_t pid;

	if (!have(argv[0]))
		SKIP("%s is not here", argv[0]);
	/* /dev/rtcN is for one at a time: the load has it. */
	close(clock->fd);
	clock->fd = -1;
	pid = start(argv);
	sleep_ms(LOAD_MS);
	result = judge_it(clock, what, &j);
	if (!stop(pid)) {
		print_log();
		ktap_why("the load ended before its time");
		result = KTAP_FAIL;
	}
	if (clock_open(clock, clock->path)) {
		ktap_why("cannot open the clock again");
		result = KTAP_FAIL;
	}
	return result;
}

static enum ktap_result without_load(struct clock *clock)
{
	static struct judged j;
	enum ktap_result result;
	struct answer a;

	phase_ask(clock, &a);
	sleep_ms(IDLE_MS);
	result = judge_it(clock, "idle", &j);
	if (result != KTAP_PASS)
		return result;
	REQUIRE(spread_median(j.bounds, j.count) < IDLE_BOUND_NS, "a bound that is no lock");
	REQUIRE(spread_median(j.errors, j.count) <= spread_median(j.bounds, j.count), "errors beyond bounds");
	return KTAP_PASS;
}

static enum ktap_result with_busy_processors(struct clock *clock)
{
	static const char *const argv[] = { "stress-ng", "--cpu", "2", "--vm", "1", "--vm-bytes",
					    "32M", "--temp-path", "/tmp", NULL };

	return judge_under(clock, "--cpu 2 --vm 1", argv);
}

static enum ktap_result with_other_readers(struct clock *clock)
{
	static const char *const argv[] = { "stress-ng", "--rtc", "2", "--temp-path", "/tmp",
					    NULL };

	return judge_under(clock, "--rtc 2", argv);
}

static const struct ktap_test tests[] = {
	{ "the truth is within the bound when idle", without_load },
	{ "the truth is within the bound with busy processors", with_busy_processors },
	{ "the truth is within the bound with other readers", with_other_readers },
};

KTAP_MAIN(tests)
