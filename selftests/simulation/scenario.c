// SPDX-License-Identifier: GPL-2.0
/* A life of one chip: its users' acts, its machine's fate. */
#include <stdio.h>

#include "judge.h"
#include "kernel/control.h"
#include "machine.h"
#include "scenario.h"
#include "score.h"
#include "sets.h"
#include "world/bus.h"
#include "world/chip.h"
#include "world/clocks.h"
#include "world/nature.h"
#include "world/random.h"
#include "world/task.h"

#define MS		1000000LL
#define SEC		1000000000LL
#define DAY		(86400 * SEC)
#define CRASH_ACCESSES	100

const char *life_name(const struct life *life)
{
	static char name[64];

	snprintf(name, sizeof(name), "%s %s %d h", chip_profile_name(life->profile),
		 life->binary ? "bin" : "BCD", life->hours_12 ? 12 : 24);
	return name;
}

static void ask(int kind)
{
	switch (kind < 3 ? kind : random_below(3)) {
	case 0:
		judge_now();
		break;
	case 1:
		judge_ptp();
		break;
	default:
		judge_time();
	}
}

static void ask_anything(void)
{
	ask(3);
}

/* Some answers in a row, of one kind or all. */
static void read_often(void)
{
	s64 n = random_between(1, 200), pause = random_scale(MS / 10, SEC / 2);
	int kind = random_below(4);

	while (n--) {
		ask(kind);
		task_sleep(now + random_between(pause / 2, pause));
	}
}

/* While there are ticks no second is left out: that is no idling, and takes long here too. */
static void idle(void)
{
	bool ticking = kernel_rtc()->uie_rtctimer.enabled;

	task_sleep(now + random_scale(10 * MS, ticking ? 100 * SEC : 2 * DAY));
}

static void ticks(void)
{
	rtc_update_irq_enable(kernel_rtc(), random_one_in(3) ? 0 : 1);
}

static void alarm_set(void)
{
	struct rtc_wkalrm alarm = { .enabled = 1 };
	struct rtc_time tm;

	if (rtc_read_time(kernel_rtc(), &tm))
		return;
	rtc_time64_to_tm(rtc_tm_to_time64(&tm) + random_scale(1, 100000), &alarm.time);
	rtc_set_alarm(kernel_rtc(), &alarm);
}

static void suspend(void)
{
	machine_suspend(random_scale(MS, DAY));
}

static void crash(void)
{
	if (sets_crash(random_between(1, CRASH_ACCESSES)) && random_one_in(2))
		machine_conditions();
}

static void reboot(void)
{
	if (random_one_in(2))
		machine_unbind();
	else
		machine_boot();
	machine_conditions();
}

static const struct act {
	int weight;
	void (*act)(void);
} acts[] = {
	{ 100, read_often }, { 20, idle }, { 4, ticks }, { 2, alarm_set }, { 4, sets_random },
	{ 6, sets_measured }, { 2, sets_adjust }, { 3, suspend }, { 1, crash }, { 1, reboot },
};

static void act(void)
{
	int i, sum = 0;
	s64 n;

	for (i = 0; i < (int)(sizeof(acts) / sizeof(acts[0])); i++)
		sum += acts[i].weight;
	n = random_below(sum);
	for (i = 0; n >= acts[i].weight; i++)
		n -= acts[i].weight;
	acts[i].act();
}

static s64 done(void)
{
	return score.answers + score.reads + score.refused;
}

void life_run(const struct life *life)
{
	random_seed(life->seed);
	judge_life = life_name(life);
	tasks_init();
	clocks_init(random_between(1000000000, 2000000000) * SEC + random_below(SEC));
	chip_power_on(life->profile, life->binary, life->hours_12,
		      random_between(1000000000, 2000000000));
	nature_init();
	machine_conditions();
	if (random_one_in(2))
		machine_other_user(ask_anything);
	machine_boot();
	sets_crash_everywhere(life->first_crash, life->crash_step);
	while (done() < life->readings) {
		act();
		machine_conduct();
	}
	score.ticks = kernel_ticks;
	score.warnings += kernel_warnings;
	score.accesses = bus_accesses;
	score.virtual_ns = now;
}
