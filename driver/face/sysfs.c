// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/class/rtc/rtcN/phase/: where inside the second the clock is.
 *
 * offset_ns, uncertainty_ns and now acquire the phase where it is not known, which
 * takes up to 2.3 s, 5 s while a set is under way, and then say EAGAIN where it still
 * is not; the others only tell what is known.
 */
#include <linux/ktime.h>

#include "clock/clock.h"
#include "compat.h"
#include "face/sysfs.h"

static const char * const states[] = {
	[MC_IDLE] = "idle",
	[MC_ACQUIRING] = "acquiring",
	[MC_COASTING] = "coasting",
	[MC_LOCKED] = "locked",
};

struct snapshot {
	s64 real;
	struct mc_answer rtc;
};

static struct mc_clock *clock_of(struct device *dev)
{
	return dev_get_drvdata(dev->parent);
}

static int take(struct device *dev, struct snapshot *s)
{
	struct mc_clock *c = clock_of(dev);
	ktime_t real, raw;
	int err;

	err = mc_tracker_query(&c->tracker, MC_NEED_LOOK);
	if (err)
		return err;
	mc_ktime_get_snapshot(&real, &raw);
	s->real = ktime_to_ns(real);
	err = mc_tracker_now(&c->tracker, ktime_to_ns(raw), &s->rtc);
	return err == -ENODATA ? -EAGAIN : err;
}

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", states[mc_tracker_state(&clock_of(dev)->tracker)]);
}
static DEVICE_ATTR_RO(state);

static ssize_t offset_ns_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct snapshot s;
	int err = take(dev, &s);

	return err ?: sysfs_emit(buf, "%lld\n", s.rtc.rtc_ns - s.real);
}
static DEVICE_ATTR_RO(offset_ns);

static ssize_t uncertainty_ns_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct snapshot s;
	int err = take(dev, &s);

	return err ?: sysfs_emit(buf, "%lld\n", s.rtc.bound_ns);
}
static DEVICE_ATTR_RO(uncertainty_ns);

static ssize_t freq_ppb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	s64 bound;

	return sysfs_emit(buf, "%lld\n", -mc_tracker_rate(&clock_of(dev)->tracker, &bound));
}
static DEVICE_ATTR_RO(freq_ppb);

static ssize_t edges_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n", atomic64_read(&clock_of(dev)->tracker.edges));
}
static DEVICE_ATTR_RO(edges);

static ssize_t rejected_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n", atomic64_read(&clock_of(dev)->tracker.rejected));
}
static DEVICE_ATTR_RO(rejected);

static ssize_t steps_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n", atomic64_read(&clock_of(dev)->tracker.steps));
}
static DEVICE_ATTR_RO(steps);

static ssize_t now_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct snapshot s;
	int err = take(dev, &s);

	return err ?: sysfs_emit(buf, "%lld %lld %lld %s\n", s.real, s.rtc.rtc_ns,
				 s.rtc.bound_ns, states[s.rtc.state]);
}
static DEVICE_ATTR_RO(now);

/* The age says what a state of "coasting" is worth. */
static ssize_t edge_age_ns_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	s64 age = mc_tracker_age_ns(&clock_of(dev)->tracker);

	return age == S64_MAX ? -ENODATA : sysfs_emit(buf, "%lld\n", age);
}
static DEVICE_ATTR_RO(edge_age_ns);

static struct attribute *attributes[] = {
	&dev_attr_state.attr,
	&dev_attr_offset_ns.attr,
	&dev_attr_uncertainty_ns.attr,
	&dev_attr_freq_ppb.attr,
	&dev_attr_edges.attr,
	&dev_attr_rejected.attr,
	&dev_attr_steps.attr,
	&dev_attr_now.attr,
	&dev_attr_edge_age_ns.attr,
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
