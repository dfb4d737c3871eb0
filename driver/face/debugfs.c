// SPDX-License-Identifier: GPL-2.0
/*
 * The clock's counters in /sys/kernel/debug/rtc-mc146818/rtcN/:
 * accesses	index/data pairs, each two exits to the hypervisor in a VM
 * interrupts	of the chip's own line
 * spurious	interrupts that the chip knew nothing of
 * timers	expirations of our hrtimers
 * ticks	events handed to the core: ticks, alarms and looks at far alarms
 * edges	update edges held between two looks
 * rejected	samples that held none
 * steps	readings that contradicted what was known
 * put_off	seconds by which sets were put off, as the release came late or was held up
 * release_late_ns	how late the last set's divider was released; negative: how early
 */
#include <linux/debugfs.h>

#include "face/debugfs.h"

static int get(void *data, u64 *value)
{
	*value = atomic64_read(data);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE(counter, get, NULL, "%lld\n");

static void remove(void *dir)
{
	debugfs_remove_recursive(dir);
}

/**
 * mc_debugfs_dir - make a folder below the one of all clocks
 * @name: its name
 *
 * Context: may sleep.
 * Return: the folder, to be removed; what debugfs says where there is none.
 */
struct dentry *mc_debugfs_dir(const char *name)
{
	struct dentry *top = debugfs_lookup(MC_NAME, NULL);
	struct dentry *dir;

	if (!top)
		top = dget(debugfs_create_dir(MC_NAME, NULL));
	dir = debugfs_create_dir(name, top);
	dput(top);
	return dir;
}

/**
 * mc_debugfs_create - make the clock's folder
 * @c: the clock, its rtc allocated
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; without debugfs 0.
 */
int mc_debugfs_create(struct mc_clock *c)
{
	const struct {
		const char *name;
		atomic64_t *value;
	} files[] = {
		{ "accesses", &c->count.accesses },
		{ "interrupts", &c->count.interrupts },
		{ "spurious", &c->count.spurious },
		{ "timers", &c->count.timers },
		{ "ticks", &c->count.ticks },
		{ "edges", &c->count.edges },
		{ "rejected", &c->count.rejected },
		{ "steps", &c->count.steps },
		{ "put_off", &c->count.put_off },
		{ "release_late_ns", &c->count.release_late_ns },
	};
	struct dentry *dir = mc_debugfs_dir(dev_name(&c->rtc->dev));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		debugfs_create_file_unsafe(files[i].name, 0400, dir, files[i].value, &counter);
	if (c->bus->ops->add_files)
		c->bus->ops->add_files(c->bus, dir);
	return devm_add_action_or_reset(c->bus->dev, remove, dir);
}

/**
 * mc_debugfs_exit - remove the folder of all clocks
 *
 * Context: may sleep; the last clock is gone.
 */
void mc_debugfs_exit(void)
{
	struct dentry *top = debugfs_lookup(MC_NAME, NULL);

	debugfs_remove(top);
	dput(top);
}
