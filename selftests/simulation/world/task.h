/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who acts in the simulated world, and when: tasks that run one at a time, each until
 * it lets time pass.
 *
 * There is one time, the true one. A task that lets 2 us pass goes on 2 us later; what
 * else is due in between runs in between. So tasks run side by side as on as many
 * processors, and whatever takes time can be interleaved with anything else.
 */
#ifndef SIM_TASK_H
#define SIM_TASK_H

#include <setjmp.h>
#include <ucontext.h>

#include <linux/types.h>

#define NEVER	0x7fffffffffffffffLL

/**
 * struct task - one of those who act
 * @name:	whose it is
 * @body:	what it does; does not return
 * @data:	passed to it
 * @due:	true ns at which it goes on; NEVER: when it is woken
 * @asleep:	it may be woken before
 * @outside:	it belongs to the world, not to the machine: it goes on while that sleeps
 * @interrupt:	it stands for interrupts: nothing preempts it
 * @locks:	spinlocks that it holds
 * @irqs_off:	how often it disabled interrupts
 */
struct task {
	const char *name;
	void (*body)(void *data);
	void *data;
	s64 due;
	bool asleep;
	bool outside;
	bool interrupt;
	int locks;
	int irqs_off;
	bool started;
	jmp_buf context;
	ucontext_t entry;
	void *stack;
	struct task *next;
};

/**
 * struct interruptions - how often something comes between two steps, and for how long
 * @preempted_every: steps of a task that may be preempted
 * @preempted_ns:	at most
 * @stolen_every:	steps of any, as the host takes the processor away
 * @stolen_ns:	at most
 */
struct interruptions {
	s64 preempted_every, preempted_ns;
	s64 stolen_every, stolen_ns;
};

extern s64 now;			/* true ns */
extern s64 task_interruptions_ns;	/* all of them so far */
extern struct task *task_running;

void tasks_init(void);
void tasks_restart(void);
struct task *task_start(const char *name, void (*body)(void *data), void *data);
void task_end(struct task *task);
void task_wake(struct task *task, s64 when);
void task_sleep(s64 until);
void tasks_freeze(s64 ns);
void tasks_interrupt(const struct interruptions *how);

/* How many steps until the next interruptions. */
extern s64 task_until_preempted, task_until_stolen;

s64 task_interruption(void);

/* What comes between two steps of the running task, ns; mostly nothing. */
static inline s64 interrupted(void)
{
	if (--task_until_preempted > 0 && --task_until_stolen > 0)
		return 0;
	return task_interruption();
}

extern s64 task_horizon;	/* the first moment at which anybody else is due */

void task_take(s64 ns);

/* The running task is busy for @ns. */
static inline void take(s64 ns)
{
	if (now + ns < task_horizon)
		now += ns;
	else
		task_take(ns);
}

#endif
