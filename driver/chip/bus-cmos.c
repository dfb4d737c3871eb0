// SPDX-License-Identifier: GPL-2.0
/* The PC's own chip, behind ports 0x70 and 0x71. */
#include <linux/acpi.h>
#include <linux/io.h>
#include <linux/mc146818rtc.h>
#include <linux/slab.h>
#include <asm/cpufeature.h>
#include <asm/hpet.h>
#include <asm/processor.h>
#include <xen/xen.h>

#include "chip/bus-cmos.h"
#include "clock/clock.h"

#define RAM_SIZE	(128 - MC146818_RAM)
#define FIRST_YEAR	1970

struct ports {
	struct mc_bus bus;
	unsigned long base;
};

static struct ports *ports_of(struct mc_bus *b)
{
	return container_of(b, struct ports, bus);
}

/* Bit 7 of the index port masks the NMI: clear, as everybody else leaves it. */
static u8 read(struct mc_bus *b, u8 reg)
{
	outb(reg & 0x7f, ports_of(b)->base);
	return inb(ports_of(b)->base + 1);
}

static void write(struct mc_bus *b, u8 reg, u8 value)
{
	outb(reg & 0x7f, ports_of(b)->base);
	outb(value, ports_of(b)->base + 1);
}

static const struct mc_bus_ops ops = {
	.read = read,
	.write = write,
};

#ifdef CONFIG_ACPI
static u32 acpi_event(void *data)
{
	struct device *dev = data;

	pm_wakeup_hard_event(dev);
	acpi_clear_event(ACPI_EVENT_RTC);
	acpi_disable_event(ACPI_EVENT_RTC, 0);
	return ACPI_INTERRUPT_HANDLED;
}

/* The fixed event is enabled for the sleep alone: awake, timers do its work. */
static void wake(struct mc_bus *b, bool enable)
{
	acpi_clear_event(ACPI_EVENT_RTC);
	if (enable)
		acpi_enable_event(ACPI_EVENT_RTC, 0);
	else
		acpi_disable_event(ACPI_EVENT_RTC, 0);
}

static const struct mc_bus_ops waking_ops = {
	.read = read,
	.write = write,
	.wake = wake,
};

static void remove_event(void *dev)
{
	acpi_remove_fixed_event_handler(ACPI_EVENT_RTC, acpi_event);
}

/* Without a handler the event is not ours to enable. */
static void use_acpi_wake(struct mc_bus *b)
{
	if (acpi_disabled ||
	    ACPI_FAILURE(acpi_install_fixed_event_handler(ACPI_EVENT_RTC, acpi_event, b->dev)))
		return;
	acpi_disable_event(ACPI_EVENT_RTC, 0);
	if (devm_add_action_or_reset(b->dev, remove_event, b->dev))
		return;
	b->ops = &waking_ops;
	b->can_wake = true;
}

static u8 optional(u8 reg)
{
	return reg < 128 ? reg : 0;
}

/* ACPI FADT: CENTURY, DAY_ALRM, MON_ALRM; a month without a day is a firmware bug. */
static void use_fadt(struct mc_bus *b)
{
	if (acpi_disabled)
		return;
	b->century = optional(acpi_gbl_FADT.century);
	b->date_alarm = optional(acpi_gbl_FADT.day_alarm);
	if (b->date_alarm)
		b->month_alarm = optional(acpi_gbl_FADT.month_alarm);
	b->format.century = b->century;
	b->format.date_alarm = b->date_alarm;
	b->format.month_alarm = b->month_alarm;
}
#else
static void use_acpi_wake(struct mc_bus *b)
{
}

static void use_fadt(struct mc_bus *b)
{
}
#endif

/*
 * The divider bits are reserved in AMD's chips (SB600 and later). A guest's chip is the
 * hypervisor's, whatever vendor the CPU names; that of Xen's dom0 is the machine's own.
 */
static bool divider_is_reserved(void)
{
	if (boot_cpu_has(X86_FEATURE_HYPERVISOR) && !xen_initial_domain())
		return false;
	return boot_cpu_data.x86_vendor == X86_VENDOR_AMD ||
	       boot_cpu_data.x86_vendor == X86_VENDOR_HYGON;
}

/**
 * mc_bus_cmos_create - the bus for a pair of ports
 * @dev: the device that describes them
 * @ports: the ports
 * @irq: its interrupt line, or 0; in its legacy mode the HPET takes that over
 *
 * Context: a driver's probe; managed by @dev.
 * Return: the bus; ERR_PTR(-EBUSY) where the ports are taken; -ENOMEM.
 */
struct mc_bus *mc_bus_cmos_create(struct device *dev, const struct resource *ports, int irq)
{
	struct ports *p = devm_kzalloc(dev, sizeof(*p), GFP_KERNEL);
	struct mc_bus *b;

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (!devm_request_region(dev, ports->start, resource_size(ports), MC_NAME))
		return ERR_PTR(-EBUSY);
	b = &p->bus;
	p->base = ports->start;
	b->ops = &ops;
	b->dev = dev;
	b->lock = &rtc_lock;
	b->irq = is_hpet_enabled() ? 0 : irq;
	b->ram_size = RAM_SIZE;
	/* A line that comes here wakes from s2idle, where ACPI has no part in it. */
	b->can_wake = b->irq;
	b->divider_reserved = divider_is_reserved();
	b->format.first_year = FIRST_YEAR;
	use_fadt(b);
	use_acpi_wake(b);
	return b;
}
