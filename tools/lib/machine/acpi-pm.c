// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sys/io.h>

#include "lib/machine/acpi-pm.h"

#define PORT_SIZE	4

static uint64_t read_counter(const struct counter *counter)
{
	return inl(counter->port);
}

int acpi_pm_open(const struct fadt *fadt, struct counter *counter)
{
	if (!fadt->pm_timer_port)
		return -ENODEV;
	if (ioperm(fadt->pm_timer_port, PORT_SIZE, 1) < 0)
		return -errno;
	*counter = (struct counter){
		.read = read_counter,
		.port = fadt->pm_timer_port,
		.bits = fadt->pm_timer_bits,
	};
	return 0;
}
