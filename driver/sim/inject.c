// SPDX-License-Identifier: GPL-2.0
/*
 * An emulated chip in debugfs: its conduct and faults (inject) and, past them, its
 * registers.
 *
 * A chip that a fault made unusable is not bound, and so has no folder of a clock:
 * there is one of its device as well.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "sim/inject.h"

#define TOP		"rtc-mc146818"	/* the folder of all clocks */
#define TEXT_MAX	320	/* all faults together */

static ssize_t inject_read(struct file *file, char __user *buf, size_t n, loff_t *pos)
{
	char text[TEXT_MAX];
	int len = mc_sim_faults(file->private_data, text, sizeof(text));

	return simple_read_from_buffer(buf, n, pos, text, len);
}

/* A write is a line: it comes whole, whatever the position. */
static ssize_t inject_write(struct file *file, const char __user *buf, size_t n, loff_t *pos)
{
	char text[TEXT_MAX];
	int err;

	if (n >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, n))
		return -EFAULT;
	text[n] = '\0';
	err = strlen(text) == n ? mc_sim_inject(file->private_data, text) : -EINVAL;
	return err ?: n;
}

static const struct file_operations inject = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = inject_read,
	.write = inject_write,
	.llseek = default_llseek,
};

/* The position is the register's number. */
static ssize_t registers_read(struct file *file, char __user *buf, size_t n, loff_t *pos)
{
	u8 bytes[MC146818_MODEL_RAM];
	size_t i;

	if (*pos < 0 || *pos >= sizeof(bytes))
		return 0;
	n = min_t(size_t, n, sizeof(bytes) - *pos);
	for (i = 0; i < n; i++)
		bytes[i] = mc_sim_peek(file->private_data, *pos + i);
	if (copy_to_user(buf, bytes, n))
		return -EFAULT;
	*pos += n;
	return n;
}

static ssize_t registers_write(struct file *file, const char __user *buf, size_t n, loff_t *pos)
{
	u8 bytes[MC146818_MODEL_RAM];
	size_t i;

	if (*pos < 0 || *pos >= sizeof(bytes))
		return -ENOSPC;
	n = min_t(size_t, n, sizeof(bytes) - *pos);
	if (copy_from_user(bytes, buf, n))
		return -EFAULT;
	for (i = 0; i < n; i++)
		mc_sim_poke(file->private_data, *pos + i, bytes[i]);
	*pos += n;
	return n;
}

static const struct file_operations registers = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = registers_read,
	.write = registers_write,
	.llseek = default_llseek,
};

/**
 * mc_inject_create - add the file of the faults
 * @e: the chip
 * @dir: folder
 *
 * Context: may sleep.
 */
void mc_inject_create(struct mc_sim *e, struct dentry *dir)
{
	debugfs_create_file("inject", 0600, dir, e, &inject);
}

/**
 * mc_inject_create_dir - make the folder of a chip, in that of all clocks
 * @e: the chip
 * @name: of its device
 *
 * Context: may sleep.
 * Return: the folder, to be removed; NULL where there is none.
 */
struct dentry *mc_inject_create_dir(struct mc_sim *e, const char *name)
{
	struct dentry *all = debugfs_lookup(TOP, NULL), *dir;

	if (!all)
		return NULL;
	dir = debugfs_create_dir(name, all);
	dput(all);
	mc_inject_create(e, dir);
	debugfs_create_file("registers", 0600, dir, e, &registers);
	return dir;
}

/**
 * mc_inject_remove_dir - remove it
 * @dir: the folder
 *
 * Context: may sleep; waits for whoever is at its files.
 */
void mc_inject_remove_dir(struct dentry *dir)
{
	debugfs_remove_recursive(dir);
}
