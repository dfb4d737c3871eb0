// SPDX-License-Identifier: GPL-2.0
/* The module: parameters, what it binds to, and which bus that is. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/acpi.h>
#include <linux/mc146818rtc.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/pnp.h>
#include <asm/i8259.h>

#include "chip/bus-cmos.h"
#include "clock/clock.h"
#include "compat.h"
#include "face/debugfs.h"
#include "face/procfs.h"
#include "sim/devices.h"
#include "takeover.h"

static bool takeover;
module_param(takeover, bool, 0444);
MODULE_PARM_DESC(takeover, "release rtc_cmos where it holds the clock (default 0)");

static bool alarmtimer;
module_param(alarmtimer, bool, 0444);
MODULE_PARM_DESC(alarmtimer,
		 "let CLOCK_*_ALARM timers wake the system; keeps the module loaded for good (default 0)");

static bool hctosys;
module_param(hctosys, bool, 0444);
MODULE_PARM_DESC(hctosys,
		 "register half a second after an edge, up to 3 s later, so that the kernel's hctosys is exact (default 0)");

static bool ports = true;
module_param(ports, bool, 0444);
MODULE_PARM_DESC(ports, "bind the PC's own clock (default 1)");

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
		 "which chip emulated clocks play: mc146818 (default), qemu, virtualbox, xen and others");

static struct mc_sim_devices emulation;

static DEFINE_SIMPLE_DEV_PM_OPS(pm_ops, mc_clock_suspend, mc_clock_resume);

static int probe(struct mc_bus *bus)
{
	struct mc_options options = { .wake_first = alarmtimer, .hctosys = hctosys };

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

enum { PORTS, EMULATED };

static int platform_probe(struct platform_device *pdev)
{
	const struct platform_device_id *id = platform_get_device_id(pdev);
	int irq;

	if (id && id->driver_data == EMULATED)
		return probe(mc_sim_bus(mc_sim_devices_chip(&pdev->dev), &pdev->dev));
	irq = platform_get_irq_optional(pdev, 0);
	if (irq == -EPROBE_DEFER)
		return irq;
	return probe_ports(&pdev->dev, platform_get_resource(pdev, IORESOURCE_IO, 0), max(irq, 0));
}

static void platform_shutdown(struct platform_device *pdev)
{
	mc_clock_shutdown(&pdev->dev);
}

static const struct platform_device_id platform_ids[] = {
	{ .name = "rtc_cmos", .driver_data = PORTS },
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

static void take_over(struct device *dev)
{
	int err;

	pr_notice("taking the clock over from rtc_cmos, which cannot have it back everywhere; as another rtcN the kernel's hctosys and 11-minute sync do not use it; boot with initcall_blacklist=cmos_init to have it as rtc0\n");
	err = mc_takeover(dev, driver_for(dev));
	if (err)
		pr_err("%s: not taken over: %d\n", dev_name(dev), err);
}

/* The ports are in other hands: with takeover=1 ours, else the log says what to do. */
static void look_for_holder(void)
{
	struct device *dev = ports ? mc_takeover_find() : NULL;

	if (!dev)
		return;
	if (takeover)
		take_over(dev);
	else if (!emulated)
		pr_notice("rtc_cmos holds the clock at %s, nothing bound: load with takeover=1 to release it, or boot with initcall_blacklist=cmos_init\n",
			  dev_name(dev));
	put_device(dev);
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
	mc_sim_devices_remove(&emulation);
	platform_driver_unregister(&platform_driver);
	unregister_pnp();
	mc_procfs_exit();
	mc_debugfs_exit();
}
module_exit(mc_exit);

MODULE_AUTHOR("The rtc-mc146818 developers");
MODULE_DESCRIPTION("MC146818 (PC CMOS) real-time clock that knows where inside the second it is");
MODULE_LICENSE("GPL");
MODULE_VERSION(MC146818_VERSION);
