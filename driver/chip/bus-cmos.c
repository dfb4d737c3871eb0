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

#define BANK_SIZE	128
#define RAM_SIZE	(BANK_SIZE - MC146818_RAM)
#define BANK_2_END	RTC_PORT(3)	/* the second bank has the next two ports */
#define BANK_2_STEP	4
#define FIRST_YEAR	1970

/* Bit 7 of the index port masks the NMI: clear, as everybody else leaves it. */
static u8 read_bank_2(u8 reg)
{
	outb(reg % BANK_SIZE, RTC_PORT(2));
	return inb(RTC_PORT(3));
}

/* The kernel's own accessors tell an NMI which index to restore (32 bit). */
static u8 cmos_read(struct mc_bus *b, u8 reg)
{
	return reg < BANK_SIZE ? rtc_cmos_read(reg) : read_bank_2(reg);
}

static void cmos_write(struct mc_bus *b, u8 reg, u8 value)
{
	if (reg < BANK_SIZE) {
		rtc_cmos_write(value, reg);
		return;
	}
	outb(reg % BANK_SIZE, RTC_PORT(2));
	outb(value, RTC_PORT(3));
}

static const struct mc_bus_ops ops = {
	.read = cmos_read,
	.write = cmos_write,
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
static void acpi_wake(struct mc_bus *b, bool enable)
{
	acpi_clear_event(ACPI_EVENT_RTC);
	if (enable)
		acpi_enable_event(ACPI_EVENT_RTC, 0);
	else
		acpi_disable_event(ACPI_EVENT_RTC, 0);
}

static const struct mc_bus_ops waking_ops = {
	.read = cmos_read,
	.write = cmos_write,
	.wake = acpi_wake,
};

static void remove_acpi_event(void *dev)
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
	if (devm_add_action_or_reset(b->dev, remove_acpi_event, b->dev))
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

/*
 * Where the ports are not decoded they read 0xff, and on some chips they are the first
 * bank's once more. A bank that is real but shows neither anywhere is not told apart
 * from these: it holds nothing that anybody has stored.
 */
static bool bank_2_is_real(void)
{
	unsigned long flags;
	unsigned int reg;
	u8 first, second;

	for (reg = MC146818_RAM; reg < BANK_SIZE; reg += BANK_2_STEP) {
		spin_lock_irqsave(&rtc_lock, flags);
		first = rtc_cmos_read(reg);
		second = read_bank_2(reg);
		spin_unlock_irqrestore(&rtc_lock, flags);
		if (second != 0xff && second != first)
			return true;
	}
	return false;
}

static unsigned int ram_size(const struct resource *ports)
{
	return ports->end >= BANK_2_END && bank_2_is_real() ? RAM_SIZE + BANK_SIZE : RAM_SIZE;
}

/**
 * mc_bus_cmos_init - describe the PC's clock, with nothing that only one driver can have
 * @b: filled in
 * @dev: the device to name in the log
 *
 * Context: any.
 */
void mc_bus_cmos_init(struct mc_bus *b, struct device *dev)
{
	*b = (struct mc_bus){
		.ops = &ops,
		.dev = dev,
		.lock = &rtc_lock,
		.divider_reserved = divider_is_reserved(),
		.traced = true,
		.format.first_year = FIRST_YEAR,
	};
	use_fadt(b);
}

/**
 * mc_bus_cmos_create - the bus for the PC's clock
 * @dev: the device that describes it
 * @ports: its ports
 * @irq: its interrupt line, or 0; in its legacy mode the HPET takes that over
 *
 * Context: may sleep; from a driver's probe. Managed by @dev.
 * Return: the bus; ERR_PTR(-ENODEV) for other ports than a PC's; ERR_PTR(-EBUSY) where
 * they are taken; ERR_PTR(-ENOMEM).
 */
struct mc_bus *mc_bus_cmos_create(struct device *dev, const struct resource *ports, int irq)
{
	struct mc_bus *b;

	if (ports->start != RTC_PORT(0))
		return ERR_PTR(-ENODEV);
	if (!devm_request_region(dev, ports->start, resource_size(ports), dev_driver_string(dev)))
		return ERR_PTR(-EBUSY);
	b = devm_kzalloc(dev, sizeof(*b), GFP_KERNEL);
	if (!b)
		return ERR_PTR(-ENOMEM);
	mc_bus_cmos_init(b, dev);
	b->irq = is_hpet_enabled() ? 0 : irq;
	b->ram_size = ram_size(ports);
	/* A line that comes here wakes from s2idle, where ACPI has no part in it. */
	b->can_wake = b->irq;
	use_acpi_wake(b);
	return b;
}

/**
 * mc_bus_cmos_share - the bus for the PC's clock, beside another driver's
 * @dev: a device of our own
 *
 * The ports, the interrupt, the NVRAM and what wakes the system stay with the other.
 * Context: may sleep. Managed by @dev.
 * Return: the bus; ERR_PTR(-ENOMEM).
 */
struct mc_bus *mc_bus_cmos_share(struct device *dev)
{
	struct mc_bus *b = devm_kzalloc(dev, sizeof(*b), GFP_KERNEL);

	if (!b)
		return ERR_PTR(-ENOMEM);
	mc_bus_cmos_init(b, dev);
	return b;
}
