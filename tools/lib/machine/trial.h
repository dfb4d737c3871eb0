/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an instruction works that a hypervisor or the kernel may forbid to programs. */
#ifndef RTCCTL_LIB_MACHINE_TRIAL_H
#define RTCCTL_LIB_MACHINE_TRIAL_H

/**
 * trial() - Call @touch, which may fault.
 * @touch: reads what is to be tried, and no more
 * @arg: its argument
 *
 * For a moment the program's own handlers of faults are put aside.
 *
 * Return: 0; -EFAULT where it faults.
 */
int trial(void (*touch)(const void *arg), const void *arg);

#endif
