/* SPDX-License-Identifier: GPL-2.0 */
/* The clock as a PTP clock: the time with its nanoseconds. */
#ifndef MC_PHC_H
#define MC_PHC_H

struct mc_clock;

#if IS_REACHABLE(CONFIG_PTP_1588_CLOCK)
int mc_phc_register(struct mc_clock *c);
#else
static inline int mc_phc_register(struct mc_clock *c)
{
	return 0;
}
#endif

#endif
