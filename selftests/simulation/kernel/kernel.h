/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel as the driver's files see it: each <linux/...> of theirs is this, see Makefile. */
#ifndef SIM_KERNEL_H
#define SIM_KERNEL_H

#include <linux/rtc.h>

#include "kernel/ptp.h"

#endif
