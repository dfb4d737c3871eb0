// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/isa.h"
#include "lib/rtc/rtc.h"
#include "lib/time/clock.h"

const char *const rtc_default_paths[] = {
	"/dev/rtc0",
	"/dev/rtc",
	"/dev/misc/rtc",
	NULL,
};

static int control(const struct rtc *rtc, unsigned long request, void *arg)
{
	return ioctl(rtc->fd, request, arg) < 0 ? -errno : 0;
}

/* RTC_IRQP_READ reaches no hardware, but drivers outside the RTC class may lack it. */
static bool answers_as_clock(const struct rtc *rtc)
{
	struct rtc_time fields;
	unsigned long freq;

	return control(rtc, RTC_IRQP_READ, &freq) != -ENOTTY ||
	       control(rtc, RTC_RD_TIME, &fields) != -ENOTTY;
}

static int check_type(const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	return S_ISCHR(st->st_mode) ? 0 : -ENOTTY;
}

static int check_device(struct rtc *rtc)
{
	struct stat st;
	int err;

	if (fstat(rtc->fd, &st) < 0)
		return -errno;
	err = check_type(&st);
	if (err)
		return err;
	if (!answers_as_clock(rtc))
		return -ENOTTY;
	rtc->rdev = st.st_rdev;
	return 0;
}

/* The last part of what a link points to; @base is untouched where @path is no link. */
static int link_base(const char *path, char base[NAME_MAX + 1])
{
	char target[PATH_MAX];
	const char *slash;
	ssize_t len;

	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';
	slash = strrchr(target, '/');
	snprintf(base, NAME_MAX + 1, "%.*s", NAME_MAX, slash ? slash + 1 : target);
	return 0;
}

/* What sysfs calls a device. */
static int sysfs_name(dev_t rdev, char name[NAME_MAX + 1])
{
	struct root_path path;

	return link_base(root_path(&path, "/sys/dev/char/%u:%u", major(rdev), minor(rdev)), name);
}

static void read_name(struct rtc *rtc)
{
	struct root_path path;

	if (!attribute_read(rtc->name, sizeof(rtc->name), rtc_attribute(rtc, &path, "name")))
		snprintf(rtc->driver, sizeof(rtc->driver), "%.*s",
			 (int)strcspn(rtc->name, " "), rtc->name);
}

void rtc_describe(struct rtc *rtc, int number)
{
	memset(rtc, 0, sizeof(*rtc));
	rtc->fd = -1;
	snprintf(rtc->node, sizeof(rtc->node), "rtc%d", number);
	snprintf(rtc->path, sizeof(rtc->path), "/dev/%s", rtc->node);
	read_name(rtc);
}

static void find_in_sysfs(struct rtc *rtc)
{
	if (!sysfs_name(rtc->rdev, rtc->node))
		read_name(rtc);
}

void rtc_name_path(const char *name, char *path, size_t size)
{
	bool whole = strchr(name, '/') || strncmp(name, "rtc", 3);

	snprintf(path, size, "%s%s", whole ? "" : "/dev/", name);
}

void rtc_link_path(const char *name, char *path, size_t size)
{
	char base[NAME_MAX + 1];

	rtc_name_path(name, path, size);
	if (!link_base(path, base) && !strncmp(base, "rtc", 3))
		snprintf(path, size, "/dev/%s", base);
}

/*
 * Opening some devices does something, as starting a watchdog. Where sysfs does not know
 * the device, only asking it can tell.
 */
static int check_before(const char *path)
{
	char name[NAME_MAX + 1];
	struct stat st;
	int err;

	if (stat(path, &st) < 0)
		return -errno;
	err = check_type(&st);
	if (err)
		return err;
	return !sysfs_name(st.st_rdev, name) && strncmp(name, "rtc", 3) ? -ENOTTY : 0;
}

int rtc_open(struct rtc *rtc, const char *path)
{
	int err;

	memset(rtc, 0, sizeof(*rtc));
	rtc->fd = -1;
	rtc_name_path(path, rtc->path, sizeof(rtc->path));
	err = check_before(rtc->path);
	if (err)
		return err;
	rtc->fd = open(rtc->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (rtc->fd < 0)
		return -errno;

	err = check_device(rtc);
	if (err) {
		rtc_close(rtc);
		return err;
	}
	find_in_sysfs(rtc);
	return 0;
}

int rtc_open_isa(struct rtc *rtc)
{
	memset(rtc, 0, sizeof(*rtc));
	snprintf(rtc->path, sizeof(rtc->path), "the ISA bus");
	rtc->fd = -1;
	rtc->isa = true;
	return isa_open();
}

void rtc_close(struct rtc *rtc)
{
	if (rtc->fd >= 0)
		close(rtc->fd);
	rtc->fd = -1;
}

int rtc_read_s(const struct rtc *rtc, int64_t *rtc_s)
{
	struct rtc_time fields;
	int err;

	memset(&fields, 0, sizeof(fields));
	err = rtc->isa ? isa_read(&fields) : control(rtc, RTC_RD_TIME, &fields);
	return err ? err : timescale_fields_to_rtc_s(&fields, rtc_s);
}

int rtc_glance_s(const struct rtc *rtc, int64_t *rtc_s)
{
	struct root_path path;
	int err;

	err = attribute_read_s64(rtc_s, rtc_attribute(rtc, &path, "since_epoch"));
	if (err)
		return err == -ENOENT ? -ENODEV : err;
	return llabs(*rtc_s) > INT64_MAX / NSEC_PER_SEC - 1 ? -ERANGE : 0;
}

bool rtc_holds(const struct rtc *rtc, int64_t rtc_s)
{
	struct root_path path;
	long long min, max;
	char text[64];

	if (attribute_read(text, sizeof(text), rtc_attribute(rtc, &path, "range")) ||
	    sscanf(text, "[%lld,%lld]", &min, &max) != 2)
		return true;
	return rtc_s >= min && rtc_s <= max;
}

int rtc_set(const struct rtc *rtc, const struct rtc_time *fields)
{
	if (rtc->isa) {
		isa_set(fields);
		return 0;
	}
	return ioctl(rtc->fd, RTC_SET_TIME, fields) < 0 ? -errno : 0;
}

int rtc_update_interrupt(const struct rtc *rtc, bool on)
{
	if (rtc->isa)
		return -ENOTTY;
	return control(rtc, on ? RTC_UIE_ON : RTC_UIE_OFF, NULL);
}

int rtc_read_alarm(const struct rtc *rtc, struct rtc_wkalrm *alarm)
{
	memset(alarm, 0, sizeof(*alarm));
	return control(rtc, RTC_WKALM_RD, alarm);
}

int rtc_set_alarm(const struct rtc *rtc, const struct rtc_wkalrm *alarm)
{
	return ioctl(rtc->fd, RTC_WKALM_SET, alarm) < 0 ? -errno : 0;
}

int rtc_alarm_interrupt(const struct rtc *rtc, bool on)
{
	return control(rtc, on ? RTC_AIE_ON : RTC_AIE_OFF, NULL);
}

int rtc_read_voltage(const struct rtc *rtc, unsigned int *flags)
{
	*flags = 0;
	return control(rtc, RTC_VL_READ, flags);
}

int rtc_clear_voltage(const struct rtc *rtc)
{
	return control(rtc, RTC_VL_CLR, NULL);
}

int64_t rtc_set_delay_ns(const struct rtc *rtc)
{
	/*
	 * rtc_cmos releases the divider at once, and the chip then updates half
	 * a second later. It is also the likely one where no name is known.
	 */
	if (!rtc->driver[0] || !strcmp(rtc->driver, "rtc_cmos"))
		return NSEC_PER_SEC / 2;
	return 0;
}

const char *rtc_attribute(const struct rtc *rtc, struct root_path *path, const char *name)
{
	return root_path(path, "/sys/class/rtc/%s/%s", rtc->node, name);
}
