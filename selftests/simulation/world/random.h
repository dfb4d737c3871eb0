/* SPDX-License-Identifier: GPL-2.0 */
/* Chance, the same each time for the same seed. */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <linux/types.h>

void random_seed(u64 seed);
u64 random_bits(void);

/* One of @n cases, each as likely as the others. */
static inline s64 random_below(s64 n)
{
	return (s64)(((unsigned __int128)random_bits() * (u64)n) >> 64);
}

/* From @lo to @hi, both included. */
static inline s64 random_between(s64 lo, s64 hi)
{
	return lo + random_below(hi - lo + 1);
}

static inline bool random_one_in(s64 n)
{
	return !random_below(n);
}

s64 random_scale(s64 lo, s64 hi);
s64 random_sign(s64 value);

#endif
