// SPDX-License-Identifier: GPL-2.0
/* The module: parameters, what it binds to, and which bus that is. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/acpi.h>
#include <linux/mc146818rtc.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/pnp.h>
#include <linux/rtc.h>
#include <asm/i8259.h>

#include "chip/bus-cmos.h"
#include "clock/clock.h"
#include "compat.h"
#include "face/debugfs.h"
#include "face/procfs.h"
#include "sim/devices.h"

#define SHARED_NAME	"mc146818-shared"
#define RTC_MAX		16
#define RELEASE_YEAR	2026	/* a system whose time is before that has not been set yet */

static bool share = true;
module_param(share, bool, 0444);
MODULE_PARM_DESC(share,
		 "where rtc_cmos holds the PC's clock, use it beside that: on (default) or off");

static bool takeover;
module_param(takeover, bool, 0444);
MODULE_PARM_DESC(takeover, "where rtc_cmos holds the PC's clock, release it: on or off (default)");

enum choice { OFF, ON, AUTO };

static const char * const choices[] = { [OFF] = "off", [ON] = "on", [AUTO] = "auto" };

static int set_choice(const char *value, const struct kernel_param *kp)
{
	enum choice *choice = kp->arg;
	bool on;
	int err;

	if (sysfs_streq(value, choices[AUTO])) {
		*choice = AUTO;
		return 0;
	}
	err = kstrtobool(value, &on);
	if (!err)
		*choice = on ? ON : OFF;
	return err;
}

static int get_choice(char *buf, const struct kernel_param *kp)
{
	const enum choice *choice = kp->arg;

	return sysfs_emit(buf, "%s\n", choices[*choice]);
}

static const struct kernel_param_ops choice_ops = {
	.set = set_choice,
	.get = get_choice,
};

static enum choice hctosys = AUTO;
module_param_cb(hctosys, &choice_ops, &hctosys, 0444);
__MODULE_PARM_TYPE(hctosys, "auto|on|off");
MODULE_PARM_DESC(hctosys,
		 "what the kernel sets the system's clock by at registration: on: exactly this one, up to 3 s later; off: not this one; auto (default): on where the system's time has not been set, else off");

static enum choice alarmtimer = AUTO;
module_param_cb(alarmtimer, &choice_ops, &alarmtimer, 0444);
__MODULE_PARM_TYPE(alarmtimer, "auto|on|off");
MODULE_PARM_DESC(alarmtimer,
		 "let CLOCK_*_ALARM timers wake the system, which keeps the module loaded for good: on, off, or auto (default): on where the PC's clock is this driver's from the start");

static bool ptp = true;
module_param(ptp, bool, 0444);
MODULE_PARM_DESC(ptp, "each clock is a PTP clock too: on (default) or off");

static bool ports = true;
module_param(ports, bool, 0444);
MODULE_PARM_DESC(ports, "use the PC's own clock: on (default) or off");

static unsigned int emulated;
module_param(emulated, uint, 0444);
MODULE_PARM_DESC(emulated, "add so many emulated clocks, 8 at most (default 0)");

static char *clock = "rt";
module_param(clock, charp, 0444);
MODULE_PARM_DESC(clock,
		 "what drives emulated clocks: rt (CLOCK_BOOTTIME, default), host (CLOCK_REALTIME with its steps) or vm (CLOCK_MONOTONIC)");

static char *base = "utc";
module_param(base, charp, 0444);
MODULE_PARM_DESC(base,
		 "what emulated clocks begin with: utc (the system's time, default), localtime or YYYY-MM-DDTHH:MM:SS");

static char *conduct = MC_SIM_PROFILE_DEFAULT;
module_param(conduct, charp, 0444);
MODULE_PARM_DESC(conduct,
		 "which chip emulated clocks play, for example qemu, virtualbox or xen (default "
		 MC_SIM_PROFILE_DEFAULT ")");

static struct mc_sim_devices emulation;

static DEFINE_SIMPLE_DEV_PM_OPS(pm_ops, mc_clock_suspend, mc_clock_resume);

/* The device that was taken over, held for rtc_cmos to have it back; else NULL. */
static struct device *taken;

static bool wants_alarmtimer(const struct device *dev)
{
	return alarmtimer == ON || (alarmtimer == AUTO && dev != taken);
}

static bool wants_hctosys(void)
{
	time64_t first = mktime64(RELEASE_YEAR, 1, 1, 0, 0, 0);

	return hctosys == ON || (hctosys == AUTO && ktime_get_real_seconds() < first);
}

static int probe(struct mc_bus *bus)
{
	struct mc_options options = { .ptp = ptp, .hctosys = wants_hctosys() };

	if (IS_ERR(bus))
		return PTR_ERR(bus);
	options.wake_first = wants_alarmtimer(bus->dev);
	return mc_clock_probe(bus, &options);
}

/* The kernel's hctosys, alarmtimer and wake-up stay with rtc_cmos. */
static int probe_shared(struct device *dev)
{
	struct mc_options options = { .shared = true, .ptp = ptp };
	struct mc_bus *bus = mc_bus_cmos_share(dev);

	if (IS_ERR(bus))
		return PTR_ERR(bus);
	return mc_clock_probe(bus, &options);
}

static int probe_ports(struct device *dev, const struct resource *range, int irq)
{
	if (!range || !ports)
		return -ENODEV;
	return probe(mc_bus_cmos_create(dev, range, irq));
}

static int probe_platform_ports(struct platform_device *pdev)
{
	int irq = platform_get_irq_optional(pdev, 0);

	if (irq == -EPROBE_DEFER)
		return irq;
	return probe_ports(&pdev->dev, platform_get_resource(pdev, IORESOURCE_IO, 0), max(irq, 0));
}

enum { PORTS, SHARED, EMULATED };

/* Devices that ACPI describes have no entry in the table. */
static int platform_probe(struct platform_device *pdev)
{
	const struct platform_device_id *id = platform_get_device_id(pdev);

	switch (id ? id->driver_data : PORTS) {
	case SHARED:
		return probe_shared(&pdev->dev);
	case EMULATED:
		return probe(mc_sim_bus(mc_sim_devices_chip(&pdev->dev), &pdev->dev));
	default:
		return probe_platform_ports(pdev);
	}
}

static void platform_shutdown(struct platform_device *pdev)
{
	mc_clock_shutdown(&pdev->dev);
}

static const struct platform_device_id platform_ids[] = {
	{ .name = "rtc_cmos", .driver_data = PORTS },
	{ .name = SHARED_NAME, .driver_data = SHARED },
	{ .name = MC_SIM_NAME, .driver_data = EMULATED },
	{ }
};
MODULE_DEVICE_TABLE(platform, platform_ids);

static const struct acpi_device_id acpi_ids[] = {
	{ .id = "PNP0B00" },
	{ .id = "PNP0B01" },
	{ .id = "PNP0B02" },
	{ }
};
MODULE_DEVICE_TABLE(acpi, acpi_ids);

static struct platform_driver platform_driver = {
	.probe = platform_probe,
	.shutdown = platform_shutdown,
	.id_table = platform_ids,
	.driver = {
		.name = MC_NAME,
		.pm = pm_sleep_ptr(&pm_ops),
		.acpi_match_table = ACPI_PTR(acpi_ids),
	},
};

#ifdef CONFIG_PNP
/* Some firmware leaves the line out; where there are legacy lines it is always the same. */
static int pnp_clock_irq(struct pnp_dev *pnp)
{
	if (pnp_irq_valid(pnp, 0))
		return pnp_irq(pnp, 0);
	return nr_legacy_irqs() ? RTC_IRQ : 0;
}

static int pnp_probe(struct pnp_dev *pnp, const struct pnp_device_id *id)
{
	return probe_ports(&pnp->dev, pnp_get_resource(pnp, IORESOURCE_IO, 0), pnp_clock_irq(pnp));
}

static void pnp_shutdown(struct pnp_dev *pnp)
{
	mc_clock_shutdown(&pnp->dev);
}

static const struct pnp_device_id pnp_ids[] = {
	{ .id = "PNP0b00" },
	{ .id = "PNP0b01" },
	{ .id = "PNP0b02" },
	{ }
};
MODULE_DEVICE_TABLE(pnp, pnp_ids);

static struct pnp_driver pnp_driver = {
	.name = MC_NAME,
	.id_table = pnp_ids,
	.probe = pnp_probe,
	.shutdown = pnp_shutdown,
	.flags = PNP_DRIVER_RES_DO_NOT_CHANGE,
	.driver = {
		.pm = pm_sleep_ptr(&pm_ops),
	},
};

static int register_pnp(void)
{
	return pnp_register_driver(&pnp_driver);
}

static void unregister_pnp(void)
{
	pnp_unregister_driver(&pnp_driver);
}

static struct device_driver *driver_for(const struct device *dev)
{
	return dev->bus == platform_driver.driver.bus ? &platform_driver.driver :
							&pnp_driver.driver;
}
#else
static int register_pnp(void)
{
	return 0;
}

static void unregister_pnp(void)
{
}

static struct device_driver *driver_for(const struct device *dev)
{
	return &platform_driver.driver;
}
#endif

/* What stands for the clock that is shared, below rtc_cmos's own device. */
static struct platform_device *shared;

static bool is_rtc_cmos(struct device *dev)
{
	bool is;

	if (!dev)
		return false;
	device_lock(dev);
	is = dev->driver && !strcmp(dev->driver->name, "rtc_cmos");
	device_unlock(dev);
	return is;
}

/* The device that rtc_cmos holds, to be put; NULL where it holds none. */
static struct device *find_holder(void)
{
	struct device *dev = NULL;
	struct rtc_device *rtc;
	char name[16];
	unsigned int i;

	for (i = 0; !dev && i < RTC_MAX; i++) {
		snprintf(name, sizeof(name), "rtc%u", i);
		rtc = rtc_class_open(name);
		if (!rtc)
			continue;
		if (is_rtc_cmos(rtc->dev.parent))
			dev = get_device(rtc->dev.parent);
		rtc_class_close(rtc);
	}
	return dev;
}

static void share_with(struct device *dev)
{
	const struct platform_device_info info = {
		.parent = dev,
		.name = SHARED_NAME,
		.id = PLATFORM_DEVID_NONE,
	};

	shared = platform_device_register_full(&info);
	if (IS_ERR(shared)) {
		pr_err("%s: not shared: %ld\n", dev_name(dev), PTR_ERR(shared));
		shared = NULL;
	}
}

/* Asked while rtc_cmos still has it; the log says what was read where it is none. */
static int identify(struct device *dev)
{
	struct mc_chip chip = { };
	struct mc_bus bus;

	mc_bus_cmos_init(&bus, dev);
	mc_chip_init(&chip, &bus);
	return mc_chip_identify(&chip);
}

/* From 7.2 on rtc_cmos binds at boot alone. */
static void give_back(struct device *dev)
{
	if (device_attach(dev) == 1)
		pr_notice("%s: rtc_cmos has the clock again\n", dev_name(dev));
	else
		pr_notice("%s: rtc_cmos takes the clock again at the next boot\n", dev_name(dev));
}

static int take_over(struct device *dev)
{
	int err = identify(dev);

	if (err) {
		pr_err("%s: not taken over: %d\n", dev_name(dev), err);
		return err;
	}
	pr_notice("%s: taken over from rtc_cmos: until the next boot CLOCK_*_ALARM timers do not wake the system, and no suspend succeeds while one is pending\n",
		  dev_name(dev));
	device_release_driver(dev);
	taken = get_device(dev);
	err = device_driver_attach(driver_for(dev), dev);
	if (err) {
		pr_err("%s: not bound: %d\n", dev_name(dev), err);
		taken = NULL;
		give_back(dev);
		put_device(dev);
	}
	return err;
}

/* The clock in other hands: taken over, shared or left alone, as the parameters say. */
static void look_for_holder(void)
{
	struct device *dev = ports ? find_holder() : NULL;

	if (!dev)
		return;
	if (takeover && !take_over(dev))
		goto out;
	if (share)
		share_with(dev);
	else if (!takeover)
		pr_notice("%s: rtc_cmos holds the clock: load with share=on or takeover=on, or boot with initcall_blacklist=cmos_init\n",
			  dev_name(dev));
out:
	put_device(dev);
}

static void return_to_holder(void)
{
	if (!taken)
		return;
	give_back(taken);
	put_device(taken);
}

static int bad_parameter(const char *name, const char *value, const char *what)
{
	pr_err("%s=%s: %s\n", name, value, what);
	return -EINVAL;
}

static int bad_conduct(void)
{
	char names[256];

	mc_sim_profile_names(names, sizeof(names));
	pr_err("conduct=%s: must be one of: %s\n", conduct, names);
	return -EINVAL;
}

static int check_parameters(struct mc_timebase *tb)
{
	if (mc_timebase_parse_clock(tb, clock))
		return bad_parameter("clock", clock, "must be host, rt or vm");
	if (mc_timebase_parse_base(tb, base))
		return bad_parameter("base", base,
				     "must be utc, localtime or YYYY-MM-DDTHH:MM:SS from 1970 on");
	if (!mc_sim_profile_find(conduct))
		return bad_conduct();
	if (emulated > MC_SIM_MAX) {
		pr_err("emulated=%u: must be 0 to %u\n", emulated, MC_SIM_MAX);
		return -EINVAL;
	}
	return 0;
}

static int __init mc_init(void)
{
	struct mc_timebase tb = { };
	int err = check_parameters(&tb);

	if (err)
		return err;
	mc_debugfs_init();
	err = register_pnp();
	if (err)
		goto no_pnp;
	err = platform_driver_register(&platform_driver);
	if (err)
		goto no_platform;
	err = mc_sim_devices_add(&emulation, emulated, &tb, mc_sim_profile_find(conduct));
	if (err)
		goto no_emulation;
	look_for_holder();
	return 0;

no_emulation:
	platform_driver_unregister(&platform_driver);
no_platform:
	unregister_pnp();
	mc_procfs_exit();
no_pnp:
	mc_debugfs_exit();
	return err;
}
module_init(mc_init);

static void __exit mc_exit(void)
{
	platform_device_unregister(shared);
	mc_sim_devices_remove(&emulation);
	platform_driver_unregister(&platform_driver);
	unregister_pnp();
	return_to_holder();
	mc_procfs_exit();
	mc_debugfs_exit();
}
module_exit(mc_exit);

MODULE_AUTHOR("The rtc-mc146818 developers");
MODULE_DESCRIPTION("MC146818 (PC CMOS) real-time clock that knows where inside the second it is");
MODULE_LICENSE("GPL");
MODULE_VERSION(MC146818_VERSION);
