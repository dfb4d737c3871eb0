// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "lib/machine/acpi-pm.h"
#include "lib/machine/x86.h"

#define PORT_SIZE	4

static uint64_t read_counter(const struct counter *counter)
{
	return x86_inl(counter->port);
}

int acpi_pm_open(const struct fadt *fadt, struct counter *counter)
{
	int err;

	if (!fadt->pm_timer_port)
		return -ENODEV;
	err = x86_allow_ports(fadt->pm_timer_port, PORT_SIZE);
	if (err)
		return err;
	*counter = (struct counter){
		.read = read_counter,
		.port = fadt->pm_timer_port,
		.bits = fadt->pm_timer_bits,
	};
	return 0;
}
