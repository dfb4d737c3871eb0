// SPDX-License-Identifier: GPL-2.0
/* The chip's RAM as an nvmem device, readable and writable by root alone. */
#include <linux/nvmem-provider.h>

#include "clock/clock.h"
#include "face/nvmem.h"

static int read(void *priv, unsigned int offset, void *buf, size_t bytes)
{
	struct mc_clock *c = priv;

	mc_chip_ram(&c->chip, MC146818_RAM + offset, buf, bytes, false);
	return 0;
}

/* These bytes belong to the clock. */
static bool clocks_own(const struct mc_clock *c, unsigned int reg)
{
	return (c->chip.bus->format.century && reg == c->chip.bus->century) ||
	       (c->chip.format.date_alarm && reg == c->chip.bus->date_alarm) ||
	       (c->chip.format.month_alarm && reg == c->chip.bus->month_alarm);
}

/* The firmware's checksum over some of the bytes is for whoever writes them to keep. */
static int write(void *priv, unsigned int offset, void *buf, size_t bytes)
{
	struct mc_clock *c = priv;
	size_t i;

	for (i = 0; i < bytes; i++)
		if (clocks_own(c, MC146818_RAM + offset + i))
			return -EPERM;
	mc_chip_ram(&c->chip, MC146818_RAM + offset, buf, bytes, true);
	return 0;
}

/**
 * mc_nvmem_register - offer the RAM
 * @c: the clock, its rtc registered
 *
 * Context: may sleep.
 * Return: 0 or -errno.
 */
int mc_nvmem_register(struct mc_clock *c)
{
	struct nvmem_config config = {
		.name = "cmos_nvram",
		.id = c->rtc->id,
		.dev = c->dev,
		.owner = THIS_MODULE,
		.word_size = 1,
		.stride = 1,
		.root_only = true,
		.size = c->chip.bus->ram_size,
		.reg_read = read,
		.reg_write = write,
		.priv = c,
	};

	return devm_rtc_nvmem_register(c->rtc, &config);
}
