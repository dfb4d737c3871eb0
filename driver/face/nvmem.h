/* SPDX-License-Identifier: GPL-2.0 */
/* The chip's RAM as an nvmem device. */
#ifndef MC_NVMEM_H
#define MC_NVMEM_H

struct mc_clock;

#if IS_ENABLED(CONFIG_RTC_NVMEM)
int mc_nvmem_register(struct mc_clock *c);
#else
static inline int mc_nvmem_register(struct mc_clock *c)
{
	return 0;
}
#endif

#endif
