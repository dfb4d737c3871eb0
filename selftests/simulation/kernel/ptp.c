// SPDX-License-Identifier: GPL-2.0
/* PTP clocks: there is one. */
#include "kernel/control.h"
#include "world/task.h"

static struct ptp_clock_info *registered;

struct ptp_clock_info *kernel_ptp(void)
{
	return registered;
}

void kernel_ptp_init(void)
{
	registered = NULL;
}

struct ptp_clock *ptp_clock_register(struct ptp_clock_info *info, struct device *parent)
{
	if (kernel_refuses("ptp"))
		return ERR_PTR(-ENOMEM);
	registered = info;
	return (struct ptp_clock *)info;
}

int ptp_clock_unregister(struct ptp_clock *ptp)
{
	registered = NULL;
	return 0;
}

void ptp_read_system_prets(struct ptp_system_timestamp *sts)
{
	if (!sts)
		return;
	sts->pre = now;
	ktime_get_real_ts64(&sts->pre_ts);
}

void ptp_read_system_postts(struct ptp_system_timestamp *sts)
{
	if (!sts)
		return;
	ktime_get_real_ts64(&sts->post_ts);
	sts->post = now;
}
