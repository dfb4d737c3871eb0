/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Series of measurements, each of which prints samples. @count: how many. All
 * return 0 or a negative errno where nothing can be measured. Needs ports_open().
 */
#ifndef SERIES_H
#define SERIES_H

#include "../rtc/clock.h"

/* How far the system's time is from the clock, before anybody set it but the kernel. */
int series_boot(const char *device, int count);
/* How late sleeps end and how long the processor is taken away: the machine's noise. */
int series_noise(const char *device, int count);
/* How late after its edge each tick comes. */
int series_ticks(const char *device, int count);
/* The PTP clock's answers and their bounds; -ENODEV where the driver has none. */
int series_phc(const char *device, int count);
/* The tools, in turn, at random moments; and with no pause in between. */
int series_show(const char *device, int count);
int series_show_in_a_row(const char *device, int count);
int series_systohc(const char *device, int count);
int series_systohc_first(const char *device, int count);
int series_hctosys(const char *device, int count);

/* Sleeps for a random part of a second. */
void pause_at_random(int at_most_ms);

#endif
