// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/clocks/list.h"
#include "lib/clocks/reader.h"
#include "lib/machine/acpi-pm.h"
#include "lib/machine/hpet.h"
#include "lib/machine/kernel-log.h"
#include "lib/machine/tsc.h"
#include "lib/rtc/holders.h"
#include "lib/rtc/list.h"
#include "lib/time/clock.h"

#define PIT_HZ		(ACPI_PM_HZ / 3)
#define HPET_TABLE	"/sys/firmware/acpi/tables/HPET"
#define DIFFERS_PPM	1.0

static struct source *add(struct clock_list *list, const char *name, enum source_kind kind)
{
	static struct source surplus;
	struct source *source = &surplus;

	if (list->count < CLOCK_LIST_MAX)
		source = &list->sources[list->count++];
	memset(source, 0, sizeof(*source));
	snprintf(source->name, sizeof(source->name), "%s", name);
	source->kind = kind;
	source->offered = clocksource_offers(&list->cs, name);
	source->current = !strcmp(list->cs.current, name);
	source->present = source->offered;
	return source;
}

static bool exists(const char *name)
{
	struct root_path path;

	return !access(root_path(&path, "%s", name), F_OK);
}

static void hide_rtc(struct source *source, const char *node, int err)
{
	char device[NAME_MAX + sizeof("/dev/")];
	struct holder holder;
	size_t hidden;

	snprintf(device, sizeof(device), "/dev/%s", node);
	if (err == -EBUSY && holders_find(device, &holder, 1, &hidden) == 1)
		source_hide(source, "held by %s (pid %d)", holder.comm, holder.pid);
	else if (err == -EACCES)
		source_hide(source, "needs root");
	else
		source_hide(source, "%s: %s", device, strerror(-err));
}

static void add_rtc(struct clock_list *list, const char *node)
{
	struct source *source = add(list, node, SOURCE_TICKS);
	struct root_path path;
	char name[64];
	int err;

	source->present = true;
	source->nominal_hz = 1;
	source->learnt = "definition";
	source->resolution_ns = NSEC_PER_SEC;
	if (!attribute_read(name, sizeof(name), root_path(&path, "/sys/class/rtc/%s/name", node)))
		source_remark(source, "%.*s", (int)strcspn(name, " "), name);
	err = reader_start(node, &source->reader);
	if (err)
		hide_rtc(source, node, err);
	else if (reader_phase(source->reader))
		source->resolution_ns = 1;
}

static void add_rtcs(struct clock_list *list, const struct fadt *fadt)
{
	struct source *source;
	struct rtc_list rtcs;
	char node[16];

	if (!rtc_list_load(&rtcs) && rtcs.count) {
		for (int i = 0; i < rtcs.count; i++) {
			snprintf(node, sizeof(node), "rtc%d", rtcs.numbers[i]);
			add_rtc(list, node);
		}
		return;
	}
	source = add(list, "rtc", SOURCE_TICKS);
	source_hide(source, fadt->no_cmos_rtc ? "the firmware says there is none" :
						"no driver has found one");
}

double clock_list_tsc_hz(const struct cpuid_facts *cpu, const char *log, const char **learnt)
{
	char line[256];
	double hz;

	*learnt = "kernel";
	if (!tsc_kernel_hz(&hz))
		return hz;
	*learnt = "kernel log";
	if (log && kernel_log_last(log, "tsc: Refined TSC", line, sizeof(line)) && tsc_log_hz(line))
		return tsc_log_hz(line);
	if (log && kernel_log_last(log, "tsc: Detected", line, sizeof(line)) && tsc_log_hz(line))
		return tsc_log_hz(line);
	*learnt = "CPUID 0x15";
	if (cpu->crystal_hz)
		return cpu->crystal_hz;
	*learnt = "CPUID 0x40000010";
	if (cpu->hypervisor_hz)
		return cpu->hypervisor_hz;
	*learnt = "CPUID 0x16";
	if (cpu->base_hz)
		return cpu->base_hz;
	*learnt = NULL;
	return 0;
}

static uint64_t read_tsc(const struct counter *counter)
{
	(void)counter;
	return tsc_read();
}

static void compare_tsc(struct source *source, const char *leaf, double hz)
{
	double ppm = hz && source->nominal_hz ? counter_ppm(hz, source->nominal_hz) : 0;

	if (fabs(ppm) > DIFFERS_PPM)
		source_remark(source, "CPUID %s says %.3f MHz (%+.0f ppm)", leaf, hz / 1e6, ppm);
}

static void add_tsc(struct clock_list *list, const char *log)
{
	struct source *source = add(list, "tsc", SOURCE_COUNTS);
	const struct cpuid_facts *cpu = &list->cpu;
	char line[200];

	source->present = cpu->tsc;
	if (!cpu->tsc) {
		source_hide(source, "this processor has none");
		return;
	}
	source->counter = (struct counter){ .read = read_tsc, .bits = 64 };
	source->nominal_hz = clock_list_tsc_hz(cpu, log, &source->learnt);
	source_remark(source, cpu->invariant_tsc ? "invariant" : "not invariant");
	compare_tsc(source, "0x15", cpu->crystal_hz);
	compare_tsc(source, "0x40000010", cpu->hypervisor_hz);
	if (log && (kernel_log_last(log, "Marking TSC unstable", line, sizeof(line)) ||
		    kernel_log_last(log, "Marking clocksource 'tsc' as unstable", line,
				    sizeof(line))))
		source_remark(source, "unstable: %s", line);
	else if (!source->offered && list->cs.count)
		source_remark(source, "not offered by the kernel");
}

static void add_kvm_clock(struct clock_list *list)
{
	struct source *source = add(list, "kvm-clock", SOURCE_COUNTS);
	const struct cpuid_facts *cpu = &list->cpu;

	source->present |= cpu->kvm_clock;
	if (!source->present) {
		source_hide(source, cpu->hypervisor ? "not offered by %s" : "no hypervisor",
			    cpu->hypervisor_name);
		return;
	}
	source->nominal_hz = NSEC_PER_SEC;
	source->learnt = "definition";
	source->resolution_ns = 1;
	source_hide(source, "read by the kernel alone");
	if (!source->offered)
		source_remark(source, "detected, not offered by the kernel");
	else if (!source->current)
		source_remark(source, "detected, not in use");
	if (cpu->kvm_clock)
		source_remark(source, cpu->kvm_clock_stable ? "stable across processors" :
							      "not stable across processors");
}

static void add_acpi_pm(struct clock_list *list, const struct fadt *fadt, int fadt_err)
{
	struct source *source = add(list, "acpi_pm", SOURCE_COUNTS);
	int err = fadt_err;

	if (!err)
		err = acpi_pm_open(fadt, &source->counter);
	source->present |= !fadt_err && fadt->pm_timer_port;
	if (source->present) {
		source->nominal_hz = ACPI_PM_HZ;
		source->learnt = "definition";
		source->resolution_ns = NSEC_PER_SEC / ACPI_PM_HZ;
	}
	if (!err)
		source_remark(source, "port %#x, %d bits", fadt->pm_timer_port,
			      fadt->pm_timer_bits);
	else if (fadt_err == -ENOENT)
		source_hide(source, "no ACPI tables");
	else if (fadt_err == -EACCES)
		source_hide(source, "its port is in ACPI's tables: needs root");
	else if (fadt_err)
		source_hide(source, "ACPI's FADT: %s", strerror(-fadt_err));
	else if (err == -ENODEV)
		source_hide(source, "ACPI's FADT names none");
	else if (err == -EPERM)
		source_hide(source, geteuid() ? "port access needs root" :
						"no port access: the kernel is locked down");
	else
		source_hide(source, "port %#x: %s", fadt->pm_timer_port, strerror(-err));
}

static void hide_hpet(struct source *source, int err)
{
	if (!source->present)
		source_hide(source, "the machine has none");
	else if (err == -ENOENT)
		source_hide(source, "no " HPET_DEVICE);
	else if (err == -EACCES)
		source_hide(source, HPET_DEVICE ": needs root");
	else if (err == -EBUSY)
		source_hide(source, HPET_DEVICE ": all its timers are taken");
	else if (err == -EOPNOTSUPP)
		source_hide(source, HPET_DEVICE ": not mapped without the kernel's hpet_mmap=1");
	else
		source_hide(source, HPET_DEVICE ": %s", strerror(-err));
}

static void add_hpet(struct clock_list *list)
{
	struct source *source = add(list, "hpet", SOURCE_COUNTS);
	struct hpet hpet = {};
	int err;

	err = hpet_open(&hpet);
	source->present |= !err || err != -ENOENT || exists(HPET_TABLE);
	if (err) {
		hide_hpet(source, err);
		return;
	}
	hpet_counter(&hpet, &source->counter);
	source->nominal_hz = hpet.hz;
	source->learnt = "HPET capabilities";
	source->resolution_ns = NSEC_PER_SEC / hpet.hz;
	source_remark(source, "%d bits", hpet.bits);
}

static bool file_holds(const char *name, const char *word)
{
	struct root_path path;
	bool found = false;
	char line[256];
	FILE *file;

	file = fopen(root_path(&path, "%s", name), "re");
	while (file && !found && fgets(line, sizeof(line), file))
		found = strstr(line, word);
	if (file)
		fclose(file);
	return found;
}

static void add_pit(struct clock_list *list)
{
	struct source *source = add(list, "pit", SOURCE_TICKS);

	/* The ports of its first channel, as the kernel books them. */
	source->present = file_holds("/proc/ioports", "timer0");
	if (!source->present) {
		source_hide(source, "the kernel has booked no ports for it");
		return;
	}
	source->nominal_hz = PIT_HZ;
	source->learnt = "definition";
	source->resolution_ns = NSEC_PER_SEC / PIT_HZ;
	source_hide(source, "reading it would disturb the kernel");
}

/* What else the kernel has: jiffies, Hyper-V's page, Xen's. */
static void add_others(struct clock_list *list)
{
	const char *name;
	bool known;

	for (int i = 0; i < list->cs.count; i++) {
		name = list->cs.names[i];
		known = false;
		for (int j = 0; j < list->count; j++)
			known |= !strcmp(list->sources[j].name, name);
		if (!known)
			source_hide(add(list, name, SOURCE_COUNTS), "read by the kernel alone");
	}
}

static uint64_t read_system(const struct counter *counter)
{
	(void)counter;
	return clock_now_ns(CLOCK_MONOTONIC);
}

/* Those that a program reads without a system call. */
static bool quick(const char *name)
{
	static const char *const names[] = {
		"tsc", "kvm-clock", "hyperv_clocksource_tsc_page",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* Whoever reads it all the same may die of it: then nobody does. */
static void try_counter(struct source *source)
{
	int err = source->counter.read ? counter_try(&source->counter) : 0;

	if (!err)
		return;
	source->counter.read = NULL;
	source_hide(source, err == -EFAULT ?
			    "reading it faults: the hypervisor or the kernel forbids it to programs" :
			    "it does not count: the hypervisor keeps it to itself");
}

static void finish(struct clock_list *list, struct source *source)
{
	try_counter(source);
	if (source->counter.read) {
		source->cost_ns = counter_cost_ns(&source->counter);
		if (!source->resolution_ns && source->nominal_hz)
			source->resolution_ns = NSEC_PER_SEC / source->nominal_hz;
	}
	if (!source->current)
		return;
	source_remark(source, "CLOCK_MONOTONIC_RAW counts it");
	if (!quick(source->name))
		source_remark(source, "a fallback: reading the time takes %.0f ns",
			      list->gettime_ns);
	if (!source->cost_ns)
		source->cost_ns = list->gettime_ns;
}

void clock_list_find(struct clock_list *list, bool rtcs)
{
	const struct counter system = { .read = read_system, .bits = 64 };
	struct root_path path;
	struct fadt fadt = {};
	char *log = NULL;
	int fadt_err;

	memset(list, 0, sizeof(*list));
	cpuid_facts(&list->cpu);
	clocksource_load(&list->cs);
	list->gettime_ns = counter_cost_ns(&system);
	fadt_err = fadt_load(root_path(&path, FADT_PATH), &fadt);
	kernel_log_read(&log);

	if (rtcs)
		add_rtcs(list, &fadt);
	add_tsc(list, log);
	add_kvm_clock(list);
	add_acpi_pm(list, &fadt, fadt_err);
	add_hpet(list);
	add_pit(list);
	add_others(list);
	free(log);
	for (int i = 0; i < list->count; i++)
		finish(list, &list->sources[i]);
}

void clock_list_look(struct clock_list *list)
{
	struct steal *steal = &list->steal_last;
	struct root_path path;

	for (int i = 0; i < list->count; i++)
		source_look(&list->sources[i]);
	list->steal_err = steal_load(root_path(&path, STEAL_PATH), steal);
	if (!list->steal_err && !list->steal_first.all.total)
		list->steal_first = *steal;
}

void clock_list_wait(struct clock_list *list, int64_t until_ns)
{
	for (int i = 0; i < list->count; i++)
		if (list->sources[i].reader)
			reader_wait(list->sources[i].reader, until_ns);
}
