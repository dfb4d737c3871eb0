// SPDX-License-Identifier: GPL-2.0
/*
 * simulate - runs the driver through the lives of simulated chips, and judges its answers
 *
 * Each profile and format is a process of its own, so many at a time as there are
 * processors. The same seed gives the same life.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/control.h"
#include "machine.h"
#include "scenario.h"
#include "score.h"
#include "world/chip.h"
#include "world/journal.h"
#include "world/nature.h"

#define FORMATS		4
#define CHECK_READINGS	2000
#define CHECK_SEED	1

struct job {
	struct life life;
	pid_t pid;
	int pipe;
	bool failed;
	struct score score;
};

static struct job *jobs;
static int job_count;
static s64 (*faults)(const struct score *s) = score_faults;	/* what fails a life */
static s64 locked_least;	/* of a hundred answers, so many by a driver that was locked */

static void usage(FILE *to)
{
	fprintf(to,
		"usage: simulate [option...]\n"
		"  --check     a short run, as TAP\n"
		"  --answers   fail for wrong answers alone: times outside their bound, dates\n"
		"  --locked    fail where fewer of a hundred answers came from a driver that was locked\n"
		"  --readings  so many of each profile and format\n"
		"  --seed      of the first; each life adds its number\n"
		"  --profile   this one alone\n"
		"  --format    0 to 3: 1 is binary, 2 is 12 h\n"
		"  --mood      the raw clock's only one: 0 even, 1 off, 2 wandering, 3 jumping\n"
		"  --no-steps  nobody steps or sets the chip\n"
		"  --undisturbed nothing is preempted\n"
		"  --access    what one takes, ns\n"
		"  --cold      how much longer the first one after a while takes, ns\n"
		"  --log       the kernel's log, and all that happens, to standard error\n");
}

/* A short run crashes at each access in one of the formats, a long one in all of them. */
static void add_jobs(int profile, int format, s64 readings, u64 seed, bool check)
{
	int p, f;

	jobs = calloc(chip_profiles() * FORMATS, sizeof(*jobs));
	for (p = 0; p < chip_profiles(); p++)
		for (f = 0; f < FORMATS; f++)
			if ((profile < 0 || p == profile) && (format < 0 || f == format))
				jobs[job_count++].life = (struct life){
					.profile = p, .binary = f & 1, .hours_12 = f & 2,
					.seed = seed * 1000 + p * FORMATS + f,
					.readings = readings,
					.first_crash = check ? 1 + f : 1,
					.crash_step = check ? FORMATS : 1,
				};
}

static void write_all(int fd, const void *data, size_t n)
{
	ssize_t done;

	for (; n; n -= done, data = (const char *)data + done) {
		done = write(fd, data, n);
		if (done <= 0)
			_exit(1);
	}
}

static void start(struct job *job)
{
	int ends[2];

	fflush(NULL);
	if (pipe(ends))
		abort();
	job->pid = fork();
	if (!job->pid) {
		close(ends[0]);
		life_run(&job->life);
		write_all(ends[1], &score, sizeof(score));
		_exit(0);
	}
	close(ends[1]);
	job->pipe = ends[0];
}

/* Without its score a life has come to a bad end. */
static void finish(struct job *job)
{
	size_t got = 0;
	ssize_t n;
	int status;

	while ((n = read(job->pipe, (char *)&job->score + got, sizeof(job->score) - got)) > 0)
		got += n;
	close(job->pipe);
	waitpid(job->pid, &status, 0);
	job->failed = status || got != sizeof(job->score);
}

static void run_all(void)
{
	int most = sysconf(_SC_NPROCESSORS_ONLN), started = 0, i;

	for (i = 0; i < job_count; i++) {
		while (started < job_count && started < i + most)
			start(&jobs[started++]);
		finish(&jobs[i]);
	}
}

/*
 * Where nothing is told, nothing was tried. One life may well be silent: after a crash in a
 * set, a chip that drops what is written cannot have its date called whole again.
 */
static bool silent(int profile)
{
	s64 told = 0;
	int i;

	for (i = 0; i < job_count; i++)
		if (jobs[i].life.profile == profile)
			told += jobs[i].score.answers + jobs[i].score.reads;
	return !told;
}

static bool bad(const struct job *job)
{
	return job->failed || faults(&job->score) || silent(job->life.profile);
}

/* Of all lives together: one that is asked a thousand times in one second is no measure. */
static int report_locked(void)
{
	s64 locked = 0, answers = 0;
	bool few;
	int i;

	for (i = 0; i < job_count; i++) {
		locked += jobs[i].score.locked;
		answers += jobs[i].score.answers;
	}
	few = !answers || locked * 100 < answers * locked_least;
	printf("%sok %d - %lld of %lld answers locked\n", few ? "not " : "", job_count + 1,
	       (long long)locked, (long long)answers);
	return few;
}

static int report_tap(void)
{
	int i, status = 0;

	printf("1..%d\n", job_count + !!locked_least);
	for (i = 0; i < job_count; i++) {
		const struct job *job = &jobs[i];

		status |= bad(job);
		printf("%sok %d - %s, seed %llu: %lld readings, %lld faults%s\n",
		       bad(job) ? "not " : "", i + 1, life_name(&job->life),
		       (unsigned long long)job->life.seed,
		       (long long)(job->score.answers + job->score.reads),
		       (long long)faults(&job->score),
		       job->failed ? ", crashed" : silent(job->life.profile) ? ", nothing told" : "");
	}
	return locked_least ? status | report_locked() : status;
}

/* A line for each profile; its formats together. */
static int report_table(void)
{
	static struct score sum;
	int i, status = 0;

	score_title();
	for (i = 0; i < job_count; i++) {
		struct job *job = &jobs[i];
		int profile = job->life.profile;

		if (bad(job))
			printf("# %s, seed %llu: %lld faults%s\n", life_name(&job->life),
			       (unsigned long long)job->life.seed, (long long)faults(&job->score),
			       job->failed ? ", crashed" : "");
		status |= bad(job);
		score_add(&sum, &job->score);
		if (i + 1 == job_count || jobs[i + 1].life.profile != profile) {
			score_row(chip_profile_name(profile), &sum);
			memset(&sum, 0, sizeof(sum));
		}
	}
	return status;
}

static int profile_named(const char *name)
{
	int i;

	for (i = 0; i < chip_profiles(); i++)
		if (!strcmp(chip_profile_name(i), name))
			return i;
	fprintf(stderr, "simulate: no profile %s\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "check", no_argument, NULL, 'c' },
		{ "answers", no_argument, NULL, 'w' },
		{ "locked", required_argument, NULL, 'k' },
		{ "readings", required_argument, NULL, 'r' },
		{ "seed", required_argument, NULL, 's' },
		{ "profile", required_argument, NULL, 'p' },
		{ "format", required_argument, NULL, 'f' },
		{ "mood", required_argument, NULL, 'm' },
		{ "no-steps", no_argument, NULL, 'n' },
		{ "undisturbed", no_argument, NULL, 'u' },
		{ "access", required_argument, NULL, 'a' },
		{ "cold", required_argument, NULL, 'o' },
		{ "log", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	int o, profile = -1, format = -1, status = 0;
	s64 readings = CHECK_READINGS;
	u64 seed = CHECK_SEED;
	bool check = false;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (o) {
		case 'c':
			check = true;
			break;
		case 'w':
			faults = score_wrong;
			break;
		case 'k':
			locked_least = atoll(optarg);
			break;
		case 'r':
			readings = atoll(optarg);
			break;
		case 's':
			seed = atoll(optarg);
			break;
		case 'p':
			profile = profile_named(optarg);
			break;
		case 'f':
			format = atoi(optarg);
			break;
		case 'm':
			machine_kindness.mood = atoi(optarg);
			break;
		case 'n':
			nature_without_steps();
			break;
		case 'u':
			machine_kindness.undisturbed = true;
			break;
		case 'a':
			machine_kindness.access_ns = atoll(optarg);
			break;
		case 'o':
			machine_kindness.cold_ns = atoll(optarg);
			break;
		case 'l':
			kernel_verbose = journal_aloud = true;
			break;
		default:
			usage(o == 'h' ? stdout : stderr);
			return o == 'h' ? 0 : 2;
		}
	}
	add_jobs(profile, format, readings, seed, check);
	run_all();
	if (check)
		status |= report_tap();
	status |= report_table();
	return status;
}
