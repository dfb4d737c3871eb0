/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processor's time stamp counter. */
#ifndef RTCCTL_LIB_MACHINE_TSC_H
#define RTCCTL_LIB_MACHINE_TSC_H

#include <stdint.h>

#include "lib/machine/x86.h"

/** tsc_read() - The counter, after everything before it and before everything after it. */
static inline uint64_t tsc_read(void)
{
	return x86_read_tsc();
}

/**
 * tsc_kernel_hz() - The frequency the kernel has calibrated, from perf's page.
 *
 * Return: 0; -EOPNOTSUPP where the kernel's own time does not come from the
 * TSC; -errno where it lets nobody ask.
 */
int tsc_kernel_hz(double *hz);

/**
 * tsc_log_hz() - The frequency in a line of the kernel's log, "tsc: Refined TSC clocksource
 * calibration: 2100.001 MHz" or "tsc: Detected 2000.000 MHz TSC"; 0: it tells none.
 */
double tsc_log_hz(const char *line);

#endif
