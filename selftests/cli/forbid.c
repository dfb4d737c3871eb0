// SPDX-License-Identifier: GPL-2.0
/*
 * A machine that forbids instructions to programs, to be preloaded. FORBID names which:
 *
 * ports: asking for them succeeds, as under a hypervisor that intercepts them, and using
 * them faults.
 *
 * tsc: reading it faults, as where the kernel or a sandbox has it so. The C library would
 * read it to tell the time; here it asks the kernel for that.
 *
 * With TRY, a program that reads it all the same: it ends well where that is not forbidden,
 * as some hypervisors do not tell their processors.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#ifdef TRY
int main(void)
{
	prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
	return __rdtsc() == 0;
}
#else
int ioperm(unsigned long from, unsigned long count, int on)
{
	(void)from;
	(void)count;
	(void)on;
	return 0;
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	return syscall(SYS_clock_gettime, clock, ts);
}

__attribute__((constructor)) static void forbid(void)
{
	if (!strcmp(getenv("FORBID"), "tsc"))
		prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
}
#endif
