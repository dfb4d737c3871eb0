// SPDX-License-Identifier: GPL-2.0
/* The machine with the driver in it. */
#include <stdio.h>
#include <string.h>

#include "clock/clock.h"
#include "judge.h"
#include "kernel/control.h"
#include "machine.h"
#include "score.h"
#include "world/bus.h"
#include "world/chip.h"
#include "world/journal.h"
#include "world/nature.h"
#include "world/random.h"
#include "world/task.h"

#define MS		1000000LL
#define SEC		1000000000LL
#define SOME_SEC	1234567890
#define REGISTER_NS	(5 * SEC)	/* a registration may take so long */

struct kindness machine_kindness = { .mood = -1 };

static s64 access_ns, telling_ns, late_ns;
static struct mc_bus *bus;
static s64 first_set;	/* since the boot; NEVER: there was none */
static bool found;	/* the conduct is known since then */

char machine_conduct_text[SCORE_CONDUCT];

/* How fast the ports are and how busy the machine is, until the next time. */
void machine_conditions(void)
{
	static const s64 accesses[] = { 2000, 6000, 35000, 300000, 2000000 };
	static const s64 tellings[] = { 30, 30, 1000, 5000 };
	struct interruptions how = {
		.preempted_every = random_scale(200, 100000), .preempted_ns = 8 * MS,
		.stolen_every = random_scale(2000, 1000000), .stolen_ns = 30 * MS,
	};

	if (random_one_in(3) || machine_kindness.undisturbed)
		how = (struct interruptions){ };
	access_ns = accesses[random_below(random_one_in(4) ? 5 : 4)];
	telling_ns = tellings[random_below(4)];
	if (machine_kindness.access_ns)
		access_ns = machine_kindness.access_ns;
	late_ns = random_one_in(2) || machine_kindness.undisturbed ? 50000 : MS;
	bus_access_takes(access_ns, machine_kindness.cold_ns);
	kernel_time_takes(telling_ns, late_ns);
	tasks_interrupt(&how);
	nature_change(machine_kindness.mood < 0 ? random_below(MOODS) : machine_kindness.mood);
	journal_tell("%s", machine_conditions_text());
}

const char *machine_conditions_text(void)
{
	static char text[80];

	snprintf(text, sizeof(text), "access %lld us, telling %lld ns, timers late %lld us",
		 (long long)access_ns / 1000, (long long)telling_ns, (long long)late_ns / 1000);
	return text;
}

s64 machine_telling_ns(void)
{
	return telling_ns;
}

/* Somebody else, who asks now and then. */
static void (*other_asks)(void);
static bool other_inside, other_held;

static void other_user(void *unused)
{
	for (;;) {
		task_sleep(now + random_scale(MS, 300 * SEC));
		if (other_held || !kernel_rtc())
			continue;
		other_inside = true;
		other_asks();
		other_inside = false;
	}
}

/* Such a user there is from the next boot on. */
void machine_other_user(void (*asks)(void))
{
	other_asks = asks;
}

/* Nobody is left inside of the driver, as when it is unbound or tasks are frozen. */
static void hold_other(bool hold)
{
	other_held = hold;
	while (hold && other_inside)
		task_sleep(now + MS);
}

static int probe(void)
{
	struct mc_options options = {
		.ptp = true,
		.shared = random_one_in(4),
		.hctosys = random_one_in(8),
	};
	s64 until = now + REGISTER_NS;
	int err;

	first_set = NEVER;
	found = false;
	err = mc_clock_probe(bus, &options);
	while (!err && !kernel_rtc() && now < until)
		task_sleep(now + 10 * MS);
	return err;
}

/* Whatever ran is gone; a new kernel finds the chip as it is. */
void machine_boot(void)
{
	int err;

	journal_tell("boot");
	kernel_boot();
	judge_boot();
	bus = bus_init();
	other_inside = other_held = false;
	if (other_asks)
		task_start("other user", other_user, NULL);
	err = probe();
	machine_conduct();
	if (kernel_rtc())
		return;
	score.warnings++;
	complain("no clock came up: %d", err);
	chip_set_by_firmware(SOME_SEC);
	machine_boot();
}

/* The driver is unbound and bound again. */
void machine_unbind(void)
{
	hold_other(true);
	kernel_unbind(bus->dev);
	machine_boot();
}

void machine_suspend(s64 ns)
{
	journal_tell("suspend for %.3f s", ns * 1e-9);
	hold_other(true);
	mc_clock_suspend(bus->dev);
	nature_suspend(ns);
	mc_clock_resume(bus->dev);
	hold_other(false);
}

/*
 * One release, or two that are one to a set, and what becomes of writes; and nothing that is to
 * be confirmed.
 */
static bool is_known(const char *conduct)
{
	const char *release = strstr(conduct, "release: "), *end = strchr(conduct, ';');

	if (!release || !end || strstr(conduct, "unknown") || strstr(conduct, "to be confirmed"))
		return strstr(conduct, "dropped");
	release += strlen("release: ");
	if (!strncmp(release, "whole write;", 12))
		return true;
	return !memchr(release, ' ', end - release);
}

/* In one line, without the hours' format and the time of an access. */
static void read_conduct(char *text)
{
	char all[512] = "", *p;

	kernel_read_debugfs("conduct", all, sizeof(all));
	p = strstr(all, "\nhours");
	if (p)
		*p = 0;
	for (p = all; *p; p++)
		if (*p == '\n')
			*p = ';';
	snprintf(text, SCORE_CONDUCT, "%s", all);
}

/* What the driver makes of the chip, and whether it has just found that out. */
void machine_conduct(void)
{
	char text[SCORE_CONDUCT];

	read_conduct(text);
	if (strcmp(text, machine_conduct_text))
		journal_tell("conduct %s", text);
	strcpy(machine_conduct_text, text);
	if (first_set == NEVER || found || !is_known(text))
		return;
	found = true;
	score_found(now - first_set, text);
}

/* Does the driver know what a set will do? */
bool machine_knows(void)
{
	return is_known(machine_conduct_text);
}

/* A set is to begin: from the first one on the conduct can be found. */
void machine_set_begins(void)
{
	if (first_set == NEVER)
		first_set = now;
}
