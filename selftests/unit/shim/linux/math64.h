/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's 64-bit division, as pure files use it. */
#ifndef SHIM_LINUX_MATH64_H
#define SHIM_LINUX_MATH64_H

#include <linux/types.h>

static inline s64 div64_s64(s64 dividend, s64 divisor)
{
	return dividend / divisor;
}

#endif
