/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine's clocks, each a function of true time: straight lines that are bent and
 * lifted. CLOCK_MONOTONIC follows the raw one, slewed; CLOCK_REALTIME follows that.
 */
#ifndef SIM_CLOCKS_H
#define SIM_CLOCKS_H

#include <linux/types.h>

/* Called after a change, where it is set since clocks_init(): whoever waits for a time looks again. */
extern void (*clocks_moved)(void);

s64 clocks_raw(s64 t);
s64 clocks_mono(s64 t);
s64 clocks_real(s64 t);
s64 clocks_when_mono(s64 mono);
s64 clocks_rate_ppb(void);

void clocks_init(s64 real);
void clocks_set_rate(s64 raw_ppb, s64 slew_ppb);
void clocks_jump(s64 ns);
void clocks_step_real(s64 ns);
void clocks_stand(bool still);

#endif
