/* SPDX-License-Identifier: GPL-2.0 */
/* The clock's counters in debugfs. */
#ifndef MC_DEBUGFS_H
#define MC_DEBUGFS_H

struct dentry;
struct mc_clock;

#ifdef CONFIG_DEBUG_FS
void mc_debugfs_init(void);
struct dentry *mc_debugfs_dir(const char *name);
int mc_debugfs_create(struct mc_clock *c);
void mc_debugfs_exit(void);
#else
static inline void mc_debugfs_init(void)
{
}

static inline struct dentry *mc_debugfs_dir(const char *name)
{
	return ERR_PTR(-ENODEV);
}

static inline int mc_debugfs_create(struct mc_clock *c)
{
	return 0;
}

static inline void mc_debugfs_exit(void)
{
}
#endif

#endif
