/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/driver/rtc. */
#ifndef MC_PROCFS_H
#define MC_PROCFS_H

struct mc_clock;
struct seq_file;

#if IS_ENABLED(CONFIG_RTC_INTF_PROC)
void mc_procfs_show(struct mc_clock *c, struct seq_file *seq);
int mc_procfs_create(struct mc_clock *c);
void mc_procfs_exit(void);
#else
static inline void mc_procfs_show(struct mc_clock *c, struct seq_file *seq)
{
}

static inline int mc_procfs_create(struct mc_clock *c)
{
	return 0;
}

static inline void mc_procfs_exit(void)
{
}
#endif

#endif
