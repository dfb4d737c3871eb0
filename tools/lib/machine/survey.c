// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "lib/machine/survey.h"
#include "lib/machine/tsc.h"
#include "lib/machine/x86.h"
#include "lib/time/clock.h"

#define CPUS_MAX	64
#define RACE_NS		(NSEC_PER_SEC / 3)
#define STEP_READINGS	1000
#define PIECE_NS	(50 * NSEC_PER_MSEC)

/* Whoever has the lock must find a time no earlier than the last one had. */
struct race {
	atomic_flag taken;
	int64_t last_ns;
	int64_t until_ns;
	const volatile sig_atomic_t *stop;
	struct survey *survey;
};

struct runner {
	struct race *race;
	int cpu;
	pthread_t thread;
};

static void take_turn(struct race *race)
{
	struct survey *survey = race->survey;
	int64_t now_ns;

	while (atomic_flag_test_and_set_explicit(&race->taken, memory_order_acquire))
		x86_pause();
	now_ns = clock_now_ns(CLOCK_MONOTONIC);
	survey->readings++;
	if (now_ns < race->last_ns) {
		survey->warps++;
		if (race->last_ns - now_ns > survey->worst_ns)
			survey->worst_ns = race->last_ns - now_ns;
	}
	race->last_ns = now_ns;
	atomic_flag_clear_explicit(&race->taken, memory_order_release);
}

static void *run(void *data)
{
	struct runner *runner = data;
	struct race *race = runner->race;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(runner->cpu, &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	while (!*race->stop && clock_now_ns(CLOCK_MONOTONIC) < race->until_ns)
		take_turn(race);
	return NULL;
}

static int race_all(struct race *race)
{
	struct runner runners[CPUS_MAX];
	cpu_set_t set;
	int count = 0, err = 0;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return -errno;
	for (int cpu = 0; !err && cpu < CPU_SETSIZE && count < CPUS_MAX; cpu++) {
		if (!CPU_ISSET(cpu, &set))
			continue;
		runners[count] = (struct runner){ .race = race, .cpu = cpu };
		err = -pthread_create(&runners[count].thread, NULL, run, &runners[count]);
		count += !err;
	}
	for (int i = 0; i < count; i++)
		pthread_join(runners[i].thread, NULL);
	race->survey->cpus = count;
	return err;
}

static int64_t smallest_step_ns(void)
{
	int64_t last_ns = clock_now_ns(CLOCK_MONOTONIC);
	int64_t best_ns = INT64_MAX, now_ns;

	for (int i = 0; i < STEP_READINGS; i++) {
		now_ns = clock_now_ns(CLOCK_MONOTONIC);
		if (now_ns > last_ns && now_ns - last_ns < best_ns)
			best_ns = now_ns - last_ns;
		last_ns = now_ns;
	}
	return best_ns == INT64_MAX ? 0 : best_ns;
}

static void sleep_until(int64_t until_ns, const volatile sig_atomic_t *stop)
{
	int64_t now_ns;

	while (!*stop && (now_ns = clock_now_ns(CLOCK_MONOTONIC)) < until_ns) {
		int64_t next_ns = now_ns + PIECE_NS;

		clock_sleep_until(CLOCK_MONOTONIC, next_ns < until_ns ? next_ns : until_ns);
	}
}

static uint64_t read_tsc(const struct counter *counter)
{
	(void)counter;
	return tsc_read();
}

static uint64_t read_system(const struct counter *counter)
{
	(void)counter;
	return clock_now_ns(CLOCK_MONOTONIC);
}

int survey_measure(int64_t ns, const volatile sig_atomic_t *stop, struct survey *survey)
{
	const struct counter tsc = { .read = read_tsc, .bits = 64 };
	const struct counter system = { .read = read_system, .bits = 64 };
	struct counter_sample first = {}, last;
	struct race race = { .taken = ATOMIC_FLAG_INIT, .stop = stop, .survey = survey };
	int64_t start_ns = clock_now_ns(CLOCK_MONOTONIC);
	int err;

	memset(survey, 0, sizeof(*survey));
	survey->tsc_err = counter_try(&tsc);
	if (!survey->tsc_err)
		counter_sample(&tsc, &first);
	survey->read_ns = counter_cost_ns(&system);
	survey->step_ns = smallest_step_ns();
	race.until_ns = start_ns + (ns / 2 < RACE_NS ? ns / 2 : RACE_NS);
	err = race_all(&race);
	if (err)
		return err;
	sleep_until(start_ns + ns, stop);
	if (*stop)
		return -EINTR;
	if (survey->tsc_err)
		return 0;
	counter_sample(&tsc, &last);
	survey->tsc_err = counter_rate(&first, &last, tsc.bits, 0, &survey->tsc);
	return 0;
}
