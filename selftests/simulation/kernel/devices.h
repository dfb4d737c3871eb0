/* SPDX-License-Identifier: GPL-2.0 */
/* Devices, what is freed with them, their files, and the log. */
#ifndef SIM_KERNEL_DEVICES_H
#define SIM_KERNEL_DEVICES_H

#include "kernel/tasks.h"

struct module;
struct seq_file;
struct inode;
struct file;
struct dentry;

struct kobject {
	char none;
};

struct attribute_group;

struct device {
	struct device *parent;
	const char *name;
	void *data;
	struct kobject kobj;
	const struct attribute_group **groups;
	struct mutex mutex;
	bool registered, can_wake, may_wake;
};

static inline const char *dev_name(const struct device *dev)
{
	return dev->name;
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->data = data;
}

static inline bool device_is_registered(struct device *dev)
{
	return dev->registered;
}

static inline void device_lock(struct device *dev)
{
	mutex_lock(&dev->mutex);
}

static inline int device_trylock(struct device *dev)
{
	return mutex_trylock(&dev->mutex);
}

static inline void device_unlock(struct device *dev)
{
	mutex_unlock(&dev->mutex);
}

static inline bool device_may_wakeup(struct device *dev)
{
	return dev->can_wake && dev->may_wake;
}

static inline bool device_can_wakeup(struct device *dev)
{
	return dev->can_wake;
}

static inline void device_set_wakeup_capable(struct device *dev, bool can)
{
	dev->can_wake = can;
}

static inline int device_set_wakeup_enable(struct device *dev, bool may)
{
	dev->may_wake = may;
	return 0;
}

static inline int device_init_wakeup(struct device *dev, bool on)
{
	dev->can_wake = on;
	return device_set_wakeup_enable(dev, on);
}

#define device_wakeup_enable(dev)	device_set_wakeup_enable(dev, true)
#define device_wakeup_disable(dev)	device_set_wakeup_enable(dev, false)
#define pm_wakeup_event(dev, ms)	((void)(dev))
#define pm_stay_awake(dev)		((void)(dev))
#define pm_relax(dev)			((void)(dev))
#define pm_trace_rtc_valid()		true
#define get_device(dev)			(dev)
#define put_device(dev)			((void)(dev))

void *devm_kzalloc(struct device *dev, size_t size, gfp_t flags);
int devm_add_action(struct device *dev, void (*action)(void *data), void *data);
int devm_add_action_or_reset(struct device *dev, void (*action)(void *data), void *data);
void devm_remove_action(struct device *dev, void (*action)(void *data), void *data);

#define devm_kcalloc(dev, n, size, flags) devm_kzalloc(dev, (n) * (size), flags)
#define devm_kfree(dev, ptr)		do { } while (0)

void kernel_log(const char *level, const struct device *dev, const char *fmt, ...)
	__printf(3, 4);

#define dev_err(dev, ...)		kernel_log("err", dev, __VA_ARGS__)
#define dev_warn(dev, ...)		kernel_log("warn", dev, __VA_ARGS__)
#define dev_notice(dev, ...)		kernel_log("notice", dev, __VA_ARGS__)
#define dev_info(dev, ...)		kernel_log("info", dev, __VA_ARGS__)
#define dev_dbg(dev, ...)		do { if (0) kernel_log("", dev, __VA_ARGS__); } while (0)
#define dev_err_ratelimited		dev_err
#define dev_warn_ratelimited		dev_warn
#define dev_info_ratelimited		dev_info
#define dev_err_once			dev_err
#define dev_warn_once			dev_warn
#define dev_info_once			dev_info
#define pr_err(...)			kernel_log("err", NULL, __VA_ARGS__)
#define pr_warn(...)			kernel_log("warn", NULL, __VA_ARGS__)
#define pr_info(...)			kernel_log("info", NULL, __VA_ARGS__)

#define CAP_SYS_TIME			25
#define CAP_SYS_RESOURCE		24
#define capable(capability)		((void)(capability), true)

enum kobject_action { KOBJ_ADD, KOBJ_REMOVE, KOBJ_CHANGE };

int kobject_uevent_env(struct kobject *kobj, enum kobject_action action, char *env[]);
int kobject_uevent(struct kobject *kobj, enum kobject_action action);

/* Interrupts: none is delivered, as on many of the machines that the driver is for. */
typedef irqreturn_t (*irq_handler_t)(int irq, void *data);

#define IRQ_NONE			0
#define IRQ_HANDLED			1
#define IRQF_SHARED			0x80
#define devm_request_irq(dev, irq, handler, flags, name, data) \
	((void)(handler), (void)(data), -EBUSY)

static inline int enable_irq_wake(int irq)
{
	return -ENXIO;
}

static inline int disable_irq_wake(int irq)
{
	return 0;
}

/* Files of sysfs. */
struct attribute {
	const char *name;
	umode_t mode;
};

struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *dev, struct device_attribute *attr, char *buf);
	ssize_t (*store)(struct device *dev, struct device_attribute *attr, const char *buf,
			 size_t count);
};

struct attribute_group {
	const char *name;
	umode_t (*is_visible)(struct kobject *kobj, struct attribute *attr, int n);
	struct attribute **attrs;
};

void sysfs_remove_group(struct kobject *kobj, const struct attribute_group *group);

#define PAGE_SIZE		4096
#define __ATTR(n, m, s, t)	{ .attr = { .name = #n, .mode = (m) }, .show = (s), .store = (t) }
#define DEVICE_ATTR_RO(n)	struct device_attribute dev_attr_##n = __ATTR(n, 0444, n##_show, NULL)
#define DEVICE_ATTR_RW(n) \
	struct device_attribute dev_attr_##n = __ATTR(n, 0644, n##_show, n##_store)
#define DEVICE_ATTR_WO(n)	struct device_attribute dev_attr_##n = __ATTR(n, 0200, NULL, n##_store)
#define ATTRIBUTE_GROUPS(n) \
	static const struct attribute_group n##_group = { .attrs = n##_attrs }; \
	static const struct attribute_group *n##_groups[] = { &n##_group, NULL }

int sysfs_emit(char *buf, const char *fmt, ...) __printf(2, 3);
int sysfs_emit_at(char *buf, int at, const char *fmt, ...) __printf(3, 4);

/* Files of debugfs: a number, or what a show function prints. */
struct seq_file {
	char *buf;
	size_t size, count;
	void *private;
};

struct file_operations {
	int (*number)(void *data, u64 *value);
	int (*show)(struct seq_file *seq, void *offset);
};

#define DEFINE_DEBUGFS_ATTRIBUTE(n, g, s, fmt) \
	static const struct file_operations n = { .number = (g) }
#define DEFINE_SIMPLE_ATTRIBUTE	DEFINE_DEBUGFS_ATTRIBUTE
#define DEFINE_SHOW_ATTRIBUTE(n) \
	static const struct file_operations n##_fops = { .show = n##_show }

struct dentry *debugfs_lookup(const char *name, struct dentry *parent);
struct dentry *debugfs_create_dir(const char *name, struct dentry *parent);
struct dentry *debugfs_create_file(const char *name, umode_t mode, struct dentry *parent,
				   void *data, const struct file_operations *operations);
void debugfs_remove(struct dentry *dentry);

#define debugfs_create_file_unsafe	debugfs_create_file
#define debugfs_remove_recursive	debugfs_remove
#define dget(dentry)			(dentry)
#define dput(dentry)			((void)(dentry))

void seq_printf(struct seq_file *seq, const char *fmt, ...) __printf(2, 3);
void seq_puts(struct seq_file *seq, const char *text);
void seq_putc(struct seq_file *seq, char c);

struct dev_pm_ops {
	int (*suspend)(struct device *dev);
	int (*resume)(struct device *dev);
};

struct nvmem_config {
	struct device *dev;
	const char *name;
	int id;
	struct module *owner;
	bool root_only, read_only;
	int type, size, word_size, stride;
	int (*reg_read)(void *priv, unsigned int offset, void *buf, size_t bytes);
	int (*reg_write)(void *priv, unsigned int offset, void *buf, size_t bytes);
	void *priv;
};

#define NVMEM_TYPE_BATTERY_BACKED	3

#endif
