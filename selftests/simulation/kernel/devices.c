// SPDX-License-Identifier: GPL-2.0
/* Devices, what is freed with them, their files, and the log. */
#include <stdio.h>
#include <stdlib.h>

#include "kernel/control.h"
#include "world/task.h"

unsigned int kernel_warnings;
unsigned int kernel_uevents;
bool kernel_verbose;

/* All memory is in one list, as a crash leaves it behind. */
struct chunk {
	struct chunk *next, **place;
	u64 memory[];
};

static struct chunk *chunks;

void *kzalloc(size_t size, gfp_t flags)
{
	struct chunk *c = calloc(1, sizeof(*c) + size);

	c->next = chunks;
	c->place = &chunks;
	if (chunks)
		chunks->place = &c->next;
	chunks = c;
	return c->memory;
}

void kfree(const void *ptr)
{
	struct chunk *c;

	if (!ptr)
		return;
	c = (struct chunk *)((char *)(unsigned long)ptr - offsetof(struct chunk, memory));
	*c->place = c->next;
	if (c->next)
		c->next->place = c->place;
	free(c);
}

/* Devices: what is to be undone, the latest first. */
struct action {
	struct device *dev;
	void (*undo)(void *data);
	void *data;
	struct action *next;
};

static struct action *actions;

int devm_add_action(struct device *dev, void (*action)(void *data), void *data)
{
	struct action *a = kzalloc(sizeof(*a), GFP_KERNEL);

	*a = (struct action){ dev, action, data, actions };
	actions = a;
	return 0;
}

int devm_add_action_or_reset(struct device *dev, void (*action)(void *data), void *data)
{
	return devm_add_action(dev, action, data);
}

void devm_remove_action(struct device *dev, void (*action)(void *data), void *data)
{
	struct action **p, *a;

	for (p = &actions; *p; p = &(*p)->next) {
		a = *p;
		if (a->dev == dev && a->undo == action && a->data == data) {
			*p = a->next;
			kfree(a);
			return;
		}
	}
}

static void free_memory(void *memory)
{
	kfree(memory);
}

void *devm_kzalloc(struct device *dev, size_t size, gfp_t flags)
{
	void *memory = kzalloc(size, flags);

	devm_add_action(dev, free_memory, memory);
	return memory;
}

/* The driver is unbound. */
void kernel_unbind(struct device *dev)
{
	struct action *a;

	while (actions) {
		a = actions;
		actions = a->next;
		a->undo(a->data);
		kfree(a);
	}
	dev->data = NULL;
}

/* The log. */
void kernel_log(const char *level, const struct device *dev, const char *fmt, ...)
{
	va_list args;

	if (!kernel_verbose)
		return;
	fprintf(stderr, "%lld.%09lld %s: ", now / NSEC_PER_SEC, now % NSEC_PER_SEC, level);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
}

void kernel_warn(const char *file, int line, const char *what)
{
	kernel_warnings++;
	fprintf(stderr, "%lld.%09lld WARNING: %s:%d: %s (task %s)\n", now / NSEC_PER_SEC,
		now % NSEC_PER_SEC, file, line, what, task_running->name);
}

int kobject_uevent_env(struct kobject *kobj, enum kobject_action action, char *env[])
{
	kernel_uevents++;
	return 0;
}

int kobject_uevent(struct kobject *kobj, enum kobject_action action)
{
	kernel_uevents++;
	return 0;
}

/* Its files are those of the core, and nobody reads these here. */
void sysfs_remove_group(struct kobject *kobj, const struct attribute_group *group)
{
}

/* Text. */
int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n < (int)size ? n : (int)size - 1;
}

ssize_t strscpy(char *to, const char *from, size_t size)
{
	return scnprintf(to, size, "%s", from);
}

int sysfs_emit(char *buf, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, PAGE_SIZE, fmt, args);
	va_end(args);
	return n;
}

int sysfs_emit_at(char *buf, int at, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf + at, PAGE_SIZE - at, fmt, args);
	va_end(args);
	return n;
}

void seq_printf(struct seq_file *seq, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq->count += vsnprintf(seq->buf + seq->count, seq->size - seq->count, fmt, args);
	va_end(args);
	if (seq->count >= seq->size)
		seq->count = seq->size - 1;
}

void seq_puts(struct seq_file *seq, const char *text)
{
	seq_printf(seq, "%s", text);
}

void seq_putc(struct seq_file *seq, char c)
{
	seq_printf(seq, "%c", c);
}

/* debugfs: all files are in one folder. */
struct dentry {
	const char *name;
	void *data;
	const struct file_operations *operations;
	struct dentry *next;
};

static struct dentry top, *files;

struct dentry *debugfs_lookup(const char *name, struct dentry *parent)
{
	return &top;
}

struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	return kernel_refuses("debugfs") ? ERR_PTR(-ENOMEM) : &top;
}

struct dentry *debugfs_create_file(const char *name, umode_t mode, struct dentry *parent,
				   void *data, const struct file_operations *operations)
{
	struct dentry *d;

	if (IS_ERR(parent))
		return parent;
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	*d = (struct dentry){ name, data, operations, files };
	files = d;
	return d;
}

void debugfs_remove(struct dentry *dentry)
{
	struct dentry *next;

	for (; files; files = next) {
		next = files->next;
		kfree(files);
	}
}

static int print(struct dentry *d, char *buf, size_t size)
{
	struct seq_file seq = { .buf = buf, .size = size, .private = d->data };
	u64 value;
	int err;

	if (d->operations->show)
		return d->operations->show(&seq, NULL);
	err = d->operations->number(d->data, &value);
	if (!err)
		snprintf(buf, size, "%lld", (long long)value);
	return err;
}

int kernel_read_debugfs(const char *name, char *buf, size_t size)
{
	struct dentry *d;

	buf[0] = 0;
	for (d = files; d; d = d->next)
		if (!strcmp(d->name, name))
			return print(d, buf, size);
	return -ENOENT;
}

/* All that ran and was registered is gone, as at a crash; and all begins anew. */
void kernel_boot(void)
{
	while (chunks)
		kfree(chunks->memory);
	actions = NULL;
	files = NULL;
	tasks_restart();
	kernel_timers_init();
	kernel_works_init();
	kernel_rtc_init();
	kernel_ptp_init();
}
