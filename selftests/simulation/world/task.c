// SPDX-License-Identifier: GPL-2.0
/* Who acts in the simulated world, and when. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world/random.h"
#include "world/task.h"

#define STACK_SIZE	(256 * 1024)

s64 now;
s64 task_interruptions_ns;
struct task *task_running;

static struct task first = { .name = "user", .started = true };
static struct task *all = &first;
static struct interruptions interruptions;
s64 task_until_preempted, task_until_stolen;
s64 task_horizon;

static void look_ahead(void)
{
	struct task *t;

	task_horizon = NEVER;
	for (t = all; t; t = t->next)
		if (t != task_running && t->due < task_horizon)
			task_horizon = t->due;
}

/* Only the first task is left of those of the machine, and goes on. */
void tasks_restart(void)
{
	struct task *t, *next;

	for (t = all; t; t = next) {
		next = t->next;
		if (t != &first && !t->outside)
			task_end(t);
	}
	first.locks = first.irqs_off = 0;
	first.due = now;
	first.asleep = false;
	task_running = &first;
	look_ahead();
}

/* The world begins, at true time 0. */
void tasks_init(void)
{
	while (all != &first)
		task_end(all);
	now = 0;
	tasks_restart();
}

static void enter(void)
{
	task_running->body(task_running->data);
	fprintf(stderr, "task %s came to an end\n", task_running->name);
	abort();
}

struct task *task_start(const char *name, void (*body)(void *data), void *data)
{
	struct task *t = calloc(1, sizeof(*t));

	t->name = name;
	t->body = body;
	t->data = data;
	t->due = now;
	t->stack = malloc(STACK_SIZE);
	getcontext(&t->entry);
	t->entry.uc_stack.ss_sp = t->stack;
	t->entry.uc_stack.ss_size = STACK_SIZE;
	makecontext(&t->entry, enter, 0);
	t->next = all;
	all = t;
	look_ahead();
	return t;
}

/* It stops where it is. Not the one that is task_running, nor the first. */
void task_end(struct task *task)
{
	struct task **p;

	for (p = &all; *p != task; p = &(*p)->next)
		;
	*p = task->next;
	free(task->stack);
	free(task);
	look_ahead();
}

/* Where nothing is due the world is stuck: a deadlock, in the driver or in here. */
static struct task *earliest(void)
{
	struct task *t, *found = all;

	for (t = all; t; t = t->next)
		if (t->due < found->due || (t->due == found->due && found == task_running))
			found = t;
	if (found->due == NEVER) {
		for (t = all; t; t = t->next)
			fprintf(stderr, "%s waits for ever\n", t->name);
		abort();
	}
	return found;
}

/* swapcontext() would ask the kernel for the signal mask each time. */
static void switch_to(struct task *next)
{
	struct task *last = task_running;

	if (next == last)
		return;
	task_running = next;
	look_ahead();
	if (_setjmp(last->context))
		return;
	if (!next->started) {
		next->started = true;
		setcontext(&next->entry);
	}
	_longjmp(next->context, 1);
}

static void let_others(void)
{
	struct task *next = earliest();

	if (next->due > now)
		now = next->due;
	switch_to(next);
}

/* The running task goes on at @until, or when it is woken before that. */
void task_sleep(s64 until)
{
	task_running->due = until;
	task_running->asleep = true;
	let_others();
	task_running->asleep = false;
}

void task_wake(struct task *task, s64 when)
{
	if (!task->asleep || task->due <= when)
		return;
	task->due = when;
	if (task != task_running && when < task_horizon)
		task_horizon = when;
}

/* The machine stands still for @ns. Its tasks go on later by that. */
void tasks_freeze(s64 ns)
{
	struct task *t;

	for (t = all; t; t = t->next)
		if (!t->outside && t != task_running && t->due != NEVER)
			t->due += ns;
	look_ahead();
	task_running->due = now + ns;
	let_others();
}

static s64 next_in(s64 every)
{
	return every ? random_between(1, 2 * every) : NEVER;
}

void tasks_interrupt(const struct interruptions *how)
{
	interruptions = *how;
	task_until_preempted = next_in(how->preempted_every);
	task_until_stolen = next_in(how->stolen_every);
}

static bool may_be_preempted(void)
{
	return !task_running->irqs_off && !task_running->locks && !task_running->interrupt;
}

/* One of the counts is over. */
s64 task_interruption(void)
{
	s64 ns = 0;

	if (task_until_preempted <= 0 && may_be_preempted()) {
		task_until_preempted = next_in(interruptions.preempted_every);
		ns += random_scale(5000, interruptions.preempted_ns);
	}
	if (task_until_stolen <= 0) {
		task_until_stolen = next_in(interruptions.stolen_every);
		ns += random_scale(5000, interruptions.stolen_ns);
	}
	task_interruptions_ns += ns;
	return ns;
}

/* Somebody else is due before that is over. */
void task_take(s64 ns)
{
	task_running->due = now + ns;
	let_others();
}
