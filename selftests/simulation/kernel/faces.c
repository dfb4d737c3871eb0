// SPDX-License-Identifier: GPL-2.0
/* The faces of a clock that are not simulated: they come up, or the kernel refuses them. */
#include "clock/clock.h"
#include "face/nvmem.h"
#include "face/procfs.h"
#include "face/sysctl.h"
#include "kernel/control.h"

const char *kernel_refused;

bool kernel_refuses(const char *face)
{
	return kernel_refused && !strcmp(kernel_refused, face);
}

static int come_up(const char *face)
{
	return kernel_refuses(face) ? -ENOMEM : 0;
}

int mc_nvmem_register(struct mc_clock *c)
{
	return come_up("nvmem");
}

int mc_procfs_create(struct mc_clock *c)
{
	return come_up("procfs");
}

void mc_procfs_show(struct mc_clock *c, struct seq_file *seq)
{
}

int mc_sysctl_register(struct mc_clock *c)
{
	return come_up("sysctl");
}
