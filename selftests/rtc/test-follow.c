// SPDX-License-Identifier: GPL-2.0
/*
 * rtcctl follow in a machine that is stopped, or put back to a snapshot, while its clock
 * goes on: the system's time is right again within seconds, and nothing else touches it.
 *
 * Whoever watches the output does that to the machine (selftests/vm/host). In the
 * environment: HOST says that somebody does; STILL, that the clock stands still with the
 * machine (clock=vm); FOLLOW_RUNS and FOLLOW_AWAY how often (3), and for how many
 * seconds (60).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge.h"
#include "ktap.h"
#include "ports.h"

#define RTCCTL		"/rtcctl/rtcctl"
#define LOG		"/tmp/follow.log"
#define LIMIT_NS	(6 * SECOND_NS)		/* from the wake on until the time was set */
#define RIGHT_NS	50000000LL
#define AGREES_NS	(10 * SECOND_NS)	/* until it is right to begin with */
#define AWAY_NS		(300 * SECOND_NS)	/* until it has happened at all, on a busy host */
#define UNTOUCHED_MS	15000			/* three looks */
#define SYNC_MS		10000			/* the kernel's set, tried again until it is on time */
#define PAUSE_MS	5
#define MS		1000000LL

extern char **environ;

static int wanted(const char *name, int usual)
{
	const char *value = getenv(name);

	return value ? atoi(value) : usual;
}

/* It opens the clock for itself. */
static pid_t begin(struct clock *clock)
{
	char *const argv[] = { "rtcctl", "follow", "--utc", "--rtc", clock->path, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int err;

	close(clock->fd);
	clock->fd = -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 2, LOG, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	err = posix_spawn(&pid, RTCCTL, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return err ? -err : pid;
}

static enum ktap_result follow(struct clock *clock, pid_t *pid)
{
	int err = ports_open(clock);

	REQUIRE(!err, "ports: %s", strerror(-err));
	*pid = begin(clock);
	REQUIRE(*pid > 0, "%s: %s", RTCCTL, strerror(-*pid));
	return KTAP_PASS;
}

static void print_log(void)
{
	char line[256];
	FILE *file = fopen(LOG, "re");

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		ktap_comment("%s", line);
	}
	if (file)
		fclose(file);
}

/* Return: its exit status; -1. */
static int end(struct clock *clock, pid_t pid)
{
	int status;

	kill(pid, SIGTERM);
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	clock->fd = open(clock->path, O_RDONLY | O_CLOEXEC);
	print_log();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* How far the system is behind the clock, by a true edge. */
static int behind(struct clock *clock, s64 *ns)
{
	s64 slack;

	return judge_offset(clock, ns, &slack);
}

static int wait_until_right(struct clock *clock)
{
	s64 until = raw_ns() + AGREES_NS, ns = 0;
	int err = 0;

	do
		err = behind(clock, &ns);
	while ((err || llabs(ns) > SECOND_NS / 2) && raw_ns() < until);
	return err ? err : llabs(ns) > SECOND_NS / 2 ? -ETIMEDOUT : 0;
}

/* Until the clock has left the second where it was; @since: when it surely still was there. */
static int wait_for_wake(s64 was, s64 *since)
{
	s64 until = raw_ns() + AWAY_NS, now, looked = raw_ns();
	int err;

	do {
		*since = looked;
		sleep_ms(PAUSE_MS);
		looked = raw_ns();
		err = ports_lead(&now);
		if (!err && llabs(now - was) > 1)
			return 0;
	} while (raw_ns() < until);
	return -ETIMEDOUT;
}

static int wait_for_set(s64 since, s64 was, s64 *took)
{
	do {
		if (llabs(real_minus_raw(NULL) - was) > SECOND_NS) {
			*took = raw_ns() - since;
			return 0;
		}
		sleep_ms(PAUSE_MS);
	} while (raw_ns() - since < 10 * LIMIT_NS);
	return -ETIMEDOUT;
}

static int leave(const char *how, s64 *since)
{
	s64 was;
	int err = ports_lead(&was);

	if (err)
		return err;
	printf("# host: %s %d\n", how, wanted("FOLLOW_AWAY", 60));
	fflush(stdout);
	return wait_for_wake(was, since);
}

/* Once: away and back. */
static enum ktap_result is_set_right(struct clock *clock, const char *how)
{
	s64 since, real, took, ns;
	int err = wait_until_right(clock);

	REQUIRE(!err, "not right to begin with: %s", strerror(-err));
	/* At any moment between two looks. */
	sleep_ms(raw_ns() / MS % 5000);
	real = real_minus_raw(NULL);
	err = leave(how, &since);
	REQUIRE(!err, "before the machine was seen to be away: %s", strerror(-err));
	err = wait_for_set(since, real, &took);
	REQUIRE(!err, "its time was not set");
	err = behind(clock, &ns);
	REQUIRE(!err, "no true edge afterwards: %s", strerror(-err));
	ktap_comment("%s: set %lld ms after the wake, then %+.3f ms off", how,
		     (long long)(took / MS), ns / 1e6);
	REQUIRE(took <= LIMIT_NS, "set %lld ms after the wake", (long long)(took / MS));
	REQUIRE(llabs(ns) <= RIGHT_NS, "%lld ns off afterwards", (long long)ns);
	return KTAP_PASS;
}

static enum ktap_result follows(struct clock *clock, const char *how)
{
	enum ktap_result result;
	int status;
	pid_t pid;

	if (!getenv("HOST") || getenv("STILL"))
		SKIP("nobody stops this machine and leaves its clock");
	result = follow(clock, &pid);
	if (result != KTAP_PASS)
		return result;
	for (int i = wanted("FOLLOW_RUNS", 3); result == KTAP_PASS && i; i--)
		result = is_set_right(clock, how);
	status = end(clock, pid);
	if (result == KTAP_PASS)
		REQUIRE(!status, "exit status %d", status);
	return result;
}

static enum ktap_result a_pause_is_made_good(struct clock *clock)
{
	return follows(clock, "pause");
}

static enum ktap_result a_snapshot_is_made_good(struct clock *clock)
{
	return follows(clock, "revert");
}

/* As NTP does: what the kernel then says of its time. */
static int say_synchronised(bool yes)
{
	struct timex tx = { .modes = ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR,
			    .status = yes ? 0 : STA_UNSYNC };

	return adjtimex(&tx) < 0 ? -errno : 0;
}

static enum ktap_result stays(s64 real)
{
	s64 moved;

	for (int ms = 0; ms < UNTOUCHED_MS; ms += PAUSE_MS) {
		moved = real_minus_raw(NULL) - real;
		REQUIRE(llabs(moved) < SECOND_NS / 10, "set by %lld ms after %d ms",
			(long long)(moved / MS), ms);
		sleep_ms(PAUSE_MS);
	}
	return KTAP_PASS;
}

static enum ktap_result left_to_ntp(struct clock *clock)
{
	enum ktap_result result;
	s64 since, real, took;
	int err = wait_until_right(clock);

	REQUIRE(!err, "not right to begin with: %s", strerror(-err));
	REQUIRE(!say_synchronised(true), "the kernel does not take it that NTP is in sync");
	/* The kernel then sets the clock by the system, and again in eleven minutes. */
	sleep_ms(SYNC_MS);
	real = real_minus_raw(NULL);
	err = leave("pause", &since);
	REQUIRE(!err, "before the machine was seen to be away: %s", strerror(-err));
	result = stays(real);
	if (result != KTAP_PASS)
		return result;
	/* And is taken up where NTP gives up. */
	REQUIRE(!say_synchronised(false), "the kernel does not take it that NTP is not in sync");
	since = raw_ns();
	err = wait_for_set(since, real, &took);
	REQUIRE(!err && took <= LIMIT_NS, "without NTP it was not set");
	return KTAP_PASS;
}

static enum ktap_result ntps_time_is_left_alone(struct clock *clock)
{
	enum ktap_result result;
	pid_t pid;

	if (!getenv("HOST") || getenv("STILL"))
		SKIP("nobody stops this machine and leaves its clock");
	result = follow(clock, &pid);
	if (result != KTAP_PASS)
		return result;
	result = left_to_ntp(clock);
	say_synchronised(false);
	end(clock, pid);
	return result;
}

static enum ktap_result nothing_to_make_good(struct clock *clock, const char *how)
{
	int err = wait_until_right(clock);
	s64 real;

	REQUIRE(!err, "not right to begin with: %s", strerror(-err));
	sleep_ms(PAUSE_MS);
	real = real_minus_raw(NULL);
	printf("# host: %s %d\n", how, wanted("FOLLOW_AWAY", 60));
	fflush(stdout);
	return stays(real);
}

static enum ktap_result a_clock_that_stands_still_sets_nothing(struct clock *clock)
{
	enum ktap_result result;
	pid_t pid;

	if (!getenv("HOST") || !getenv("STILL"))
		SKIP("nobody stops this machine together with its clock");
	result = follow(clock, &pid);
	if (result != KTAP_PASS)
		return result;
	result = nothing_to_make_good(clock, "pause");
	if (result == KTAP_PASS)
		result = nothing_to_make_good(clock, "revert");
	end(clock, pid);
	return result;
}

static const struct ktap_test tests[] = {
	{ "a pause of the machine is made good", a_pause_is_made_good },
	{ "going back to a snapshot is made good", a_snapshot_is_made_good },
	{ "a time that NTP has put right is left alone", ntps_time_is_left_alone },
	{ "a clock that stands still with the machine sets nothing", a_clock_that_stands_still_sets_nothing },
};

KTAP_MAIN(tests)
