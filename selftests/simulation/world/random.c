// SPDX-License-Identifier: GPL-2.0
/* Chance, the same each time for the same seed: splitmix64 and no more. */
#include "world/random.h"

static u64 state;

void random_seed(u64 seed)
{
	state = seed * 0x9e3779b97f4a7c15ULL;
}

u64 random_bits(void)
{
	u64 z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/**
 * random_scale - a number of any size: each power of two is as likely as the next
 * @lo: at least, positive
 * @hi: at most
 */
s64 random_scale(s64 lo, s64 hi)
{
	int octaves = 0;
	s64 from;

	while (octaves < 62 && lo << octaves < hi && (lo << octaves) > 0)
		octaves++;
	if (!octaves)
		return lo;
	from = lo << random_below(octaves);
	return random_between(from, from < hi / 2 ? 2 * from - 1 : hi);
}

s64 random_sign(s64 value)
{
	return random_one_in(2) ? -value : value;
}
