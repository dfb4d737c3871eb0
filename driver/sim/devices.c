// SPDX-License-Identifier: GPL-2.0
/* The emulated clocks of emulated=N: chips, and the devices that stand for them. */
#include <linux/err.h>
#include <linux/platform_device.h>

#include "sim/devices.h"
#include "sim/inject.h"

static int add(struct mc_sim_devices *em, const struct mc_timebase *base,
	       const struct mc_sim_profile *conduct)
{
	struct mc_sim *chip = mc_sim_create(base, conduct, mc_inject_create);
	unsigned int i = em->n;
	struct platform_device *pdev;
	char name[40];

	if (!chip)
		return -ENOMEM;
	pdev = platform_device_register_data(NULL, MC_SIM_NAME, i, &chip, sizeof(chip));
	if (IS_ERR(pdev)) {
		mc_sim_destroy(chip);
		return PTR_ERR(pdev);
	}
	snprintf(name, sizeof(name), MC_SIM_NAME ".%u", i);
	em->chip[i] = chip;
	em->pdev[i] = pdev;
	em->dir[i] = mc_inject_create_dir(chip, name);
	em->n++;
	return 0;
}

/**
 * mc_sim_devices_add - make emulated clocks
 * @em: empty
 * @n: how many, MC_SIM_MAX at most
 * @base: what drives them
 * @conduct: which chip they play
 *
 * Context: may sleep.
 * Return: 0; -errno, with none made.
 */
int mc_sim_devices_add(struct mc_sim_devices *em, unsigned int n, const struct mc_timebase *base,
		       const struct mc_sim_profile *conduct)
{
	int err = 0;

	while (!err && em->n < n)
		err = add(em, base, conduct);
	if (err)
		mc_sim_devices_remove(em);
	return err;
}

/**
 * mc_sim_devices_remove - remove them again, the latest first
 * @em: what was made
 *
 * Context: may sleep.
 */
void mc_sim_devices_remove(struct mc_sim_devices *em)
{
	while (em->n) {
		em->n--;
		platform_device_unregister(em->pdev[em->n]);
		mc_inject_remove_dir(em->dir[em->n]);
		mc_sim_destroy(em->chip[em->n]);
	}
}

/**
 * mc_sim_devices_chip - the chip that a device stands for
 * @dev: the device, made by mc_sim_devices_add()
 *
 * Return: the chip.
 */
struct mc_sim *mc_sim_devices_chip(struct device *dev)
{
	struct mc_sim **chip = dev_get_platdata(dev);

	return *chip;
}
