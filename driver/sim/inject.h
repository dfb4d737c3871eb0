/* SPDX-License-Identifier: GPL-2.0 */
/* An emulated chip in debugfs: its conduct, its faults and its registers. */
#ifndef MC_INJECT_H
#define MC_INJECT_H

#include <linux/dcache.h>

#include "sim/bus-sim.h"

#ifdef CONFIG_DEBUG_FS
void mc_inject_create(struct mc_sim *e, struct dentry *dir);
struct dentry *mc_inject_create_dir(struct mc_sim *e, const char *name);
void mc_inject_remove_dir(struct dentry *dir);
#else
static inline void mc_inject_create(struct mc_sim *e, struct dentry *dir)
{
}

static inline struct dentry *mc_inject_create_dir(struct mc_sim *e, const char *name)
{
	return NULL;
}

static inline void mc_inject_remove_dir(struct dentry *dir)
{
}
#endif

#endif
