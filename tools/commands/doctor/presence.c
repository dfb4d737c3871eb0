// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether there is a clock, and whether this process can have it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/doctor/doctor.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/rtc/holders.h"
#include "ui/device.h"

#define HOLDERS_MAX	4

static bool exists(const char *name)
{
	struct root_path path;

	return !access(root_path(&path, "%s", name), F_OK);
}

/* Whether a line of the file @name holds @phrase. */
static bool says(const char *name, const char *phrase)
{
	struct root_path path;
	char line[4096];
	bool found = false;
	FILE *file;

	file = fopen(root_path(&path, "%s", name), "re");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file))
		found = strstr(line, phrase);
	fclose(file);
	return found;
}

static bool in_container(void)
{
	return exists("/run/.containerenv") || exists("/.dockerenv") ||
	       exists("/run/systemd/container");
}

static bool in_vm(void)
{
	return says("/proc/cpuinfo", " hypervisor");
}

static void no_clock(struct doctor *doctor)
{
	if (in_container()) {
		doctor_find(doctor, SEVERITY_ERROR, "container",
			    "this is a container, and it is shown no clock");
		doctor_advise(doctor, "the host keeps the clock: ask there, or give the container the device /dev/rtc0");
	} else if (in_vm()) {
		doctor_find(doctor, SEVERITY_ERROR, "vm-without-clock",
			    "this is a virtual machine, and its hypervisor gives it no clock that a driver has bound");
		doctor_advise(doctor, "have the hypervisor add one (QEMU: no -M ...,rtc=off), or load rtc-mc146818 with emulated=1");
	} else {
		doctor_find(doctor, SEVERITY_ERROR, "no-clock",
			    "the kernel knows no clock: no driver has bound one");
		doctor_advise(doctor, "load a driver, rtc-mc146818 for a PC; 'dmesg | grep -i rtc' tells why one did not bind");
	}
}

bool doctor_bound_by(const struct doctor *doctor, const char *driver)
{
	struct rtc rtc;

	for (int i = 0; i < doctor->rtcs.count; i++) {
		rtc_describe(&rtc, doctor->rtcs.numbers[i]);
		if (!strcmp(rtc.driver, driver))
			return true;
	}
	return false;
}

static void check_ports(struct doctor *doctor)
{
	if (!exists("/sys/module/rtc_mc146818") || doctor_bound_by(doctor, RTC_OURS) ||
	    !doctor_bound_by(doctor, "rtc_cmos"))
		return;
	doctor_find(doctor, SEVERITY_WARNING, "ports-held",
		    "rtc-mc146818 is loaded, but has bound no clock: rtc_cmos holds the ports");
	doctor_advise(doctor, "load rtc-mc146818 without share=off, which has both drivers use the clock, or boot with initcall_blacklist=cmos_init");
}

/* The nodes of the clocks that there are; or none. */
static void list_nodes(const struct rtc_list *rtcs, char *text, size_t size)
{
	struct stat st;
	struct rtc rtc;
	size_t len = 0;

	*text = '\0';
	for (int i = 0; i < rtcs->count && len < size; i++) {
		rtc_describe(&rtc, rtcs->numbers[i]);
		if (!stat(rtc.path, &st))
			len += snprintf(text + len, size - len, "%s%s (%s)", len ? ", " : "", rtc.path,
					rtc.driver);
	}
}

static void no_such_node(struct doctor *doctor, const char *there)
{
	doctor_find(doctor, SEVERITY_ERROR, "no-node", "there is no %s; there is %s",
		    doctor->rtc.path, there);
	doctor_advise(doctor, "name one of these with --rtc, or none: then rtcctl chooses");
}

static void no_node(struct doctor *doctor)
{
	char there[256];
	struct rtc rtc;

	list_nodes(&doctor->rtcs, there, sizeof(there));
	if (*there) {
		no_such_node(doctor, there);
		return;
	}

	rtc_describe(&rtc, doctor->rtcs.numbers[0]);
	if (in_container()) {
		doctor_find(doctor, SEVERITY_ERROR, "container",
			    "this is a container: the kernel has a clock (%s), but there is no device node", rtc.node);
		doctor_advise(doctor, "give the container the device %s, or ask the host", rtc.path);
		return;
	}
	doctor_find(doctor, SEVERITY_ERROR, "no-node",
		    "the kernel has a clock (%s), but there is no device node %s", rtc.node, rtc.path);
	doctor_advise(doctor, "mount devtmpfs on /dev, or make it: mknod %s c $(tr : ' ' < /sys/class/rtc/%s/dev)",
		      rtc.path, rtc.node);
}

static void busy(struct doctor *doctor)
{
	struct holder holders[HOLDERS_MAX];
	char list[256] = "";
	size_t hidden;
	int count, len = 0;

	count = holders_find(doctor->rtc.path, holders, HOLDERS_MAX, &hidden);
	for (int i = 0; i < count; i++)
		len += snprintf(list + len, sizeof(list) - len, "%s%s (pid %d)", i ? ", " : "",
				holders[i].comm, holders[i].pid);
	doctor_find(doctor, SEVERITY_WARNING, "busy",
		    "%s is in use by %s: only one process can have a clock open",
		    doctor->rtc.path, count > 0 ? list : "a process that only root is shown");
	doctor_advise(doctor, "stop that program for as long as you need the clock; chronyd holds it where chrony.conf has rtcfile");
}

static void not_opened_because(struct doctor *doctor, int err)
{
	const char *path = doctor->rtc.path;

	switch (err) {
	case -ENOENT:
		no_node(doctor);
		break;
	case -EBUSY:
		busy(doctor);
		break;
	case -EACCES:
	case -EPERM:
		doctor_find(doctor, SEVERITY_ERROR, "no-permission",
			    "%s may not be opened by this user", path);
		doctor_advise(doctor, "run this as root");
		break;
	default:
		doctor_find(doctor, SEVERITY_ERROR, "not-opened", "%s cannot be opened: %s", path,
			    strerror(-err));
		doctor_advise(doctor, "'dmesg | grep -i rtc' may tell more");
	}
}

void doctor_open_other(struct doctor *doctor, int number)
{
	struct rtc described;
	int err;

	rtc_describe(&described, number);
	doctor->other = true;
	doctor->read = false;
	err = rtc_open(&doctor->rtc, described.path);
	if (!err)
		return;
	/* Who holds one that nobody asked for does no harm. */
	doctor->rtc = described;
	if (err != -EBUSY && err != -ENOENT)
		not_opened_because(doctor, err);
}

void doctor_check_presence(struct doctor *doctor)
{
	const char *device = doctor->options->device;

	rtc_list_load(&doctor->rtcs);
	check_ports(doctor);
	if (device)
		doctor->open_err = device_open_patiently(&doctor->rtc, device);
	else
		doctor->open_err = device_open_best(&doctor->rtc);
	if (!doctor->open_err)
		return;
	doctor->rtc.fd = -1;
	if (!doctor->rtcs.count && doctor->open_err == -ENOENT)
		no_clock(doctor);
	else
		not_opened_because(doctor, doctor->open_err);
}
