// SPDX-License-Identifier: GPL-2.0
/*
 * The clock's counters in /sys/kernel/debug/rtc-mc146818/rtcN/:
 * accesses	index/data pairs, each two exits to the hypervisor in a VM
 * interrupts	of the chip's own line
 * spurious	interrupts that the chip knew nothing of
 * timers	expirations of our hrtimers
 * ticks	events handed to the core: ticks and alarms
 * edges	update edges held between two looks
 * rejected	samples that held none
 * steps	readings that contradicted what was known
 * retries	bursts of sets that were tried again a second later
 * conduct	what this chip was seen to do
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "clock/clock.h"
#include "face/debugfs.h"

static int get(void *data, u64 *value)
{
	*value = atomic64_read(data);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE(counter, get, NULL, "%lld\n");

static const char * const releases[] = { "half", "whole", "write", "none" };
static const char * const writes[] = {
	[MC_WRITES_UNKNOWN] = "unknown",
	[MC_WRITES_KEPT] = "kept",
	[MC_WRITES_DROPPED] = "dropped",
};

/* Several words behind "release" are what still may be: conduct.h says what they mean. */
static int conduct_show(struct seq_file *seq, void *offset)
{
	struct mc_chip *chip = seq->private;
	struct mc_conduct conduct = mc_chip_conduct(chip);
	struct mc146818_format format = mc_chip_format(chip);
	bool sure = mc_conduct_hours_known(&conduct, &format);
	size_t i;

	seq_puts(seq, "release:");
	for (i = 0; i < ARRAY_SIZE(releases); i++)
		if (conduct.release & BIT(i))
			seq_printf(seq, " %s", releases[i]);
	seq_printf(seq, "%s\nwrites: %s\n", conduct.shaken ? " (to be confirmed)" : "",
		   writes[conduct.writes]);
	seq_printf(seq, "hours: %s%s\n", mc146818_counts_24(&format) ? "24" : "12",
		   sure ? "" : " (as register B says)");
	seq_printf(seq, "access_ns: %lld\n", READ_ONCE(chip->access_ns));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(conduct);

static void remove(void *dir)
{
	debugfs_remove_recursive(dir);
}

/*
 * The folder of all clocks; an error pointer where debugfs is off, which debugfs takes
 * for a folder all the same, and makes nothing in it.
 */
static struct dentry *top;

/**
 * mc_debugfs_init - make the folder of all clocks
 *
 * Context: may sleep; before the first clock.
 */
void mc_debugfs_init(void)
{
	top = debugfs_create_dir(MC_NAME, NULL);
}

/**
 * mc_debugfs_dir - make a folder below the one of all clocks
 * @name: its name
 *
 * Context: may sleep.
 * Return: the folder, to be removed; an error pointer where there is none.
 */
struct dentry *mc_debugfs_dir(const char *name)
{
	return debugfs_create_dir(name, top);
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
		{ "accesses", &c->chip.accesses },
		{ "interrupts", &c->interrupts },
		{ "spurious", &c->spurious },
		{ "timers", &c->tracker.timers },
		{ "ticks", &c->alarm.ticks },
		{ "edges", &c->tracker.edges },
		{ "rejected", &c->tracker.rejected },
		{ "steps", &c->tracker.steps },
		{ "retries", &c->set.retries },
	};
	struct dentry *dir = mc_debugfs_dir(dev_name(&c->rtc->dev));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		debugfs_create_file_unsafe(files[i].name, 0400, dir, files[i].value, &counter);
	debugfs_create_file("conduct", 0400, dir, &c->chip, &conduct_fops);
	if (c->chip.bus->ops->add_files)
		c->chip.bus->ops->add_files(c->chip.bus, dir);
	return devm_add_action_or_reset(c->dev, remove, dir);
}

/**
 * mc_debugfs_exit - remove the folder of all clocks
 *
 * Context: may sleep; the last clock is gone.
 */
void mc_debugfs_exit(void)
{
	debugfs_remove(top);
}
