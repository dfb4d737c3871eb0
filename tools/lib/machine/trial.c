// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

#include "lib/machine/trial.h"

/* A port or the TSC gives the first, memory that is not there the second. */
static const int faults[] = { SIGSEGV, SIGBUS };

#define FAULTS	(sizeof(faults) / sizeof(faults[0]))

static __thread sigjmp_buf back;

static void return_from(int fault)
{
	siglongjmp(back, fault);
}

int trial(void (*touch)(const void *arg), const void *arg)
{
	const struct sigaction action = { .sa_handler = return_from };
	struct sigaction before[FAULTS];
	volatile int err = -EFAULT;

	for (size_t i = 0; i < FAULTS; i++)
		sigaction(faults[i], &action, &before[i]);
	if (!sigsetjmp(back, 1)) {
		touch(arg);
		err = 0;
	}
	for (size_t i = 0; i < FAULTS; i++)
		sigaction(faults[i], &before[i], NULL);
	return err;
}
