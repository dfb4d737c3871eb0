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

/* These bytes belong to the clock, also where it does not use them. */
static bool clocks_own(const struct mc_bus *b, unsigned int reg)
{
	return reg == b->century || reg == b->date_alarm || reg == b->month_alarm;
}

/* The firmware's checksum over some of the bytes is for whoever writes them to keep. */
static int write(void *priv, unsigned int offset, void *buf, size_t bytes)
{
	struct mc_clock *c = priv;
	size_t i;

	for (i = 0; i < bytes; i++)
		if (clocks_own(c->chip.bus, MC146818_RAM + offset + i))
			return -EPERM;
	mc_chip_ram(&c->chip, MC146818_RAM + offset, buf, bytes, true);
	return 0;
}

/**
 * mc_nvmem_register - offer the RAM
 * @c: the clock, its rtc registered
 *
 * Context: may sleep.
 * Return: 0, also where there is none to offer; -errno.
 */
int mc_nvmem_register(struct mc_clock *c)
{
	struct nvmem_config config = {
		.name = "cmos_nvram",
		.id = c->rtc->id,
		.dev = c->dev,
		.owner = THIS_MODULE,
		.type = NVMEM_TYPE_BATTERY_BACKED,
		.word_size = 1,
		.stride = 1,
		.root_only = true,
		.size = c->chip.bus->ram_size,
		.reg_read = read,
		.reg_write = write,
		.priv = c,
	};

	if (!c->chip.bus->ram_size)
		return 0;
	return devm_rtc_nvmem_register(c->rtc, &config);
}
