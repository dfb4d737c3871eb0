/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/sys/dev/rtc/max-user-freq. */
#ifndef MC_SYSCTL_H
#define MC_SYSCTL_H

struct mc_clock;

#ifdef CONFIG_SYSCTL
int mc_sysctl_register(struct mc_clock *c);
#else
static inline int mc_sysctl_register(struct mc_clock *c)
{
	return 0;
}
#endif

#endif
