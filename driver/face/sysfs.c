// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/class/rtc/rtcN/phase/: where inside the second the clock is.
 *
 * offset_ns, uncertainty_ns and now acquire the phase where it is not known, which
 * takes up to 1.2 s, and then say EAGAIN where it still is not; the others only
 * tell what is known.
 */
#include <linux/irqflags.h>
#include <linux/ktime.h>

#include "face/sysfs.h"
#include "phase/tracker.h"

struct snapshot {
	s64 real, rtc, bound;
};

static struct mc_clock *clock_of(struct device *dev)
{
	return dev_get_drvdata(dev->parent);
}

static int take(struct device *dev, struct snapshot *s)
{
	struct mc_clock *c = clock_of(dev);
	unsigned long flags;
	s64 before, after;
	int err;

	err = mc_tracker_query(c);
	if (err)
		return err;
	local_irq_save(flags);
	before = ktime_get_raw_ns();
	s->real = ktime_get_real_ns();
	after = ktime_get_raw_ns();
	local_irq_restore(flags);
	err = mc_tracker_now(c, before + (after - before) / 2, &s->rtc, &s->bound);
	s->bound += (after - before) / 2 + 1;
	return err;
}

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", mc_tracker_state(clock_of(dev)));
}
static DEVICE_ATTR_RO(state);

static ssize_t offset_ns_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct snapshot s;
	int err = take(dev, &s);

	return err ?: sysfs_emit(buf, "%lld\n", s.rtc - s.real);
}
static DEVICE_ATTR_RO(offset_ns);

static ssize_t uncertainty_ns_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct snapshot s;
	int err = take(dev, &s);

	return err ?: sysfs_emit(buf, "%lld\n", s.bound);
}
static DEVICE_ATTR_RO(uncertainty_ns);

static ssize_t freq_ppb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n", mc_tracker_freq_ppb(clock_of(dev)));
}
static DEVICE_ATTR_RO(freq_ppb);

static ssize_t edges_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n", atomic64_read(&clock_of(dev)->count.edges));
}
static DEVICE_ATTR_RO(edges);

static ssize_t rejected_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n", atomic64_read(&clock_of(dev)->count.rejected));
}
static DEVICE_ATTR_RO(rejected);

static ssize_t steps_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n", atomic64_read(&clock_of(dev)->count.steps));
}
static DEVICE_ATTR_RO(steps);

static ssize_t now_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct snapshot s;
	int err = take(dev, &s);

	return err ?: sysfs_emit(buf, "%lld %lld %lld %s\n", s.real, s.rtc, s.bound,
				 mc_tracker_state(clock_of(dev)));
}
static DEVICE_ATTR_RO(now);

static struct attribute *attributes[] = {
	&dev_attr_state.attr,
	&dev_attr_offset_ns.attr,
	&dev_attr_uncertainty_ns.attr,
	&dev_attr_freq_ppb.attr,
	&dev_attr_edges.attr,
	&dev_attr_rejected.attr,
	&dev_attr_steps.attr,
	&dev_attr_now.attr,
	NULL
};

static const struct attribute_group group = {
	.name = "phase",
	.attrs = attributes,
};

/**
 * mc_sysfs_add - add the folder
 * @c: the clock, its rtc not yet registered
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int mc_sysfs_add(struct mc_clock *c)
{
	return rtc_add_group(c->rtc, &group);
}
